"""The quantities that the front can be drawn over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resource_models import ResourceReport
from search import quantities
from search.budget import Budget
from search.quantities import QUANTITIES
from search.trial import Observation
from unas_widgets.errors import WidgetError
from unas_widgets.quantities.columns import Columns
from unas_widgets.quantities.quantity import Quantity, error_quantity, quantity_of


@dataclass(frozen=True, slots=True)
class Axis:
    """One quantity of a trial, in the unit of its axis; all are better when smaller.

    Attributes:
        of: the quantity of the table.
    """

    of: quantities.Quantity

    @property
    def key(self) -> str:
        """Its name in costs and budgets, or "val_error"."""
        return self.of.key

    @property
    def word(self) -> str:
        """What people call it."""
        return self.of.word

    @property
    def unit(self) -> str:
        """The unit on the axis."""
        return self.of.amount.unit

    @property
    def scale(self) -> float:
        """One axis unit in base units (bytes, seconds, joules, share)."""
        return self.of.amount.scale

    @property
    def title(self) -> str:
        """The axis label, e.g. "RAM (KiB)"."""
        return f"{self.word} ({self.of.unit})" if self.of.unit else self.word

    def value(self, observation: Observation) -> float | None:
        """The observation's value in axis units; None where it is unknown."""
        raw = self.of.of(observation)
        return None if raw is None else raw / self.scale

    def limit(self, budget: Budget) -> float | None:
        """The budget's bound in axis units; the error target is not a bound, so it has none."""
        raw = None if self.of.bound is None else budget.limit(self.of)
        return None if raw is None else raw / self.scale

    def limit_words(self, budget: Budget) -> str:
        """The budget's bound as it stands beside its line, e.g. "budget 8 KiB"; empty where there is none."""
        shown = "" if self.of.bound is None else budget.show(self.of)
        return f"budget {shown}" if shown else ""

    def quantity(
        self, observation: Observation, validation_size: int | None = None, report: ResourceReport | None = None
    ) -> Quantity:
        """The observation's value with unit and exact value; `report` adds the bands and methods of the estimates."""
        if self.of is quantities.ERROR:
            return error_quantity(observation.val_error, validation_size)
        known = self.of.of(observation) if report is None else self.of.known(report)
        return quantity_of(self.of.amount, known, self.reason(observation) or self.of.unknown)

    def reason(self, observation: Observation) -> str:
        """Why the observation lacks it; empty where that is not known, or it does not lack it."""
        return self.of.reason(observation.costs) or ""

    def show(self, value: float) -> str:
        """`value`, in axis units, with its unit."""
        return quantity_of(self.of.amount, value * self.scale).text


AXES: tuple[Axis, ...] = tuple(Axis(of) for of in QUANTITIES if of.axis)
_BY_KEY = {axis.key: axis for axis in AXES}
ERROR, RAM, FLASH = _BY_KEY["val_error"], _BY_KEY["ram_bytes"], _BY_KEY["model_bytes"]
LATENCY, MACS, ENERGY = _BY_KEY["latency_s"], _BY_KEY["macs"], _BY_KEY["energy_j"]


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
