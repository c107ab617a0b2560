"""What the subgraphs of a `.tflite` file are as a `Graph`."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from resource_models.errors import ModelFileError
from resource_models.graph.graph import Graph, Operator, TensorSpec
from resource_models.graph.operators import OperatorSpec, Other
from resource_models.model_file.tflite_file import FileTensor, Subgraph
from resource_models.model_file.tflite_operators import Call, spec_of
from resource_models.model_file.tflite_others import other_of

_MAX_CALLS = 20_000
"""Operators that run when every subgraph is followed as often as it is called."""


def graph_of_file(
    subgraphs: tuple[Subgraph, ...], name: str, file_bytes: int, refused: str, *, costed: bool = True
) -> Graph:
    """The graph of a file; without `costed` every operator is taken as the file states it."""
    main, *others = (_Importer(subgraph, costed).graph() for subgraph in subgraphs)
    graph = replace(main, name=name, file_bytes=file_bytes, subgraphs=tuple(others), refused=refused)
    _check_calls(graph)
    return graph.verify(allow_unread=True)


def _check_calls(graph: Graph) -> None:
    """No subgraph calls itself, and following all calls comes to an end.

    Raises:
        ModelFileError: They do not.
    """
    graphs = (graph, *graph.subgraphs)
    runs: dict[int, int] = {}

    def count(number: int, above: tuple[int, ...]) -> int:
        if number in above or not 0 <= number < len(graphs):
            raise ModelFileError(f"the file is damaged: subgraph {number} is called, but is not there or calls itself")
        if number not in runs:
            calls = [call for operator in graphs[number].operators for call in _calls(operator.spec)]
            runs[number] = len(graphs[number].operators) + sum(count(call, (*above, number)) for call in calls)
        if runs[number] > _MAX_CALLS:
            raise ModelFileError(f"the file's subgraphs run more than {_MAX_CALLS} operators")
        return runs[number]

    count(0, ())


def _calls(spec: OperatorSpec) -> tuple[int, ...]:
    return spec.calls if isinstance(spec, Other) else ()


class _Importer:
    """Renumbers the tensors that are activations and hands the others to their operators."""

    def __init__(self, file: Subgraph, costed: bool) -> None:
        self._file = file
        self._costed = costed
        written = {tensor for operator in file.operators for tensor in operator.outputs}
        active = written | set(file.inputs) | set(file.outputs)
        self._constants = {tensor for tensor in file.outputs if tensor not in written and file.tensors[tensor].data}
        self._index: dict[int, int] = {tensor: index for index, tensor in enumerate(sorted(active))}
        self._specs = _specs(file.tensors)

    def graph(self) -> Graph:
        """The graph of the subgraph."""
        file = self._file
        operators = tuple(self._operator(place) for place in range(len(file.operators)))
        inputs = tuple(self._index[tensor] for tensor in file.inputs)
        outputs = tuple(self._index[tensor] for tensor in file.outputs)
        return Graph(
            name=file.name,
            tensors=tuple(self._specs[tensor] for tensor in self._index),
            operators=operators,
            inputs=inputs,
            outputs=outputs,
            file_tensors=len(file.tensors),
            edge_scales=tuple(file.tensors[tensor].scales for tensor in (*file.inputs, *file.outputs)),
            constants=tuple(self._index[tensor] for tensor in sorted(self._constants)),
        )

    def _operator(self, place: int) -> Operator:
        operator = self._file.operators[place]
        tensors = self._file.tensors
        inputs = tuple(tensors[index] if index >= 0 else None for index in operator.inputs)
        call = Call(operator, inputs, tuple(tensors[index] for index in operator.outputs))
        others = [index for index in operator.inputs if index >= 0 and index not in self._index]
        if operator.name == "TRANSPOSE_CONV":  # the only operator that reads its shape before its weights
            others = others[1:] + others[:1]
        for index in others:
            known = tensors[index].data or tensors[index].is_variable or 0 in tensors[index].shape
            if not known and self._costed:
                raise ModelFileError(f"the file is damaged: nothing writes {tensors[index].name!r}")
        return Operator(
            name=f"{place}_{operator.name.lower()}",
            spec=self._spec(call),
            inputs=tuple(self._index[index] for index in operator.inputs if index in self._index),
            outputs=tuple(self._index[index] for index in operator.outputs),
            constants=tuple(self._specs[index] for index in others if not tensors[index].is_variable),
            states=tuple(self._specs[index] for index in others if tensors[index].is_variable),
        )

    def _spec(self, call: Call) -> OperatorSpec:
        """The operator's own specification where it has one, and reads its activations where they are expected."""
        active = [
            place for place, index in enumerate(call.operator.inputs) if index in self._index and call.inputs[place]
        ]
        return (spec_of(call, active) if self._costed else None) or other_of(call)


def _specs(tensors: tuple[FileTensor, ...]) -> list[TensorSpec]:
    """A specification for each tensor; names that occur twice get the tensor's number, so that no two are equal."""
    names = Counter(tensor.name for tensor in tensors)
    return [
        TensorSpec(t.name if names[t.name] == 1 else f"{t.name}#{index}", _settled(t.shape), t.dtype)
        for index, t in enumerate(tensors)
    ]


def _settled(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape with 1 for every length that is known only at run time."""
    return shape if min(shape, default=1) > 0 else tuple(max(length, 1) for length in shape)
