"""The extended CNN space for one task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from resource_models import Graph
from search.spaces.base import SpaceError
from search.spaces.cnn.architecture import KERNELS
from search.spaces.cnn_extended import lowering, serialisation
from search.spaces.cnn_extended.architecture import ExtendedArchitecture, within_bounds
from search.spaces.cnn_extended.morphisms import parts
from search.spaces.cnn_extended.sampling import random_architecture
from search.spaces.cnn_extended.smallest import smallest_family
from search.spaces.draws import Draws, any_of_any
from search.spaces.task import TaskSpace


class CnnExtendedSpace(TaskSpace):
    """Pooling of the input, up to ten blocks, those of the cnn space among them, a head with or without dense layers.

    Holds every network of the cnn space; `from_cnn` gives it. Long inputs, such as sound and sensor readings of shape
    (time, 1, channels), are read along their length.

    Raises:
        SpaceError: if the input is no map or too small for a kernel, or there are fewer than two classes.
    """

    def __init__(self, input_shape: Sequence[int], num_classes: int) -> None:
        super().__init__("cnn-extended", input_shape, num_classes, shortest=min(KERNELS))

    def sample(self, rng: np.random.Generator) -> ExtendedArchitecture:
        """A random architecture; most are small."""
        return random_architecture(Draws(rng))

    def neighbours(
        self, architecture: ExtendedArchitecture, rng: np.random.Generator
    ) -> tuple[ExtendedArchitecture, ...]:
        """Every architecture one morphism away, with its open choices drawn from `rng`."""
        return tuple(chain.from_iterable(group for _, group in parts(architecture, Draws(rng))))

    def neighbour(self, architecture: ExtendedArchitecture, rng: np.random.Generator) -> ExtendedArchitecture:
        """One of the neighbours: drawn from `rng`, all about as likely."""
        return any_of_any(parts(architecture, Draws(rng)), rng)

    def contains(self, architecture: Any) -> bool:
        """Whether the value is an architecture with every size within the bounds."""
        return isinstance(architecture, ExtendedArchitecture) and within_bounds(architecture)

    def to_json(self, architecture: ExtendedArchitecture) -> dict[str, Any]:
        """The architecture as JSON values."""
        return serialisation.to_json(architecture)

    def from_json(self, document: Mapping[str, Any]) -> ExtendedArchitecture:
        """The architecture that `to_json` wrote down.

        Raises:
            SpaceError: if the document is malformed, or a size is out of bounds.
        """
        architecture = serialisation.from_json(document)
        if not within_bounds(architecture):
            raise SpaceError(f"this is not an architecture of the {self.name} space: a size is outside its bounds")
        return architecture

    def lower(self, architecture: ExtendedArchitecture) -> Graph:
        """The network as operators, from an input of (1, height, width, channels) to the logits."""
        return lowering.lower(architecture, self.input_shape, self.num_classes)

    def smallest(self) -> tuple[ExtendedArchitecture, ...]:
        """A few hundred networks, the cheapest of the space by memory, size and MACs among them."""
        return smallest_family()
