"""What pages say, read by a type: what does not fit is not acted upon, and is noted in the program's log."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, TypeVar

import ipywidgets
import msgspec
import traitlets

Kind = TypeVar("Kind")
_MOST_CHARACTERS = 200


class Message(msgspec.Struct, frozen=True):
    """What a page may say: a class with the words of one message and their types; further words are passed over."""


def read(message: object, kind: type[Kind]) -> Kind | None:
    """`message` as a `kind`, which is a `Message`; None where it is none, which is only noted in the log."""
    try:
        return msgspec.convert(message, kind)
    except msgspec.ValidationError as error:
        passed_over(message, error)
        return None


def passed_over(message: object, why: object) -> None:
    """Note in the log that something a page said was not acted upon."""
    shown = repr(message)[:_MOST_CHARACTERS]
    logging.getLogger(__name__).debug("A page said %s, which is passed over: %s", shown, why)


def fitting(widget: ipywidgets.Widget, said: Mapping[str, Any]) -> dict[str, Any]:
    """Of the traits that a page sets on `widget`, those that the widget takes."""
    return {name: value for name, value in said.items() if _fits(widget, name, value)}


def _fits(widget: ipywidgets.Widget, name: str, value: Any) -> bool:
    if name not in widget.keys:
        return True  # of which the widget takes no notice
    read_trait = widget.trait_metadata(name, "from_json", widget._trait_from_json)
    try:
        widget.traits()[name]._validate(widget, read_trait(value, widget))
    except (traitlets.TraitError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        passed_over({name: value}, error)
        return False
    return True
