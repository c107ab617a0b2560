"""The front as points: which trials are on it, dominated, over budget, or never trained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.budget import Budget
from search.measures.pareto import non_dominated
from search.runs.finalise import Final
from search.trial import Observation
from unas_widgets.quantities.axis import AXES, ERROR, Axis
from unas_widgets.quantities.columns import Columns
from unas_widgets.quantities.errors_over_seeds import Spread, spread_of
from unas_widgets.quantities.points import Point, Points
from unas_widgets.widgets.html import NOTHING, Content, Html, lines, tag


class Standing(StrEnum):
    """Where a trial stands with respect to the budget and to the other trials."""

    FRONT = "front"
    DOMINATED = "dominated"
    OVER_BUDGET = "over budget"
    INFEASIBLE = "over budget, not trained"


TRAINED = (Standing.FRONT, Standing.DOMINATED, Standing.OVER_BUDGET)
"""What a trained trial can be."""


class Band(NamedTuple):
    """How far one point may be off, in axis units; both ends are the point's own where a number is exact.

    Attributes:
        trial_id: the point's trial.
        at_x, at_y: where the point is.
        x, y: the lower and the upper end on each axis.
    """

    trial_id: int
    at_x: float
    at_y: float
    x: tuple[float, float]
    y: tuple[float, float]


class OtherFront(NamedTuple):
    """The front of another run in the same picture.

    Attributes:
        name: what the legend calls it.
        place: which of the other runs it is, from 0; it decides on colour, dash and symbol.
        points: from left to right.
        unknown: networks that have no value on an axis.
    """

    name: str
    place: int
    points: tuple[Point, ...]
    unknown: int


@dataclass(frozen=True, slots=True)
class FrontView:
    """Everything that the plot of the front draws.

    Attributes:
        x, y: the axes.
        points: the trials by standing; those on the front run from left to right.
        x_limit, y_limit: the budget in axis units; None where it sets no bound.
        x_words, y_words: what stands beside the line of the budget; empty where there is none.
        unknown: trained trials that cannot be drawn because an axis has no value for them.
        apart: whether the infeasible ones are drawn in a band of their own (they have no error).
        spreads: of the networks that were trained again with other seeds; empty where y is not the error.
        own: networks that were made by hand, which no front knows of; their numbers are their own.
        bands: of points on the front; empty unless they are asked for.
        others: the fronts of other runs; empty unless they are asked for.
    """

    x: Axis
    y: Axis
    points: dict[Standing, Points]
    x_limit: float | None
    y_limit: float | None
    x_words: str
    y_words: str
    unknown: int
    apart: bool
    spreads: tuple[Spread, ...] = ()
    own: tuple[Point, ...] = ()
    bands: tuple[Band, ...] = ()
    others: tuple[OtherFront, ...] = ()

    def find(self, trial_id: int) -> Point | None:
        """The point of one trial; None where it is not drawn."""
        return next((p for points in self.points.values() if (p := points.find(trial_id)) is not None), None)

    def trained(self) -> tuple[Point, ...]:
        """All trained points, the front first."""
        return tuple(p for standing in TRAINED for p in self.points[standing])

    def count(self) -> int:
        """How many trained points there are."""
        return sum(len(self.points[standing]) for standing in TRAINED)

    def places(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """X and y of every trained point, of those made by hand and of the fronts of other runs."""
        drawn = [self.points[standing] for standing in TRAINED]
        drawn += [Points.of(points) for points in (self.own, *(other.points for other in self.others))]
        return np.concatenate([p.x for p in drawn]), np.concatenate([p.y for p in drawn])


def front_view(
    observations: Columns | Iterable[Observation],
    infeasible: Sequence[Observation],
    budget: Budget,
    *,
    x: Axis,
    y: Axis = ERROR,
    newest: int = 500,
    validation_size: int | None = None,
    hovers: bool = True,
) -> FrontView:
    """Sorts trials into what the picture tells apart.

    Args:
        observations: trained and failed trials, or the columns of them; failed ones are not drawn.
        infeasible: proposals over a hard bound of the run; they were never trained.
        budget: what the sliders say now, which may differ from the run's own budget.
        x: the axis across; smaller is better.
        y: the axis upwards; smaller is better.
        newest: how many of the infeasible proposals are drawn.
        validation_size: examples behind each error, for the hover text.
        hovers: whether points carry a hover text; of thousands it takes longer to make than all the rest.
    """
    columns = Columns.of(observations)
    across, up = _places(columns, x, y)
    classes, drawn = _classes(columns, budget, across, up), ~np.isnan(across + up)
    points = {Standing.INFEASIBLE: Points.of(tuple(_infeasible_points(infeasible[-newest:], x, y, hovers=hovers)))}
    for place, standing in enumerate(TRAINED):
        group = np.flatnonzero(drawn & (classes == place))
        if standing is Standing.FRONT:
            group = group[np.lexsort((-up[group], across[group]))]
        texts = [hover_text(columns.trained[i], standing, validation_size) for i in group.tolist()] if hovers else ()
        points[standing] = Points(columns.trials[group], across[group], up[group], texts)
    return FrontView(
        x=x,
        y=y,
        points={standing: points[standing] for standing in Standing},
        x_limit=x.limit(budget),
        y_limit=y.limit(budget),
        x_words=x.limit_words(budget),
        y_words=y.limit_words(budget),
        unknown=int(np.count_nonzero(~drawn)),
        apart=ERROR in (x, y),
    )


def with_spreads(view: FrontView, finals: Iterable[Final]) -> FrontView:
    """The same picture with the spread of the networks that were trained again, where y is the error."""
    if view.y is not ERROR:
        return view
    places = ((final, view.x.value(final.observation)) for final in finals)
    return replace(view, spreads=tuple(spread_of(final, place) for final, place in places if place is not None))


def with_own(view: FrontView, own: Iterable[Observation], validation_size: int | None = None) -> FrontView:
    """The same picture with the networks that were made by hand, where both axes are known."""
    points = []
    for observation in own:
        place = _place(observation, view.x, view.y) if observation.status == "trained" else None
        if place is not None:
            figures = [f"{a.word} {a.quantity(observation, validation_size).text}" for a in (view.x, view.y)]
            hover = lines((tag("b", f"own network {observation.trial_id}"), ", made by hand"), *figures)
            points.append(Point(observation.trial_id, *place, hover))
    return replace(view, own=tuple(points))


def standing_of(
    observations: Columns | Iterable[Observation], budget: Budget, *, x: Axis, y: Axis = ERROR
) -> dict[int, Standing]:
    """The standing of every trained trial: within `budget`, those that nothing dominates in `x` and `y` are the front.

    Of trials that are equal in both, the first is on the front.
    """
    columns = Columns.of(observations)
    classes = _classes(columns, budget, *_places(columns, x, y))
    return {trial: TRAINED[place] for trial, place in zip(columns.trials.tolist(), classes.tolist(), strict=True)}


def _classes(
    columns: Columns, budget: Budget, across: NDArray[np.float64], up: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Of each trained trial the place of its standing among `TRAINED`."""
    allowed = columns.allowed(budget)
    inside = np.flatnonzero(allowed & ~np.isnan(across + up))
    classes = np.where(allowed, TRAINED.index(Standing.DOMINATED), TRAINED.index(Standing.OVER_BUDGET))
    classes[inside[non_dominated(np.column_stack((across, up))[inside])]] = TRAINED.index(Standing.FRONT)
    return classes


