"""Small pieces of HTML."""

from __future__ import annotations

from html import escape

from unas_widgets.quantities.quantity import Quantity


def number(quantity: Quantity, label: str = "") -> str:
    """A number whose exact value, band and method appear on hover."""
    prefix = f"{escape(label)} " if label else ""
    return f'<span class="unas-num" title="{escape(quantity.hover)}">{prefix}{escape(quantity.text)}</span>'


def bar(share: float) -> str:
    """A bar that fills `share` (0 to 1) of its cell; the number stands beside it, so readers may skip it."""
    return (
        f'<div class="unas-cell-bar" aria-hidden="true"><i style="width:{100 * min(max(share, 0), 1):.1f}%"></i></div>'
    )
