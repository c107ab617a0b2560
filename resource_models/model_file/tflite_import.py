"""Importing a `.tflite` file as a `Graph`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from resource_models.errors import ModelFileError
from resource_models.graph.graph import Graph, Operator, TensorSpec
from resource_models.model_file.tflite_file import FileTensor, TfliteFile, read_file
from resource_models.model_file.tflite_operators import Call, spec_of
from resource_models.model_file.wrapped_model import load_model, unwrapped


def read_tflite(source: str | Path | bytes) -> Graph:
    """The graph of a `.tflite` file, int8 or float, in the order of its operators.

    Weights and other constant inputs become constants of their operator, recurrent state its states.

    Args:
        source: A path, or the bytes of the file; a model in a C array, an archive or base64 is taken out of it.

    Raises:
        ModelFileError: the file cannot be read, is no `.tflite`, or is damaged.
        UnknownOperatorError: it has an operator that cannot be costed, which is named.
        GraphError: its shapes contradict each other.
    """
    data = unwrapped(source) if isinstance(source, bytes) else load_model(Path(source))
    name = "model" if isinstance(source, bytes) else Path(source).stem
    return _Importer(read_file(data)).graph(name, len(data)).verify(allow_unread=True)


class _Importer:
    """Renumbers the tensors that are activations and hands the others to their operators."""

    def __init__(self, file: TfliteFile) -> None:
        self._file = file
        written = {tensor for operator in file.operators for tensor in operator.outputs}
        read = {tensor for operator in file.operators for tensor in operator.inputs if tensor >= 0}
        active = written | set(file.inputs) | (read & set(file.outputs))
        self._index: dict[int, int] = {tensor: index for index, tensor in enumerate(sorted(active))}
        self._specs = _specs(file.tensors)

    def graph(self, name: str, file_bytes: int) -> Graph:
        """The graph of the file."""
        tensors = tuple(self._specs[tensor] for tensor in self._index)
        operators = tuple(self._operator(place) for place in range(len(self._file.operators)))
        inputs = tuple(self._index[tensor] for tensor in self._file.inputs)
        missing = [tensor for tensor in self._file.outputs if tensor not in self._index]
        if missing:
            raise ModelFileError(f"the file is damaged: no operator writes its output {missing[0]}")
        outputs = tuple(self._index[tensor] for tensor in self._file.outputs)
        return Graph(name, tensors, operators, inputs, outputs, file_bytes, len(self._file.tensors))

    def _operator(self, place: int) -> Operator:
        operator = self._file.operators[place]
        tensors = self._file.tensors
        inputs = tuple(tensors[index] if index >= 0 else None for index in operator.inputs)
        spec = spec_of(Call(operator, inputs, tuple(tensors[index] for index in operator.outputs)))
        others = [index for index in operator.inputs if index >= 0 and index not in self._index]
        if operator.name == "TRANSPOSE_CONV":  # the only operator that reads its shape before its weights
            others = others[1:] + others[:1]
        for index in others:
            if not tensors[index].data and not tensors[index].is_variable:
                raise ModelFileError(f"the file is damaged: nothing writes {tensors[index].name!r}")
        return Operator(
            name=f"{place}_{operator.name.lower()}",
            spec=spec,
            inputs=tuple(self._index[index] for index in operator.inputs if index in self._index),
            outputs=tuple(self._index[index] for index in operator.outputs),
            constants=tuple(self._specs[index] for index in others if not tensors[index].is_variable),
            states=tuple(self._specs[index] for index in others if tensors[index].is_variable),
        )


def _specs(tensors: tuple[FileTensor, ...]) -> list[TensorSpec]:
    """A specification for each tensor; names that occur twice get the tensor's number, so that no two are equal."""
    names = Counter(tensor.name for tensor in tensors)
    return [
        TensorSpec(t.name if names[t.name] == 1 else f"{t.name}#{index}", t.shape, t.dtype)
        for index, t in enumerate(tensors)
    ]
