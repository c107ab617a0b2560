"""One entry of ``latency_coefficients.json`` and the arithmetic that all fits share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from resource_models.latency.features import Work
from resource_models.latency.fitting.validation import rounded

Cycles = dict[str, list[float]]
"""Per kind of kernel its coefficients: cycles per unit of each of ``latency_features.TERMS``."""


class Entry(TypedDict):
    """Coefficients of one core and runtime, and what they rest on.

    ``applies_to`` names microcontrollers by the start of their name; empty is every one with the core. ``measured``
    names those that were measured: on others the band is opened by the factors ``transfer``.
    """

    core: str
    runtime: str
    version: str
    applies_to: list[str]
    measured: list[str]
    measured_on: str
    source: str
    samples: int
    cycles: Cycles
    band: dict[str, tuple[float, float]]
    transfer: tuple[float, float]
    validation: dict[str, Any]


def predict(cycles: Mapping[str, Sequence[float]], works: Iterable[Work]) -> float:
    """Cycles of these kernel calls."""
    return sum(
        coefficient * term for work in works for coefficient, term in zip(cycles[work.kind], work.terms, strict=True)
    )


def rounded_cycles(cycles: Mapping[str, Sequence[float]]) -> Cycles:
    """The coefficients as they are written to the file."""
    return {kind: [rounded(float(value)) for value in values] for kind, values in cycles.items()}
