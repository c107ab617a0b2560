"""What is searched, where, from what, and how long: board, data set, algorithm, earlier run, trials, workers, seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets
import traitlets

import data
from resource_models import boards
from search.algorithms import DEFAULT, algorithms
from search.executors import Machine, default_workers
from search.journal.inherited import run_name
from search.settings import DEFAULT_SPACE
from unas_widgets.boards.board_files import FOLDER, board_files, board_name, named_from_here
from unas_widgets.runs.run_list import runs_below
from unas_widgets.runs.settings_html import settings_html
from unas_widgets.widgets.html import Html
from unas_widgets.widgets.in_turn import Button, Choice, WholeNumber, bind
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.panel import Panel

NO_BOARD = ""
NO_RUN = ""
FIRST_BOARD = "arduino-nano-33-ble"


class SettingsPanel(Panel):
    """The settings of the next search.

    Traits:
        board: id of a board, or "" for none.
        dataset, algorithm: names.
        start_from: folder of the run whose front the search begins with, or "" for none.
        trials, minutes, workers, seed: numbers; no minutes are no limit of time.
        locked: whether a search is under way, whose settings these are.
    """

    board = traitlets.Unicode(FIRST_BOARD)
    dataset = traitlets.Unicode("digits")
    algorithm = traitlets.Unicode(DEFAULT)
    start_from = traitlets.Unicode(NO_RUN)
    trials = traitlets.Int(100, min=1)
    minutes = traitlets.Int(0, min=0)
    workers = traitlets.Int(1, min=1)
    seed = traitlets.Int(0, min=0)
    locked = traitlets.Bool(False)

    def __init__(
        self,
        *,
        base: Path | str = ".",
        own_boards: Path | str = FOLDER,
        on_own: Callable[[], object] | None = None,
        **traits: Any,
    ) -> None:
        """The settings.

        Args:
            base: the runs in `base/runs` are those that can be begun from.
            own_boards: a folder whose board files are in the list too.
            on_own: what the button beside the boards does; without it there is none.
            traits: first values of any trait.
        """
        self._base, self._own_boards = Path(base).resolve(), Path(own_boards)
        self._fields = _fields(self._board_options())
        self._own = Button(description="Own…", tooltip="A board that is not in the list", disabled=on_own is None)
        self._own.on_click(lambda _button: on_own() if on_own else None)
        self._own.layout.display = None if on_own else "none"
        board = ipywidgets.Box((self._fields["board"], self._own))
        board.add_class("unas-board-choice")
        look = Markup()  # brings the style sheet
        look.add_class("unas-hidden")
        others = [field for name, field in self._fields.items() if name != "board"]
        super().__init__((board, *others, look), workers=default_workers(), **traits)
        self.add_class("unas-settings")
        self.add_class("unas-fields")
        for name, field in self._fields.items():
            self._admit(name)
            if isinstance(field, Choice):
                bind(self, name, field)
            else:
                traitlets.link((self, name), (field, "value"))
        self.look_for_runs()

    def static_html(self) -> Html:
        """The settings as HTML without scripts."""
        return settings_html({name: getattr(self, name) for name in self._fields})

    def take_board(self, source: str) -> None:
        """Choose a board file that was written just now."""
        options = self._board_options()
        self._fields["board"].offer(options, source if source in [value for _, value in options] else self.board)
        self.board = source

    def look_for_runs(self) -> None:
        """Have the list hold the runs that are there now and can be begun from; what is chosen stays."""
        field, chosen = self._fields["start_from"], self.start_from
        found = run_options(self._base)
        known = chosen in [value for _, value in found]
        field.offer((*found, *(() if known else [(own_label("start_from", chosen), chosen)])), chosen)
        self._offer_runs_to_choose()

    @traitlets.observe("locked")
    def _on_locked(self, change: Any) -> None:
        for field in (*self._fields.values(), self._own):
            field.disabled = change["new"]
        self.look_for_runs()  # one that is over now is there to be begun from

    def _offer_runs_to_choose(self) -> None:
        field = self._fields["start_from"]
        field.disabled = self.locked or len(field.values()) == 1  # whose entry says why there are no others

    @traitlets.observe("board", "dataset", "algorithm", "start_from", "trials", "minutes", "workers", "seed")
    def _on_change(self, change: Any) -> None:
        if hasattr(self, "_fields"):
            self._admit(change["name"])
            self._offer_runs_to_choose()

    def _admit(self, name: str) -> None:
        """Make room for what a run may have and the field has not: a file, somebody's own class, a larger number."""
        field, value = self._fields[name], getattr(self, name)
        if not isinstance(field, Choice):
            field.max = max(field.max, value)
        elif value not in field.values():
            field.offer((*field.entries(), (own_label(name, value), value)), value)

    def _board_options(self) -> tuple[tuple[str, str], ...]:
        own = map(named_from_here, board_files(self._own_boards))
        return (
            *((b.name, b.id) for b in boards()),
            *((board_name(file), file) for file in own),
            ("no board", NO_BOARD),
        )


