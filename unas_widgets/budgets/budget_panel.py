"""The budgets: a slider and a field for each resource, what each is worth, and a change while a search runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

import ipywidgets
import traitlets

from resource_models import Board
from search.budget import RESOURCES, Budget
from search.errors import SearchError
from search.problem import left_out_words
from unas_widgets.budgets.budget_html import budget_html
from unas_widgets.budgets.budget_row import BudgetRow
from unas_widgets.budgets.budget_words import bound_of, change_words
from unas_widgets.budgets.shadow_prices_panel import ShadowPrices
from unas_widgets.errors import WidgetError
from unas_widgets.live.follow import Runlike
from unas_widgets.widgets.html import NOTHING, Html, joined, tag
from unas_widgets.widgets.in_turn import Button
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.panel import Panel

DEFAULT_KEYS = tuple(r.key for r in RESOURCES if r.bound is not None and r.bound.field)
_TOOLTIP = "Networks in training are finished, and nothing that was found is lost"


class Changeable(Runlike, Protocol):
    """A run whose budget can be changed."""

    @property
    def board(self) -> Board | None:
        """The board that the run is for; None for none."""

    def change_budget(self, budget: Budget) -> None:
        """Keep this budget from now on."""


class BudgetPanel(Panel):
    """Sliders and typed amounts for a `Budget`; with a run also what each bound is worth, from its networks.

    Traits:
        budget: the bounds. Moving a slider, typing and assigning this trait are the same thing.

    Attributes:
        controls, prices: the two halves, which the Workbench puts in different places.
    """

    budget = traitlets.Instance(Budget, args=())

    def __init__(
        self,
        budget: Budget | None = None,
        *,
        run: Changeable | None = None,
        keys: Sequence[str] = DEFAULT_KEYS,
        on_apply: Callable[[], object] | None = None,
    ) -> None:
        """Begin with `budget`, or with that of `run`.

        Args:
            budget: first bounds.
            run: is followed: its networks tell the prices, and `apply` changes its budget.
            keys: resources that get a slider.
            on_apply: replaces what the button does.
        """
        self._run, self._on_apply = run, on_apply or self._apply_and_say
        self.rows = {key: BudgetRow(key) for key in keys}
        self.prices = ShadowPrices()
        self._problem = Markup(attributes={"role": "alert"})
        self._change = self._button()
        self.controls = self._arranged()
        super().__init__((self.controls, self.prices))
        self.prices.remove_class("unas")
        for key, row in self.rows.items():
            row.observe(lambda change, key=key: self._take(key, change["new"]), "value")
            if default_key := row.scale.resource.default_key:
                row.observe(lambda change, key=default_key: self._take(key, change["new"]), "default")
        traitlets.link((self, "budget"), (self.prices, "budget"))
        self.budget = budget or (Budget() if run is None else run.settings.budget)
        if run is not None:
            self.look_at(run.board)
            self._follow(run, lambda: self._refresh_from(run))

    def type(self, word: str, text: str) -> None:
        """Types `text` into the field of the resource called `word`, e.g. `type("RAM", "24 KiB")`."""
        self._row(word).type(text)

    def look_at(self, board: Board | None) -> None:
        """Say of each resource why there is no figure of it on this board, or on none, where that is so."""
        for row in self.rows.values():
            bound = row.scale.resource.bound
            reason = "" if bound is None else bound.lacks(board)
            row.lacks = f"{reason[:1].upper()}{reason[1:]}." if reason else ""

    def note(self, reference: Budget | None) -> None:
        """Says what the search uses where that differs, and offers to change it; None clears that."""
        for row in self.rows.values():
            resource = row.scale.resource
            kept = "" if reference is None else reference.show(resource)
            differs = reference is not None and bound_of(reference, resource) != bound_of(self.budget, resource)
            row.note = f"This search {f'keeps {kept}' if kept else 'has no such bound'}." if differs else ""
        words = "" if reference is None else change_words(reference, self.budget)
        self._change.description = words
        self._change.layout.display = None if words else "none"

    def apply(self) -> None:
        """Have the run search within `budget` from now on; what it found is kept.

        Raises:
            WidgetError: this panel has no run.
            SearchError: the budget cannot be had; the run goes on with the one that it has.
        """
        if self._run is None:
            raise WidgetError("This panel has no run whose budget could be changed; make it with BudgetPanel(run=…).")
        asked, run = self.budget, self._run
        run.change_budget(asked)
        self.budget = run.settings.budget
        self._say(left_out_words(asked, run.settings))
        self._note_run()

    def static_html(self) -> Html:
        """The bounds and what each is worth, as HTML without scripts."""
        return joined(budget_html(self.budget), self.prices.static_html())

    def static_text(self) -> str:
        """The budget in one line."""
        return f"Budgets: {self.budget}"

    def _arranged(self) -> Any:
        head = Markup(html=tag("h3", "Budgets"))
        controls = ipywidgets.VBox((head, *self.rows.values(), self._change, self._problem))
        controls.add_class("unas-budgets")
        for wide in (head, self._change, self._problem):
            wide.add_class("unas-wide")
        return controls

    def _button(self) -> Any:
        button = Button(tooltip=_TOOLTIP)
        button.add_class("unas-change-budget")
        button.layout.display = "none"
        button.on_click(lambda _button: self._on_apply())
        return button

    def _apply_and_say(self) -> None:
        try:
            self.apply()
        except (SearchError, WidgetError) as error:
            self._say(str(error))

    def _say(self, problem: str) -> None:
        self._problem.html = tag("div", problem, class_="unas-bad") if problem else NOTHING

    def _refresh_from(self, run: Changeable) -> None:
        self.prices.show(run.networks(), validation_size=run.validation_size)
        self._note_run()

    def _note_run(self) -> None:
        self.note(None if self._run is None else self._run.settings.budget)

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
            default_key = row.scale.resource.default_key
            row.value = getattr(change["new"], key)
            row.default = getattr(change["new"], default_key) if default_key else None
        self._problem.html = NOTHING
        if self._run is not None:
            self._note_run()
