"""What the command lines of this package share: exit statuses, and errors told in one sentence."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn

import typer

from data import DataError
from resource_models import ResourceModelError
from search.cli import console
from search.errors import SearchError

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


def run_app(app: typer.Typer, arguments: list[str] | None, *, failures: tuple[type[SearchError], ...]) -> int:
    """Run a command; returns the exit status. What cannot be done is told in one sentence on stderr.

    Args:
        app: the commands.
        arguments: by default the process's own.
        failures: errors that are no bad input, with the status of a failure.
    """
    try:
        status: Any = app(arguments, standalone_mode=False)
    except typer.TyperException as error:
        return _tell(error.format_message(), BAD_INPUT)
    except (SearchError, DataError, ResourceModelError) as error:
        return _tell(str(error), FAILED if isinstance(error, failures) else BAD_INPUT)
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    return status if isinstance(status, int) else 0


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


def _tell(message: str, status: int) -> int:
    console.complain(message)
    return status
