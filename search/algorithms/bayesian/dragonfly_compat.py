"""The one door to Dragonfly and to POT, the library that it solves optimal transport with.

Dragonfly 0.1.7 is older than NumPy 2 and needs names that NumPy has given up. They are put back here, so only a
process that may be spoilt in this way should come here: the one that a Gaussian process runs in.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import os
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NEEDED = ("dragonfly", "ot")
MOST_PIVOTS = 100_000
"""Steps of the network simplex; a pair of networks takes a few dozen."""

_ALIASES: dict[str, Any] = {
    "int": int,
    "float": float,
    "object": object,
    "math": math,
    "asscalar": lambda array: array.item(),
}  # `bool` is a name of NumPy 2 again, for another type


def missing() -> str | None:
    """Which of the packages is not installed; None where all are. Imports none of them."""
    return next((name for name in NEEDED if importlib.util.find_spec(name) is None), None)


def restore_numpy_names() -> None:
    """Give this process the names of NumPy that Dragonfly uses; calling it twice is harmless."""
    for name, value in _ALIASES.items():
        if name not in vars(np):
            setattr(np, name, value)


def load() -> None:
    """Import the packages, which takes seconds, and let them say nothing of Fortran parts that are not needed."""
    for framework in ("TENSORFLOW", "TORCH", "JAX", "CUPY"):  # otherwise POT imports each that it finds
        os.environ.setdefault(f"POT_BACKEND_DISABLE_{framework}", "1")
    restore_numpy_names()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="dragonfly")
        importlib.import_module("dragonfly.nn.nn_gp")


class Transport:
    """Optimal transport by POT: what Dragonfly calls, without the checks of every argument around it."""

    def __init__(self) -> None:
        load()
        from ot.lp.emd_wrap import emd_c

        self._emd: Callable[..., tuple[Any, float, Any, Any, int]] = emd_c

    def cost(self, supply: Array, demand: Array, costs: Array) -> float:
        """The least cost of moving `supply` (n) to `demand` (m), of equal sums, at `costs` (n × m, in C order)."""
        return self._emd(supply, demand, costs, MOST_PIVOTS, 1)[1]


class NetworkProcess:
    """Dragonfly's Gaussian process over networks, on distances that are known already.

    The kernel is Dragonfly's sum of two exponentials: weights[0]·exp(-rates[0]·D₀) + weights[1]·exp(-rates[1]·D₁).

    Args:
        distances: D₀ and D₁ among the observed networks, each n × n.
        values: what was observed of each; their mean is the process's.
        weights: of the two parts of the kernel; Σ weights is the variance before any observation.
        rates: by which each part falls with its distance.
        noise: variance of an observation.
    """

    def __init__(
        self,
        distances: Sequence[Array],
        values: Array,
        *,
        weights: Sequence[float],
        rates: Sequence[float],
        noise: float,
    ) -> None:
        load()
        from dragonfly.nn.nn_gp import NNGP
        from dragonfly.nn.otmann import DistSumNNKernel
        from dragonfly.utils.general_utils import solve_lower_triangular

        mean = float(np.mean(values))
        kernel = DistSumNNKernel(_KnownDistances(), np.asarray(weights), list(rates), [1, 1])
        process = NNGP(
            list(range(len(values))),
            list(values),
            kernel,
            lambda points: np.full(len(points), mean),
            noise,
            "networks",
            list_of_dists=list(distances),
            build_posterior=False,
        )
        # Dragonfly would project the kernel's matrix each time, which takes longer than all the rest.
        process.handle_non_psd_kernels = "try_before_project"
        process.build_posterior()
        self._process = process
        self._solve = solve_lower_triangular
        self._mean = mean
        self._prior = float(sum(weights))
        residual = np.asarray(values) - mean
        self.fit = float(residual @ process.alpha)
        """(y - mean)ᵀ (K + noise)⁻¹ (y - mean)."""
        self.log_determinant = 2 * float(np.log(np.diag(process.L)).sum())
        """Natural logarithm of the determinant of `K + noise`."""

    def predict(self, distances: Sequence[Array]) -> tuple[Array, Array]:
        """Mean and variance of networks that are not observed, from their D₀ and D₁ to the observed ones, q × n."""
        rows = self._process.kernel.evaluate_from_dists(list(distances))
        known = self._solve(self._process.L, rows.T)
        return self._mean + rows @ self._process.alpha, np.maximum(self._prior - (known**2).sum(axis=0), 0.0)


class _KnownDistances:
    """Stands where Dragonfly would have its own distances computed."""

    dflt_dist_type = "lp-emd"

    def __call__(self, *_networks: object) -> Any:
        raise RuntimeError("all distances are computed before, and handed in")
