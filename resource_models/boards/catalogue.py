"""The boards of the catalogue, ``boards.json``, and finding one by its id or in a file of a user's own."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from resource_models.boards.board import Board
from resource_models.boards.board_file import board_of, read_board, read_table
from resource_models.errors import BoardError
from resource_models.runtimes.catalogue import FALLBACK
from resource_models.runtimes.catalogue import runtime as find_runtime
from resource_models.runtimes.runtime import Runtime


@cache
def boards() -> tuple[Board, ...]:
    """All boards of the catalogue, in the order of the file."""
    path = Path(__file__).with_name("boards.json")
    return tuple(board_of(entry, path.name) for entry in read_table(path)["boards"])


def is_board_file(id_or_path: str | Path) -> bool:
    """Whether this names a file of a user's own board rather than one of the catalogue."""
    return Path(id_or_path).suffix.lower() in (".json", ".toml")


def board(id_or_path: str | Path | Board) -> Board:
    """The board of that id, or the user's own board in that JSON or TOML file.

    Args:
        id_or_path: An id of ``boards()`` in any case, a path that ends in .json or .toml, or a ``Board``.

    Raises:
        BoardError: No such board (near misses are named), or the file is missing or wrong.
    """
    if isinstance(id_or_path, Board):
        return id_or_path
    if is_board_file(id_or_path):
        return read_board(Path(id_or_path))
    return _by_id(str(id_or_path), boards())


def _by_id(text: str, known: Iterable[Board]) -> Board:
    wanted = _slug(text)
    by_slug = {slug: item for item in known for slug in (item.id, _slug(item.name))}
    if wanted in by_slug:
        return by_slug[wanted]
    near = difflib.get_close_matches(wanted, by_slug, n=6, cutoff=0.5)
    near += sorted(slug for slug in by_slug if len(wanted) > 2 and wanted in slug)
    names = list(dict.fromkeys(by_slug[slug].id for slug in near))[:3]
    hint = f"did you mean {' or '.join(names)}?" if names else "`python -m resource_models boards` lists all."
    raise BoardError(
        f"There is no board '{text}'; {hint} A board of your own is a .json or .toml file.",
        name=text,
        near=tuple(names),
    )


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def runtime_on(board: Board | None, runtime: str | Runtime | None) -> Runtime:
    """The runtime that counts: the one asked for, else the board's own, else TFLM's reference kernels.

    Raises:
        BoardError: There is no such runtime.
    """
    return find_runtime(runtime or (board.default_runtime if board else FALLBACK))
