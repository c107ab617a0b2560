"""Which channels of a network can be removed, and the network without them; shapes only, no weights.

A channel that several layers write (the paths into a sum) or carry on (pooling, padding, depthwise convolution) can
only go from all of them at once: such layers form a group. What is removed must not change what the rest computes,
given that the removed channels are zero everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from resource_models import (
    Add,
    AveragePool2D,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Flatten,
    Graph,
    MaxPool2D,
    Operator,
    Pad,
    TensorSpec,
)
from resource_models.graph.shapes import output_shapes

Mask = NDArray[np.bool_]

_CARRIERS = (MaxPool2D, AveragePool2D, Pad, Add)


@dataclass(frozen=True, slots=True)
class ChannelGroup:
    """Layers that share their output channels.

    Attributes:
        name: of its first producer.
        channels: how many there are.
        producers: convolutions and dense layers that write them.
        carriers: depthwise convolutions that carry them on.
    """

    name: str
    channels: int
    producers: tuple[str, ...]
    carriers: tuple[str, ...]


def channel_groups(graph: Graph) -> tuple[ChannelGroup, ...]:
    """The groups whose channels pruning may remove.

    Not among them are the network's input and output, layers that read the input (through pooling too), and whatever
    shares its channels with one of those.
    """
    sets = _Sets(len(graph.tensors))
    for operator in graph.operators:
        _join(sets, operator)
    fixed = _fixed(graph, sets)
    members: dict[int, list[Operator]] = {}
    for operator in graph.operators:
        root = sets.find(operator.outputs[0])
        if root not in fixed and isinstance(operator.spec, Conv2D | Dense | DepthwiseConv2D):
            members.setdefault(root, []).append(operator)
    return tuple(_group(graph, operators) for operators in members.values())


def kept_evenly(graph: Graph, sparsity: float) -> dict[str, int]:
    """Channels that each group keeps if all lose the same share; at least one each."""
    return {g.name: max(1, round((1 - sparsity) * g.channels)) for g in channel_groups(graph)}


def prunable_weights(graph: Graph) -> int:
    """Weights that pruning may set to zero one by one: those of all layers but the last, without biases."""
    return sum(
        operator.constants[0].elements
        for operator in graph.operators
        if isinstance(operator.spec, Conv2D | DepthwiseConv2D | Dense) and operator.outputs[0] not in graph.outputs
    )


def with_channels(graph: Graph, channels: Mapping[str, int]) -> Graph:
    """The graph with other numbers of channels in the named groups."""
    counts = {
        producer: channels[group.name]
        for group in channel_groups(graph)
        if group.name in channels
        for producer in group.producers
    }
    tensors, operators = list(graph.tensors), []
    for operator in graph.operators:
        shapes = tuple(tensors[index].shape for index in operator.inputs)
        constants = _resized(operator, shapes[0][-1], counts.get(operator.name))
        (shape,) = output_shapes(operator.name, operator.spec, shapes, tuple(c.shape for c in constants))
        output = operator.outputs[0]
        tensors[output] = replace(tensors[output], shape=shape)
        operators.append(replace(operator, constants=constants))
    return Graph(graph.name, tuple(tensors), tuple(operators), graph.inputs, graph.outputs)


def tensor_masks(graph: Graph, kept: Mapping[str, Mask]) -> tuple[Mask, ...]:
    """Per tensor, which entries of its last axis remain when the groups keep the channels in `kept`."""
    by_producer = {
        producer: kept[group.name]
        for group in channel_groups(graph)
        if group.name in kept
        for producer in group.producers
    }
    masks = [np.ones(tensor.shape[-1], dtype=bool) for tensor in graph.tensors]
    for operator in graph.operators:
        source, output = operator.inputs[0], operator.outputs[0]
        if isinstance(operator.spec, Conv2D | Dense):
            masks[output] = by_producer.get(operator.name, masks[output])
        elif isinstance(operator.spec, Flatten):
            positions = graph.tensors[output].shape[-1] // len(masks[source])
            masks[output] = np.tile(masks[source], positions)
        elif _carries(operator):
            masks[output] = masks[source]
    return tuple(masks)


class _Sets:
    """Disjoint sets of tensors."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def find(self, item: int) -> int:
        while self._parent[item] != item:
            item = self._parent[item]
        return item

    def join(self, items: Iterable[int]) -> None:
        first, *others = (self.find(item) for item in items)
        for other in others:
            self._parent[self.find(other)] = self.find(first)


def _carries(operator: Operator) -> bool:
    """Whether the operator's output has the channels of its inputs, each zero where they are."""
    spec = operator.spec
    return isinstance(spec, _CARRIERS) or (isinstance(spec, DepthwiseConv2D) and spec.multiplier == 1)


def _join(sets: _Sets, operator: Operator) -> None:
    if _carries(operator):
        sets.join((*operator.inputs, *operator.outputs))


def _fixed(graph: Graph, sets: _Sets) -> set[int]:
    """Roots of the sets that must keep all channels."""
    sources = {sets.find(tensor) for tensor in graph.inputs}
    fixed = sources | {sets.find(tensor) for tensor in graph.outputs}
    for operator in graph.operators:
        reads = {sets.find(tensor) for tensor in operator.inputs}
        output = sets.find(operator.outputs[0])
        if isinstance(operator.spec, Flatten):
            if reads & sources:
                sources.add(output)
            fixed.add(output)  # its entries are channels times positions, decided by the map before it
        elif isinstance(operator.spec, Conv2D | Dense):
            if reads & sources:
                fixed.add(output)
        elif not _carries(operator):
            fixed |= {output, *reads}
    return fixed


def _group(graph: Graph, operators: list[Operator]) -> ChannelGroup:
    producers = tuple(o.name for o in operators if not isinstance(o.spec, DepthwiseConv2D))
    return ChannelGroup(
        name=producers[0],
        channels=graph.tensors[operators[0].outputs[0]].shape[-1],
        producers=producers,
        carriers=tuple(o.name for o in operators if isinstance(o.spec, DepthwiseConv2D)),
    )


def _resized(operator: Operator, inputs: int, outputs: int | None) -> tuple[TensorSpec, ...]:
    """The constants of a layer for so many input channels and, unless None, output channels."""
    if not operator.constants:
        return ()
    weights, *biases = operator.constants
    if isinstance(operator.spec, DepthwiseConv2D):
        count = inputs * operator.spec.multiplier
        shape = (*weights.shape[:-1], count)
    else:
        count = weights.shape[0] if outputs is None else outputs
        shape = (count, *weights.shape[1:-1], inputs)
    return (replace(weights, shape=shape), *(replace(bias, shape=(count,)) for bias in biases))
