"""What was reached so far as small pictures with their figures in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from unas_widgets.progress.progress_view import Course
from unas_widgets.widgets.html import Html, tag

WIDTH, HEIGHT, RIM = 300, 48, 3


def progress_html(courses: Sequence[Course]) -> Html:
    """One small step line for each course, its last value above it and where it began below."""
    return tag("div", map(_course, courses), class_="unas-courses")


def _course(course: Course) -> Html:
    value = (" ", tag("b", course.text)) if course.text else None
    return tag(
        "div",
        tag("div", course.word, value),
        _picture(course),
        tag("div", course.remark, class_="unas-quiet"),
        class_="unas-course",
        data_course=course.word,
    )


def _picture(course: Course) -> Html:
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners(course))
    return tag(
        "svg",
        tag("title", "on a logarithmic scale") if course.log else None,
        tag("path", d=f"M0 {HEIGHT - 1}H{WIDTH}", vector_effect="non-scaling-stroke", opacity=0.35),
        tag("polyline", points=line, fill="none", vector_effect="non-scaling-stroke") if line else None,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        height=HEIGHT,
        role="img",
        preserveAspectRatio="none",
        aria_label=f"{course.word} {course.text}".strip() + f", {course.remark}",
        stroke="currentColor",
        stroke_width=1.6,
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
