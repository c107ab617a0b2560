"""The board of the next search: one of the catalogue, or one of the user's own, and the budget that it leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from resource_models import board as find_board
from resource_models import boards, is_board_file
from search import Budget, RunSettings
from unas_widgets.boards.board_files import named_from_here, own_boards
from unas_widgets.boards.board_form import BoardForm
from unas_widgets.boards.boards_panel import BoardsMatrix
from unas_widgets.runs.settings_panel import SettingsPanel


class BoardController:
    """Brings together the list of boards, the form for one's own, and the table of boards of the selected trial."""

    def __init__(
        self,
        settings: SettingsPanel,
        form: BoardForm,
        matrix: BoardsMatrix,
        *,
        folder: Path,
        on_chosen: Callable[[], None],
    ) -> None:
        """Have the table hold the user's own boards too.

        Args:
            settings: where one is chosen.
            form: where one's own is made.
            matrix: where networks are held against all of them.
            folder: of the user's own boards.
            on_chosen: called when a board was saved, also where it was the chosen one before.
        """
        self._settings, self._form, self._matrix = settings, form, matrix
        self._folder, self._on_chosen = folder, on_chosen
        self._look_again()

    def turn_form(self) -> None:
        """Open the form for one's own board, with the one that is chosen if it is such a board, or close it.

        Raises:
            BoardError: the chosen one cannot be read; the form is opened all the same.
        """
        opening = not self._form.opened
        self._form.opened = opening
        if opening and is_board_file(self._settings.board):
            self._form.fill(find_board(self._settings.board))

    def take(self, file: Path) -> None:
        """Choose a board that was saved just now."""
        self._look_again()
        self._settings.take_board(named_from_here(file))
        self._on_chosen()

    def _look_again(self) -> None:
        self._matrix.look_at((*boards(), *own_boards(self._folder)))


def board_budget(budget: Budget, *, board: str, dataset: str) -> Budget:
    """`budget` with the RAM and flash that a board leaves, and its bounds by default; without those where no board is.

    Raises:
        BoardError, SettingsError: there is no such board, or what it leaves is not known.
    """
    budget = budget.without_defaults()
    if not board:
        return budget
    open_bounds = replace(budget, ram_bytes=None, model_bytes=None)
    return RunSettings(dataset=dataset, board=board, budget=open_bounds).with_board_budget().budget
