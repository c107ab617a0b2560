"""The front as a small SVG picture, for viewers without a kernel."""

from __future__ import annotations

import math
from html import escape

from unas_widgets.front.front_view import FrontView, Standing, step_line
from unas_widgets.quantities.axis import ERROR
from unas_widgets.quantities.axis_range import LOG_TICKS, AxisEnds, axis_top, log_bottom
from unas_widgets.quantities.finals import Spread
from unas_widgets.quantities.points import Point

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 340, 56, 44, 12, 40
COLOURS = {
    Standing.FRONT: "#0072B2",
    Standing.DOMINATED: "#56B4E9",
    Standing.OVER_BUDGET: "#D55E00",
    Standing.INFEASIBLE: "#8C8C8C",
}


def front_svg(view: FrontView, *, selected: int | None = None, log: bool = False) -> str:
    """Points, step line and budget of `view`; the infeasible in a band on top. `log` draws an error logarithmically."""
    ends = picture_ends(view, log=log and view.y is ERROR)
    parts = [_axes(view, ends), _limit(view, ends), _steps(view, ends), *_band(view, ends)]
    for standing in (Standing.OVER_BUDGET, Standing.DOMINATED, Standing.FRONT):
        parts += [_dot(p, standing, ends, picked=p.trial_id == selected) for p in view.points[standing]]
    parts += [_bar(spread, ends) for spread in view.spreads]
    parts += [_star(point, ends) for point in view.own]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" '
        f'aria-label="{escape(view.y.word)} against {escape(view.x.word)}" font-family="sans-serif" font-size="11" '
        f'fill="currentColor">{"".join(parts)}</svg>'
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


def _axes(view: FrontView, ends: AxisEnds) -> str:
    base, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    ticks = ""
    for tick in (0.0, 0.5 * ends.right, ends.right):
        ticks += f'<text x="{across(tick, ends):.1f}" y="{base + 14}" text-anchor="middle">{tick:g}</text>'
    heights = [t for t in LOG_TICKS if ends.floor <= t <= ends.top] if ends.log else [0.0, 0.5 * ends.top, ends.top]
    for tick in heights:
        ticks += f'<text x="{LEFT - 6}" y="{down(tick, ends) + 4:.1f}" text-anchor="end">{tick:g}</text>'
    frame = f'<path d="M{LEFT} {TOP}V{base}H{right}" fill="none" stroke="currentColor" stroke-opacity="0.4"/>'
    titles = f'<text x="{right}" y="{HEIGHT - 8}" text-anchor="end">{escape(view.x.title)}</text>'
    return frame + ticks + titles + f'<text x="4" y="{TOP - 6}">{escape(view.y.title)}</text>'


def _limit(view: FrontView, ends: AxisEnds) -> str:
    if view.x_limit is None or view.x_limit > ends.right:
        return ""
    x = across(view.x_limit, ends)
    line = f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="currentColor" stroke-dasharray="2 3"/>'
    return line + f'<text x="{x - 4:.1f}" y="{HEIGHT - BOTTOM - 4}" text-anchor="end">budget</text>'


def _steps(view: FrontView, ends: AxisEnds) -> str:
    xs, ys = step_line(view.points[Standing.FRONT], right=ends.right, top=ends.top)
    points = " ".join(f"{across(x, ends):.1f},{down(y, ends):.1f}" for x, y in zip(xs, ys, strict=True))
    return f'<polyline points="{points}" fill="none" stroke="{COLOURS[Standing.FRONT]}"/>' if points else ""


def _band(view: FrontView, ends: AxisEnds) -> list[str]:
    points = [p for p in view.points[Standing.INFEASIBLE] if p.x <= ends.right]
    if not view.apart or not points:
        return []
    grey = COLOURS[Standing.INFEASIBLE]
    marks = [
        f'<path d="M{across(p.x, ends) - 2:.1f} {6 + 14 * p.y:.1f}l4 4m0 -4l-4 4" stroke="{grey}"/>' for p in points
    ]
    return [*marks, f'<text x="{WIDTH - RIGHT}" y="32" text-anchor="end">over budget, not trained</text>']


def _star(point: Point, ends: AxisEnds) -> str:
    title = f"<title>own network {point.trial_id}, made by hand</title>"
    x, y = across(point.x, ends), down(point.y, ends)
    return f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" font-size="15">★{title}</text>'


def _bar(spread: Spread, ends: AxisEnds) -> str:
    x, mean = across(spread.x, ends), down(spread.mean, ends)
    top, base = down(spread.mean + spread.std, ends), down(max(spread.mean - spread.std, 0.0), ends)
    title = f"<title>trial {spread.trial_id}, trained again: {spread.mean:.3g} ± {spread.std:.2g} %</title>"
    path = f"M{x - 6:.1f} {mean:.1f}h12M{x:.1f} {top:.1f}V{base:.1f}M{x - 3:.1f} {top:.1f}h6M{x - 3:.1f} {base:.1f}h6"
    return f'<path d="{path}" fill="none" stroke="#009E73" stroke-width="1.8">{title}</path>'


def _dot(point: Point, standing: Standing, ends: AxisEnds, *, picked: bool) -> str:
    x, y, colour = across(point.x, ends), down(point.y, ends), COLOURS[standing]
    title = f"<title>trial {point.trial_id}, {escape(standing)}</title>"
    ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="none" stroke="#CC79A7" stroke-width="3"/>' if picked else ""
    if standing is Standing.DOMINATED:
        return f'{ring}<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}">{title}</circle>'
    if standing is Standing.OVER_BUDGET:
        return (
            f'{ring}<path d="M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8" stroke="{colour}" stroke-width="2">{title}</path>'
        )
    return f'{ring}<path d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z" fill="{colour}">{title}</path>'
