"""The tensor arena of TensorFlow Lite Micro: which buffer lies where, for how long, and what the rest takes.

The head of the arena holds activations and kernel scratch. TFLM's greedy planner lays them out: buffers by
falling size, of equal ones the last first, each at the lowest offset that no buffer of an overlapping
lifetime takes, all sizes rounded up to 16 bytes. The tail holds what stays: structures per tensor and
operator, multipliers per channel.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import dataclass

from resource_models.graph.graph import Graph
from resource_models.memory import kernel_memory as kernels
from resource_models.memory.kernel_memory import KernelLibrary, align
from resource_models.memory.lifetimes import Lifetimes

_Request = tuple[int, int, int]
"""Size in bytes, first and last step."""
_Requests = tuple[list[_Request], list[int | None], int]
"""Requests, whose tensor each is, and how many of them kernels borrow while they run."""


@dataclass(frozen=True, slots=True)
class Buffer:
    """A piece of the arena's head: offset and size in bytes, alive from `first_step` to `last_step` inclusive.

    `tensor` is its index in the graph of the file, None for a kernel's scratch and what a subgraph needs.
    """

    name: str
    tensor: int | None
    offset: int
    size: int
    first_step: int
    last_step: int


@dataclass(frozen=True, slots=True)
class ArenaPlan:
    """The whole arena: the buffers of the head over the operators of the file, and the bytes of head and tail."""

    buffers: tuple[Buffer, ...]
    operators: tuple[str, ...]
    head_bytes: int
    persistent_bytes: int

    @property
    def arena_bytes(self) -> int:
        """Bytes of `tensor_arena` that an inference needs."""
        return self.head_bytes + self.persistent_bytes


def plan_of(converted: Graph, library: KernelLibrary) -> ArenaPlan:
    """The arena of a graph as `as_converted` gives it, its operators in the order of the file."""
    requests, owners, borrowed = _requests(converted, library)
    offsets, head = greedy_offsets(requests)
    starts = Lifetimes(converted).starts if converted.subgraphs else None
    buffers = []
    for owner, (size, *span), offset in zip(owners, requests, offsets, strict=True):
        first, last = span if starts is None else (max(bisect_right(starts, scope) - 1, 0) for scope in span)
        user = converted.operators[first].name if converted.operators else ""
        name = f"scratch of {user}" if owner is None else converted.tensors[owner].name
        buffers.append(Buffer(name, owner, offset, size, first, last))
    names = tuple(operator.name for operator in converted.operators)
    return ArenaPlan(tuple(buffers), names, head, persistent_bytes(converted, library, borrowed))


def size_of(converted: Graph, library: KernelLibrary) -> int:
    """Bytes of the arena of a graph as `as_converted` gives it; the fast path."""
    requests, _, borrowed = _requests(converted, library)
    return greedy_offsets(requests)[1] + persistent_bytes(converted, library, borrowed)


def greedy_offsets(requests: list[_Request]) -> tuple[list[int], int]:
    """The greedy planner: an offset for each request, and the end of the last buffer."""
    offsets = [0] * len(requests)
    placed: list[tuple[int, int, int, int]] = []
    head = 0
    for index in sorted(range(len(requests)), key=lambda i: (-requests[i][0], -i)):
        size, first, last = requests[index]
        offset = 0
        for other, end, other_first, other_last in placed:
            if other_first > last or other_last < first:
                continue
            if other - offset >= size:
                break
            offset = max(offset, end)
        offsets[index] = offset
        end = offset + size
        insort(placed, (offset, end, first, last))
        head = max(head, end)
    return offsets, head


def _requests(graph: Graph, library: KernelLibrary) -> _Requests:
    """What the planner is asked for: every tensor, then every kernel's scratch."""
    if graph.subgraphs or graph.constants:
        return _requests_of_all(graph, library)
    final = len(graph.operators) - 1
    kept = set(graph.outputs)
    requests: list[_Request] = []
    owners: list[int | None] = []
    producers, consumers = graph.producers, graph.consumers
    for tensor, spec in enumerate(graph.tensors):
        first = producers[tensor] or 0
        readers = consumers[tensor]
        last = final if tensor in kept else readers[-1] if readers else first
        requests.append((align(spec.size_bytes), first, last))
        owners.append(tensor)
    for index, operator in enumerate(graph.operators):
        for size in library.scratch_buffers(graph, operator):
            requests.append((align(size), index, index))
            owners.append(None)
    return requests, owners, len(requests) - len(graph.tensors)


