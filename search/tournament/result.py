"""What came of one entrant with one seed: what it had reached, and after how much compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.budget import Budget
from search.measures.reached import Reached
from search.tournament.entrant import Entrant
from search.trial import Observation

Json = dict[str, Any]

AXES = ("equivalents", "epochs", "cpu_seconds")
"""What compute is measured in: full trainings, epochs, CPU-seconds of all processes."""
MEASURES = ("hypervolume", "accuracy")
"""Of error and every bounded resource, 0 to 1; and the best validation accuracy within the budget, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Point:
    """What was reached after so much compute.

    Attributes:
        epochs: trained so far.
        cpu_seconds: of all processes so far; None where trainings are looked up.
        hypervolume: share dominated of the box of error and every resource that the budget bounds; None without one.
        error: lowest validation error within the budget.
    """

    epochs: float
    cpu_seconds: float | None
    hypervolume: float | None
    error: float


@dataclass(frozen=True, slots=True)
class Result:
    """One search of a tournament, as far as its limit.

    Attributes:
        entrant: who searched.
        seed: of the search.
        full_epochs: epochs of one full training: one full-training equivalent.
        points: where something better was found, in order.
        epochs: trained in all; a promotion adds only what it trained itself.
        cpu_seconds: of all processes; None where trainings are looked up.
        trained: trainings, promotions among them.
        infeasible: proposals over a hard bound, which cost nothing.
        limit: the axis that its compute was limited on, and to how much; None where it ended otherwise.
    """

    entrant: Entrant
    seed: int
    full_epochs: int
    points: tuple[Point, ...]
    epochs: float
    cpu_seconds: float | None
    trained: int
    infeasible: int
    limit: tuple[str, float] | None = None

    def allowed(self, axis: str) -> float:
        """How much compute the search was allowed on an axis; infinite where it was not limited on that one."""
        limited, most = self.limit or ("", float("inf"))
        if axis == limited:
            return most
        return most * self.full_epochs if (axis, limited) == ("epochs", "equivalents") else float("inf")

    def spent(self, axis: str) -> float:
        """Compute in all, NaN where it is not known.

        Args:
            axis: one of `AXES`.
        """
        return self._on(axis, self.epochs, self.cpu_seconds)

    def reached(self, measure: str, axis: str, at: NDArray[np.float64]) -> NDArray[np.float64]:
        """A measure after each of so many units of compute: 0 before anything is found, NaN where there is none.

        Args:
            measure: one of `MEASURES`.
            axis: one of `AXES`.
            at: compute, shape (n,).
        """
        costs = np.array([self._on(axis, p.epochs, p.cpu_seconds) for p in self.points])
        values = np.array([0.0, *(_value(p, measure) for p in self.points)])
        return np.asarray(values[np.searchsorted(costs, at, side="right")], dtype=np.float64)

    def final(self, measure: str) -> float:
        """A measure at the end of the search."""
        return _value(self.points[-1], measure) if self.points else 0.0

    def _on(self, axis: str, epochs: float, cpu_seconds: float | None) -> float:
        if axis == "cpu_seconds":
            return float("nan") if cpu_seconds is None else cpu_seconds
        return epochs / self.full_epochs if axis == "equivalents" else float(epochs)

    def to_json(self) -> Json:
        """The result as plain JSON values."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        points = [[p.epochs, p.cpu_seconds, p.hypervolume, p.error] for p in self.points]
        return {**values, "entrant": self.entrant.to_json(), "points": points}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Result:
        """The result that `to_json` wrote."""
        points = tuple(Point(*point) for point in values["points"])
        limit = None if values["limit"] is None else tuple(values["limit"])
        entrant = Entrant.from_json(values["entrant"])
        return cls(**{**values, "entrant": entrant, "points": points, "limit": limit})


class Meter:
    """Watches one search, and writes its result down.

    Args:
        budget: of the search.
        full_epochs: epochs of one full training.
    """

    def __init__(self, budget: Budget, full_epochs: int) -> None:
        resources = tuple(resource.key for resource in budget.bounded)
        self._bounded = bool(resources)
        self._reached = Reached(budget, resources=resources)
        self._full_epochs = full_epochs
        self._points: list[Point] = []
        self._trained = 0
        self._epochs: float = 0
        self._cpu_seconds: float | None = None

    def take(self, observation: Observation, *, epochs: float, cpu_seconds: float | None = None) -> None:
        """One training is over.

        Args:
            observation: what it gave.
            epochs: of the whole search so far.
            cpu_seconds: of the whole search so far.
        """
        self._trained += observation.status == "trained"
        self._epochs, self._cpu_seconds = epochs, cpu_seconds
        if self._reached.take(observation):
            volume = self._reached.hypervolume if self._bounded else None
            self._points.append(Point(epochs, cpu_seconds, volume, self._reached.error))

    def result(self, entrant: Entrant, seed: int, *, infeasible: int, limit: tuple[str, float] | None) -> Result:
        """What the search has reached; see `Result`."""
        return Result(
            entrant,
            seed,
            self._full_epochs,
            tuple(self._points),
            self._epochs,
            self._cpu_seconds,
            self._trained,
            infeasible,
            limit,
        )


def _value(point: Point, measure: str) -> float:
    if measure == "accuracy":
        return 1.0 - point.error
    return float("nan") if point.hypervolume is None else point.hypervolume
