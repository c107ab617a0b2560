"""The trainings of a search as arrays, made once, and what the front was worth after each, by any budget."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from search.budget import Budget
from search.measures.reached import measured_resource
from search.trial import Observation
from unas_widgets.quantities.columns import Columns

_Place = tuple[float, float]
"""What a network needs, as a share of the bound, and its error."""


class Worth(NamedTuple):
    """What the networks within budget were worth from a training on.

    Attributes:
        place: of that training among the successful ones.
        hypervolume: 0 to 1; NaN where the budget bounds nothing that it could be taken over.
        error: the lowest; None where nothing is within budget.
    """

    place: int
    hypervolume: float
    error: float | None


class Trainings:
    """Those of some trainings that succeeded; what they cost counts the failed ones between them too.

    Attributes:
        columns: their errors and costs.
        networks, epochs, seconds: trained up to each; a promotion adds no network.
        until: for each the place of the training that went on with its network, or the number of trainings.
    """

    columns: Columns

    def __init__(self, observations: Iterable[Observation], *, before: Trainings | None = None) -> None:
        """Take them in the order in which they ended; `before` are earlier ones of the same search."""
        every = tuple(observations)
        self.columns = Columns(every, before=before.columns if before is not None else None)
        successful = np.array([o.status == "trained" for o in every], dtype=bool)
        first = np.array([o.trial.promotes is None for o in every], dtype=bool)
        self.networks = np.cumsum(first & successful)[successful]
        self.epochs = np.cumsum([o.epochs_spent for o in every], dtype=np.float64)[successful]
        self.seconds = np.cumsum([o.seconds for o in every], dtype=np.float64)[successful]
        places = {trial: place for place, trial in enumerate(self.columns.trials.tolist())}
        self.until = [len(self.columns)] * len(self.columns)
        for place, o in enumerate(self.columns.trained):
            if o.trial.promotes in places:
                self.until[places[o.trial.promotes]] = place

    def worth(self, budget: Budget) -> Iterator[Worth]:
        """What the front was worth, each time that it changed, as if `budget` had held from the beginning.

        A network counts by the longest of its trainings at that moment, as in the picture of the front.
        """
        objective, now = measured_resource(budget), Worth(-1, 0.0, None)
        front = _Front()
        for place, come, gone in self._events(budget, objective):
            front.release(gone)
            if come is not None:
                front.take(place, come, for_good=self.until[place] == len(self.columns))
            volume, error = front.worth()
            if (volume, error) != now[1:]:
                now = Worth(place, volume, error)
                yield now if objective is not None else now._replace(hypervolume=float("nan"))

    def _events(self, budget: Budget, objective: str | None) -> Iterator[tuple[int, _Place | None, int | None]]:
        """In their order the trainings that can change anything: what comes, and the place of what is no longer."""
        allowed = (self.columns.allowed(budget) & ~np.isnan(self.columns.values["val_error"])).tolist()
        errors = self.columns.values["val_error"].tolist()
        needs = [0.0] * len(errors)
        if objective is not None:
            needs = (self.columns.values[objective] / getattr(budget, objective)).tolist()
        before = {place: earlier for earlier, place in enumerate(self.until) if allowed[earlier]}
        for place, inside in enumerate(allowed):
            gone = before.get(place)
            if inside or gone is not None:
                yield place, (needs[place], errors[place]) if inside else None, gone


class _Front:
    """The front of networks that come and go; most of them stay for good, and are kept as stairs."""

    def __init__(self) -> None:
        self._needs: list[float] = []
        self._errors: list[float] = []
        self._passing: dict[int, _Place] = {}
        self._worth: tuple[float, float | None] | None = (0.0, None)

    def take(self, number: int, place: _Place, *, for_good: bool) -> None:
        """Take a network in; one that is not there `for_good` is released by its number."""
        need, error = place
        at = bisect_right(self._needs, need)
        if at and self._errors[at - 1] <= error:
            return  # something that stays is as good
        self._worth = None
        if not for_good:
            self._passing[number] = place
            return
        begin = end = bisect_left(self._needs, need)
        while end < len(self._needs) and self._errors[end] >= error:
            end += 1
        self._needs[begin:end], self._errors[begin:end] = [need], [error]
        self._passing = {n: p for n, p in self._passing.items() if p[0] < need or p[1] < error}

    def release(self, number: int | None) -> None:
        if number is not None and self._passing.pop(number, None) is not None:
            self._worth = None

    def worth(self) -> tuple[float, float | None]:
        """The share of the unit box that is dominated, and the lowest error."""
        if self._worth is None:
            stairs = zip(self._needs, self._errors, strict=True)
            self._worth = _area(sorted((*stairs, *self._passing.values())))
        return self._worth


def _area(places: Sequence[_Place]) -> tuple[float, float | None]:
    """Dominated share and lowest error of places in ascending order."""
    area, lowest = 0.0, 1.0
    for need, error in places:
        if error < lowest:
            area += (lowest - error) * (1.0 - need)
            lowest = error
    return area, min((error for _, error in places), default=None)
