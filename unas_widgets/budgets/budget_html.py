"""A budget as HTML."""

from __future__ import annotations

from search.budget import Budget
from unas_widgets.widgets.html import Html, joined, tag


def budget_html(budget: Budget) -> Html:
    """The bounds, one row each."""
    bounds = [(r.word, budget.show(r)) for r in budget.limits]
    rows = [tag("tr", tag("td", word), tag("td", text)) for word, text in bounds]
    return joined(tag("h3", "Budgets"), tag("table", tag("tbody", rows or tag("tr", tag("td", "no bounds")))))
