"""The board of a run; of one that is a user's own file it keeps a copy, so that a run needs nothing but its folder."""

from __future__ import annotations

from pathlib import Path

from data.files.atomic import atomic_write
from resource_models import Board, is_board_file
from resource_models import board as find_board
from search.errors import JournalError
from search.settings import RunSettings

FOLDER = "board"


def keep_board(settings: RunSettings, folder: Path) -> None:
    """Copy the board's file, where it is one, into the folder of a new run.

    Raises:
        JournalError: the folder cannot be written.
    """
    if settings.board is None or not is_board_file(settings.board):
        return
    copy = _copy(settings.board, folder)
    try:
        copy.parent.mkdir(exist_ok=True)
        atomic_write(copy, Path(settings.board).read_bytes())
    except OSError as error:
        raise JournalError(
            f"The board file {settings.board} cannot be copied to {folder} ({error.strerror}); choose another folder."
        ) from None


def board_source(settings: RunSettings, folder: Path) -> str | None:
    """What names the board of the run in `folder`: its id, the run's copy of its file, or the file itself; or None."""
    if settings.board is None or not is_board_file(settings.board):
        return settings.board
    copy = _copy(settings.board, folder)
    return str(copy if copy.exists() else settings.board)


def board_of(settings: RunSettings, folder: Path) -> Board | None:
    """The board of the run in `folder`; None where it was searched for none in particular.

    Raises:
        BoardError: there is none of that name, or its file cannot be read.
    """
    source = board_source(settings, folder)
    return None if source is None else find_board(source)


def _copy(file: str, folder: Path) -> Path:
    return folder / FOLDER / Path(file).name  # by its own name, which is the board's where the file has none
