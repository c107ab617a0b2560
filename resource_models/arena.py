"""The tensor arena of TensorFlow Lite Micro: which buffer lies where, for how long, and how much the rest takes.

The head of the arena holds activations and kernel scratch, laid out by TFLM's greedy planner: buffers by falling size,
each at the lowest 16-byte aligned offset that no buffer of an overlapping lifetime takes. The tail holds what
stays: structures per tensor and operator, and per-channel multipliers and shifts.
"""

from __future__ import annotations

from dataclasses import dataclass

from resource_models import operators as op
from resource_models.converted import as_converted
from resource_models.graph import Graph

ALIGNMENT = 16
_FIXED_BYTES = 1300
_OPERATOR_BYTES = 110
_CHANNEL_BYTES = 8


@dataclass(frozen=True, slots=True)
class Buffer:
    """A piece of the arena's head: offset and size in bytes, alive from `first_step` to `last_step` inclusive."""

    name: str
    offset: int
    size: int
    first_step: int
    last_step: int


@dataclass(frozen=True, slots=True)
class ArenaPlan:
    """The whole arena. `arena_bytes` is the sum of the head and of what is persistent."""

    buffers: tuple[Buffer, ...]
    head_bytes: int
    persistent_bytes: int

    @property
    def arena_bytes(self) -> int:
        """Bytes of `tensor_arena` that an inference needs."""
        return self.head_bytes + self.persistent_bytes


def plan_arena(graph: Graph) -> ArenaPlan:
    """The arena of the file that our converter writes for `graph`, its operators in the order of the file."""
    return plan_converted(as_converted(graph))


def plan_converted(converted: Graph) -> ArenaPlan:
    """The arena of a graph as it is in the file."""
    requests = _lifetimes(converted)
    offsets = greedy_offsets([(size, first, last) for _, size, first, last in requests])
    buffers = tuple(
        Buffer(name, offset, size, first, last)
        for (name, size, first, last), offset in zip(requests, offsets, strict=True)
    )
    head = max((buffer.offset + buffer.size for buffer in buffers), default=0)
    return ArenaPlan(buffers, head, _persistent_bytes(converted))


def greedy_offsets(requests: list[tuple[int, int, int]]) -> list[int]:
    """Offset for each (aligned size, first step, last step), by falling size, lowest gap first."""
    offsets = [0] * len(requests)
    placed: list[tuple[int, int, int, int]] = []
    for index in sorted(range(len(requests)), key=lambda i: -requests[i][0]):
        size, first, last = requests[index]
        offset = 0
        for other, other_size, other_first, other_last in placed:
            if other_first > last or other_last < first:
                continue
            if other - offset >= size:
                break
            offset = max(offset, other + other_size)
        offsets[index] = offset
        placed.append((offset, size, first, last))
        placed.sort()
    return offsets


def _lifetimes(graph: Graph) -> list[tuple[str, int, int, int]]:
    last_step = len(graph.operators) - 1
    requests = []
    for tensor, spec in enumerate(graph.tensors):
        producer = graph.producers[tensor]
        readers = graph.consumers[tensor]
        first = 0 if producer is None else producer
        last = last_step if tensor in graph.outputs or not readers else readers[-1]
        requests.append((spec.name, align(spec.size_bytes), first, last))
    return requests


def align(size: int) -> int:
    """`size` rounded up to the arena's alignment."""
    return -(-size // ALIGNMENT) * ALIGNMENT


def _persistent_bytes(graph: Graph) -> int:
    total = _FIXED_BYTES + _OPERATOR_BYTES * len(graph.operators)
    for operator in graph.operators:
        if isinstance(operator.spec, (op.Conv2D, op.DepthwiseConv2D)):
            total += _CHANNEL_BYTES * operator.constants[0].shape[0 if isinstance(operator.spec, op.Conv2D) else 3]
    return total
