"""The fronts of other runs in the same picture: which points, and how each run looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from search.budget import Budget
from unas_widgets.front.front_view import FrontView, OtherFront, Standing, front_view
from unas_widgets.quantities.columns import Columns
from unas_widgets.quantities.points import Point
from unas_widgets.widgets.html import NOTHING, Html, lines, tag


@dataclass(frozen=True, slots=True)
class OtherLook:
    """How the front of another run is told apart: by colour, by dash and by shape.

    Attributes:
        colour: of Okabe and Ito.
        symbol, mark: the shape, as plotly calls it, and as a letter.
        dash: as plotly calls it; `on` and `off` are its lengths in pixels.
        outline: corners of the shape, each within 1 of its middle, y downwards.
    """

    colour: str
    symbol: str
    mark: str
    dash: str
    on: float
    off: float
    outline: tuple[tuple[float, float], ...]


_SQUARE = ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9))
_UP, _DOWN = ((0, -1.1), (1.1, 0.9), (-1.1, 0.9)), ((0, 1.1), (1.1, -0.9), (-1.1, -0.9))
_LEFT, _RIGHT = ((-1.1, 0), (0.9, -1.1), (0.9, 1.1)), ((1.1, 0), (-0.9, -1.1), (-0.9, 1.1))
_PLUS = (
    *((-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4)),
    *((0.4, 1.1), (-0.4, 1.1), (-0.4, 0.4), (-1.1, 0.4), (-1.1, -0.4), (-0.4, -0.4)),
)
OTHER_LOOKS = (
    OtherLook("#E69F00", "square", "■", "dash", 7, 4, _SQUARE),
    OtherLook("#009E73", "triangle-up", "▲", "dot", 2, 3, _UP),
    OtherLook("#CC79A7", "triangle-down", "▼", "longdash", 12, 4, _DOWN),
    OtherLook("#D55E00", "triangle-left", "◀", "dash", 5, 5, _LEFT),
    OtherLook("#56B4E9", "triangle-right", "▶", "longdash", 15, 3, _RIGHT),
    OtherLook("#8C8C8C", "cross", "✚", "dot", 3, 5, _PLUS),
)
MOST_OTHERS = len(OTHER_LOOKS)


def with_others(
    view: FrontView, others: Mapping[str, tuple[int, Columns]], budget: Budget, sizes: Mapping[str, int | None]
) -> FrontView:
    """The same picture with the fronts of other runs within `budget`, over the same axes.

    Args:
        view: the picture.
        others: by name the place among the looks, and the networks.
        budget: what counts as within budget, for all runs alike.
        sizes: by name the validation examples behind each error.
    """
    fronts = []
    for name, (place, columns) in others.items():
        own = front_view(columns, (), budget, x=view.x, y=view.y, hovers=False)
        known = {o.trial_id: o for o in columns.trained}
        points = []
        for point in own.points[Standing.FRONT]:
            observation = known[point.trial_id]
            figures = [f"{a.word} {a.quantity(observation, sizes[name]).text}" for a in (view.x, view.y)]
            hover = lines((tag("b", name), f", trial {point.trial_id}"), *figures)
            points.append(Point(point.trial_id, point.x, point.y, hover))
        fronts.append(OtherFront(name, place, tuple(points), own.unknown))
    return replace(view, others=tuple(fronts))


def others_legend(fronts: Iterable[OtherFront]) -> Html:
    """Each other run with its mark, its name, and how many networks are on its front."""
    entries = []
    for front in fronts:
        look = OTHER_LOOKS[front.place]
        mark = tag("i", look.mark, aria_hidden=True, style=f"color:{look.colour}")
        about = f"{front.name}: {len(front.points):,} on its front"
        about += f", {front.unknown:,} not drawn" if front.unknown else ""
        entries.append(tag("span", mark, about, data_standing="other"))
    return tag("div", entries, class_="unas-legend") if entries else NOTHING
