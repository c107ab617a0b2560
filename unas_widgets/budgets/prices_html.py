"""What the bounds are worth as HTML."""

from __future__ import annotations

from html import escape

from unas_widgets.budgets.prices_view import PriceRow, PriceView


def prices_html(view: PriceView) -> str:
    """Which bounds bind, and a sentence for each; those that bind stand out in weight and by a mark."""
    look = "unas-binding" if view.rows else "unas-quiet"
    rows = "".join(_row(row) for row in view.rows)
    items = f'<ul class="unas-prices">{rows}</ul>' if rows else ""
    return f'<h3>What binds</h3><div class="{look}">{escape(view.headline)}</div>{items}'


def _row(row: PriceRow) -> str:
    binding = str(row.binding).lower()
    return f'<li data-price="{escape(row.word)}" data-binding="{binding}">{escape(row.sentence)}</li>'
