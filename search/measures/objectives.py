"""From an observation to the number that an algorithm compares: random scalarisation of error and resources.

Source: Liberis, Dudziak, Lane, "μNAS", 2020: the score is the largest of the features, each divided by its bound, cut
off at 10 and divided by a random weight; the smallest score wins.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from search.budget import Budget
from search.quantities import COLUMNS, ERROR, RESOURCES
from search.trial import Observation

WORST_ERROR = 1.0
"""Stands for the error of a network of which none was measured."""
FEATURES = tuple(q for q in COLUMNS if q is ERROR or q in RESOURCES)
"""What is scalarised: the error and all that may be bounded, in the order of columns."""
DRAWN_TOGETHER = 5
"""Features whose weights are one draw; those of later ones are drawn apart, so that a seed proposes what it did."""
CUT_OFF = 10.0
LEAST_BOUND = 1e-12
"""Stands for a bound of 0 where something is divided by it: whatever is needed at all is cut off."""


def known_error(observation: Observation) -> float | None:
    """Validation error of a trained network; None where none was measured, or what was measured is no finite number."""
    error = observation.val_error
    return error if observation.status == "trained" and error is not None and math.isfinite(error) else None


def error_or_worst(observation: Observation) -> float:
    """Validation error of a trained network, 1 where it is not known."""
    error = known_error(observation)
    return WORST_ERROR if error is None else error


def features(observation: Observation) -> NDArray[np.float64]:
    """The value of each of `FEATURES`: validation error, RAM, flash, MACs, latency, energy, …; NaN where unknown."""
    values = [feature.of(observation) for feature in FEATURES]
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def bounds(budget: Budget, *, error_scale: float) -> NDArray[np.float64]:
    """The bound of each feature, NaN where the budget has none.

    The error always counts: without a target in the budget it is measured against `error_scale`.
    """
    error = error_scale if budget.error is None else budget.error
    values = [error if feature is ERROR else getattr(budget, feature.key) for feature in FEATURES]
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def scalarise(
    points: NDArray[np.float64], limits: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Score of each row of `points` (n × features); lower is better, unknown features are left out.

    A row of which nothing is known that counts is the worst: its score is infinite.

    Args:
        points: rows as `features` gives them.
        limits: as `bounds` gives them.
        weights: one λ > 0 per feature.
    """
    ratios = np.minimum(points / np.maximum(limits, LEAST_BOUND), CUT_OFF) / weights
    known = ~np.isnan(ratios)
    worst = np.where(known, ratios, -np.inf).max(axis=1)
    return np.where(known.any(axis=1), worst, np.inf)


def random_weights(rng: np.random.Generator) -> NDArray[np.float64]:
    """λ ~ U(0, 1] for each feature, drawn anew for every tournament."""
    later = rng.spawn(1)[0].random(len(FEATURES) - DRAWN_TOGETHER)
    return 1.0 - np.concatenate([rng.random(DRAWN_TOGETHER), later])
