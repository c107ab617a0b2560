"""A Gaussian process of the validation error over networks, on OTMANN distances; its parts are Dragonfly's.

It models the error's logarithm: errors lie between 0 and 1, and the good ones close together.

Source: Kandasamy et al., "Neural Architecture Search with Bayesian Optimisation and Optimal Transport", NeurIPS 2018,
for the kernel. Dragonfly would fit fourteen parameters by hundreds of decompositions; here the five distances of each
kind count alike, each by its own scale, which leaves four, chosen among a few values by marginal likelihood.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.algorithms.bayesian.dragonfly_compat import NetworkProcess

Array = NDArray[np.float64]

LEAST_ERROR = 1e-4
RATES = (0.1, 0.4, 1.6, 6.4)
"""How fast a part of the kernel falls, per typical distance."""
SHARES = (0.2, 0.5, 0.8)
"""Of the variance, what the part of the kernel on whole costs has; the other part is on costs per mass."""
NOISES = (0.003, 0.03, 0.3)
"""Variance of an observation, in variances of the process."""
LEAST_VARIANCE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What was learned of a process beside its observations.

    Attributes:
        scales: (2, 5), typical size of each distance (of its square for costs per mass).
        share, rates, noise: see `SHARES`, `RATES`, `NOISES`.
    """

    scales: Array
    share: float
    rates: tuple[float, float]
    noise: float


def fit(distances: Array, errors: Array) -> Fit:
    """The parameters under which the observations are likeliest.

    Args:
        distances: (2, 5, n, n), as `Otmann` gives them, among the networks observed.
        errors: (n,), their validation errors.
    """
    scales = _scales(distances)
    choices = [
        Fit(scales, share, rates, noise)
        for share, rates, noise in itertools.product(SHARES, itertools.product(RATES, RATES), NOISES)
    ]
    both = _scaled(distances, scales)
    values = _values(errors)
    return max(choices, key=lambda choice: _likelihood(_process(both, values, choice), len(values)))


class ErrorProcess:
    """What is known of the error of any network, given those observed.

    Args:
        distances: (2, 5, n, n), among the networks observed.
        errors: (n,), their validation errors.
        fitted: parameters, possibly of fewer observations.
    """

    def __init__(self, distances: Array, errors: Array, fitted: Fit) -> None:
        values = _values(errors)
        self._scales = fitted.scales
        self._process = _process(_scaled(distances, fitted.scales), values, fitted)
        self._variance = _variance(self._process, len(values))
        self._noise = fitted.noise

    def predict(self, distances: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of the error's logarithm for q networks at these distances, (2, 5, q, n).

        No error is known better than it is measured: OTMANN promises no positive kernel, and variances may come out
        too small.
        """
        mean, variance = self._process.predict(_scaled(distances, self._scales))
        return mean, np.sqrt(np.maximum(variance, self._noise) * self._variance)


def _values(errors: Array) -> Array:
    return np.asarray(np.log(np.maximum(errors, LEAST_ERROR)), dtype=np.float64)


def _scales(distances: Array) -> Array:
    """The median of each distance, or of its square, between different networks."""
    powers = np.stack([distances[0], distances[1] ** 2])
    if distances.shape[-1] < 2:
        return np.ones(distances.shape[:2])
    pairs = powers[:, :, *np.triu_indices(distances.shape[-1], 1)]
    return np.asarray(np.maximum(np.median(pairs, axis=-1), 1e-12), dtype=np.float64)


def _scaled(distances: Array, scales: Array) -> tuple[Array, Array]:
    """The mean over the five distances of each kind, each by its scale."""
    ends = (len(scales[0]), *([1] * (distances.ndim - 2)))
    whole = (distances[0] / scales[0].reshape(ends)).mean(axis=0)
    per_mass = (distances[1] ** 2 / scales[1].reshape(ends)).mean(axis=0)
    return whole, per_mass


def _process(both: tuple[Array, Array], values: Array, fitted: Fit) -> NetworkProcess:
    return NetworkProcess(
        both, values, weights=(fitted.share, 1 - fitted.share), rates=fitted.rates, noise=fitted.noise
    )


def _variance(process: NetworkProcess, count: int) -> float:
    """The variance of the process under which its observations are likeliest."""
    return max(process.fit / count, LEAST_VARIANCE)


def _likelihood(process: NetworkProcess, count: int) -> float:
    """Logarithm of the marginal likelihood, but for a constant, at the likeliest variance."""
    return -0.5 * (count * float(np.log(_variance(process, count))) + process.log_determinant)
