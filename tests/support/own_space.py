"""A search space of the user's own: one convolution and one dense layer. Named `tests.support.own_space:TinySpace`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from resource_models import Graph, GraphBuilder
from search.spaces import SpaceError

NAME = f"{__name__}:TinySpace"
FILTERS, UNITS = range(1, 9), range(4, 13)


@dataclass(frozen=True)
class Tiny:
    filters: int
    units: int


class TinySpace:
    """Every network is two numbers; each morphism changes one of them by one."""

    name = "tiny"

    def __init__(self, input_shape: Sequence[int], num_classes: int) -> None:
        self.input_shape = tuple(input_shape)
        self.num_classes = num_classes

    def sample(self, rng: np.random.Generator) -> Tiny:
        return Tiny(int(rng.integers(FILTERS[0], FILTERS[-1] + 1)), int(rng.integers(UNITS[0], UNITS[-1] + 1)))

    def neighbours(self, architecture: Tiny, rng: np.random.Generator) -> tuple[Tiny, ...]:  # noqa: ARG002 - nothing is left open
        changed = [replace(architecture, filters=architecture.filters + step) for step in (-1, 1)]
        changed += [replace(architecture, units=architecture.units + step) for step in (-1, 1)]
        return tuple(tiny for tiny in changed if self.contains(tiny))

    def contains(self, architecture: Any) -> bool:
        return isinstance(architecture, Tiny) and architecture.filters in FILTERS and architecture.units in UNITS

    def to_json(self, architecture: Tiny) -> dict[str, Any]:
        return {"filters": architecture.filters, "units": architecture.units}

    def from_json(self, document: Mapping[str, Any]) -> Tiny:
        try:
            tiny = Tiny(document["filters"], document["units"])
        except (KeyError, TypeError):
            raise SpaceError("this is no network of two numbers") from None
        if not self.contains(tiny):
            raise SpaceError("one of the two numbers is outside its bounds")
        return tiny

    def lower(self, architecture: Tiny) -> Graph:
        builder = GraphBuilder(self.name)
        x = builder.conv2d(builder.input(self.input_shape), architecture.filters, (3, 3), activation="relu")
        x = builder.dense(builder.flatten(x), architecture.units, activation="relu")
        return builder.build(builder.dense(x, 1 if self.num_classes == 2 else self.num_classes))

    def smallest(self) -> tuple[Tiny, ...]:
        return (Tiny(FILTERS[0], UNITS[0]),)


class LabelledSpace(TinySpace):
    """The same, with words of its own for its morphisms."""

    def morphisms(self, architecture: Tiny, rng: np.random.Generator) -> list[tuple[str, Tiny]]:
        def words(other: Tiny) -> str:
            more = other.filters + other.units > architecture.filters + architecture.units
            return f"{'more' if more else 'fewer'} {'units' if other.filters == architecture.filters else 'filters'}"

        return [(words(other), other) for other in self.neighbours(architecture, rng)]


class SameWords(TinySpace):
    """The same, with one word for all of its morphisms."""

    def morphisms(self, architecture: Tiny, rng: np.random.Generator) -> list[tuple[str, Tiny]]:
        return [("a change", other) for other in self.neighbours(architecture, rng)]


class Refuses(TinySpace):
    """Broken: cannot be made."""

    def __init__(self, input_shape: Sequence[int], num_classes: int) -> None:  # noqa: ARG002 - it refuses all
        raise RuntimeError("no such inputs")
