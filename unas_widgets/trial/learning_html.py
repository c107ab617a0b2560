"""A learning curve as a picture."""

from __future__ import annotations

import math
from html import escape

from unas_widgets.quantities.quantity import percent, significant
from unas_widgets.trial.learning_view import LearningView

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 346, 200, 40, 18, 10, 30
FEW = 40  # up to so many epochs each has a dot


def learning_html(view: LearningView) -> str:
    """The curve with what it says in words."""
    title = "<h3>Learning curve</h3>"
    if not view.errors:
        return f'{title}<div class="unas-none">{escape(view.sentence)}</div>'
    return f'{title}<div class="unas-peak">{escape(view.sentence)}</div>{learning_svg(view)}'


def learning_svg(view: LearningView) -> str:
    """The picture alone: epochs across, validation error upwards from 0."""
    top = nice_top(max(view.errors))
    points = [(_across(epoch, view), _down(error, top)) for epoch, error in zip(view.epochs, view.errors, strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<svg class="unas-learning" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="10" fill="currentColor" aria-label="{escape(view.sentence)}">'
        f'{_axes(view, top)}<polyline class="unas-line" points="{line}" fill="none"/>{_dots(view, points)}</svg>'
    )


def nice_top(largest: float) -> float:
    """The end of an axis from 0: 1, 2 or 5 times a power of ten that is no less than `largest`, from 0.001 to 1."""
    if largest <= 0.001:
        return 0.001
    power: float = 10.0 ** math.floor(math.log10(largest))
    return min(next((f * power for f in (1, 2, 5) if f * power >= largest - 1e-12), 10 * power), 1.0)


def _across(epoch: int, view: LearningView) -> float:
    first, last = view.epochs[0], view.epochs[-1]
    return LEFT + 8 + (WIDTH - LEFT - RIGHT - 16) * ((epoch - first) / (last - first) if last > first else 0.5)


def _down(error: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * error / top


def _axes(view: LearningView, top: float) -> str:
    base = HEIGHT - BOTTOM
    parts = [f'<path d="M{LEFT} {TOP}V{base}H{WIDTH - RIGHT}" fill="none" stroke="currentColor" stroke-opacity="0.5"/>']
    for part in (0.0, 0.5, 1.0):
        y = _down(part * top, top)
        words = significant(100 * part * top)
        parts.append(f'<text x="{LEFT - 5}" y="{y + 3.5:.1f}" text-anchor="end">{words}</text>')
    every = -(-len(view.errors) // 10)
    parts += [
        f'<text x="{_across(epoch, view):.1f}" y="{base + 12}" text-anchor="middle">{epoch}</text>'
        for epoch in view.epochs[::every]
    ]
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 4}" text-anchor="end">epoch</text>')
    return "".join([*parts, '<text x="0" y="10">validation error (%)</text>'])


def _dots(view: LearningView, points: list[tuple[float, float]]) -> str:
    dots = ""
    for place, ((x, y), epoch, error) in enumerate(zip(points, view.epochs, view.errors, strict=True)):
        title = f"<title>epoch {epoch}: error {percent(error)}</title>"
        if place == view.lowest:
            dots += f'<path class="unas-lowest" d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z">{title}</path>'
        elif len(points) <= FEW:
            dots += f'<circle class="unas-dot" cx="{x:.1f}" cy="{y:.1f}" r="3">{title}</circle>'
    x, y = points[view.lowest]
    anchor, shift = ("end", -8) if x > WIDTH / 2 else ("start", 8)
    words = f"lowest {percent(view.errors[view.lowest])}"
    below = y + 15 if y + 17 < HEIGHT - BOTTOM else y - 10
    return dots + f'<text x="{x + shift:.1f}" y="{below:.1f}" text-anchor="{anchor}">{words}</text>'
