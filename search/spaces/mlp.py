"""The MLP search space of μNAS: the input in one row, dense layers with ReLU, the classifier.

Source: Liberis, Dudziak, Lane, "μNAS: Constrained Neural Architecture Search for Microcontrollers", 2020.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from resource_models import Graph, GraphBuilder
from search.spaces.base import Choice, logit_count
from search.spaces.documents import Reader
from search.spaces.draws import Draws
from search.spaces.task import TaskSpace

NAME = "mlp"
LAYERS = range(1, 8)
UNITS = range(10, 257)
STEPS = (-5, -1, 1, 5)


@dataclass(frozen=True, slots=True)
class MlpArchitecture:
    """Units of the dense layers before the classifier."""

    units: tuple[int, ...]


class MlpSpace(TaskSpace):
    """One to seven dense layers of 10 to 256 units.

    Args:
        input_shape: (height, width, channels), or (values,) of a flat input, which stands for (1, 1, values).
        num_classes: at least 2; two share one logit.

    Raises:
        SpaceError: if the input is neither a map nor a row of values, or there are fewer than two classes.
    """

    def __init__(self, input_shape: Sequence[int], num_classes: int) -> None:
        shape = tuple(input_shape)
        super().__init__(NAME, (1, 1, *shape) if len(shape) == 1 else shape, num_classes)

    def sample(self, rng: np.random.Generator) -> MlpArchitecture:
        """A random architecture, every variable uniform in its range."""
        draws = Draws(rng)
        return MlpArchitecture(tuple(draws.choice(UNITS) for _ in range(draws.choice(LAYERS))))

    def neighbours(self, architecture: MlpArchitecture, rng: np.random.Generator) -> tuple[MlpArchitecture, ...]:
        """Every architecture one morphism away: a random layer fewer, a random layer more, units ±1 and ±5."""
        return tuple(MlpArchitecture(units) for units in _vary(architecture.units, Draws(rng)))

    def contains(self, architecture: Any) -> bool:
        """Whether the value is an architecture with every size within the bounds."""
        return (
            isinstance(architecture, MlpArchitecture)
            and len(architecture.units) in LAYERS
            and all(units in UNITS for units in architecture.units)
        )

    def to_json(self, architecture: MlpArchitecture) -> dict[str, Any]:
        """The architecture as JSON values."""
        return {"units": list(architecture.units)}

    def from_json(self, document: Mapping[str, Any]) -> MlpArchitecture:
        """The architecture that `to_json` wrote down.

        Raises:
            SpaceError: if the document is malformed, or a size is out of bounds.
        """
        reader = Reader(NAME)
        listed = reader.part(document, "units", (list,), "the architecture")
        architecture = MlpArchitecture(tuple(reader.checked(value, (int,), "a layer's units") for value in listed))
        if not self.contains(architecture):
            raise reader.error("a size is outside its bounds")
        return architecture

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The number of layers, and the units of each that there may be."""
        return (
            Choice("layers", len(LAYERS)),
            *(Choice(f"units_{n}", len(UNITS)) for n in range(LAYERS[-1])),
        )

    def encode(self, architecture: MlpArchitecture) -> tuple[int, ...]:
        """The vector of a network; units of layers that it does not have are 0."""
        units = [UNITS.index(units) for units in architecture.units]
        return (LAYERS.index(len(units)), *units, *[0] * (LAYERS[-1] - len(units)))

    def decode(self, vector: Sequence[int]) -> MlpArchitecture:
        """The network of any vector within the sizes of the choices."""
        layers, *units = vector
        return MlpArchitecture(tuple(UNITS[place] for place in units[: LAYERS[layers]]))

    def lower(self, architecture: MlpArchitecture) -> Graph:
        """The network as operators, from an input of (1, height, width, channels) to the logits."""
        builder = GraphBuilder(NAME)
        x = builder.flatten(builder.input(self.input_shape))
        for units in architecture.units:
            x = builder.dense(x, units, activation="relu")
        return builder.build(builder.dense(x, logit_count(self.num_classes)))

    def smallest(self) -> tuple[MlpArchitecture, ...]:
        """The cheapest network in every resource: one layer of the fewest units."""
        return (MlpArchitecture((UNITS[0],)),)


def _vary(units: tuple[int, ...], draws: Draws) -> Iterator[tuple[int, ...]]:
    if len(units) - 1 in LAYERS:
        gone = draws.choice(range(len(units)))
        yield units[:gone] + units[gone + 1 :]
    if len(units) + 1 in LAYERS:
        yield (*units, draws.choice(UNITS))
    for i, count in enumerate(units):
        for step in STEPS:
            if count + step in UNITS:
                yield (*units[:i], count + step, *units[i + 1 :])
