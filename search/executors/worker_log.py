"""Where that which a worker's libraries print goes: a file of bounded size, which also has the last words of the dead.

TensorFlow, absl and the converter print from C++ too, so whole file descriptors are redirected, not Python's streams.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

LOGS = "logs"
"""Folder inside a run's folder."""
MOST_BYTES = 262_144
_KEPT_BYTES = MOST_BYTES // 2
_LAST_LINES = 2
_LAST_CHARACTERS = 300
_TASK = "== task at "
_STACK = re.compile(r"^(Fatal Python error: [^\n]*).*", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class WorkerLog:
    """The log of one worker, and of those that take its place when it dies.

    Attributes:
        path: of the file; it and its folder are made by the worker.
    """

    path: Path

    def redirect(self) -> None:
        """Have all that this process prints, from C++ too, appended to the file; where it cannot be made, to stderr."""
        sys.stdout.flush()
        sys.stderr.flush()
        with contextlib.suppress(OSError), self._opened() as descriptor:  # a full or read-only disk ends no search
            os.dup2(descriptor, 2)
        os.dup2(2, 1)
        faulthandler.enable()

    def trim(self) -> None:
        """Keep the newest half of the file where it has grown beyond `MOST_BYTES`."""
        with contextlib.suppress(OSError):
            if self.size() > MOST_BYTES:
                tail = self._read(self.size() - _KEPT_BYTES)
                with self.path.open("r+b") as file:
                    file.truncate(0)
                    file.write(tail.partition(b"\n")[2])

    def size(self) -> int:
        """Bytes in the file; 0 where there is none."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def during(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do a task in the worker; a line in the log says where its words begin."""
        with contextlib.suppress(OSError):  # a full disk
            os.write(2, f"{_TASK}{time.strftime('%Y-%m-%d %H:%M:%S')}\n".encode())
        return fn(*args, **kwargs)

    def last_words(self) -> str:
        """The last lines that were written during the last task, on one line; empty where there are none."""
        try:
            text = self._read(0).decode("utf-8", "replace").rpartition(_TASK)[2]
        except OSError:
            return ""
        lines = [line.strip() for line in _STACK.sub(r"\1", text).splitlines()[1:] if line.strip()]
        return " / ".join(lines[-_LAST_LINES:])[-_LAST_CHARACTERS:]

    def _read(self, begin: int) -> bytes:
        with self.path.open("rb") as file:
            file.seek(begin)
            return file.read()

    @contextlib.contextmanager
    def _opened(self) -> Iterator[int]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            yield descriptor
        finally:
            os.close(descriptor)


def worker_log(path: Path, number: int) -> WorkerLog:
    """The log of one of several workers, counted from 0: of `training.log` the first has `training-1.log`."""
    return WorkerLog(path.with_name(f"{path.stem}-{number + 1}{path.suffix}"))


def last_words(error: BrokenExecutor) -> str:
    """What a worker that died had printed last in its task, as a clause that follows a sentence; empty for nothing."""
    notes = getattr(error, "__notes__", ())
    return f"; its last words: {notes[0]}" if notes else ""
