"""The budgets: a slider and a field for each resource, filled from a board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import traitlets

from search.budget import Budget
from unas_widgets.html.budget_html import budget_html
from unas_widgets.panels.budget_row import BudgetRow
from unas_widgets.panels.markup import Markup
from unas_widgets.panels.panel import Panel

DEFAULT_KEYS = ("ram_bytes", "model_bytes", "latency_s")


class BudgetPanel(Panel):
    """Sliders and typed amounts for a `Budget`.

    Traits:
        budget: the bounds. Moving a slider, typing and assigning this trait are the same thing.
    """

    budget = traitlets.Instance(Budget, args=())

    def __init__(self, budget: Budget | None = None, *, keys: Sequence[str] = DEFAULT_KEYS) -> None:
        self.rows = {key: BudgetRow(key) for key in keys}
        super().__init__((Markup(html="<h3>Budgets</h3>"), *self.rows.values()))
        self.add_class("unas-budgets")
        self.children[0].add_class("unas-wide")
        for key, row in self.rows.items():
            row.observe(lambda change, key=key: self._take(key, change["new"]), "value")
        self.budget = budget or Budget()

    def type(self, word: str, text: str) -> None:
        """Types `text` into the field of the resource called `word`, e.g. `type("RAM", "24 KiB")`."""
        self._row(word).type(text)

    def note(self, reference: Budget | None) -> None:
        """Says under each field what the running search uses where that differs; None clears the notes."""
        for key, row in self.rows.items():
            used = None if reference is None else getattr(reference, key)
            differs = reference is not None and used != row.value
            row.note = f"This search keeps {row.scale.text(used)}." if differs else ""

    def static_html(self) -> str:
        return budget_html(self.budget)

    def static_text(self) -> str:
        return f"Budgets: {self.budget}"

    def _row(self, word: str) -> BudgetRow:
        row = next((r for r in self.rows.values() if r.word.lower() == word.lower()), None)
        if row is None:
            raise KeyError(word)
        return row

    def _take(self, key: str, value: Any) -> None:
        if getattr(self.budget, key) != value:
            self.budget = replace(self.budget, **{key: value})

    @traitlets.observe("budget")
    def _on_budget(self, change: Any) -> None:
        for key, row in self.rows.items():
            row.value = getattr(change["new"], key)
