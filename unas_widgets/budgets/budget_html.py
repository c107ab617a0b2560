"""A budget as HTML."""

from __future__ import annotations

from search.budget import RESOURCES, Budget
from unas_widgets.widgets.html import Html, joined, tag


def budget_html(budget: Budget) -> Html:
    """The bounds, one row each."""
    bounds = [(r.word, r.show(v)) for r in RESOURCES if (v := getattr(budget, r.key)) is not None]
    rows = [tag("tr", tag("td", word), tag("td", text)) for word, text in bounds]
    return joined(tag("h3", "Budgets"), tag("table", tag("tbody", rows or tag("tr", tag("td", "no bounds")))))
