"""Boards of a user's own, as files beside the notebooks."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from data.files.atomic import atomic_write
from resource_models import Board, BoardError, is_board_file
from resource_models import board as find_board
from unas_widgets.errors import WidgetError

FOLDER = "boards"


def board_files(folder: Path) -> tuple[Path, ...]:
    """The board files in a folder, by name; none where there is no folder."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(path for path in folder.iterdir() if is_board_file(path)))


def own_boards(folder: Path) -> tuple[Board, ...]:
    """The boards in a folder that can be read; a list names the others, and says why when one is chosen."""
    found = []
    for file in board_files(folder):
        with contextlib.suppress(BoardError):
            found.append(find_board(file))
    return tuple(found)


def board_name(source: str) -> str:
    """What a list calls the board that is named by an id or a file; a file that cannot be read goes by its own name."""
    try:
        return find_board(source).name
    except BoardError:
        return Path(source).name


def named_from_here(file: Path) -> str:
    """A file as this process may name it, and as it is written down: relative to where it runs, if it lies below."""
    here = Path.cwd()
    return (file.relative_to(here) if file.is_relative_to(here) else file).as_posix()


def write_board(board: Board, folder: Path) -> Path:
    """Write a board into a folder as `<id>.json`; what a file of that name says beyond it, e.g. its power, is kept.

    Raises:
        WidgetError: the file that is there is no board's, or the folder cannot be written.
    """
    path = folder / f"{board.id}.json"
    stated = {
        "id": board.id,
        "name": board.name,
        "core": board.core,
        "clock_hz": board.clock_hz,
        "ram_bytes": board.ram_bytes,
        "usable_ram_bytes": board.usable_ram_bytes,
        "flash_bytes": board.flash_bytes,
        "usable_flash_bytes": board.usable_flash_bytes,
    }
    try:
        before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if not isinstance(before, dict):
            raise WidgetError(f"The file {path} is there already, and is no board's; choose another name.")
        folder.mkdir(parents=True, exist_ok=True)
        atomic_write(path, json.dumps(before | stated, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise WidgetError(f"The board cannot be written to {path} ({error.strerror}).") from error
    except ValueError as error:
        raise WidgetError(f"The file {path} is there already, and is no board's; choose another name.") from error
    return path
