"""Who takes part: an algorithm with its options, under a name of its own."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from search.algorithms import current_options
from search.errors import SettingsError

_NAME = re.compile(r"[\w.+-]+")


@dataclass(frozen=True, slots=True)
class Entrant:
    """One algorithm of a tournament.

    Attributes:
        name: what it is called in tables and figures.
        algorithm: name of an algorithm, or `package.module:Class`.
        options: its own options; earlier names of them become the current ones.
    """

    name: str
    algorithm: str
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", current_options(self.algorithm, self.options))

    def to_json(self) -> dict[str, Any]:
        """The entrant as plain JSON values."""
        return {"name": self.name, "algorithm": self.algorithm, "options": dict(self.options)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Entrant:
        """The entrant that `to_json` wrote."""
        return cls(values["name"], values["algorithm"], values["options"])


def entrants(algorithms: Sequence[str], options: Sequence[str] = ()) -> tuple[Entrant, ...]:
    """The entrants in texts.

    Args:
        algorithms: each "aging_evolution", "package.module:Class", or with a name of its own "small=aging_evolution",
            so that one algorithm may take part several times. The name of an own class is that of the class.
        options: each "NAME.key=value"; values are JSON where they can be read so, else text.

    Raises:
        SettingsError: no entrant, a name twice, or an option of an entrant that there is not.
    """
    found: dict[str, Entrant] = {}
    for text in algorithms:
        given, equals, algorithm = text.rpartition("=")
        name = given if equals else algorithm.rpartition(":")[2]
        if not _NAME.fullmatch(name):
            raise SettingsError(f"--algorithm: {name!r} is no name: use letters, digits and the signs . + - _ only.")
        if name in found:
            raise SettingsError(f"--algorithm: {name!r} is there twice; give one another name, as other={algorithm}.")
        found[name] = Entrant(name, algorithm)
    if not found:
        raise SettingsError("Name at least one algorithm with --algorithm.")
    for text in options:
        entrant, key, value = _option(text, found)
        found[entrant.name] = Entrant(entrant.name, entrant.algorithm, {**entrant.options, key: value})
    return tuple(found.values())


def _option(text: str, known: Mapping[str, Entrant]) -> tuple[Entrant, str, Any]:
    left, equals, value = text.partition("=")
    name, dot, key = left.rpartition(".")
    if not (equals and dot and name and key):
        raise SettingsError(f"--option: {text!r} is not of the form NAME.key=value.")
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(known)}."
        raise SettingsError(f"--option: no entrant is called {name!r}; {hint}")
    try:
        return known[name], key, json.loads(value)
    except ValueError:
        return known[name], key, value
