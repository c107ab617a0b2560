"""What was reached so far as small pictures with their figures in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from unas_widgets.progress.progress_view import Curve
from unas_widgets.widgets.html import Html, tag

WIDTH, HEIGHT, RIM = 300, 48, 3


def progress_html(curves: Sequence[Curve]) -> Html:
    """One small step line for each curve, its last value above it and where it began below."""
    return tag("div", map(_course, curves), class_="unas-curves")


def _course(curve: Curve) -> Html:
    value = (" ", tag("b", curve.text)) if curve.text else None
    return tag(
        "div",
        tag("div", curve.word, value),
        _picture(curve),
        tag("div", curve.remark, class_="unas-quiet"),
        class_="unas-curve",
        data_course=curve.word,
    )


def _picture(curve: Curve) -> Html:
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners(curve))
    return tag(
        "svg",
        tag("title", "on a logarithmic scale") if curve.log else None,
        tag("path", d=f"M0 {HEIGHT - 1}H{WIDTH}", vector_effect="non-scaling-stroke", opacity=0.35),
        tag("polyline", points=line, fill="none", vector_effect="non-scaling-stroke") if line else None,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        height=HEIGHT,
        role="img",
        preserveAspectRatio="none",
        aria_label=f"{curve.word} {curve.text}".strip() + f", {curve.remark}",
        stroke="currentColor",
        stroke_width=1.6,
    )


def corners(curve: Curve) -> list[tuple[float, float]]:
    """The corners of the line in the picture: x from 0 to `WIDTH`, y down from `RIM` to `HEIGHT - RIM`."""
    if not curve.values or not curve.end:
        return []
    heights = [math.log10(v) if curve.log else v for v in curve.values]
    low, high = min(heights), max(heights)
    across = [WIDTH * spent / curve.end for spent in curve.spent]
    up = [RIM + (HEIGHT - 2 * RIM) * ((high - h) / (high - low) if high > low else 0.5) for h in heights]
    found = [(across[0], up[0])]
    for x, y in zip(across[1:], up[1:], strict=True):
        found += [(x, found[-1][1]), (x, y)]
    return [*found, (float(WIDTH), up[-1])]
