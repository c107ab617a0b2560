"""Reading architectures from JSON values: every part is there and of its kind, or one sentence says which is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from search.spaces.base import SpaceError

Json = dict[str, Any]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the documents of one space; every method raises `SpaceError` for what is not of its form."""

    space: str

    def part(self, document: Any, key: str, kinds: Sequence[type], place: str) -> Any:
        """The value of `key` in the document that describes `place`."""
        # Long journals pass here a million times: a plain dict, and a value that is right, are the quick way.
        if (type(document) is not dict and not isinstance(document, Mapping)) or key not in document:
            raise self.error(f"{place} has no {key!r}")
        value = document[key]
        return value if type(value) in kinds else self.checked(value, kinds, f"{key!r} of {place}")

    def checked(self, value: Any, kinds: Sequence[type], what: str) -> Any:
        """The value, which is of one of the kinds."""
        # By exact type: a bool would pass for an int, and come back as another document.
        if type(value) not in kinds:
            raise self.error(f"{what} cannot be {value!r}")
        return value

    def option(self, kind: type[Value], document: Any, key: str, place: str) -> Value:
        """The member of the enumeration `kind` that `key` names."""
        value = self.part(document, key, (str,), place)
        try:
            return kind(value)  # type: ignore[call-arg]  # every Enum is called with a value
        except ValueError:
            raise self.error(f"the {key} of {place} cannot be {value!r}") from None

    def error(self, reason: str) -> SpaceError:
        """What is raised for a document that is none of the space."""
        return SpaceError(f"this is not an architecture of the {self.space} space: {reason}")
