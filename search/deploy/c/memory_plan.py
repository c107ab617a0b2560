"""Where every tensor lies in the one static buffer: the order with the smallest peak, and offsets for it.

A reshaped tensor is its source under another name, and what works element by element writes over a term that nothing
else needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from resource_models import Graph, Operator, TensorSpec, minimum_peak_schedule
from resource_models.graph import operators as op
from search.deploy.integer.elementwise import Product, Sum
from search.deploy.integer.lookup import Lookup
from search.deploy.integer.network import IntegerNetwork, Layer
from search.deploy.integer.shaping import Reshape
from search.errors import DeployError

_ATTEMPTS = 2000
_Request = tuple[int, int, int]
"""Bytes, first and last step."""


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """The static buffer.

    Attributes:
        layers: the layers that compute something, in the order in which they run.
        offsets: byte of each tensor that is not a constant.
        bytes: of the buffer.
        least_bytes: what is alive at once at the worst step; no layout of this order takes less.
    """

    layers: tuple[Layer, ...]
    offsets: dict[int, int]
    bytes: int
    least_bytes: int


def memory_plan(network: IntegerNetwork) -> MemoryPlan:
    """The plan of a network.

    Raises:
        DeployError: no layer computes anything.
    """
    roots = _roots(network)
    layers = [layer for layer in network.layers if not isinstance(layer.operation, Reshape)]
    if not layers:
        raise DeployError("The model computes nothing; there is nothing to export.")
    order = minimum_peak_schedule(_graph(network, layers, roots), inplace_add=True).order
    ordered = tuple(layers[index] for index in order)
    shared = _shared(network, ordered, roots)
    buffers = _requests(network, ordered, {tensor: shared[root] for tensor, root in roots.items()})
    places, size = _placed(list(buffers.values()))
    offset = dict(zip(buffers, places, strict=True))
    offsets = {tensor: offset[shared[root]] for tensor, root in roots.items()}
    return MemoryPlan(ordered, offsets, size, _least(list(buffers.values())))


def _roots(network: IntegerNetwork) -> dict[int, int]:
    """Of each tensor that is computed, the one whose bytes it has."""
    roots = {network.input: network.input}
    for layer in network.layers:
        is_same = isinstance(layer.operation, Reshape)
        roots[layer.output] = roots[layer.inputs[0]] if is_same else layer.output
    return roots


def _graph(network: IntegerNetwork, layers: Sequence[Layer], roots: dict[int, int]) -> Graph:
    """For the scheduler: sums stand for all that may overwrite a term."""
    tensors = tuple(TensorSpec(tensor.name, tensor.shape) for tensor in network.tensors)
    operators = [
        Operator(
            layer.name,
            op.Add() if _in_place(layer) else op.Flatten(),
            tuple(roots[tensor] for tensor in layer.inputs if tensor in roots),
            (layer.output,),
        )
        for layer in layers
    ]
    return Graph("plan", tensors, tuple(operators), (network.input,), (roots[network.output],))


def _in_place(layer: Layer) -> bool:
    return isinstance(layer.operation, (Sum, Product, Lookup))


def _shared(network: IntegerNetwork, layers: Sequence[Layer], roots: dict[int, int]) -> dict[int, int]:
    """Of each root the buffer that it shares: that of the term it overwrites."""
    last = {roots[tensor]: step for step, layer in enumerate(layers) for tensor in layer.inputs if tensor in roots}
    last[roots[network.output]] = len(layers)
    buffer = {network.input: network.input}
    for step, layer in enumerate(layers):
        terms = {roots[tensor] for tensor in layer.inputs if tensor in roots} if _in_place(layer) else set()
        size = network.tensors[layer.output].size
        free = [term for term in sorted(terms) if last[term] == step and network.tensors[term].size == size]
        buffer[layer.output] = buffer[free[0]] if free else layer.output
    return buffer


def _requests(network: IntegerNetwork, layers: Sequence[Layer], buffer: dict[int, int]) -> dict[int, _Request]:
    """Of each buffer its bytes, first and last step."""
    spans = {buffer[network.input]: [0, 0]}
    for step, layer in enumerate(layers):
        for tensor in (*layer.inputs, layer.output):
            if tensor in buffer:
                spans.setdefault(buffer[tensor], [step, step])[1] = step
    spans[buffer[network.output]][1] = len(layers) - 1
    return {number: (network.tensors[number].size, first, last) for number, (first, last) in spans.items()}


def _placed(requests: list[_Request]) -> tuple[list[int], int]:
    """An offset for each, and the bytes of all: the best of many greedy layouts, the first that cannot be beaten."""
    least = _least(requests)
    best: tuple[list[int], int] | None = None
    for order in _orders(requests):
        found = _laid_out(requests, order)
        if best is None or found[1] < best[1]:
            best = found
        if best[1] == least:
            break
    assert best is not None
    return best


def _orders(requests: list[_Request]) -> Iterator[list[int]]:
    numbers = list(range(len(requests)))
    yield sorted(numbers, key=lambda i: -requests[i][0])
    yield sorted(numbers, key=lambda i: -requests[i][0] * (requests[i][2] - requests[i][1] + 1))
    yield sorted(numbers, key=lambda i: (requests[i][1], -requests[i][0]))
    rng = np.random.default_rng(0)
    for _ in range(_ATTEMPTS):
        yield [int(i) for i in rng.permutation(len(requests))]


def _laid_out(requests: list[_Request], order: Sequence[int]) -> tuple[list[int], int]:
    """Each at the lowest offset that is free as long as it lives."""
    offsets = [0] * len(requests)
    done: list[int] = []
    for number in order:
        size, first, last = requests[number]
        others = sorted((offsets[i], offsets[i] + requests[i][0]) for i in done if _meet(requests[i], first, last))
        for begin, end in others:
            if begin - offsets[number] >= size:
                break
            offsets[number] = max(offsets[number], end)
        done.append(number)
    return offsets, max(offset + requests[number][0] for number, offset in enumerate(offsets))


def _meet(request: _Request, first: int, last: int) -> bool:
    return request[1] <= last and first <= request[2]


def _least(requests: list[_Request]) -> int:
    steps = range(max(last for _, _, last in requests) + 1)
    return max(sum(size for size, first, last in requests if first <= step <= last) for step in steps)
