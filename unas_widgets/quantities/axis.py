"""The quantities that the front can be drawn over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resource_models import ResourceReport
from search.budget import Budget
from search.trial import Observation
from unas_widgets.errors import WidgetError
from unas_widgets.quantities.columns import Columns
from unas_widgets.quantities.quantity import (
    Quantity,
    bytes_quantity,
    error_quantity,
    joules_quantity,
    macs_quantity,
    seconds_quantity,
)


@dataclass(frozen=True, slots=True)
class Axis:
    """One quantity of a trial, all of which are better when smaller.

    Attributes:
        key: its name in costs and budgets, or "val_error".
        word: what people call it.
        unit: the unit on the axis.
        scale: one axis unit in base units (bytes, seconds, joules, share).
    """

    key: str
    word: str
    unit: str
    scale: float

    @property
    def title(self) -> str:
        """The axis label, e.g. "RAM (KiB)"."""
        return self.word if self.unit == self.word else f"{self.word} ({self.unit})"

    def value(self, observation: Observation) -> float | None:
        """The observation's value in axis units; None where it is unknown."""
        source = observation if self.key == "val_error" else observation.costs
        raw: float | None = getattr(source, self.key)
        return None if raw is None else raw / self.scale

    def limit(self, budget: Budget) -> float | None:
        """The budget's bound in axis units; the error target is not a bound, so it has none."""
        raw = None if self.key == "val_error" else getattr(budget, self.key)
        return None if raw is None else raw / self.scale

    def quantity(
        self, observation: Observation, validation_size: int | None = None, report: ResourceReport | None = None
    ) -> Quantity:
        """The observation's value with unit and exact value; `report` adds the bands and methods of the estimates."""
        costs = observation.costs
        if self.key == "val_error":
            return error_quantity(observation.val_error, validation_size)
        if self.key == "macs":
            return macs_quantity(costs.macs)
        if self.key == "latency_s":
            known = costs.latency_s if report is None else report.latency
            return seconds_quantity(known, costs.latency_reason or "")
        if self.key == "energy_j":
            return joules_quantity(costs.energy_j if report is None else report.energy)
        if report is not None:
            return bytes_quantity(report.ram if self.key == "ram_bytes" else report.model)
        return bytes_quantity(getattr(costs, self.key))

    def show(self, value: float) -> str:
        """`value`, in axis units, with its unit."""
        raw = value * self.scale
        if self.key == "val_error":
            return error_quantity(raw).text
        if self.key == "latency_s":
            return seconds_quantity(raw).text
        if self.key == "energy_j":
            return joules_quantity(raw).text
        return macs_quantity(round(raw)).text if self.key == "macs" else bytes_quantity(raw).text


ERROR = Axis("val_error", "error", "%", 0.01)
RAM = Axis("ram_bytes", "RAM", "KiB", 1024)
FLASH = Axis("model_bytes", "flash", "KiB", 1024)
LATENCY = Axis("latency_s", "latency", "ms", 0.001)
MACS = Axis("macs", "MACs", "MACs", 1)
ENERGY = Axis("energy_j", "energy", "mJ", 0.001)
AXES: tuple[Axis, ...] = (ERROR, RAM, FLASH, LATENCY, MACS, ENERGY)


def known_axes(columns: Columns) -> tuple[Axis, ...]:
    """The axes of which at least one network has a value; all of them while there is no network."""
    return tuple(a for a in AXES if not len(columns) or not np.isnan(columns.values[a.key]).all())


def axis(word: str) -> Axis:
    """The axis called `word`, e.g. "RAM" or "ram_bytes".

    Raises:
        WidgetError: there is no such axis.
    """
    for candidate in AXES:
        if word.lower() in (candidate.word.lower(), candidate.key):
            return candidate
    words = ", ".join(a.word for a in AXES)
    raise WidgetError(f"There is no axis {word!r}; choose one of {words}.")
