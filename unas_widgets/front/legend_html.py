"""The legend of the plot, with counts, as HTML."""

from __future__ import annotations

from unas_widgets.front.front_view import FrontView, Standing
from unas_widgets.widgets.html import Html, tag

_MARKS = {Standing.FRONT: "◆", Standing.DOMINATED: "●", Standing.OVER_BUDGET: "✖", Standing.INFEASIBLE: "×"}


def legend_html(view: FrontView, *, right: float) -> Html:
    """Each mark with its meaning and how many there are; `right` is the end of the x axis, in its units."""
    entries = [_entry(standing, _MARKS[standing], len(view.points[standing]), standing) for standing in Standing]
    beyond = sum(point.x > right for point in view.points[Standing.INFEASIBLE])
    if beyond:
        entries.append(tag("span", f"({beyond:,} of them right of the axis)"))
    if view.unknown:
        entries.append(tag("span", f"{view.unknown:,} not drawn: no value on these axes"))
    if view.spreads:
        entries.append(_entry("again", "‡", len(view.spreads), "trained again, mean ± standard deviation"))
    if view.own:
        entries.append(_entry("own", "★", len(view.own), "made by hand"))
    return tag("div", entries, class_="unas-legend")


def _entry(key: str, mark: str, count: int, words: str) -> Html:
    return tag("span", tag("i", mark, aria_hidden=True), f"{count:,} {words}", data_standing=key)
