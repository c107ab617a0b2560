"""What a network that is edited needs, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from unas_widgets.editor.editor_view import Need
from unas_widgets.quantities.quantity import Quantity
from unas_widgets.widgets.html_text import number


def needs_html(needs: Sequence[Need], *, bound: str) -> str:
    """A table with one row for each resource; `bound` names what they are compared with."""
    heads = ("", "needs", "last edit", bound)
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in heads)
    rows = "".join(
        f'<tr data-verdict="{escape(need.verdict)}"><th scope="row" class="unas-left">{escape(need.word)}</th>'
        f"<td>{number(_short(need))}</td><td>{escape(_change(need))}</td><td>{_verdict(need.verdict)}</td></tr>"
        for need in needs
    )
    return f'<table class="unas-needs" aria-label="Needs"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _short(need: Need) -> Quantity:
    """The row says MACs already."""
    quantity = need.quantity
    return Quantity(quantity.text.removesuffix(" MACs"), quantity.hover, quantity.value)


def _change(need: Need) -> str:
    return need.change.removesuffix(" MACs") or "–"


def _verdict(words: str) -> str:
    if not words:
        return '<span class="unas-quiet">no bound</span>'
    sign = "✓" if words == "fits" else "▲"
    return f'<span class="{"unas-fits" if words == "fits" else "unas-bad"}">{sign} {escape(words)}</span>'