def hover_text(observation: Observation, standing: Standing, validation_size: int | None = None) -> Html:
    """What a point says when the pointer is on it: standing and exact figures, one line each."""
    said: list[Content] = [(tag("b", f"trial {observation.trial_id}"), f", {standing}")]
    for candidate in AXES:
        if candidate.value(observation) is None and not candidate.reason(observation):
            continue  # what was not trained has no error, and few boards have an energy
        quantity = candidate.quantity(observation, validation_size)
        said.append(f"{candidate.word} {quantity.text}  ({quantity.hover})")
    return lines(*said)


def step_line(front: Sequence[Point], *, right: float, top: float) -> tuple[list[float], list[float]]:
    """The corners of the front's step line, from `top` down its points and on to `right` (axis units).

    Everything above and right of the line is dominated.
    """
    if not front:
        return [], []
    xs, ys = [front[0].x], [max(top, front[0].y)]
    for point in front:
        xs += [point.x, point.x]
        ys += [ys[-1], point.y]
    return [*xs, max(right, xs[-1])], [*ys, ys[-1]]


def _places(columns: Columns, x: Axis, y: Axis) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return columns.values[x.key] / x.scale, columns.values[y.key] / y.scale


def _place(observation: Observation, x: Axis, y: Axis) -> tuple[float, float] | None:
    across, up = x.value(observation), y.value(observation)
    return None if across is None or up is None else (across, up)


def _infeasible_points(infeasible: Iterable[Observation], x: Axis, y: Axis, *, hovers: bool) -> Iterable[Point]:
    """Infeasible proposals; where an axis is the error they get a fixed height in the band (golden-ratio spread)."""
    for observation in infeasible:
        spread = (observation.trial_id * 0.6180339887) % 1.0
        across = spread if x is ERROR else x.value(observation)
        up = spread if y is ERROR else y.value(observation)
        if across is not None and up is not None:
            hover = hover_text(observation, Standing.INFEASIBLE) if hovers else NOTHING
            yield Point(observation.trial_id, across, up, hover)