def _requests_of_all(graph: Graph, library: KernelLibrary) -> _Requests:
    """The same for several subgraphs; constants and handles of variables lie elsewhere."""
    spans = Lifetimes(graph)
    requests: list[_Request] = []
    owners: list[int | None] = []
    for number, each in enumerate(spans.graphs):
        elsewhere = {*each.constants, *kernels.handles(each)}
        for tensor, spec in enumerate(each.tensors):
            if tensor not in elsewhere:
                first, last = spans.tensors.get((number, tensor), (-1, -1))
                requests.append((align(spec.size_bytes), first, last))
                owners.append(None if number else tensor)
    tensors = len(requests)
    for number, each in enumerate(spans.graphs):
        for place, operator in enumerate(each.operators):
            first, last = spans.operators.get((number, place), (-1, -1))
            for size in library.scratch_buffers(each, operator):
                requests.append((align(size), first, last))
                owners.append(None)
    return requests, owners, len(requests) - tensors


def persistent_bytes(converted: Graph, library: KernelLibrary, borrowed: int) -> int:
    """Bytes of the arena's tail, taken in TFLM's order: structures, kernels' buffers, handles, states, edges.

    Args:
        converted: The graph as `as_converted` gives it.
        library: Its kernels.
        borrowed: How many buffers they borrow while they run.
    """
    graphs = (converted, *converted.subgraphs) if converted.subgraphs else (converted,)
    used = library.fixed_bytes + kernels.SUBGRAPH_BYTES * (len(graphs) - 1)
    buffers: list[int] = []
    for graph in graphs:
        used += kernels.TENSOR_BYTES * _file_tensors(graph) + kernels.NODE_BYTES * len(graph.operators)
        for operator in graph.operators:
            options, kept = library.kept(graph, operator)
            # Options of a few flags lie at any byte, all others at multiples of 4.
            used += options if options & 3 else options + (-used & 3)
            buffers += kept
    if converted.subgraphs:
        variables = kernels.variable_sizes(graphs)
        used += library.variable_bytes * len(variables)
        buffers += variables
    for size in buffers:
        used = align(used + size)
    used += kernels.SCRATCH_HANDLE_BYTES * borrowed
    for graph in graphs:
        for state in dict.fromkeys(state for operator in graph.operators for state in operator.states):
            used = align(used + state.size_bytes)
    scales = converted.edge_scales or ()
    count = len(converted.inputs)
    used = _with_edges(used, converted, converted.inputs, scales[:count])
    return _with_edges(used, converted, converted.outputs, scales[count:]) + library.closing_bytes


def _file_tensors(converted: Graph) -> int:
    """How many tensors the file has; constants that several operators read count once."""
    if converted.file_tensors is not None:
        return converted.file_tensors
    constants = set()
    for operator in converted.operators:
        constants.update([constant.name for constant in operator.constants])
        constants.update([state.name for state in operator.states])
    return len(converted.tensors) + len(constants)


def _with_edges(used: int, converted: Graph, edges: tuple[int, ...], scales: tuple[int, ...]) -> int:
    """What is used with the inputs, or the outputs, on top; `scales` as the file has them."""
    used = align(used + kernels.EDGE_POINTER_BYTES * len(edges))
    for place, edge in enumerate(edges):
        used += kernels.EDGE_TENSOR_BYTES
        if scales:
            used += kernels.EDGE_QUANTIZATION_BYTES + 4 * (scales[place] - 1) if scales[place] else 0
        elif converted.tensors[edge].dtype in ("int8", "uint8", "int16"):
            used += kernels.EDGE_QUANTIZATION_BYTES
    return used
