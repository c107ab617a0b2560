"""Reading an int8 `.tflite` file as a network of integers, or refusing it by name."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from resource_models import read_tflite
from resource_models.graph.graph import Graph
from resource_models.model_file.flatbuffer import Table, root_table
from resource_models.model_file.tflite_file import FileOperator, FileTensor, Subgraph, read_file
from search.deploy.integer.network import IntegerNetwork, IntegerTensor, Layer
from search.deploy.integer.operators import OPERATIONS, Call, Operand, operation_of
from search.errors import DeployError

_EDGES = ("QUANTIZE", "DEQUANTIZE")
_TYPES = {"int8": np.int8, "uint8": np.uint8, "int32": np.int32}
_DATA_TYPES = {"int8": "<i1", "int32": "<i4", "int64": "<i8", "float32": "<f4"}


def read_network(data: bytes) -> IntegerNetwork:
    """The network of an int8 `.tflite` file.

    A conversion from floating point at the input, or to it at the output, is left out: the network begins and ends
    with codes.

    Raises:
        ModelFileError: the bytes are no `.tflite`, or are damaged.
        DeployError: there is an operator, or something about one, that is not computed on the board; it is named.
    """
    file = read_file(data)[0]
    _refuse_unknown(file)
    return _Reader(file, read_tflite(data), _operands(file, data)).network()


def _refuse_unknown(file: Subgraph) -> None:
    known = OPERATIONS.keys() | {"DEQUANTIZE"}
    names = sorted({o.name for o in file.operators if o.is_custom or o.name not in known})
    if names:
        raise DeployError(f"{', '.join(names)} cannot be exported: the board computes {', '.join(sorted(OPERATIONS))}.")
    if len(file.inputs) != 1 or len(file.outputs) != 1:
        raise DeployError(
            f"The model has {len(file.inputs)} inputs and {len(file.outputs)} outputs; one of each can be exported."
        )


def _operands(file: Subgraph, data: bytes) -> list[Operand]:
    tables = root_table(data).tables(2)[0].tables(0)
    return [_operand(tensor, table.table(4)) for tensor, table in zip(file.tensors, tables, strict=True)]


def _operand(tensor: FileTensor, quantization: Table | None) -> Operand:
    scales = quantization.floats(2) if quantization else ()
    zeros = quantization.long_integers(3) if quantization else ()
    if any(not (scale > 0 and np.isfinite(scale)) for scale in scales):
        raise DeployError(f"Tensor {tensor.name!r} has a scale that is not a positive number; convert the model again.")
    return Operand(tensor.name, tensor.shape, tensor.dtype, scales, zeros or (0,) * len(scales), _values(tensor))


def _values(tensor: FileTensor) -> NDArray[Any] | None:
    kind = _DATA_TYPES.get(tensor.dtype)
    if kind is None or not tensor.data:
        return None
    size = int(np.prod(tensor.shape))
    if len(tensor.data) != size * np.dtype(kind).itemsize:
        raise DeployError(f"Tensor {tensor.name!r} of shape {tensor.shape} holds {len(tensor.data)} bytes.")
    return np.frombuffer(tensor.data, kind).reshape(tensor.shape)


class _Reader:
    """Takes over the operators one after the other; constants of an operation are part of it."""

    def __init__(self, file: Subgraph, graph: Graph, operands: list[Operand]) -> None:
        self._file, self._graph, self._operands = file, graph, operands
        self._tensors: list[IntegerTensor] = []
        self._place: dict[int, int] = {}
        self._layers: list[Layer] = []

    def network(self) -> IntegerNetwork:
        """The network."""
        begin, end = self._file.inputs[0], self._file.outputs[0]
        for place, operator in enumerate(self._file.operators):
            source, target = operator.inputs[0], operator.outputs[0]
            if operator.name in _EDGES and self._is_float(source) and source == self._file.inputs[0]:
                begin = target
            elif operator.name in _EDGES and self._is_float(target) and target == self._file.outputs[0]:
                end = source
            else:
                self._layers.append(self._layer(place, operator))
        return IntegerNetwork(tuple(self._tensors), tuple(self._layers), self._number(begin), self._number(end))

    def _is_float(self, tensor: int) -> bool:
        return self._operands[tensor].dtype == "float32"

    def _layer(self, place: int, operator: FileOperator) -> Layer:
        if operator.name == "DEQUANTIZE":
            raise DeployError("DEQUANTIZE cannot be exported other than as the last operator.")
        inputs = tuple(self._operands[index] if index >= 0 else None for index in operator.inputs)
        output = self._number(operator.outputs[0])
        options = operator.options
        call = Call(
            kind=operator.name,
            spec=self._graph.operators[place].spec,
            inputs=inputs,
            output=self._operands[operator.outputs[0]],
            number=lambda index, default: options.number(index, "f32", default) if options else default,  # type: ignore[arg-type]
        )
        reads = tuple(self._number(index) for index in self._read_by(operator))
        return Layer(f"{operator.name.lower()}_{place}", operator.name, operation_of(call), reads, output)

    def _read_by(self, operator: FileOperator) -> tuple[int, ...]:
        """The inputs that are values, not weights or numbers of the operation."""
        count = {"ADD": 2, "SUB": 2, "MUL": 2, "CONCATENATION": len(operator.inputs)}.get(operator.name, 1)
        return tuple(operator.inputs[:count])

    def _number(self, tensor: int) -> int:
        if tensor not in self._place:
            operand = self._operands[tensor]
            if operand.dtype not in ("int8", "uint8") or len(operand.scales) != 1:
                kind = operand.dtype if operand.dtype not in ("int8", "uint8") else "not quantised as a whole"
                raise DeployError(f"Tensor {operand.name!r} is {kind}; only int8 networks can be exported.")
            self._refuse_unsigned_inside(tensor)
            self._place[tensor] = len(self._tensors)
            self._tensors.append(IntegerTensor(tensor, operand.name, operand.shape, operand.codes, operand.data))
        return self._place[tensor]

    def _refuse_unsigned_inside(self, tensor: int) -> None:
        """Unsigned codes are converted at the edges only."""
        if self._operands[tensor].dtype == "uint8":
            users = [o for o in self._file.operators if tensor in (*o.inputs, *o.outputs)]
            if any(o.name != "QUANTIZE" for o in users):
                name = self._operands[tensor].name
                raise DeployError(f"Tensor {name!r} is uint8; only int8 networks can be exported.")
