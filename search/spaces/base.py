"""What every search space offers: architectures that can be drawn, varied, written down and lowered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np

from resource_models import Graph
from search.errors import SearchError
from search.spaces.difference import difference_words, differences

Architecture: TypeAlias = Any
"""One network of a space: an immutable, hashable value; each space has a type of its own for it."""


class SpaceError(SearchError):
    """An unknown space, an input that a space cannot take, or an architecture that is not of it."""


class SearchSpace(Protocol):
    """The networks for one task: an input shape and a number of classes.

    All randomness comes from the generator that is passed in; nothing here keeps state or changes an
    architecture. Own spaces, named `package.module:Class`, are made with an input shape and a number of classes, and
    are checked by `search.spaces.testing.check_search_space`.
    """

    @property
    def name(self) -> str:
        """The name that the space is known by."""
        ...

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(height, width, channels) of one input."""
        ...

    @property
    def num_classes(self) -> int:
        """Number of classes, at least 2; the classifier has one logit for 2 classes, else one for each."""
        ...

    def sample(self, rng: np.random.Generator) -> Architecture:
        """A random architecture."""
        ...

    def neighbours(self, architecture: Architecture, rng: np.random.Generator) -> tuple[Architecture, ...]:
        """The architectures one morphism away, none equal to `architecture`.

        There is one for each morphism that applies; what a morphism leaves open is drawn from `rng`. Every network
        can be reached from every other, and what changes one number only can be taken back by one morphism.
        """
        ...

    def contains(self, architecture: Architecture) -> bool:
        """Whether the architecture is of this space; False for a value of another kind."""
        ...

    def to_json(self, architecture: Architecture) -> dict[str, Any]:
        """The architecture as JSON values, for journals and files; `from_json` gives an equal one back."""
        ...

    def from_json(self, document: Mapping[str, Any]) -> Architecture:
        """The architecture that `to_json` wrote down.

        Raises:
            SpaceError: if the document is malformed, or describes a network outside the space.
        """
        ...

    def lower(self, architecture: Architecture) -> Graph:
        """The operators of the network, with every shape: what is profiled, and what is trained.

        The only input has shape (1, height, width, channels); the only output holds the logits.
        """
        ...

    def smallest(self) -> tuple[Architecture, ...]:
        """A small family that contains, for each resource alone, the cheapest network of the space.

        It answers "what is the smallest budget that some network meets?"; up to a few hundred members.
        """
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the choices that a network of an `Encoded` space is made by: a number from 0 to `size` − 1.

    Attributes:
        name: unlike that of any other choice of the space.
        size: how many there are to choose from.
        ordered: whether neighbouring numbers stand for networks that are alike.
    """

    name: str
    size: int
    ordered: bool = True


@runtime_checkable
class Encoded(SearchSpace, Protocol):
    """A space whose networks are also vectors of fixed length: what searches of other libraries need."""

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices, in the order of the vectors."""
        ...

    def encode(self, architecture: Architecture) -> tuple[int, ...]:
        """The vector of a network; `decode` gives the network back."""
        ...

    def decode(self, vector: Sequence[int]) -> Architecture:
        """The network of any vector within the sizes of the choices; several vectors may mean the same network."""
        ...


@runtime_checkable
class Varied(SearchSpace, Protocol):
    """A space that gives one neighbour faster than all of them."""

    def neighbour(self, architecture: Architecture, rng: np.random.Generator) -> Architecture:
        """One of the architectures that `neighbours` gives for some state of `rng`."""
        ...


@runtime_checkable
class Labelled(SearchSpace, Protocol):
    """A space that says of each morphism what it does: what editors offer as choices.

    A space without labels of its own is labelled by what differs in its documents; see `morphisms_of`.
    """

    def morphisms(self, architecture: Architecture, rng: np.random.Generator) -> Sequence[tuple[str, Architecture]]:
        """What `neighbours` gives for the same state of `rng`, in its order, each with a few words on what changes."""
        ...


def morphisms_of(
    space: SearchSpace, architecture: Architecture, rng: np.random.Generator
) -> tuple[tuple[str, Architecture], ...]:
    """The architectures one morphism away, each with a few words on what changes, e.g. "layer 2: 24 → 25 units"."""
    if isinstance(space, Labelled):
        return tuple(space.morphisms(architecture, rng))
    before = space.to_json(architecture)
    neighbours = space.neighbours(architecture, rng)
    return tuple((difference_words(differences(before, space.to_json(other))), other) for other in neighbours)


def neighbour_of(space: SearchSpace) -> Callable[[Architecture, np.random.Generator], Architecture]:
    """What gives a random neighbour of an architecture: the space's own way, or one of all neighbours."""
    if isinstance(space, Varied):
        return space.neighbour

    def one_of_all(architecture: Architecture, rng: np.random.Generator) -> Architecture:
        neighbours = space.neighbours(architecture, rng)
        return neighbours[int(rng.integers(len(neighbours)))]

    return one_of_all


def logit_count(num_classes: int) -> int:
    """Units of the classifier: one logit decides between two classes, otherwise there is one for each."""
    return 1 if num_classes == 2 else num_classes
