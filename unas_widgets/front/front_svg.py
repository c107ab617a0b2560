"""The front as a small SVG picture, for viewers without a kernel."""

from __future__ import annotations

import math

from unas_widgets.front.front_view import FrontView, Standing, step_line
from unas_widgets.quantities.axis import ERROR
from unas_widgets.quantities.axis_range import LOG_TICKS, AxisEnds, axis_top, log_bottom
from unas_widgets.quantities.errors_over_seeds import Spread
from unas_widgets.quantities.points import Point
from unas_widgets.widgets.html import NOTHING, Html, joined, tag

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 340, 56, 44, 12, 40
COLOURS = {
    Standing.FRONT: "#0072B2",
    Standing.DOMINATED: "#56B4E9",
    Standing.OVER_BUDGET: "#D55E00",
    Standing.INFEASIBLE: "#8C8C8C",
}


def front_svg(view: FrontView, *, selected: int | None = None, log: bool = False) -> Html:
    """Points, step line and budget of `view`; the infeasible in a band on top. `log` draws an error logarithmically."""
    ends = picture_ends(view, log=log and view.y is ERROR)
    dots = [
        _dot(p, standing, ends, picked=p.trial_id == selected)
        for standing in (Standing.OVER_BUDGET, Standing.DOMINATED, Standing.FRONT)
        for p in view.points[standing]
    ]
    return tag(
        "svg",
        (_axes(view, ends), _limit(view, ends), _steps(view, ends), _band(view, ends), dots),
        (_bar(spread, ends) for spread in view.spreads),
        (_star(point, ends) for point in view.own),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=WIDTH,
        role="img",
        aria_label=f"{view.y.word} against {view.x.word}",
        font_family="sans-serif",
        font_size=11,
        fill="currentColor",
    )


def picture_ends(view: FrontView, *, log: bool) -> AxisEnds:
    """Where the axes of a small picture of `view` end."""
    trained = view.trained()
    right, heights = axis_top([p.x for p in trained], view.x_limit), [p.y for p in trained]
    if log:
        return AxisEnds(right, 100.0, log_bottom(heights), log=True)
    return AxisEnds(right, axis_top(heights, view.y_limit))


def across(x: float, ends: AxisEnds) -> float:
    """Pixels from the left; what is right of the axis lies at its end."""
    return LEFT + (WIDTH - LEFT - RIGHT) * min(x / ends.right, 1.0)


def down(y: float, ends: AxisEnds) -> float:
    """Pixels from above; what is above the axis lies at its end."""
    share = y / ends.top
    if ends.log:
        share = 1 - math.log(ends.top / max(y, ends.floor)) / math.log(ends.top / ends.floor)
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(share, 1.0)


def _axes(view: FrontView, ends: AxisEnds) -> Html:
    base, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    frame = f"M{LEFT} {TOP}V{base}H{right}"
    parts = [tag("path", d=frame, fill="none", stroke="currentColor", stroke_opacity=0.4)]
    parts += [
        tag("text", f"{tick:g}", x=f"{across(tick, ends):.1f}", y=base + 14, text_anchor="middle")
        for tick in (0.0, 0.5 * ends.right, ends.right)
    ]
    heights = [t for t in LOG_TICKS if ends.floor <= t <= ends.top] if ends.log else [0.0, 0.5 * ends.top, ends.top]
    parts += [
        tag("text", f"{tick:g}", x=LEFT - 6, y=f"{down(tick, ends) + 4:.1f}", text_anchor="end") for tick in heights
    ]
    parts.append(tag("text", view.x.title, x=right, y=HEIGHT - 8, text_anchor="end"))
    return joined(parts, tag("text", view.y.title, x=4, y=TOP - 6))


def _limit(view: FrontView, ends: AxisEnds) -> Html:
    if view.x_limit is None or view.x_limit > ends.right:
        return NOTHING
    x = across(view.x_limit, ends)
    line = tag("path", d=f"M{x:.1f} {TOP}V{HEIGHT - BOTTOM}", stroke="currentColor", stroke_dasharray="2 3")
    return joined(line, tag("text", "budget", x=f"{x - 4:.1f}", y=HEIGHT - BOTTOM - 4, text_anchor="end"))


def _steps(view: FrontView, ends: AxisEnds) -> Html:
    xs, ys = step_line(view.points[Standing.FRONT], right=ends.right, top=ends.top)
    points = " ".join(f"{across(x, ends):.1f},{down(y, ends):.1f}" for x, y in zip(xs, ys, strict=True))
    return tag("polyline", points=points, fill="none", stroke=COLOURS[Standing.FRONT]) if points else NOTHING


def _band(view: FrontView, ends: AxisEnds) -> Html:
    points = [p for p in view.points[Standing.INFEASIBLE] if p.x <= ends.right]
    if not view.apart or not points:
        return NOTHING
    grey = COLOURS[Standing.INFEASIBLE]
    places = ((across(p.x, ends) - 2, 6 + 14 * p.y) for p in points)
    marks = [tag("path", d=f"M{x:.1f} {y:.1f}l4 4m0 -4l-4 4", stroke=grey) for x, y in places]
    return joined(marks, tag("text", "over budget, not trained", x=WIDTH - RIGHT, y=32, text_anchor="end"))


def _star(point: Point, ends: AxisEnds) -> Html:
    title = tag("title", f"own network {point.trial_id}, made by hand")
    x, y = f"{across(point.x, ends):.1f}", f"{down(point.y, ends) + 5:.1f}"
    return tag("text", "★", title, x=x, y=y, text_anchor="middle", font_size=15)


def _bar(spread: Spread, ends: AxisEnds) -> Html:
    x, mean = across(spread.x, ends), down(spread.mean, ends)
    top, base = down(spread.mean + spread.std, ends), down(max(spread.mean - spread.std, 0.0), ends)
    title = tag("title", f"trial {spread.trial_id}, {spread.words}: {spread.mean:.3g} ± {spread.std:.2g} %")
    path = f"M{x - 6:.1f} {mean:.1f}h12M{x:.1f} {top:.1f}V{base:.1f}M{x - 3:.1f} {top:.1f}h6M{x - 3:.1f} {base:.1f}h6"
    return tag("path", title, d=path, fill="none", stroke="#009E73", stroke_width=1.8)


def _dot(point: Point, standing: Standing, ends: AxisEnds, *, picked: bool) -> Html:
    x, y, colour = across(point.x, ends), down(point.y, ends), COLOURS[standing]
    at = {"cx": f"{x:.1f}", "cy": f"{y:.1f}"}
    title = tag("title", f"trial {point.trial_id}, {standing}")
    if standing is Standing.DOMINATED:
        mark = tag("circle", title, r=3.5, fill=colour, **at)
    elif standing is Standing.OVER_BUDGET:
        mark = tag("path", title, d=f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8", stroke=colour, stroke_width=2)
    else:
        mark = tag("path", title, d=f"M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z", fill=colour)
    return joined(tag("circle", r=9, fill="none", stroke="#CC79A7", stroke_width=3, **at) if picked else None, mark)
