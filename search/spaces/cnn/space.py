"""The CNN search space of μNAS for one task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from resource_models import Graph
from search.spaces.base import Choice, SpaceError
from search.spaces.cnn import encoding, lowering, serialisation
from search.spaces.cnn.architecture import KERNELS, CnnArchitecture, within_bounds
from search.spaces.cnn.morphisms import parts
from search.spaces.cnn.sampling import random_architecture
from search.spaces.cnn.smallest import smallest_family
from search.spaces.draws import Draws, any_of_any
from search.spaces.task import TaskSpace


class CnnSpace(TaskSpace):
    """Up to ten blocks of convolutions, serial or in parallel, a pooling, and dense layers.

    Source: Liberis, Dudziak, Lane, "μNAS: Constrained Neural Architecture Search for Microcontrollers", 2020.

    Raises:
        SpaceError: if the input is no image or map or smaller than a kernel, or there are fewer than two classes.
    """

    def __init__(self, input_shape: Sequence[int], num_classes: int) -> None:
        super().__init__("cnn", input_shape, num_classes, shortest=min(KERNELS))

    def sample(self, rng: np.random.Generator) -> CnnArchitecture:
        """A random architecture."""
        return random_architecture(Draws(rng))

    def neighbours(self, architecture: CnnArchitecture, rng: np.random.Generator) -> tuple[CnnArchitecture, ...]:
        """Every architecture one morphism away, with its open choices drawn from `rng`."""
        return tuple(chain.from_iterable(group for _, group in parts(architecture, Draws(rng))))

    def neighbour(self, architecture: CnnArchitecture, rng: np.random.Generator) -> CnnArchitecture:
        """One of the neighbours: drawn from `rng`, all about as likely."""
        return any_of_any(parts(architecture, Draws(rng)), rng)

    def contains(self, architecture: Any) -> bool:
        """Whether the value is an architecture with every size within the bounds."""
        return isinstance(architecture, CnnArchitecture) and within_bounds(architecture)

    def to_json(self, architecture: CnnArchitecture) -> dict[str, Any]:
        """The architecture as JSON values."""
        return serialisation.to_json(architecture)

    def from_json(self, document: Mapping[str, Any]) -> CnnArchitecture:
        """The architecture that `to_json` wrote down.

        Raises:
            SpaceError: if the document is malformed, or a size is out of bounds.
        """
        architecture = serialisation.from_json(document)
        if not within_bounds(architecture):
            raise SpaceError("this is not an architecture of the cnn space: a size is outside its bounds")
        return architecture

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What a network is chosen by: numbers of blocks and layers, and everything about each that there may be."""
        return encoding.choices()

    def encode(self, architecture: CnnArchitecture) -> tuple[int, ...]:
        """The vector of a network of the space."""
        return encoding.encode(architecture)

    def decode(self, vector: Sequence[int]) -> CnnArchitecture:
        """The network of any vector within the sizes of the choices."""
        return encoding.decode(vector)

    def lower(self, architecture: CnnArchitecture) -> Graph:
        """The network as operators, from an input of (1, height, width, channels) to the logits."""
        return lowering.lower(architecture, self.input_shape, self.num_classes)

    def smallest(self) -> tuple[CnnArchitecture, ...]:
        """A few hundred networks, the cheapest of the space by memory, size and MACs among them."""
        return smallest_family()
