"""The arena as a picture: steps across, offsets upwards, one box for each buffer."""

from __future__ import annotations

from resource_models import format_bytes
from unas_widgets.network.arena_view import ArenaBlock, ArenaView
from unas_widgets.widgets.html import Html, joined, number, tag

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 346, 190, 52, 16, 4, 30
LETTER = 5.6  # width of a letter of the labels
TICKS = 14  # step numbers that fit


def arena_html(view: ArenaView) -> Html:
    """The picture with what it says in words."""
    head = joined(tag("h3", "Arena"), tag("div", view.sentence, class_="unas-peak"))
    return joined(head, _sizes(view), arena_svg(view)) if view.steps else head


def _sizes(view: ArenaView) -> Html:
    scratch = " Dashed: scratch of kernels." if any(block.scratch for block in view.blocks) else ""
    made = (
        number(view.head),
        " of buffers and ",
        number(view.persistent),
        " of TFLM’s own structures make an arena of ",
    )
    return tag("div", made, number(view.arena), f".{scratch}", class_="unas-quiet")


def arena_svg(view: ArenaView) -> Html:
    """The picture alone."""
    return tag(
        "svg",
        _axes(view),
        _bands(view),
        (_block(block, view) for block in view.blocks),
        _peak(view),
        class_="unas-arena",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        font_family="sans-serif",
        font_size=10,
        fill="currentColor",
        aria_label=f"Arena: offset over steps, {len(view.blocks)} buffers. {view.sentence}",
    )


def _across(step: float, view: ArenaView) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * step / len(view.steps)


def _down(offset: float, view: ArenaView) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * offset / max(view.head.value or 0, 1)


def _axes(view: ArenaView) -> Html:
    base, head = HEIGHT - BOTTOM, view.head.value or 0
    frame = f"M{LEFT} {TOP}V{base}H{WIDTH - RIGHT}"
    parts = [tag("path", d=frame, fill="none", stroke="currentColor", stroke_opacity=0.5)]
    for part in (0.0, 0.5, 1.0):
        y, size = _down(part * head, view) + 3.5, format_bytes(round(part * head))
        parts.append(tag("text", size, x=LEFT - 5, y=f"{y:.1f}", text_anchor="end"))
    for step in range(0, len(view.steps), -(-len(view.steps) // TICKS)):
        x = f"{_across(step + 0.5, view):.1f}"
        parts.append(tag("text", step + 1, x=x, y=base + 12, text_anchor="middle"))
    return joined(parts, tag("text", "step", x=WIDTH - RIGHT, y=HEIGHT - 4, text_anchor="end"))


def _bands(view: ArenaView) -> Html:
    """Invisible columns, one a step, that light up with their layer."""
    width = (WIDTH - LEFT - RIGHT) / len(view.steps)
    return joined(
        tag(
            "rect",
            tag("title", f"step {step + 1}, {name}"),
            class_="unas-band-step",
            data_layer=name.split("/", 1)[0],
            x=f"{_across(step, view):.1f}",
            y=TOP,
            width=f"{width:.1f}",
            height=HEIGHT - TOP - BOTTOM,
        )
        for step, name in enumerate(view.steps)
    )


def _block(block: ArenaBlock, view: ArenaView) -> Html:
    x, right = _across(block.first, view), _across(block.last + 1, view)
    y, low = _down(block.offset + block.size, view), _down(block.offset, view)
    width, height = right - x, low - y
    name = "scratch" if block.scratch else block.name
    shown = height >= 11 and width >= LETTER * len(name) + 4
    return tag(
        "g",
        tag("title", block.hover),
        tag("rect", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{width:.1f}", height=f"{max(height, 1):.1f}"),
        tag("text", name, x=f"{x + 4:.1f}", y=f"{y + height / 2 + 3.5:.1f}") if shown else None,
        class_="unas-scratch" if block.scratch else "unas-tensor",
        data_layer=block.layer,
        data_alive="|".join(("", *block.alive, "")),
    )


def _peak(view: ArenaView) -> Html:
    x = _across(view.peak + 0.5, view)
    anchor, shift = ("end", -6) if view.peak > len(view.steps) / 2 else ("start", 6)
    return joined(
        tag("path", class_="unas-peak-mark", d=f"M{x - 4:.1f} {TOP - 8}h8l-4 6z"),
        tag("text", "peak", x=f"{x + shift:.1f}", y=TOP - 3, text_anchor=anchor),
    )
