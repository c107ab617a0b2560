"""A learning curve as a picture."""

from __future__ import annotations

import math

from search.trial import epochs_text
from unas_widgets.quantities.quantity import percent, significant
from unas_widgets.trial.learning_view import LearningView
from unas_widgets.widgets.html import Html, joined, tag

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 346, 200, 40, 18, 10, 30
FEW = 40  # up to so many epochs each has a dot


def learning_html(view: LearningView) -> Html:
    """The curve with what it says in words."""
    title = tag("h3", "Learning curve")
    if not view.errors:
        return joined(title, tag("div", view.sentence, class_="unas-none"))
    return joined(title, tag("div", view.sentence, class_="unas-peak"), learning_svg(view))


def learning_svg(view: LearningView) -> Html:
    """The picture alone: epochs across, validation error upwards from 0."""
    top = nice_top(max(view.errors))
    points = [(_across(epoch, view), _down(error, top)) for epoch, error in zip(view.epochs, view.errors, strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return tag(
        "svg",
        _axes(view, top),
        tag("polyline", class_="unas-line", points=line, fill="none"),
        _dots(view, points),
        _lowest(view, points[view.lowest]),
        class_="unas-learning",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        font_family="sans-serif",
        font_size=10,
        fill="currentColor",
        aria_label=view.sentence,
    )


def nice_top(largest: float) -> float:
    """The end of an axis from 0: 1, 2 or 5 times a power of ten that is no less than `largest`, from 0.001 to 1."""
    if largest <= 0.001:
        return 0.001
    power: float = 10.0 ** math.floor(math.log10(largest))
    return min(next((f * power for f in (1, 2, 5) if f * power >= largest - 1e-12), 10 * power), 1.0)


def _across(epoch: float, view: LearningView) -> float:
    first, last = view.epochs[0], view.epochs[-1]
    return LEFT + 8 + (WIDTH - LEFT - RIGHT - 16) * ((epoch - first) / (last - first) if last > first else 0.5)


def _down(error: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * error / top


def _axes(view: LearningView, top: float) -> Html:
    base = HEIGHT - BOTTOM
    frame = f"M{LEFT} {TOP}V{base}H{WIDTH - RIGHT}"
    parts = [tag("path", d=frame, fill="none", stroke="currentColor", stroke_opacity=0.5)]
    for part in (0.0, 0.5, 1.0):
        words, y = significant(100 * part * top), _down(part * top, top) + 3.5
        parts.append(tag("text", words, x=LEFT - 5, y=f"{y:.1f}", text_anchor="end"))
    every = -(-len(view.errors) // 10)
    parts += [
        tag("text", epochs_text(epoch), x=f"{_across(epoch, view):.1f}", y=base + 12, text_anchor="middle")
        for epoch in view.epochs[::every]
    ]
    parts.append(tag("text", "epoch", x=WIDTH - RIGHT, y=HEIGHT - 4, text_anchor="end"))
    return joined(parts, tag("text", "validation error (%)", x=0, y=10))


def _dots(view: LearningView, points: list[tuple[float, float]]) -> Html:
    dots = []
    for place, ((x, y), epoch, error) in enumerate(zip(points, view.epochs, view.errors, strict=True)):
        title = tag("title", f"epoch {epochs_text(epoch)}: error {percent(error)}")
        if place == view.lowest:
            dots.append(tag("path", title, class_="unas-lowest", d=f"M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z"))
        elif len(points) <= FEW:
            dots.append(tag("circle", title, class_="unas-dot", cx=f"{x:.1f}", cy=f"{y:.1f}", r=3))
    return joined(dots)


def _lowest(view: LearningView, point: tuple[float, float]) -> Html:
    x, y = point
    anchor, shift = ("end", -8) if x > WIDTH / 2 else ("start", 8)
    below = y + 15 if y + 17 < HEIGHT - BOTTOM else y - 10
    words = f"lowest {percent(view.errors[view.lowest])}"
    return tag("text", words, x=f"{x + shift:.1f}", y=f"{below:.1f}", text_anchor=anchor)
