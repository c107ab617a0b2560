"""Which bounds bind, and what moving each was worth."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import traitlets

from search.budget import Budget
from search.measures.shadow_prices import ShadowPrice
from search.trial import Observation
from unas_widgets.budgets.shadow_prices_html import prices_html
from unas_widgets.budgets.shadow_prices_view import price_view, prices_of
from unas_widgets.live.follow import Runlike
from unas_widgets.quantities.columns import Columns
from unas_widgets.widgets.html import Html
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.panel import Panel


class ShadowPrices(Panel):
    """The shadow price of each bound of `budget`, estimated from the networks of a run.

    Traits:
        budget: whose bounds are priced; those of the run are not looked at.
    """

    budget = traitlets.Instance(Budget, args=())

    def __init__(self, run: Runlike | None = None, *, budget: Budget | None = None) -> None:
        self._lock = threading.RLock()
        self._columns = Columns(())
        self._validation_size: int | None = None
        self._markup = Markup()
        super().__init__((self._markup,))
        self.add_class("unas-shadow")
        self.budget = budget or (run.settings.budget if run is not None else Budget())
        self._draw()
        if run is not None:
            self._follow(run, lambda: self._refresh_from(run))

    def show(self, networks: Columns | Sequence[Observation], *, validation_size: int | None = None) -> None:
        """Tell the prices from these networks; those not trained are passed over."""
        with self._lock:
            self._columns, self._validation_size = Columns.of(networks), validation_size
            self._draw()

    def prices(self) -> tuple[ShadowPrice, ...]:
        """The prices that are shown."""
        with self._lock:
            return prices_of(self._columns, self.budget, validation_size=self._validation_size)

    def static_html(self) -> Html:
        """The prices as HTML without scripts."""
        return self._markup.html

    @traitlets.observe("budget")
    def _on_budget(self, _change: object) -> None:
        self._draw()

    def _refresh_from(self, run: Runlike) -> None:
        self.show(run.networks(), validation_size=run.validation_size)

    def _draw(self) -> None:
        with self._lock:
            self._markup.html = prices_html(price_view(self.prices(), trained=len(self._columns)))
