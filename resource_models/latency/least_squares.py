"""Least squares with coefficients that cannot be negative, in relative error, drawn towards a prior.

A cycle count is a sum of costs, so no coefficient may be negative; and a small layer counts as much as a large one,
so each row is divided by what was measured. With few or collinear rows a prior keeps coefficients physical.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def nonnegative_least_squares(matrix: Array, target: Array) -> Array:
    """The x >= 0 with the least norm of `matrix x - target`: active set method of Lawson and Hanson (1974, ch. 23)."""
    scale = np.sqrt((matrix**2).sum(axis=0))
    scale[scale == 0] = 1.0
    gram = (matrix / scale).T @ (matrix / scale)
    moment = (matrix / scale).T @ target
    x = np.zeros(len(scale))
    free = np.zeros(len(scale), dtype=bool)
    for _ in range(10 * len(scale)):
        gradient = np.where(free, -np.inf, moment - gram @ x)
        best = int(gradient.argmax())
        if gradient[best] < 1e-10:
            break
        free[best] = True
        x = _solve_free(gram, moment, x, free)
    solution: Array = x / scale
    return solution


def _solve_free(gram: Array, moment: Array, x: Array, free: npt.NDArray[np.bool_]) -> Array:
    """Least squares over the free coefficients; those that would turn negative leave ``free`` (in place)."""
    while True:
        trial = np.zeros_like(x)
        trial[free] = np.linalg.lstsq(gram[np.ix_(free, free)], moment[free], rcond=None)[0]
        blocked = free & (trial <= 0)
        if not blocked.any():
            return trial
        step = np.min(x[blocked] / np.maximum(x[blocked] - trial[blocked], 1e-300))
        x = x + step * (trial - x)
        free &= x > 1e-14
        x = np.where(free, x, 0.0)


def fit_relative(
    terms: Array, measured: Array, *, prior: Array | None = None, strength: float | Array = 0.0, rounds: int = 6
) -> Array:
    """Coefficients that make ``terms @ coefficients`` close to ``measured`` in relative error.

    Args:
        terms: One row per measurement, one column per term.
        measured: What was measured, > 0.
        prior: Positive coefficients to stay near to where the data do not decide.
        strength: Weight of the prior, for all coefficients or for each: that of one measurement is 1.
        rounds: How often rows are weighted anew; rows far off the rest (three times the median error) count less.
    """
    rows = terms / measured[:, None]
    weights = np.ones(len(measured))
    width = terms.shape[1]
    pull = np.sqrt(np.broadcast_to(np.asarray(strength, dtype=float), width)) if prior is not None else np.zeros(width)
    anchor = np.diag(pull / (prior if prior is not None else np.ones(width)))
    coefficients = np.zeros(width)
    for _ in range(rounds):
        matrix = np.vstack([rows * weights[:, None], anchor])
        coefficients = nonnegative_least_squares(matrix, np.concatenate([weights, pull]))
        error = np.abs(rows @ coefficients - 1.0)
        limit = max(3.0 * float(np.median(error)), 0.01)
        weights = np.sqrt(np.minimum(1.0, limit / np.maximum(error, 1e-9)))
    return coefficients
