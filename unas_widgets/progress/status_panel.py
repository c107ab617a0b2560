"""Start, Pause, Resume, Stop, Finalise, and how far the run is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets
import traitlets

from data import DataError
from resource_models import ResourceModelError
from search.errors import SearchError
from search.recipes.catalogue import NAMES, RECIPES
from search.recipes.forecast import Forecast
from search.recipes.named import AS_SEARCHED
from search.runs.events import Progress
from search.runs.run import Run
from unas_widgets.progress.run_words import forecast_of, run_facts, shown_state, stop
from unas_widgets.progress.status_html import status_html
from unas_widgets.progress.status_view import Circumstances, buttons, status_view
from unas_widgets.widgets.html import NOTHING, Html, tag
from unas_widgets.widgets.in_turn import Button, Choice
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.panel import Panel

ACTIONS = ("start", "pause", "resume", "stop", "finalise")
_TOOLTIPS = {
    "start": "Begin a new search with these settings",
    "pause": "Train no further networks for now",
    "resume": "Go on with this search",
    "stop": "End the workers; Resume goes on later",
    "finalise": "Train the front again with 3 seeds by the recipe below, as int8 too, and measure it on the test split",
}


class RunControl(Panel):
    """Buttons and status line of a run. `RunControl(run)` works alone; `on_action` replaces what the buttons do.

    Attributes:
        status, buttons: the two halves, which the Workbench puts in different places.

    Traits:
        recipe: name of the recipe that Finalise trains by.
    """

    recipe = traitlets.Enum(NAMES, AS_SEARCHED)

    def __init__(self, run: Run | None = None, *, on_action: Mapping[str, Callable[[], object]] | None = None) -> None:
        self._run, self._problem = run, ""
        self._actions = dict(on_action or {}) if run is None else self._actions_of(run)
        self.status = Markup()
        self._buttons = {name: self._button(name) for name in ACTIONS}
        self._recipe, self._forecast = _recipe_choice(), Markup()
        self._forecast.add_class("unas-forecast")
        self.buttons = ipywidgets.Box((*self._buttons.values(), self._recipe, self._forecast))
        self.buttons.add_class("unas-buttons")
        super().__init__((self.status, self.buttons))
        traitlets.link((self, "recipe"), (self._recipe, "value"))
        self.show("ready", None)
        if run is not None:
            self._follow(run, lambda: self._refresh_from(run))
            self.observe(lambda _change: self._refresh_from(run), "recipe")

    def show(
        self,
        state: str,
        progress: Progress | None,
        facts: Circumstances | None = None,
        *,
        problem: str = "",
        folder: str = "",
        has_run: bool = False,
        forecast: Forecast | None = None,
    ) -> None:
        """Show a state.

        Args:
            state: of the run; see `StatusView`.
            progress: of the run; None before there is one.
            facts: what the sentence mentions.
            problem: a sentence about something that could not be done.
            folder: where the run is kept.
            has_run: whether there is a run.
            forecast: how long Finalise would take by the recipe that is chosen; None where it cannot be pressed.
        """
        known = facts or Circumstances()
        view = status_view(state, progress, known)
        self.status.html = status_html(view, problem=problem, folder=folder)
        can = buttons(state, has_run=has_run, offered=bool(known.offer))
        for name, button in self._buttons.items():
            button.disabled = not getattr(can, name)
        self._recipe.disabled = not can.finalise
        shown = forecast if can.finalise else None
        self._forecast.html = NOTHING if shown is None else tag("span", shown.words, title=shown.method)

    def static_html(self) -> Html:
        """The status line as HTML without scripts."""
        return self.status.html

    def _button(self, name: str) -> Any:
        button = Button(description=name.capitalize(), tooltip=_TOOLTIPS[name])
        button.add_class(f"unas-{name}")
        if name == "start":
            button.add_class("unas-primary")
        button.on_click(lambda _button: self._actions[name]() if name in self._actions else None)
        return button

    def _actions_of(self, run: Run) -> dict[str, Callable[[], object]]:
        actions = {name: self._said(getattr(run, name)) for name in ("start", "pause", "resume")}
        finalise = self._said(lambda: run.begin_finalise(recipe=self.recipe))
        return {**actions, "stop": lambda: stop(run), "finalise": finalise}

    def _said(self, action: Callable[[], object]) -> Callable[[], None]:
        """The same for a click, which has nobody to catch an error: a sentence is enough."""

        def act() -> None:
            self._problem = ""
            try:
                action()
            except (SearchError, DataError, ResourceModelError) as error:
                self._problem = str(error)
            if self._run is not None:
                self._refresh_from(self._run)

        return act

    def _refresh_from(self, run: Run) -> None:
        state = shown_state(run)
        self.show(
            state,
            run.progress(),
            run_facts(run),
            problem=self._problem,
            has_run=True,
            forecast=forecast_of(run, state, self.recipe),
        )


def _recipe_choice() -> Choice:
    """By which recipe the front is trained again."""
    choice = Choice(options=[(recipe.name, recipe.name) for recipe in RECIPES], description="recipe")
    choice.tooltip = "; ".join(f"{recipe.name}: {recipe.says}" for recipe in RECIPES)
    choice.add_class("unas-picker")
    choice.add_class("unas-recipe")
    return choice
