"""Hypervolume and lowest error within the budget, over what the search has spent."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Protocol

import ipywidgets
import traitlets

from search.budget import Budget
from search.trial import Observation
from unas_widgets.live.follow import Runlike
from unas_widgets.progress.progress_html import progress_html
from unas_widgets.progress.progress_view import OVER, Curve, curves, reached
from unas_widgets.progress.trainings import Trainings
from unas_widgets.widgets.html import Html, joined, tag
from unas_widgets.widgets.in_turn import Choice
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.panel import Panel

_TITLE = tag("h3", "Progress")
_WORDS = {"networks": "networks", "epochs": "epochs", "seconds": "training time"}


class Observed(Runlike, Protocol):
    """A run that has its trainings in the order in which they ended."""

    def observations(self) -> tuple[Observation, ...]:
        """All trainings that are over, in the order in which they ended."""


class ProgressPlot(Panel):
    """What a search has reached so far, judged by `budget` from its beginning on.

    Traits:
        budget: what counts as within budget, and the box of the hypervolume.
        over: what the pictures run over, one of `OVER`: "networks", "epochs" or "seconds".
    """

    budget = traitlets.Instance(Budget, args=())
    over = traitlets.Enum(OVER, OVER[0])

    def __init__(self, run: Observed | None = None, *, budget: Budget | None = None, **traits: Any) -> None:
        self._lock = threading.RLock()
        self._trainings = Trainings(())
        self._picture = Markup()
        super().__init__((self._head(), self._picture), **traits)
        self.add_class("unas-progress")
        self.budget = budget or (run.settings.budget if run is not None else Budget())
        self._draw()
        if run is not None:
            self._follow(run, lambda: self.show(run.observations()))

    def show(self, observations: Sequence[Observation]) -> None:
        """Draw these trainings, in the order in which they ended."""
        with self._lock:
            self._trainings = Trainings(observations, before=self._trainings)
            self._draw()

    def view(self) -> tuple[Curve, ...]:
        """What is drawn now."""
        with self._lock:
            return curves(reached(self._trainings, self.budget, every=False), self.budget, over=self.over)

    def static_html(self) -> Html:
        """The pictures as HTML without scripts."""
        return joined(_TITLE, self._picture.html)

    def _head(self) -> Any:
        over = Choice(options=[(_WORDS[key], key) for key in OVER], value=self.over, description="over")
        over.tooltip = "What the progress is drawn over"
        over.add_class("unas-picker")
        traitlets.link((self, "over"), (over, "value"))
        head = ipywidgets.Box((Markup(html=_TITLE), over))
        head.add_class("unas-front-head")
        return head

    @traitlets.observe("budget", "over")
    def _on_change(self, _change: Any) -> None:
        self._draw()

    def _draw(self) -> None:
        with self._lock:
            self._picture.html = progress_html(self.view())
