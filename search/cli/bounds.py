"""The options that bound what a network may cost, one for each resource of the table, for any command."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, get_type_hints

import typer

from search.presets import Preset
from search.quantities import DEFAULTED, RESOURCES, Resource
from search.settings import FROM_BOARD, NO_DEFAULTS

PLACE = "amounts"
Amounts = Mapping[str, str | None]
"""What was said of each resource, by its argument of `Budget.parse`; None of those that nothing was said about."""


def no_amounts() -> Amounts:
    """Nothing said of any resource."""
    return dict.fromkeys(r.argument for r in RESOURCES)


NO_AMOUNTS: Amounts = MappingProxyType(no_amounts())


def with_bounds(otherwise: Callable[[Resource], str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command an option for each resource, in place of its argument `amounts`, which then holds what was said.

    Args:
        otherwise: what holds for a resource without its option, as `--help` says it.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def with_options(**given: Any) -> None:
            command(**{PLACE: {r.argument: given.pop(r.argument) for r in RESOURCES}}, **given)

        types = get_type_hints(command, include_extras=True)
        types |= {r.argument: _option(r, otherwise(r)) for r in RESOURCES}
        signature = inspect.signature(command)
        parameters = [
            parameter.replace(annotation=types[parameter.name])
            for old in signature.parameters.values()
            for parameter in (_parameters(old.kind) if old.name == PLACE else [old])
        ]
        del types[PLACE]
        with_options.__annotations__ = types
        vars(with_options)["__signature__"] = signature.replace(parameters=parameters)
        return with_options

    return decorate


def with_preset(amounts: Amounts, preset: Preset | None) -> dict[str, str | None]:
    """What was said, and where nothing was, what the preset says."""
    own = {} if preset is None else preset.bounds
    return {name: own.get(name) if said is None else said for name, said in amounts.items()}


def board_fills(amounts: Amounts, *, defaults: bool = False) -> tuple[str, ...]:
    """Keys of the bounds that a board fills in: those that nothing, not even "none", was said about.

    Args:
        amounts: what was said.
        defaults: whether it fills in bounds by default too, as it does for a search whose bounds no preset names.
    """
    said = {r.key for r in RESOURCES if amounts[r.argument] is not None}
    return tuple(key for key in (FROM_BOARD if defaults else NO_DEFAULTS) if key not in said)


def none_or_board(resource: Resource) -> str:
    """What holds without the option in a command that takes a board."""
    return "the board's, or none" if resource.key in NO_DEFAULTS else "none"


def none_or_preset(resource: Resource) -> str:
    """What holds without the option in a command that takes a preset and a board."""
    if resource in DEFAULTED and resource.bound and resource.bound.default is not None:
        return f"the preset's; else {resource.show(resource.bound.default)} where the board has estimates, or none"
    return "the preset's, or none" if none_or_board(resource) == "none" else "the preset's or board's, or none"


def _option(resource: Resource, otherwise: str) -> Any:
    about = resource.bound.help if resource.bound else ""
    return Annotated[str | None, typer.Option(resource.option, help=about, show_default=otherwise)]


def _parameters(kind: Any) -> list[inspect.Parameter]:
    return [inspect.Parameter(r.argument, kind, default=None) for r in RESOURCES]
