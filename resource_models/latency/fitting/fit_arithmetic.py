"""What all fits share: making a `LatencyFit`, and the arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from resource_models.latency.fitting.validation import rounded
from resource_models.latency.kernel_work import Work
from resource_models.runtimes.latency_fit import LatencyFit

Cycles = dict[str, list[float]]
"""Per kind of kernel its coefficients: cycles per unit of each of ``latency_fit.TERMS``."""


def fit_of(**fields: Any) -> LatencyFit:
    """The fit with these fields, checked as if it was read from a file."""
    return msgspec.convert(fields, LatencyFit)


def predict(cycles: Mapping[str, Sequence[float]], works: Iterable[Work]) -> float:
    """Cycles of these kernel calls."""
    return sum(
        coefficient * term for work in works for coefficient, term in zip(cycles[work.kind], work.terms, strict=True)
    )


def rounded_cycles(cycles: Mapping[str, Sequence[float]]) -> Cycles:
    """The coefficients as they are written to the file."""
    return {kind: [rounded(float(value)) for value in values] for kind, values in cycles.items()}
