"""The arena as a picture: steps across, offsets upwards, one box for each buffer."""

from __future__ import annotations

from html import escape

from resource_models import format_bytes
from unas_widgets.network.arena_view import ArenaBlock, ArenaView
from unas_widgets.widgets.html_text import number

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 346, 190, 52, 16, 4, 30
LETTER = 5.6  # width of a letter of the labels
TICKS = 14  # step numbers that fit


def arena_html(view: ArenaView) -> str:
    """The picture with what it says in words."""
    scratch = " Dashed: scratch of kernels." if any(block.scratch for block in view.blocks) else ""
    title = "<h3>Arena</h3>"
    sizes = (
        f'<div class="unas-quiet">{number(view.head)} of buffers and {number(view.persistent)} of TFLM’s own '
        f"structures make an arena of {number(view.arena)}.{scratch}</div>"
    )
    if not view.steps:
        return f'{title}<div class="unas-peak">{escape(view.sentence)}</div>'
    return f'{title}<div class="unas-peak">{escape(view.sentence)}</div>{sizes}{arena_svg(view)}'


def arena_svg(view: ArenaView) -> str:
    """The picture alone."""
    label = f"Arena: offset over steps, {len(view.blocks)} buffers. {view.sentence}"
    return (
        f'<svg class="unas-arena" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="10" fill="currentColor" aria-label="{escape(label)}">'
        f"{_axes(view)}{_bands(view)}{''.join(_block(block, view) for block in view.blocks)}{_peak(view)}</svg>"
    )


def _across(step: float, view: ArenaView) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * step / len(view.steps)


def _down(offset: float, view: ArenaView) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * offset / max(view.head.value or 0, 1)


def _axes(view: ArenaView) -> str:
    base, head = HEIGHT - BOTTOM, view.head.value or 0
    ticks = ""
    for part in (0.0, 0.5, 1.0):
        y = _down(part * head, view)
        ticks += f'<text x="{LEFT - 5}" y="{y + 3.5:.1f}" text-anchor="end">{format_bytes(round(part * head))}</text>'
    every = -(-len(view.steps) // TICKS)
    for step in range(0, len(view.steps), every):
        x = _across(step + 0.5, view)
        ticks += f'<text x="{x:.1f}" y="{base + 12}" text-anchor="middle">{step + 1}</text>'
    frame = f'<path d="M{LEFT} {TOP}V{base}H{WIDTH - RIGHT}" fill="none" stroke="currentColor" stroke-opacity="0.5"/>'
    return f'{frame}{ticks}<text x="{WIDTH - RIGHT}" y="{HEIGHT - 4}" text-anchor="end">step</text>'


def _bands(view: ArenaView) -> str:
    """Invisible columns, one a step, that light up with their layer."""
    width = (WIDTH - LEFT - RIGHT) / len(view.steps)
    return "".join(
        f'<rect class="unas-band-step" data-layer="{escape(name.split("/", 1)[0])}" x="{_across(step, view):.1f}" '
        f'y="{TOP}" width="{width:.1f}" height="{HEIGHT - TOP - BOTTOM}"><title>step {step + 1}, {escape(name)}</title>'
        "</rect>"
        for step, name in enumerate(view.steps)
    )


def _block(block: ArenaBlock, view: ArenaView) -> str:
    x, right = _across(block.first, view), _across(block.last + 1, view)
    y, low = _down(block.offset + block.size, view), _down(block.offset, view)
    width, height = right - x, low - y
    kind = "unas-scratch" if block.scratch else "unas-tensor"
    name = "scratch" if block.scratch else block.name
    shown = height >= 11 and width >= LETTER * len(name) + 4
    text = f'<text x="{x + 4:.1f}" y="{y + height / 2 + 3.5:.1f}">{escape(name)}</text>' if shown else ""
    alive = "|".join(("", *block.alive, ""))
    return (
        f'<g class="{kind}" data-layer="{escape(block.layer)}" data-alive="{escape(alive)}">'
        f"<title>{escape(block.hover)}</title>"
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{max(height, 1):.1f}"/>{text}</g>'
    )


def _peak(view: ArenaView) -> str:
    x = _across(view.peak + 0.5, view)
    right = view.peak > len(view.steps) / 2
    anchor, shift = ("end", -6) if right else ("start", 6)
    return (
        f'<path class="unas-peak-mark" d="M{x - 4:.1f} {TOP - 8}h8l-4 6z"/>'
        f'<text x="{x + shift:.1f}" y="{TOP - 3}" text-anchor="{anchor}">peak</text>'
    )
