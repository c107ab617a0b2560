"""What was reached so far as small pictures with their figures in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from unas_widgets.progress.progress_view import Course

WIDTH, HEIGHT, RIM = 300, 48, 3


def progress_html(courses: Sequence[Course]) -> str:
    """One small step line for each course, its last value above it and where it began below."""
    return f'<div class="unas-courses">{"".join(_course(course) for course in courses)}</div>'


def _course(course: Course) -> str:
    value = f" <b>{escape(course.text)}</b>" if course.text else ""
    return (
        f'<div class="unas-course" data-course="{escape(course.word)}"><div>{escape(course.word)}{value}</div>'
        f'{_picture(course)}<div class="unas-quiet">{escape(course.remark)}</div></div>'
    )


def _picture(course: Course) -> str:
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners(course))
    shown = f'<polyline points="{line}" fill="none" vector-effect="non-scaling-stroke"/>' if line else ""
    base = f'<path d="M0 {HEIGHT - 1}H{WIDTH}" vector-effect="non-scaling-stroke" opacity="0.35"/>'
    scale = "<title>on a logarithmic scale</title>" if course.log else ""
    label = f"{course.word} {course.text}".strip() + f", {course.remark}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" height="{HEIGHT}" role="img" '
        f'preserveAspectRatio="none" aria-label="{escape(label)}" '
        f'stroke="currentColor" stroke-width="1.6">{scale}{base}{shown}</svg>'
    )


def corners(course: Course) -> list[tuple[float, float]]:
    """The corners of the line in the picture: x from 0 to `WIDTH`, y down from `RIM` to `HEIGHT - RIM`."""
    if not course.values or not course.end:
        return []
    heights = [math.log10(v) if course.log else v for v in course.values]
    low, high = min(heights), max(heights)
    across = [WIDTH * spent / course.end for spent in course.spent]
    up = [RIM + (HEIGHT - 2 * RIM) * ((high - h) / (high - low) if high > low else 0.5) for h in heights]
    found = [(across[0], up[0])]
    for x, y in zip(across[1:], up[1:], strict=True):
        found += [(x, found[-1][1]), (x, y)]
    return [*found, (float(WIDTH), up[-1])]
