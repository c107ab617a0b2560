"""Memory over time as HTML."""

from __future__ import annotations

from unas_widgets.network.memory_view import MemoryStep, MemoryView
from unas_widgets.widgets.html import Html, joined, number, tag


def memory_html(view: MemoryView) -> Html:
    """A bar for each step, cut into the tensors that are in memory; the peak is marked in words and colour."""
    steps = tag(
        "div",
        (_step(step, reached=place == 0) for place, step in enumerate(view.steps)),
        class_="unas-steps",
        role="list",
        aria_label="Memory, step by step",
    )
    return joined(
        tag("h3", "Memory over time"),
        tag("div", view.sentence, class_="unas-peak"),
        tag("div", view.remark, class_="unas-quiet"),
        tag("div", steps, class_="unas-scroll", data_scroll="memory"),
    )


def _step(step: MemoryStep, *, reached: bool) -> Html:
    """One step; `reached` is the one that the tab key comes to, the others are walked to with arrow keys."""
    parts = (tag("i", style=f"width:{100 * t.share:.2f}%", title=f"{t.name}: {t.size.hover}") for t in step.tensors)
    return tag(
        "div",
        tag("span", step.operator, title=step.operator),
        tag("span", parts, class_="unas-track"),
        tag("span", number(step.total), " ◀ peak" if step.peak else None),
        class_="unas-step",
        role="listitem",
        tabindex=0 if reached else -1,
        data_layer=step.layer,
        data_peak=step.peak,
    )
