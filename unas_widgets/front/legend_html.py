"""The legend of the plot, with counts, as HTML."""

from __future__ import annotations

from html import escape

from unas_widgets.front.front_view import FrontView, Standing

_MARKS = {Standing.FRONT: "◆", Standing.DOMINATED: "●", Standing.OVER_BUDGET: "✖", Standing.INFEASIBLE: "×"}


def legend_html(view: FrontView, *, right: float) -> str:
    """Each mark with its meaning and how many there are; `right` is the end of the x axis, in its units."""
    entries = [_entry(standing, len(view.points[standing])) for standing in Standing]
    beyond = sum(point.x > right for point in view.points[Standing.INFEASIBLE])
    if beyond:
        entries.append(f"<span>({beyond:,} of them right of the axis)</span>")
    if view.unknown:
        entries.append(f"<span>{view.unknown:,} not drawn: no value on these axes</span>")
    if view.spreads:
        mark = '<i aria-hidden="true">‡</i>'
        text = "trained again, mean ± standard deviation"
        entries.append(f'<span data-standing="again">{mark}{len(view.spreads):,} {text}</span>')
    if view.own:
        entries.append(f'<span data-standing="own"><i aria-hidden="true">★</i>{len(view.own):,} made by hand</span>')
    return f'<div class="unas-legend">{"".join(entries)}</div>'


def _entry(standing: Standing, count: int) -> str:
    mark = f'<i aria-hidden="true">{_MARKS[standing]}</i>'
    return f'<span data-standing="{escape(standing)}">{mark}{count:,} {escape(standing)}</span>'
