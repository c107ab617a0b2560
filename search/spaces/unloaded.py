"""A space of the user's own whose code is not imported: its networks are kept as they are written, and not built."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from resource_models import Graph
from search.spaces.base import Architecture, SpaceError
from search.spaces.documents import Reader


@dataclass(frozen=True, slots=True)
class UnloadedArchitecture:
    """A network of a space that is not loaded: its document, as text."""

    text: str


class UnloadedSpace:
    """Stands for the space `package.module:Class` while a run is only looked at.

    What a journal holds can be read and written again; whatever needs the space's own code raises `SpaceError`.

    Args:
        name: the dotted path.
        input_shape: (height, width, channels).
        num_classes: at least 2.
    """

    def __init__(self, name: str, input_shape: Sequence[int], num_classes: int) -> None:
        height, width, channels = (int(size) for size in input_shape)
        self.name = name
        self.input_shape = (height, width, channels)
        self.num_classes = num_classes

    def contains(self, architecture: Any) -> bool:
        """Whether the value is a document that was read here."""
        return isinstance(architecture, UnloadedArchitecture)

    def to_json(self, architecture: UnloadedArchitecture) -> dict[str, Any]:
        """The document, as it was read."""
        document: dict[str, Any] = json.loads(architecture.text)
        return document

    def from_json(self, document: Mapping[str, Any]) -> UnloadedArchitecture:
        """The document, unread but for being one.

        Raises:
            SpaceError: it is none.
        """
        value: object = document
        if not isinstance(value, Mapping) or not value:
            raise Reader(self.name).error(f"it is {document!r}")
        return UnloadedArchitecture(json.dumps(dict(document), sort_keys=True))

    def sample(self, rng: np.random.Generator) -> Architecture:  # noqa: ARG002 - as of any space
        """Needs the space's code.

        Raises:
            SpaceError: always.
        """
        self._needs_code()

    def neighbours(self, architecture: Architecture, rng: np.random.Generator) -> tuple[Architecture, ...]:  # noqa: ARG002 - as of any space
        """Needs the space's code.

        Raises:
            SpaceError: always.
        """
        self._needs_code()

    def lower(self, architecture: Architecture) -> Graph:  # noqa: ARG002 - as of any space
        """Needs the space's code.

        Raises:
            SpaceError: always.
        """
        self._needs_code()

    def smallest(self) -> tuple[Architecture, ...]:
        """Needs the space's code.

        Raises:
            SpaceError: always.
        """
        self._needs_code()

    def _needs_code(self) -> NoReturn:
        raise SpaceError(
            f"The networks of the space {self.name} are built by code of its own, which is not imported when a run is "
            "only looked at: start or resume the search, or open it with Run.open(folder, trust=True), to load it."
        )
