"""Points of a picture, kept as arrays, since ten thousand of them are drawn again at each move of a slider."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self, overload

import numpy as np
from numpy.typing import NDArray

from unas_widgets.widgets.html import NOTHING, Html


class Point(NamedTuple):
    """One trial in the picture, in axis units; `y` of an infeasible one is its height in the band (0 to 1)."""

    trial_id: int
    x: float
    y: float
    hover: Html


class Points(Sequence[Point]):
    """Points in an order; one is made when it is asked for.

    Attributes:
        trials: their numbers, shape (points,).
        x, y: their places, each of shape (points,).
        hovers: what each says when the pointer is on it; empty where none says anything of its own.
    """

    __slots__ = ("hovers", "trials", "x", "y")

    def __init__(
        self,
        trials: NDArray[np.int64],
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        hovers: Sequence[Html] = (),
    ) -> None:
        self.trials, self.x, self.y, self.hovers = trials, x, y, tuple(hovers)

    @classmethod
    def of(cls, points: Sequence[Point]) -> Self:
        """These points, in their order."""
        if isinstance(points, cls):
            return points
        trials = np.array([p.trial_id for p in points], dtype=np.int64)
        x, y = (np.array(numbers, dtype=np.float64) for numbers in ([p.x for p in points], [p.y for p in points]))
        hovers = [p.hover for p in points]
        return cls(trials, x, y, hovers if any(hovers) else ())

    def find(self, trial_id: int) -> Point | None:
        """The point of one trial; None where it is not among them."""
        places = np.flatnonzero(self.trials == trial_id)
        return self._at(int(places[0])) if len(places) else None

    def __len__(self) -> int:
        return len(self.trials)

    def __iter__(self) -> Iterator[Point]:
        hovers = self.hovers or (NOTHING,) * len(self)
        return map(Point, self.trials.tolist(), self.x.tolist(), self.y.tolist(), hovers)

    @overload
    def __getitem__(self, place: int) -> Point: ...
    @overload
    def __getitem__(self, place: slice) -> Points: ...
    def __getitem__(self, place: int | slice) -> Point | Points:
        if isinstance(place, slice):
            return Points(self.trials[place], self.x[place], self.y[place], self.hovers[place])
        return self._at(place)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Points):
            return NotImplemented
        pairs = ((self.trials, other.trials), (self.x, other.x), (self.y, other.y))
        return self.hovers == other.hovers and all(np.array_equal(ours, theirs) for ours, theirs in pairs)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Points({list(self)!r})"

    def _at(self, place: int) -> Point:
        hover = self.hovers[place] if self.hovers else NOTHING
        return Point(int(self.trials[place]), float(self.x[place]), float(self.y[place]), hover)
