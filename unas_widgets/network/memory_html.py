"""Memory over time as HTML."""

from __future__ import annotations

from html import escape

from unas_widgets.network.memory_view import MemoryStep, MemoryView
from unas_widgets.widgets.html_text import number


def memory_html(view: MemoryView) -> str:
    """A bar for each step, cut into the tensors that are in memory; the peak is marked in words and colour."""
    steps = "".join(_step(step, reached=place == 0) for place, step in enumerate(view.steps))
    return (
        f'<h3>Memory over time</h3><div class="unas-peak">{escape(view.sentence)}</div>'
        f'<div class="unas-quiet">{escape(view.remark)}</div>'
        '<div class="unas-scroll" data-scroll="memory"><div class="unas-steps" role="list" aria-label="Memory, step by '
        f'step">{steps}</div></div>'
    )


def _step(step: MemoryStep, *, reached: bool) -> str:
    parts = "".join(
        f'<i style="width:{100 * tensor.share:.2f}%" title="{escape(tensor.name)}: {escape(tensor.size.hover)}"></i>'
        for tensor in step.tensors
    )
    peak = " ◀ peak" if step.peak else ""
    return (
        f'<div class="unas-step" role="listitem" tabindex="{0 if reached else -1}" data-layer="{escape(step.layer)}" '
        f'data-peak="{str(step.peak).lower()}">'
        f'<span title="{escape(step.operator)}">{escape(step.operator)}</span>'
        f'<span class="unas-track">{parts}</span><span>{number(step.total)}{peak}</span></div>'
    )
