"""Workers' tasks that print as frameworks do, from C++ too, and one that dies."""

import os
import sys
from pathlib import Path
from typing import Any


def chatter() -> int:
    """Print through Python and past it, on both streams; returns the process id."""
    print("python out", flush=True)
    print("python err", file=sys.stderr, flush=True)
    os.write(1, b"native out\n")
    os.write(2, b"native err\n")
    return os.getpid()


def flood(lines: int) -> None:
    """Print so many lines of 100 bytes."""
    for number in range(lines):
        os.write(2, b"%099d\n" % number)


def die_with_words() -> None:
    """End as a failed check in C++ does."""
    os.write(2, b"F0000 tensor.cc:1 Check failed: size > 0\n")
    os.abort()


def die_silently() -> None:
    """End as a process does that the system kills."""
    os.kill(os.getpid(), 9)


def train_and_die(task: dict[str, Any]) -> dict[str, Any]:
    """A training during which the framework aborts."""
    Path(task["folder"], "began").touch()
    die_with_words()
    return {}
