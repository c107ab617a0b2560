"""What a `.tflite` file holds: tensors, operators and their options, as plain records.

Field numbers are those of TensorFlow Lite's schema (schema.fbs, version 3). Weights stay in the file's bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from resource_models.errors import ModelFileError
from resource_models.model_file.flatbuffer import Table, root_table

MAX_OPERATORS = 2_000
MAX_TENSORS = 10_000
_MAX_AXES = 8
_DTYPES = {
    0: "float32", 1: "float16", 2: "int32", 3: "uint8", 4: "int64", 5: "string", 6: "bool", 7: "int16", 8: "complex64",
    9: "int8", 10: "float64", 11: "complex128", 12: "uint64", 13: "resource", 14: "variant", 15: "uint32",
    16: "uint16", 17: "int4", 18: "bfloat16", 19: "int2", 20: "uint4",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileTensor:
    """A tensor; `data` is empty unless it is a constant.

    `scales` counts its quantisation scales, which lie along `scales_axis`; `scale` and `zero_point` are the first.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    data: memoryview
    is_variable: bool
    scales: int
    scale: float = 0.0
    zero_point: int = 0
    scales_axis: int = 0


@dataclass(frozen=True, slots=True)
class FileOperator:
    """An operator by the schema's name, a custom one (`is_custom`) by its own.

    A negative input is an optional one that is left out; `custom_options` are the bytes that only its kernel reads.
    """

    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Table | None
    is_custom: bool = False
    custom_options: bytes | memoryview = b""
    intermediates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A subgraph of a file; the first is the network."""

    tensors: tuple[FileTensor, ...]
    operators: tuple[FileOperator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    name: str


def read_file(data: bytes) -> tuple[Subgraph, ...]:
    """The subgraphs of a `.tflite` file, at least one.

    Raises:
        ModelFileError: the bytes are not a `.tflite`, are damaged, or hold more than the limits above.
    """
    if len(data) < 8 or data[4:8] != b"TFL3":
        raise ModelFileError("this is not a .tflite file: the mark TFL3 is missing; give a TensorFlow Lite model")
    model = root_table(data)
    subgraphs = _tables(model, 2, 100, "subgraphs")
    if not subgraphs:
        raise ModelFileError("the file holds no graph; export the model again")
    codes = [_operator_code(code) for code in _tables(model, 1, MAX_OPERATORS, "operator codes")]
    buffers = _tables(model, 4, MAX_TENSORS, "buffers")
    if sum(graph.length(0, 4) for graph in subgraphs) > MAX_TENSORS:
        raise ModelFileError(f"the file's subgraphs have more than {MAX_TENSORS} tensors together")
    return tuple(_subgraph(graph, codes, buffers) for graph in subgraphs)


def _subgraph(graph: Table, codes: list[_Code], buffers: list[Table]) -> Subgraph:
    tensors = tuple(_tensor(table, buffers) for table in _tables(graph, 0, MAX_TENSORS, "tensors"))
    operators = tuple(_operator(table, codes) for table in _tables(graph, 3, MAX_OPERATORS, "operators"))
    found = Subgraph(tensors, operators, graph.integers(1), graph.integers(2), graph.text(4) or "main")
    _check_indices(found)
    return found


def _tables(table: Table, index: int, limit: int, what: str) -> list[Table]:
    count = table.length(index, 4)
    if count > limit:
        raise ModelFileError(f"the file has {count} {what}; at most {limit} are read")
    return table.tables(index)


_Code = tuple[str, bool]
"""An operator's name, and whether it is a custom one."""


def _operator_code(code: Table) -> _Code:
    from tflite.utils import BUILTIN_OPCODE2NAME  # the only use of the package: the schema's names of the operators

    number = max(code.number(0, "i8"), code.number(3, "i32"))
    name: str = BUILTIN_OPCODE2NAME.get(number, f"builtin operator {number}")
    return (code.text(1)[:80], True) if name == "CUSTOM" else (name, False)


def _tensor(table: Table, buffers: list[Table]) -> FileTensor:
    number = table.number(1, "i8")
    if number not in _DTYPES:
        raise ModelFileError(f"tensor {table.text(3)[:80]!r} has the unknown element type {number}")
    if table.length(0, 4) > _MAX_AXES:
        raise ModelFileError(f"tensor {table.text(3)[:80]!r} has more than {_MAX_AXES} axes")
    index = table.number(2, "u32")
    if index >= len(buffers):
        raise ModelFileError(f"the file is damaged: buffer {index} of {len(buffers)} is used")
    quantization = table.table(4)
    return FileTensor(
        name=table.text(3),
        shape=table.integers(0),
        dtype=_DTYPES[number],
        data=_buffer(buffers[index]),
        is_variable=bool(table.number(5, "bool")),
        **(_quantization(quantization) if quantization else {"scales": 0}),
    )


def _quantization(table: Table) -> dict[str, Any]:
    return {
        "scales": table.length(2, 4),
        "scale": table.first(2, "f32", 4),
        "zero_point": int(table.first(3, "i64", 8)),
        "scales_axis": table.number(6, "i32"),
    }


def _buffer(table: Table) -> memoryview:
    """A buffer's bytes; in files of more than 2 GB they lie outside of the flatbuffer and are not read."""
    if table.number(1, "u64") > 1:
        raise ModelFileError("the weights lie behind the flatbuffer, as in files of more than 2 GB; these are not read")
    return table.bytes(0)


def _operator(table: Table, codes: list[_Code]) -> FileOperator:
    index = table.number(0, "u32")
    if index >= len(codes):
        raise ModelFileError(f"the file is damaged: operator code {index} of {len(codes)} is used")
    name, custom = codes[index]
    inputs, outputs = table.integers(1), table.integers(2)
    return FileOperator(name, inputs, outputs, table.table(4), custom, table.bytes(5), table.integers(8))


def _check_indices(file: Subgraph) -> None:
    used = [*file.inputs, *file.outputs]
    links = 0
    for operator in file.operators:
        links += len(operator.inputs) + len(operator.outputs)
        used += [*operator.outputs, *operator.intermediates, *(tensor for tensor in operator.inputs if tensor >= 0)]
        if links > 10 * MAX_TENSORS:
            raise ModelFileError(f"the file's operators read and write more than {10 * MAX_TENSORS} tensors")
    count = len(file.tensors)
    if any(not 0 <= tensor < count for tensor in used):
        raise ModelFileError(f"the file is damaged: it uses a tensor that is not among its {count}")
