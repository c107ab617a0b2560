"""Errors told in one sentence, with the exit status that they mean."""

from __future__ import annotations

from typing import Any

import typer

from data import DataError
from resource_models import ResourceModelError
from search.cli import console
from search.cli.exits import BAD_INPUT, FAILED, INTERRUPTED
from search.errors import SearchError


def run_app(
    app: typer.Typer, arguments: list[str] | None, *, name: str, failures: tuple[type[SearchError], ...]
) -> int:
    """Run a command; returns the exit status. What cannot be done is told in one sentence on stderr.

    Args:
        app: the commands.
        arguments: by default the process's own.
        name: of the program, as its help shows it.
        failures: errors that are no bad input, with the status of a failure.
    """
    try:
        status: Any = app(arguments, standalone_mode=False, prog_name=name)
    except typer.TyperException as error:
        return _tell(error.format_message(), BAD_INPUT)
    except (SearchError, DataError, ResourceModelError) as error:
        return _tell(str(error), FAILED if isinstance(error, failures) else BAD_INPUT)
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    return status if isinstance(status, int) else 0


def _tell(message: str, status: int) -> int:
    console.complain(message)
    return status
