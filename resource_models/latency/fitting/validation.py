"""How wrong a fit is on what it has not seen: leave-groups-out predictions, their errors, and bands from them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypedDict, TypeVar

import numpy as np

Sample = TypeVar("Sample")
Predictor = Callable[[Sample], float]

BAND_QUANTILE = 0.93
"""Share of the left-out cases that a band is made to hold: above the promised 85 %, for families not seen."""


class Errors(TypedDict):
    """Absolute relative errors of a set of predictions."""

    cases: int
    median: float
    p90: float
    largest: float


def leave_out(
    samples: Sequence[Sample], group_of: Callable[[Sample], str], fit: Callable[[Sequence[Sample]], Predictor[Sample]]
) -> list[float]:
    """A prediction for every sample from a fit to the samples of all other groups, in the order of ``samples``."""
    predictions = [math.nan] * len(samples)
    groups = [group_of(sample) for sample in samples]
    for group in sorted(set(groups)):
        predict = fit([sample for sample, name in zip(samples, groups, strict=True) if name != group])
        for index, name in enumerate(groups):
            if name == group:
                predictions[index] = predict(samples[index])
    return predictions


def folds(names: Sequence[str], count: int) -> dict[str, str]:
    """Each distinct name to one of ``count`` folds, always the same: many small groups are left out together."""
    return {name: str(index % count) for index, name in enumerate(sorted(set(names)))}


def errors(predicted: Sequence[float], measured: Sequence[float]) -> Errors:
    """Summary of the absolute values of `predicted / measured - 1`."""
    error = np.abs(np.asarray(predicted) / np.asarray(measured) - 1.0)
    return {
        "cases": len(error),
        "median": rounded(float(np.median(error))),
        "p90": rounded(float(np.quantile(error, 0.9))),
        "largest": rounded(float(error.max())),
    }


def band(predicted: Sequence[float], measured: Sequence[float], *, floor: float) -> tuple[float, float]:
    """Factors (low, high) on a prediction that hold ``BAND_QUANTILE`` of the cases; at least 1 -+ ``floor``."""
    ratio = np.abs(np.log(np.asarray(measured) / np.asarray(predicted)))
    width = max(math.exp(float(np.quantile(ratio, BAND_QUANTILE))), 1.0 + floor)
    return rounded(1.0 / width), rounded(width)


def coverage(predicted: Sequence[float], measured: Sequence[float], limits: Sequence[tuple[float, float]]) -> float:
    """Share of cases whose measurement lies within prediction x (low, high)."""
    inside = [low * p <= m <= high * p for p, m, (low, high) in zip(predicted, measured, limits, strict=True)]
    return rounded(sum(inside) / len(inside))


def rounded(value: float) -> float:
    """Four significant digits: what a coefficient file needs, the same on every machine."""
    return float(f"{value:.4g}")
