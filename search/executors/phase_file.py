"""How far a worker is with what takes long before its first task, in a small file that whoever shows it looks at."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec

from data import Phase
from data.files.atomic import atomic_write

EVERY_S = 0.5


class PhaseFile:
    """Writes each phase that it is called with, but the same words at most every half second.

    A folder that cannot be written, such as that of another machine's run, costs nothing but the news.

    Args:
        path: of the file, in a folder that is there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._words = ""
        self._next_s = 0.0

    def __call__(self, phase: Phase) -> None:
        """Write it down, if it is time."""
        now_s = time.monotonic()
        if phase.words == self._words and now_s < self._next_s:
            return
        self._words, self._next_s = phase.words, now_s + EVERY_S
        with contextlib.suppress(OSError):
            atomic_write(self._path, msgspec.json.encode(phase))

    def remove(self) -> None:
        """Have nothing to say any more."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)


def read_phase(path: Path) -> Phase | None:
    """What was written last; None where there is nothing, or nothing that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Phase)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def furthest_behind(paths: Iterable[Path]) -> str:
    """The phase of that one of several workers that has most to do, in words; empty where none has anything to say."""
    phases = [phase for path in paths if (phase := read_phase(path)) is not None]
    return str(min(phases, key=lambda phase: phase.share)) if phases else ""
