"""The board of the next search: one of the catalogue, or one of the user's own, and the budget that it leaves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import traitlets

from resource_models import board as find_board
from resource_models import boards, is_board_file
from search import RunSettings
from unas_widgets.bench.base import Bench
from unas_widgets.boards.board_files import FOLDER, named_from_here, own_boards
from unas_widgets.boards.board_form import BoardForm


class Boarding(Bench):
    """What the list of boards and the form for one's own do."""

    board_form: BoardForm

    @traitlets.observe("board")
    def _on_board(self, _change: Any) -> None:
        if self.run is None or not self.run.state.active:
            self._guarded(self._fill_budget)()

    def _turn_board_form(self) -> None:
        """Open the form for one's own board, with the one that is chosen if it is such a board, or close it."""
        if not self.board_form.opened and is_board_file(self.board):
            self._guarded(lambda: self.board_form.fill(find_board(self.board)))()
        self.board_form.opened = not self.board_form.opened

    def _take_board(self, file: Path) -> None:
        self._look_at_boards()
        self.settings_panel.take_board(named_from_here(file))
        self._guarded(self._fill_budget)()  # also where it was the chosen one before

    def _look_at_boards(self) -> None:
        """Have the trial's boards hold the user's own too."""
        self.trial_panel.boards.look_at((*boards(), *own_boards(self._base / FOLDER)))

    def _fill_budget(self) -> None:
        if self.board:
            open_bounds = replace(self.budget, ram_bytes=None, model_bytes=None)
            settings = RunSettings(dataset=self.dataset, board=self.board, budget=open_bounds)
            self.budget = settings.with_board_budget().budget
