"""Options that several commands have, and commands that take theirs as one object."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import typer

Options = TypeVar("Options")


def text(name: str, help_text: str, default: str = "none") -> Any:
    """An option that may be left out; `default` says in words what holds then."""
    return typer.Option(name, help=help_text, show_default=default)


def new_app(help_text: str) -> typer.Typer:
    """A command line without commands yet, plain in what it prints."""
    return typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help=help_text,
    )


def takes(options: type[Options]) -> Callable[[Callable[[Options], None]], Callable[..., None]]:
    """Have a command take each field of the dataclass `options` as an option of its own.

    The fields are annotated as typer's parameters are; the function is given the object.
    """
    hints = get_type_hints(options, include_extras=True)
    parameters = [_parameter(field, hints[field.name]) for field in dataclasses.fields(options)]  # type: ignore[arg-type]

    def decorate(function: Callable[[Options], None]) -> Callable[..., None]:
        @functools.wraps(function)
        def command(**given: Any) -> None:
            function(options(**given))

        vars(command)["__signature__"] = inspect.Signature(parameters)
        command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return command

    return decorate


def _parameter(field: dataclasses.Field[Any], annotation: Any) -> inspect.Parameter:
    default = inspect.Parameter.empty if field.default is dataclasses.MISSING else field.default
    return inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


JsonFlag = Annotated[bool, typer.Option("--json", help="Print one line of JSON, the last of stdout.")]
CsvFlag = Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the run.")]

Space = Annotated[str, typer.Option(help="Search space, or your own as package.module:Class.")]
Board = Annotated[str | None, text("--board", "Board id or file; fills in RAM and flash not given.")]
Runtime = Annotated[str | None, text("--runtime", "Inference runtime.", "the board's own")]
ErrorTarget = Annotated[str | None, text("--error", "Target for the validation error, e.g. 0.05.")]
Bounds = Annotated[str, typer.Option(help="hard: over budget is never trained; soft: it is.")]
AccountingName = Annotated[str, typer.Option("--accounting", help="tflm: what fits the board; unas: as published.")]
TrainSize = Annotated[int | None, text("--train-size", "Training examples.", "the data set's")]
ValidationSize = Annotated[int | None, text("--validation-size", "Validation examples.", "the data set's")]
DataDir = Annotated[str | None, text("--data-dir", "Folder with local copies of data sets.", "UNAS_DATA_DIR, or none")]
