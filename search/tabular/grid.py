"""A sub-space of `cnn` that is small enough to train every network of it: one or two convolutions, a pooling, a layer.

Each network is a choice from every list; a morphism moves one choice to its neighbour in its list, so the sub-space is
closed under its morphisms and connected by them.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from resource_models import Graph
from search.spaces import SpaceError
from search.spaces import space as find_space
from search.spaces.base import Choice
from search.spaces.cnn.architecture import (
    CnnArchitecture,
    ConvBlock,
    ConvLayer,
    FinalPooling,
    LayerType,
    PoolingType,
)

FILTERS_1, FILTERS_1_HALVED = (4, 8, 16), (4, 8, 12, 16)
KERNELS_1, KERNELS_1_HALVED = (3, 5), (3, 5, 7)
STRIDES_1, STRIDES_1_HALVED = (1, 2), (2,)
SECOND = ("none", "separable", "conv")
FILTERS_2 = (8, 16, 32)
STRIDES_2 = (1, 2)
POOLINGS: tuple[FinalPooling | None, ...] = (
    FinalPooling(PoolingType.AVERAGE, 4),
    FinalPooling(PoolingType.AVERAGE, 2),
    FinalPooling(PoolingType.MAX, 2),
    None,
)
UNITS = (10, 24, 64)

Vector = tuple[int, ...]
_LATER: tuple[Sequence[Any], ...] = (SECOND, FILTERS_2, STRIDES_2, POOLINGS, UNITS)
_LISTS = (FILTERS_1, KERNELS_1, STRIDES_1, *_LATER)
_LISTS_HALVED = (FILTERS_1_HALVED, KERNELS_1_HALVED, STRIDES_1_HALVED, *_LATER)
_NAMES = ("filters_1", "kernel_1", "stride_1", "second", "filters_2", "stride_2", "pooling", "units")
_UNORDERED = ("second", "pooling")
_SECOND, _OF_SECOND = _NAMES.index("second"), (_NAMES.index("filters_2"), _NAMES.index("stride_2"))


class GridSpace:
    """The sub-space for one task.

    Args:
        input_shape: (height, width, channels).
        num_classes: at least 2.
        halved: for larger inputs: a 2×2 max pool comes before the first convolution, whose stride is 2; it has more
            kernels and filters to choose from instead, so that there are as many networks.
    """

    def __init__(self, input_shape: Sequence[int], num_classes: int, *, halved: bool = False) -> None:
        self._cnn = find_space("cnn", input_shape, num_classes)
        self._halved = halved
        self._lists: tuple[Sequence[Any], ...] = _LISTS_HALVED if halved else _LISTS
        choices = [c for c in itertools.product(*(range(len(values)) for values in self._lists)) if c == _canonical(c)]
        self._of_choice = {choice: self._network(choice) for choice in choices}
        self._choice_of = {network: choice for choice, network in self._of_choice.items()}
        self._networks = tuple(self._choice_of)
        self._place = {network: place for place, network in enumerate(self._networks)}

    @property
    def name(self) -> str:
        """`cnn-grid`, or `cnn-grid-halved`."""
        return "cnn-grid-halved" if self._halved else "cnn-grid"

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(height, width, channels) of one input."""
        return self._cnn.input_shape

    @property
    def num_classes(self) -> int:
        """Number of classes."""
        return self._cnn.num_classes

    @property
    def architectures(self) -> tuple[CnnArchitecture, ...]:
        """Every network, in a fixed order: the rows of a table."""
        return self._networks

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What a network is chosen by: a place in each of the lists."""
        return tuple(Choice(n, len(v), n not in _UNORDERED) for n, v in zip(_NAMES, self._lists, strict=True))

    def encode(self, architecture: CnnArchitecture) -> Vector:
        """The places of a network in the lists; without a second layer its filters and stride are 0.

        Raises:
            SpaceError: it is not of this sub-space.
        """
        return self._found(architecture)

    def decode(self, vector: Sequence[int]) -> CnnArchitecture:
        """The network at these places; without a second layer its filters and stride mean nothing.

        Raises:
            SpaceError: there are no such places.
        """
        network = self._of_choice.get(_canonical(tuple(vector)))
        if network is None:
            raise SpaceError(f"{list(vector)} is not a place in each of the lists of the space {self.name}")
        return network

    def labels(self, architecture: CnnArchitecture) -> dict[str, int | str]:
        """The choices of a network by name, as people read them; "–" where a choice means nothing.

        Raises:
            SpaceError: it is not of this sub-space.
        """
        vector = self._found(architecture)
        chosen = {name: values[place] for name, values, place in zip(_NAMES, self._lists, vector, strict=True)}
        chosen["pooling"] = _pooling_label(chosen["pooling"])
        return chosen | (dict.fromkeys(("filters_2", "stride_2"), "–") if chosen["second"] == "none" else {})

    def index(self, architecture: CnnArchitecture) -> int:
        """The place of a network among `architectures`.

        Raises:
            SpaceError: it is not of this sub-space.
        """
        self._found(architecture)
        return self._place[architecture]

    def sample(self, rng: np.random.Generator) -> CnnArchitecture:
        """A random network, uniform."""
        return self._networks[int(rng.integers(len(self._networks)))]

    def neighbours(self, architecture: CnnArchitecture, rng: np.random.Generator) -> tuple[CnnArchitecture, ...]:
        """Every network that differs in one choice by one step; what a new second layer is like is drawn."""
        choice = self._found(architecture)
        return tuple(self._moved(choice, *move, rng) for move in self._moves(choice))

    def neighbour(self, architecture: CnnArchitecture, rng: np.random.Generator) -> CnnArchitecture:
        """One of the neighbours, all equally likely."""
        choice = self._found(architecture)
        moves = self._moves(choice)
        return self._moved(choice, *moves[int(rng.integers(len(moves)))], rng)

    def _moves(self, choice: Vector) -> list[tuple[int, int]]:
        """Which of the choices may change, and to what; without a second layer not what it would be like."""
        places = [i for i in range(len(choice)) if choice[_SECOND] or i not in _OF_SECOND]
        steps = ((i, choice[i] + step) for i in places for step in (-1, 1))
        return [(i, moved) for i, moved in steps if 0 <= moved < len(self._lists[i])]

    def _moved(self, choice: Vector, place: int, moved: int, rng: np.random.Generator) -> CnnArchitecture:
        changed = (*choice[:place], moved, *choice[place + 1 :])
        if place == _SECOND and not choice[_SECOND]:
            drawn = (int(rng.integers(len(self._lists[i]))) for i in _OF_SECOND)
            changed = (*changed[: _OF_SECOND[0]], *drawn, *changed[_OF_SECOND[-1] + 1 :])
        return self._of_choice[_canonical(changed)]

    def contains(self, architecture: Any) -> bool:
        """Whether the network is of this sub-space."""
        return isinstance(architecture, CnnArchitecture) and architecture in self._choice_of

    def to_json(self, architecture: CnnArchitecture) -> dict[str, Any]:
        """The network as the space `cnn` writes it."""
        return self._cnn.to_json(architecture)

    def from_json(self, document: Mapping[str, Any]) -> CnnArchitecture:
        """The network that `to_json` wrote down.

        Raises:
            SpaceError: if the document is malformed, or describes a network outside the sub-space.
        """
        architecture: CnnArchitecture = self._cnn.from_json(document)
        self._found(architecture)
        return architecture

    def lower(self, architecture: CnnArchitecture) -> Graph:
        """The operators of the network."""
        return self._cnn.lower(architecture)

    def smallest(self) -> tuple[CnnArchitecture, ...]:
        """The networks of the fewest filters and units."""
        return tuple(self._of_choice[c] for c in self._of_choice if c[0] == 0 and c[4] == 0 and c[7] == 0)

    def _found(self, architecture: CnnArchitecture) -> Vector:
        choice = self._choice_of.get(architecture)
        if choice is None:
            raise SpaceError(f"this network is not one of the {len(self._choice_of):,} of the space {self.name}")
        return choice

    def _network(self, choice: Vector) -> CnnArchitecture:
        filters, kernel, stride, second, filters_2, stride_2, pooling, units = choice
        widths, kernels, steps, *_ = self._lists
        layers = [_layer(LayerType.CONV, kernels[kernel], widths[filters], steps[stride], pool=self._halved)]
        width, step = FILTERS_2[filters_2], STRIDES_2[stride_2]
        if SECOND[second] == "conv":
            layers.append(_layer(LayerType.CONV, 3, width, step))
        elif SECOND[second] == "separable":
            layers += [_layer(LayerType.DEPTHWISE, 3, 0, step), _layer(LayerType.POINTWISE, 1, width, 1)]
        return CnnArchitecture((ConvBlock(tuple(layers), False),), POOLINGS[pooling], (UNITS[units],))


def _pooling_label(pooling: FinalPooling | None) -> str:
    return "none" if pooling is None else f"{pooling.type.value} {pooling.size}"


def _canonical(choice: Vector) -> Vector:
    """Without a second layer its filters and stride mean nothing."""
    return choice if choice[_SECOND] else tuple(0 if i in _OF_SECOND else c for i, c in enumerate(choice))


def _layer(kind: LayerType, kernel: int, filters: int, stride: int, *, pool: bool = False) -> ConvLayer:
    return ConvLayer(kind, kernel, filters, stride, batch_norm=True, relu=True, pre_pool=pool)
