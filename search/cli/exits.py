"""Exit statuses, and how a command ends."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


def leave(main: Callable[[], int]) -> NoReturn:
    """End the process with the status of `main`, quietly too where nobody reads its answer to the end."""
    try:
        sys.exit(main())
    except BrokenPipeError:
        sys.stdout = None  # so that the interpreter does not flush it again
        sys.exit(0)


def heed_termination() -> None:
    """Have SIGTERM interrupt as Ctrl-C does."""
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
