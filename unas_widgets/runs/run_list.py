"""The runs below a folder: those that can be read, and the names of those that are left out because they cannot."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from search import Run
from search.journal import FILE_NAME

_HEADER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class RunList:
    """What is in a folder of runs.

    Attributes:
        folders: of the runs that begin as a run does, the last name first; whole journals are read only when one is
            opened.
        unreadable: names of those that do not.
    """

    folders: tuple[Path, ...]
    unreadable: tuple[str, ...]


def runs_below(base: Path) -> RunList:
    """The runs in `base/runs`; none where there is no such folder, or it cannot be looked into."""
    try:
        inside = tuple((base / "runs").iterdir())
    except OSError:
        return RunList((), ())
    found = sorted((folder for path in inside if (folder := _run_folder(path)) is not None), reverse=True)
    readable = tuple(path for path in found if _begins_as_a_run(path))
    return RunList(readable, tuple(path.name for path in found if path not in readable))


def left_out_words(names: Iterable[str]) -> str:
    """A sentence about runs that cannot be read; empty where there are none."""
    known = tuple(dict.fromkeys(names))
    if not known:
        return ""
    those = f"{', '.join(known[:3])}{f' and {len(known) - 3} more' if len(known) > 3 else ''}"
    return f"Left out, since {'it' if len(known) == 1 else 'they'} cannot be read: {those}."


def _run_folder(path: Path) -> Path | None:
    """Where a run is; None where there is none, or a link leads nowhere."""
    try:
        return path.resolve() if (path / FILE_NAME).exists() and Run.exists(path) else None
    except (OSError, RuntimeError):
        return None


def _begins_as_a_run(folder: Path) -> bool:
    try:
        with (folder / FILE_NAME).open("rb") as file:
            header = json.loads(file.readline(_HEADER_BYTES))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(header, dict) and header.get("record") == "header"
