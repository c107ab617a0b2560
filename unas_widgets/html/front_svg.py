"""The front as a small SVG picture, for viewers without a kernel."""

from __future__ import annotations

from html import escape

from unas_widgets.views.axis_range import axis_top
from unas_widgets.views.front_view import FrontView, Point, Standing, step_line

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 340, 56, 44, 12, 40
_COLOURS = {Standing.FRONT: "#0072B2", Standing.DOMINATED: "#56B4E9", Standing.OVER_BUDGET: "#D55E00"}


def front_svg(view: FrontView, *, selected: int | None = None) -> str:
    """Points, step line and budget of `view`; the infeasible in a band on top."""
    trained = view.trained()
    ends = (axis_top([p.x for p in trained], view.x_limit), axis_top([p.y for p in trained], view.y_limit))
    parts = [_axes(view, ends), _limit(view, ends), _steps(view, ends), *_band(view, ends)]
    for standing in (Standing.OVER_BUDGET, Standing.DOMINATED, Standing.FRONT):
        parts += [_dot(p, standing, ends, picked=p.trial_id == selected) for p in view.points[standing]]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" '
        f'aria-label="{escape(view.y.word)} against {escape(view.x.word)}" font-family="sans-serif" font-size="11" '
        f'fill="currentColor">{"".join(parts)}</svg>'
    )


def _across(x: float, ends: tuple[float, float]) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * min(x / ends[0], 1.0)


def _down(y: float, ends: tuple[float, float]) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(y / ends[1], 1.0)


def _axes(view: FrontView, ends: tuple[float, float]) -> str:
    base, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    ticks = ""
    for part in (0.0, 0.5, 1.0):
        x, y = _across(part * ends[0], ends), _down(part * ends[1], ends)
        ticks += f'<text x="{x:.1f}" y="{base + 14}" text-anchor="middle">{part * ends[0]:g}</text>'
        ticks += f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{part * ends[1]:g}</text>'
    frame = f'<path d="M{LEFT} {TOP}V{base}H{right}" fill="none" stroke="currentColor" stroke-opacity="0.4"/>'
    titles = f'<text x="{right}" y="{HEIGHT - 8}" text-anchor="end">{escape(view.x.title)}</text>'
    return frame + ticks + titles + f'<text x="4" y="{TOP - 6}">{escape(view.y.title)}</text>'


def _limit(view: FrontView, ends: tuple[float, float]) -> str:
    if view.x_limit is None or view.x_limit > ends[0]:
        return ""
    x = _across(view.x_limit, ends)
    line = f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="currentColor" stroke-dasharray="2 3"/>'
    return line + f'<text x="{x - 4:.1f}" y="{HEIGHT - BOTTOM - 4}" text-anchor="end">budget</text>'


def _steps(view: FrontView, ends: tuple[float, float]) -> str:
    xs, ys = step_line(view.points[Standing.FRONT], right=ends[0], top=ends[1])
    points = " ".join(f"{_across(x, ends):.1f},{_down(y, ends):.1f}" for x, y in zip(xs, ys, strict=True))
    return f'<polyline points="{points}" fill="none" stroke="{_COLOURS[Standing.FRONT]}"/>' if points else ""


def _band(view: FrontView, ends: tuple[float, float]) -> list[str]:
    points = [p for p in view.points[Standing.INFEASIBLE] if p.x <= ends[0]]
    if not view.apart or not points:
        return []
    marks = [
        f'<path d="M{_across(p.x, ends) - 2:.1f} {6 + 14 * p.y:.1f}l4 4m0 -4l-4 4" stroke="#8C8C8C"/>' for p in points
    ]
    return [*marks, f'<text x="{WIDTH - RIGHT}" y="32" text-anchor="end">over budget, not trained</text>']


def _dot(point: Point, standing: Standing, ends: tuple[float, float], *, picked: bool) -> str:
    x, y, colour = _across(point.x, ends), _down(point.y, ends), _COLOURS[standing]
    title = f"<title>trial {point.trial_id}, {escape(standing)}</title>"
    ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="none" stroke="#CC79A7" stroke-width="3"/>' if picked else ""
    if standing is Standing.DOMINATED:
        return f'{ring}<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}">{title}</circle>'
    if standing is Standing.OVER_BUDGET:
        return (
            f'{ring}<path d="M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8" stroke="{colour}" stroke-width="2">{title}</path>'
        )
    return f'{ring}<path d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z" fill="{colour}">{title}</path>'
