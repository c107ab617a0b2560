"""The memory problem of a graph without its operators' meaning: who writes and reads which tensor of what size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from resource_models.graph.graph import Graph
from resource_models.graph.operators import Add


@dataclass(frozen=True, slots=True)
class MemoryProblem:
    """What schedules need to know.

    Attributes:
        sizes: Bytes per tensor; 0 for tensors that are not counted.
        reads: Per operator its distinct input tensors.
        writes: Per operator its output tensors.
        overwrites: Per operator the inputs that its output may overwrite when nothing else needs them.
        consumers: Per tensor the operators that read it.
        kept: Tensors that stay until the end: the outputs of the graph.
        inputs: Tensors that are there from the start.
    """

    sizes: tuple[int, ...]
    reads: tuple[tuple[int, ...], ...]
    writes: tuple[tuple[int, ...], ...]
    overwrites: tuple[tuple[int, ...], ...]
    consumers: tuple[tuple[int, ...], ...]
    kept: frozenset[int]
    inputs: tuple[int, ...]

    @classmethod
    def of(
        cls, graph: Graph, *, inplace_add: bool, count_inputs: bool, bytes_per_element: int | None = None
    ) -> MemoryProblem:
        """The problem of `graph`; `bytes_per_element` overrides the tensors' own element types."""
        if bytes_per_element is None:
            sizes = [tensor.size_bytes for tensor in graph.tensors]
        else:
            sizes = [tensor.elements * bytes_per_element for tensor in graph.tensors]
        if not count_inputs:
            for tensor in graph.inputs:
                sizes[tensor] = 0
        kept = frozenset(graph.outputs)
        reads, overwrites = [], []
        for operator in graph.operators:
            inputs = operator.inputs
            distinct = inputs if len(inputs) == 1 else tuple(dict.fromkeys(inputs))
            reads.append(distinct)
            if inplace_add and type(operator.spec) is Add:
                size = sizes[operator.outputs[0]]
                overwrites.append(tuple([t for t in distinct if sizes[t] == size and t not in kept]))
            else:
                overwrites.append(())
        writes = tuple([operator.outputs for operator in graph.operators])
        return cls(tuple(sizes), tuple(reads), writes, tuple(overwrites), graph.consumers, kept, graph.inputs)

    @property
    def start_bytes(self) -> int:
        """Bytes in memory before the first operator."""
        return sum([self.sizes[tensor] for tensor in self.inputs])

    def live_bytes(self, finished: range) -> int:
        """Bytes in memory when the operators of the file's order in `finished`, a range from 0, have run."""
        produced = {*self.inputs, *(tensor for operator in finished for tensor in self.writes[operator])}
        return sum(
            self.sizes[tensor]
            for tensor in produced
            if tensor in self.kept or any(reader >= finished.stop for reader in self.consumers[tensor])
        )

    def lower_bound(self) -> int:
        """Bytes that some step needs in any order: the largest operator with what it reads and writes."""
        sizes = self.sizes
        bound = max(self.start_bytes, sum([sizes[tensor] for tensor in self.kept]))
        for reads, writes, overwrites in zip(self.reads, self.writes, self.overwrites, strict=True):
            needed = 0
            for tensor in reads:
                needed += sizes[tensor]
            for tensor in writes:
                needed += sizes[tensor]
            if overwrites:
                needed -= sizes[writes[0]]
            bound = max(bound, needed)
        return bound

    def step_bytes(self, order: Sequence[int]) -> list[int]:
        """Bytes in memory while each operator of `order` runs."""
        sizes, kept = self.sizes, self.kept
        waiting = [len(readers) for readers in self.consumers]
        live = self.start_bytes
        steps = []
        for operator in order:
            writes = self.writes[operator]
            for tensor in writes:
                live += sizes[tensor]
            step = live
            overwrites = self.overwrites[operator]
            if overwrites and any(waiting[tensor] == 1 for tensor in overwrites):
                step -= sizes[writes[0]]
            steps.append(step)
            for tensor in self.reads[operator]:
                waiting[tensor] -= 1
                if not waiting[tensor] and tensor not in kept:
                    live -= sizes[tensor]
            for tensor in writes:
                if not waiting[tensor] and tensor not in kept:
                    live -= sizes[tensor]
        return steps

    def live_sets(self, order: Sequence[int]) -> list[tuple[int, ...]]:
        """Tensors in memory while each operator of `order` runs, in ascending order; uncounted inputs are left out.

        An input that the operator overwrites is left out too: it is the output's memory.
        """
        waiting = [len(readers) for readers in self.consumers]
        live = {tensor for tensor in self.inputs if self.sizes[tensor]}
        sets = []
        for operator in order:
            live.update(self.writes[operator])
            gone = [tensor for tensor in self.overwrites[operator] if waiting[tensor] == 1][:1]
            sets.append(tuple(sorted(live.difference(gone))))
            for tensor in self.reads[operator]:
                waiting[tensor] -= 1
            done = [*self.reads[operator], *self.writes[operator]]
            live.difference_update(t for t in done if not waiting[t] and t not in self.kept)
        return sets
