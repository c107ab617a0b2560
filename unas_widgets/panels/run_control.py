"""Start, Pause, Resume, Stop, and how far the run is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import ipywidgets

from search.events import Progress
from unas_widgets.html.status_html import status_html
from unas_widgets.panels.follow import Runlike, follow
from unas_widgets.panels.markup import Markup
from unas_widgets.panels.panel import Panel
from unas_widgets.views.status_view import Circumstances, buttons, status_view

ACTIONS = ("start", "pause", "resume", "stop")
_TOOLTIPS = {
    "start": "Begin a new search with these settings",
    "pause": "Train no further networks for now",
    "resume": "Go on with this search",
    "stop": "End the workers; Resume goes on later",
}


class Controllable(Runlike, Protocol):
    """A run that can be started, paused, resumed and stopped."""

    @property
    def error(self) -> str | None: ...
    def start(self) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def stop(self) -> None: ...


class RunControl(Panel):
    """Buttons and status line of a run. `RunControl(run)` works alone; `on_action` replaces what the buttons do.

    Attributes:
        status, buttons: the two halves, which the Workbench puts in different places.
    """

    def __init__(
        self, run: Controllable | None = None, *, on_action: Mapping[str, Callable[[], object]] | None = None
    ) -> None:
        self._run = run
        self._actions = on_action or {name: getattr(run, name) for name in ACTIONS if run is not None}
        self.status = Markup()
        self._buttons = {name: self._button(name) for name in ACTIONS}
        self.buttons = ipywidgets.Box(tuple(self._buttons.values()))
        self.buttons.add_class("unas-buttons")
        super().__init__((self.status, self.buttons))
        self.show("ready", None)
        self._unfollow = None if run is None else follow(run, lambda: self._refresh_from(run))

    def show(
        self,
        state: str,
        progress: Progress | None,
        facts: Circumstances | None = None,
        *,
        problem: str = "",
        folder: str = "",
        has_run: bool = False,
    ) -> None:
        """Show a state; `problem` is a sentence about something that could not be done."""
        view = status_view(state, progress, facts or Circumstances())
        self.status.html = status_html(view, problem=problem, folder=folder)
        can = buttons(state, has_run=has_run)
        for name, button in self._buttons.items():
            button.disabled = not getattr(can, name)

    def static_html(self) -> str:
        return str(self.status.html)

    def _button(self, name: str) -> Any:
        button = ipywidgets.Button(description=name.capitalize(), tooltip=_TOOLTIPS[name])
        button.add_class(f"unas-{name}")
        if name == "start":
            button.add_class("unas-primary")
        button.on_click(lambda _button: self._actions[name]() if name in self._actions else None)
        return button

    def _refresh_from(self, run: Controllable) -> None:
        facts = Circumstances(workers=run.settings.workers or 1, error=run.error or "")
        self.show(str(run.state), run.progress(), facts, has_run=True)
