"""The runs below a folder: those that can be read, and the names of those that are left out because they cannot."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from search import Run
from search.journal import FILE_NAME
from search.journal.inherited import run_name

_HEADER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A run as its first line has it.

    Attributes:
        folder: of the run.
        space: name of its search space; empty where it says none.
        start_from: folder of the run that it was begun from; empty where that is none.
    """

    folder: Path
    space: str
    start_from: str

    @property
    def label(self) -> str:
        """What lists call it."""
        return self.folder.name + (f" (begun from {run_name(self.start_from)})" if self.start_from else "")


@dataclass(frozen=True, slots=True)
class RunList:
    """What is in a folder of runs.

    Attributes:
        runs: that begin as a run does, the last name first; whole journals are read only when one is opened.
        unreadable: names of those that do not.
    """

    runs: tuple[ListedRun, ...]
    unreadable: tuple[str, ...]

    @property
    def folders(self) -> tuple[Path, ...]:
        """Those of the runs, in their order."""
        return tuple(run.folder for run in self.runs)


def runs_below(base: Path) -> RunList:
    """The runs in `base/runs`; none where there is no such folder, or it cannot be looked into."""
    try:
        inside = tuple((base / "runs").iterdir())
    except OSError:
        return RunList((), ())
    found = sorted((folder for path in inside if (folder := _run_folder(path)) is not None), reverse=True)
    listed = {path: _listed(path) for path in found}
    unreadable = tuple(path.name for path, run in listed.items() if run is None)
    return RunList(tuple(run for run in listed.values() if run is not None), unreadable)


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


def _listed(folder: Path) -> ListedRun | None:
    """The run in a folder; None where its journal does not begin with a header."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            header = json.loads(file.readline(_HEADER_BYTES))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(header, dict) or header.get("record") != "header":
        return None
    settings = header.get("settings")
    said = settings if isinstance(settings, dict) else {}
    space, source = (value if isinstance(value := said.get(name), str) else "" for name in ("space", "start_from"))
    return ListedRun(folder, space, source)
