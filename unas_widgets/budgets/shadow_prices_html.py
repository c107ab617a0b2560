"""What the bounds are worth as HTML."""

from __future__ import annotations

from unas_widgets.budgets.shadow_prices_view import PriceRow, PriceView
from unas_widgets.widgets.html import Html, joined, tag


def prices_html(view: PriceView) -> Html:
    """Which bounds bind, and a sentence for each; those that bind stand out in weight and by a mark."""
    look = "unas-binding" if view.rows else "unas-quiet"
    items = tag("ul", map(_row, view.rows), class_="unas-prices") if view.rows else None
    return joined(tag("h3", "What binds"), tag("div", view.headline, class_=look), items)


def _row(row: PriceRow) -> Html:
    return tag("li", row.sentence, data_price=row.word, data_binding=row.binding)
