"""How long each buffer of a network with several subgraphs lives, as TensorFlow Lite Micro plans them together.

The memory of all subgraphs is one plan. Time is counted in scopes: each operator has one, and a subgraph that it calls
takes the scopes between its own and the next operator's, so that what the caller holds is kept meanwhile.
"""

from __future__ import annotations

from resource_models.graph.graph import Graph
from resource_models.graph.operators import Other

Span = list[int]
"""First and last scope."""


class Lifetimes:
    """The spans of tensors and operators.

    Attributes:
        graphs: The network, then its subgraphs.
        tensors: The span of each tensor that is used, by graph and tensor.
        operators: The span of each operator with what it calls, by graph and operator.
        starts: The scope in which each operator of the network begins.
    """

    def __init__(self, graph: Graph) -> None:
        self.graphs = (graph, *graph.subgraphs)
        self.tensors: dict[tuple[int, int], Span] = {}
        self.operators: dict[tuple[int, int], Span] = {}
        self.starts: list[int] = []
        self._scope = 0
        self._run(0)

    def _run(self, number: int) -> None:
        graph = self.graphs[number]
        for tensor in graph.inputs:
            self._touch(number, tensor)
        for place, operator in enumerate(graph.operators):
            self._scope += 1
            begin = self._scope
            if number == 0:
                self.starts.append(begin)
            for tensor in operator.outputs:
                self.tensors.setdefault((number, tensor), [begin, begin])
            spec = operator.spec
            for called in spec.calls if isinstance(spec, Other) else ():
                self._scope += 1
                self._run(called)
            for tensor in (*operator.inputs, *operator.outputs):
                self._touch(number, tensor)
            self.operators.setdefault((number, place), [begin, begin])[1] = self._scope
        for tensor in graph.outputs:
            self._touch(number, tensor)

    def _touch(self, number: int, tensor: int) -> None:
        self.tensors.setdefault((number, tensor), [self._scope, self._scope])[1] = self._scope
