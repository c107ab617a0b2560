"""A budget as HTML."""

from __future__ import annotations

from html import escape

from search.budget import RESOURCES, Budget


def budget_html(budget: Budget) -> str:
    """The bounds, one row each."""
    bounds = [(r.word, r.show(v)) for r in RESOURCES if (v := getattr(budget, r.key)) is not None]
    rows = "".join(f"<tr><td>{escape(w)}</td><td>{escape(t)}</td></tr>" for w, t in bounds)
    return f"<h3>Budgets</h3><table><tbody>{rows or '<tr><td>no bounds</td></tr>'}</tbody></table>"
