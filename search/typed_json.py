"""Reading JSON values into dataclasses: every value is of its field's kind, or one sentence says which is not."""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar, cast

import msgspec

from search.errors import SearchError

Value = TypeVar("Value")

NO_READERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType({})

_AT = re.compile(r" - at `\$\.?(.*)`$")


def read_typed(
    kind: type[Value],
    values: Any,
    what: str,
    wrong: type[SearchError],
    *,
    readers: Mapping[str, Callable[[Any], Any]] = NO_READERS,
) -> Value:
    """A dataclass from the JSON values of its fields; whole numbers may be written as 3.0.

    Args:
        kind: the dataclass; fields that `values` leaves out have their defaults.
        values: by name of the field; a name that the class does not know is refused, as one of a newer version.
        what: that is read, as in "the recipe".
        wrong: what is raised.
        readers: by name of the field what reads it, for fields that are dataclasses themselves.

    Raises:
        SearchError: `wrong`, in one sentence that names the field.
    """
    if not isinstance(values, Mapping):
        raise wrong(f"{what} cannot be read: it is not made of names and values.")
    hints = typing.get_type_hints(kind)
    unknown = sorted(str(name) for name in values if name not in hints)
    if unknown:
        raise wrong(f"{what} cannot be read: this version knows no {unknown[0]!r} in it; update the workbench.")
    parts = {name: read(values[name]) for name, read in readers.items() if name in values}
    plain = {name: _whole(value, hints[name]) for name, value in values.items() if name not in parts}
    try:
        read = msgspec.convert(plain, kind)
        return replace(cast(Any, read), **parts) if parts else read
    except (msgspec.ValidationError, OverflowError, RecursionError, UnicodeEncodeError) as error:
        raise wrong(f"{what} cannot be read: {in_words(error)}.") from None


def in_words(error: Exception) -> str:
    """What is wrong with a value, and with which, from msgspec's error, as the end of a sentence."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeEncodeError):
        return "it has half of a character"
    text = str(error).replace("`", "")
    found = _AT.search(str(error))
    if found is None:
        return text[:1].lower() + text[1:]
    said = _AT.sub("", str(error)).replace("`", "")
    return f"{found.group(1) or 'it'}: {said[:1].lower()}{said[1:]}"


def _whole(value: Any, hint: Any) -> Any:
    """A float without a fraction as an int where its field takes ints alone: so some earlier versions wrote them."""
    if isinstance(value, float) and value.is_integer() and float not in (hint, *typing.get_args(hint)):
        return int(value)
    return value