def run_options(base: Path) -> tuple[tuple[str, str], ...]:
    """The runs in `base/runs` that a search can be begun from, by label and folder, the newest first.

    The first entry stands for none of them. Where nothing else is there, and where some are left out, it says why.
    """
    runs = runs_below(base).runs
    fitting = [run for run in runs if run.space == DEFAULT_SPACE]
    others = len(runs) - len(fitting)
    none = "nothing" if fitting else "no run here yet"
    if others:
        of_others = f"{others:,} {'run of another space' if others == 1 else 'runs of other spaces'}"
        none = f"nothing ({of_others} left out)" if fitting else f"only {of_others}"
    return ((none, NO_RUN), *((run.label, named_from_here(run.folder)) for run in fitting))


def own_label(name: str, value: str) -> str:
    """What a list calls something that it does not have by itself: by its title where it is known, and marked.

    Args:
        name: of the setting: "board", "dataset", "algorithm" or "start_from".
        value: its id, its name, a file, a folder, or "package.module:Class".
    """
    titles = {
        "board": lambda: {value: board_name(value)},
        "dataset": lambda: {d.name: d.title for d in data.datasets()},
        "algorithm": lambda: {a.name: a.title for a in algorithms()},
        "start_from": lambda: {value: run_name(value)},
    }
    known = titles[name]()
    mark = "own" if name == "board" or value not in known else "not available here"
    mark = "elsewhere" if name == "start_from" else mark
    return f"{known.get(value, value)} ({mark})"


def _fields(board_options: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "board": Choice(description="Board", options=board_options, value=FIRST_BOARD),
        "dataset": Choice(description="Data set", options=[(d.title, d.name) for d in data.datasets() if d.available]),
        "algorithm": Choice(
            description="Algorithm", options=[(a.title, a.name) for a in algorithms() if a.available], value=DEFAULT
        ),
        "start_from": Choice(description="Start from", options=[("nothing", NO_RUN)], value=NO_RUN),
        "trials": WholeNumber(description="Trials", min=1, max=1_000_000, value=100),
        "minutes": WholeNumber(description="Minutes", min=0, max=100_000, value=0),
        "workers": WholeNumber(description="Workers", min=1, max=Machine.here().most_workers, value=1),
        "seed": WholeNumber(description="Seed", min=0, max=2**31 - 1, value=0),
    }
    tips = {
        "start_from": "An earlier run whose front is trained anew, before anything else is tried",
        "trials": "Networks to train",
        "minutes": "A limit of time; 0 for none. Its last part trains the best networks to their end",
        "workers": f"Processes that train side by side; at most {fields['workers'].max}: there are {Machine.here()}",
        "seed": "Of everything random",
    }
    for name, field in fields.items():
        field.tooltip = tips.get(name, "")
        field.add_class(f"unas-{name}")
    return fields
