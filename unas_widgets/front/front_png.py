"""The front as a PNG picture, for viewers that take neither scripts nor SVG; it says all in words too."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from unas_widgets.front.comparison_view import OTHER_LOOKS, OtherLook
from unas_widgets.front.front_svg import BOTTOM, COLOURS, HEIGHT, LEFT, RIGHT, TOP, WIDTH, across, down, picture_ends
from unas_widgets.front.front_view import FrontView, OtherFront, Standing, step_line
from unas_widgets.quantities.axis import ERROR
from unas_widgets.quantities.axis_range import LOG_TICKS, AxisEnds
from unas_widgets.quantities.points import Point
from unas_widgets.widgets.html import Html, tag

FOOT = 22  # pixels below the axes, for the legend
_INK, _QUIET, _PALE = "#333333", "#595959", "#d9d9d9"
_RING, _BAR, _STAR = "#CC79A7", "#009E73", "#E69F00"
_SHARP, _SMOOTH = 2, 2  # pixels of the file for one of the picture, and how many times as many are drawn
_COLOUR_COUNT = 64
_FONT = 11.5


class _Pen:
    """Draws in the pixels of the picture; what is drawn is finer."""

    def __init__(self, width: int, height: int) -> None:
        from PIL import Image, ImageDraw, ImageFont  # only who needs a picture waits for it

        self._size, self._scale = (width * _SHARP, height * _SHARP), _SHARP * _SMOOTH
        self._image = Image.new("RGB", (width * self._scale, height * self._scale), "#ffffff")
        self._draw = ImageDraw.Draw(self._image)
        self._font: Any = ImageFont.load_default(_FONT * self._scale)

    def line(self, points: Iterable[tuple[float, float]], colour: str, *, width: float = 1.0) -> None:
        self._draw.line(self._fine(points), fill=colour, width=round(width * self._scale), joint="curve")

    def shape(self, points: Iterable[tuple[float, float]], colour: str) -> None:
        self._draw.polygon(self._fine(points), fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        (left, top), (right, bottom) = self._fine(((x - radius, y - radius), (x + radius, y + radius)))
        self._draw.ellipse((left, top, right, bottom), fill=colour)

    def circle(self, x: float, y: float, radius: float, colour: str, *, width: float) -> None:
        (left, top), (right, bottom) = self._fine(((x - radius, y - radius), (x + radius, y + radius)))
        self._draw.ellipse((left, top, right, bottom), outline=colour, width=round(width * self._scale))

    def text(self, x: float, y: float, words: str, *, anchor: str = "ls", colour: str = _INK) -> float:
        """Write `words` at a place that `anchor` says the meaning of, as Pillow has it; returns their width."""
        self._draw.text((x * self._scale, y * self._scale), words, fill=colour, font=self._font, anchor=anchor)
        return float(self._draw.textlength(words, font=self._font)) / self._scale

    def png(self) -> bytes:
        picture = self._image.resize(self._size, resample=_box()).quantize(_COLOUR_COUNT)
        file = io.BytesIO()
        picture.save(file, format="PNG", optimize=True)
        return file.getvalue()

    def _fine(self, points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * self._scale, y * self._scale) for x, y in points]


def front_png(view: FrontView, *, selected: int | None = None, log: bool = False) -> bytes:
    """The picture of `front_svg` as a PNG on white, with its legend; `log` draws an error logarithmically."""
    pen, ends = _Pen(WIDTH, HEIGHT + FOOT * (1 + len(view.others))), picture_ends(view, log=log and view.y is ERROR)
    _axes(pen, view, ends)
    _limit(pen, view, ends)
    _band(pen, view, ends)
    xs, ys = step_line(view.points[Standing.FRONT], right=ends.right, top=ends.top)
    if xs:
        places = ((across(x, ends), down(y, ends)) for x, y in zip(xs, ys, strict=True))
        pen.line(places, COLOURS[Standing.FRONT], width=1.4)
    _bands(pen, view, ends)
    for standing in (Standing.OVER_BUDGET, Standing.DOMINATED, Standing.FRONT):
        for point in view.points[standing]:
            _mark(pen, standing, across(point.x, ends), down(point.y, ends))
    _extras(pen, view, ends)
    for other in view.others:
        _other(pen, other, ends)
    picked = None if selected is None else view.find(selected)
    if picked is not None and picked not in view.points[Standing.INFEASIBLE]:
        pen.circle(across(picked.x, ends), down(picked.y, ends), 9, _RING, width=2.6)
    _legend(pen, view, selected=picked)
    return pen.png()


def picture(png: bytes, words: str) -> Html:
    """An image that holds its own file; `words` say what it shows."""
    data = base64.b64encode(png).decode("ascii")
    return tag("img", src=f"data:image/png;base64,{data}", width=WIDTH, alt=words)


def front_words(view: FrontView) -> str:
    """What the picture shows, for who does not see it."""
    counts = ", ".join(f"{len(view.points[s]):,} {s}" for s in Standing if view.points[s])
    return f"{view.y.word} against {view.x.word}: {counts or 'no trained network yet'}"


def _axes(pen: _Pen, view: FrontView, ends: AxisEnds) -> None:
    base, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    heights = [t for t in LOG_TICKS if ends.floor <= t <= ends.top] if ends.log else [0.0, 0.5 * ends.top, ends.top]
    for tick in heights:
        at = down(tick, ends)
        pen.line(((LEFT, at), (right, at)), _PALE, width=0.6)
        pen.text(LEFT - 6, at, f"{tick:g}", anchor="rm")
    for tick in (0.0, 0.25 * ends.right, 0.5 * ends.right, 0.75 * ends.right, ends.right):
        pen.text(across(tick, ends), base + 6, _short(tick), anchor="ra" if tick == ends.right else "ma")
    pen.line(((LEFT, TOP), (LEFT, base), (right, base)), _QUIET, width=0.8)
    pen.text(right, HEIGHT - 6, view.x.title, anchor="rs")
    pen.text(4, TOP - 10, view.y.title)


def _short(tick: float) -> str:
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if tick >= 10 * size:
            return f"{tick / size:g} {letter}"
    return f"{tick:g}"


def _limit(pen: _Pen, view: FrontView, ends: AxisEnds) -> None:
    if view.x_limit is None or view.x_limit > ends.right:
        return
    x, base = across(view.x_limit, ends), HEIGHT - BOTTOM
    for at in range(TOP, base, 6):
        pen.line(((x, at), (x, min(at + 3, base))), _QUIET)
    pen.text(x - 4, base - 5, view.x_words, anchor="rs", colour=_QUIET)


def _band(pen: _Pen, view: FrontView, ends: AxisEnds) -> None:
    points = [p for p in view.points[Standing.INFEASIBLE] if p.x <= ends.right]
    if not view.apart or not points:
        return
    for point in points:
        _mark(pen, Standing.INFEASIBLE, across(point.x, ends), 6 + 14 * point.y)
    pen.text(WIDTH - RIGHT, TOP - 10, "over budget, not trained", anchor="rs", colour=_QUIET)


def _bands(pen: _Pen, view: FrontView, ends: AxisEnds) -> None:
    for band in view.bands:
        x, y = across(band.at_x, ends), down(band.at_y, ends)
        pen.line([(across(at, ends), y) for at in band.x], _QUIET)
        pen.line([(x, down(at, ends)) for at in band.y], _QUIET)


def _extras(pen: _Pen, view: FrontView, ends: AxisEnds) -> None:
    """The spreads of what was trained again, and what was made by hand."""
    for spread in view.spreads:
        x, mean = across(spread.x, ends), down(spread.mean, ends)
        top, base = down(spread.mean + spread.std, ends), down(max(spread.mean - spread.std, 0.0), ends)
        pen.line(((x, top), (x, base)), _BAR, width=1.8)
        for at, half in ((top, 3), (mean, 6), (base, 3)):
            pen.line(((x - half, at), (x + half, at)), _BAR, width=1.8)
    for point in view.own:
        _star(pen, across(point.x, ends), down(point.y, ends))


def _mark(pen: _Pen, standing: Standing, x: float, y: float) -> None:
    colour = COLOURS[standing]
    if standing is Standing.FRONT:
        pen.shape(((x, y - 5.5), (x + 5.5, y), (x, y + 5.5), (x - 5.5, y)), colour)
    elif standing is Standing.DOMINATED:
        pen.disc(x, y, 3.5, colour)
    else:
        half, width = (4.0, 2.0) if standing is Standing.OVER_BUDGET else (2.5, 1.0)
        pen.line(((x - half, y - half), (x + half, y + half)), colour, width=width)
        pen.line(((x - half, y + half), (x + half, y - half)), colour, width=width)


def _star(pen: _Pen, x: float, y: float) -> None:
    corners = ((0, -7), (2, -2), (7, -2), (3, 1.5), (4.5, 7), (0, 3.5), (-4.5, 7), (-3, 1.5), (-7, -2), (-2, -2))
    pen.shape(((x + dx, y + dy) for dx, dy in corners), _STAR)


def _other(pen: _Pen, other: OtherFront, ends: AxisEnds) -> None:
    """The front of another run: its own shape, dash and colour."""
    look = OTHER_LOOKS[other.place]
    corners: list[tuple[float, float]] = []
    for point in other.points:
        x, y = across(point.x, ends), down(point.y, ends)
        corners += [(x, corners[-1][1]), (x, y)] if corners else [(x, y)]
    for begin, end in pairwise(corners):
        _dashed(pen, begin, end, look)
    for point in other.points:
        pen.shape(_corners(look, across(point.x, ends), down(point.y, ends)), look.colour)


def _dashed(pen: _Pen, begin: tuple[float, float], end: tuple[float, float], look: OtherLook) -> None:
    length = math.dist(begin, end)
    at, drawn = 0.0, True
    while at < length:
        step = min(look.on if drawn else look.off, length - at)
        if drawn:
            places = [tuple(a + (b - a) * s / length for a, b in zip(begin, end, strict=True)) for s in (at, at + step)]
            pen.line([(x, y) for x, y in places], look.colour, width=1.4)
        at, drawn = at + step, not drawn


def _corners(look: OtherLook, x: float, y: float) -> list[tuple[float, float]]:
    return [(x + 5 * dx, y + 5 * dy) for dx, dy in look.outline]


def _legend(pen: _Pen, view: FrontView, *, selected: Point | None) -> None:
    x, y = float(LEFT), HEIGHT + FOOT / 2
    for standing in Standing:
        if view.points[standing]:
            _mark(pen, standing, x, y)
            x += 9 + pen.text(x + 9, y, f"{len(view.points[standing]):,} {standing}", anchor="lm") + 18
    if view.spreads:
        pen.line(((x, y - 5), (x, y + 5)), _BAR, width=1.8)
        x += 9 + pen.text(x + 9, y, "trained again", anchor="lm") + 18
    if view.own:
        _star(pen, x, y)
        x += 9 + pen.text(x + 9, y, "made by hand", anchor="lm") + 18
    if selected is not None:
        pen.circle(x, y, 6, _RING, width=2)
        pen.text(x + 11, y, f"trial {selected.trial_id}", anchor="lm")
    for row, other in enumerate(view.others, start=1):
        look, at = OTHER_LOOKS[other.place], y + row * FOOT
        _dashed(pen, (LEFT - 12.0, at), (LEFT + 12.0, at), look)
        pen.shape(_corners(look, float(LEFT), at), look.colour)
        pen.text(LEFT + 18, at, f"{other.name}: {len(other.points):,} on its front", anchor="lm")


def _box() -> Any:
    from PIL import Image

    return Image.Resampling.BOX
