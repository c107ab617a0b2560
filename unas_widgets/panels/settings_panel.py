"""What is searched, where, and how long: board, data set, algorithm, trials, workers, seed."""

from __future__ import annotations

from typing import Any

import traitlets

import data
from resource_models import boards
from search.algorithms import DEFAULT, algorithms
from search.executors import default_workers
from unas_widgets.html.settings_html import settings_html
from unas_widgets.panels.inputs import Choice, WholeNumber
from unas_widgets.panels.markup import Markup
from unas_widgets.panels.panel import Panel

NO_BOARD = ""
FIRST_BOARD = "arduino-nano-33-ble"


class SettingsPanel(Panel):
    """The settings of the next search.

    Traits:
        board: id of a board, or "" for none.
        dataset, algorithm: names.
        trials, workers, seed: numbers.
        locked: whether a search is under way, whose settings these are.
    """

    board = traitlets.Unicode(FIRST_BOARD)
    dataset = traitlets.Unicode("digits")
    algorithm = traitlets.Unicode(DEFAULT)
    trials = traitlets.Int(100, min=1)
    workers = traitlets.Int(1, min=1)
    seed = traitlets.Int(0, min=0)
    locked = traitlets.Bool(False)

    def __init__(self, **traits: Any) -> None:
        self._fields = _fields()
        look = Markup()  # brings the style sheet
        look.add_class("unas-hidden")
        super().__init__((*self._fields.values(), look), workers=default_workers(), **traits)
        self.add_class("unas-settings")
        for name, field in self._fields.items():
            self._admit(name)
            traitlets.link((self, name), (field, "value"))

    def static_html(self) -> str:
        return settings_html({name: getattr(self, name) for name in self._fields})

    @traitlets.observe("locked")
    def _on_locked(self, change: Any) -> None:
        for field in self._fields.values():
            field.disabled = change["new"]

    @traitlets.observe("board", "dataset", "algorithm")
    def _on_choice(self, change: Any) -> None:
        if hasattr(self, "_fields"):
            self._admit(change["name"])

    def _admit(self, name: str) -> None:
        """Make room for a choice that is not in the list: a board file, or somebody's own algorithm."""
        field, value = self._fields[name], getattr(self, name)
        if hasattr(field, "options") and value not in [v for _, v in field.options]:
            field.options = (*field.options, (value, value))


def _fields() -> dict[str, Any]:
    fields: dict[str, Any] = {
        "board": Choice(
            description="Board",
            options=[*((b.name, b.id) for b in boards()), ("no board", NO_BOARD)],
            value=FIRST_BOARD,
        ),
        "dataset": Choice(description="Data set", options=[(d.title, d.name) for d in data.datasets() if d.available]),
        "algorithm": Choice(
            description="Algorithm", options=[(a.title, a.name) for a in algorithms() if a.available], value=DEFAULT
        ),
        "trials": WholeNumber(description="Trials", min=1, max=1_000_000, value=100),
        "workers": WholeNumber(description="Workers", min=1, max=256, value=1),
        "seed": WholeNumber(description="Seed", min=0, max=2**31 - 1, value=0),
    }
    tips = {
        "trials": "Networks to train",
        "workers": "Processes that train side by side",
        "seed": "Of everything random",
    }
    for name, field in fields.items():
        field.tooltip = tips.get(name, "")
        field.add_class(f"unas-{name}")
    return fields
