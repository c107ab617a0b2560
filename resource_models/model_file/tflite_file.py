"""What a `.tflite` file holds: tensors, operators and their options, as plain records.

Field numbers are those of TensorFlow Lite's schema (schema.fbs, version 3). Weights stay in the file's bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

from resource_models.errors import ModelFileError
from resource_models.model_file.flatbuffer import Table, root_table

MAX_OPERATORS = 2_000
MAX_TENSORS = 10_000
_MAX_AXES = 8
_DTYPES = {
    0: "float32", 1: "float16", 2: "int32", 3: "uint8", 4: "int64", 6: "bool", 7: "int16", 8: "complex64", 9: "int8",
    10: "float64", 12: "uint64", 15: "uint32", 16: "uint16",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileTensor:
    """A tensor; `data` is empty unless it is a constant, `scales` counts its quantisation scales."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    data: memoryview
    is_variable: bool
    scales: int


@dataclass(frozen=True, slots=True)
class FileOperator:
    """An operator by the schema's name; a negative input is an optional one that is left out."""

    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Table | None


@dataclass(frozen=True, slots=True)
class TfliteFile:
    """The first subgraph of a file."""

    tensors: tuple[FileTensor, ...]
    operators: tuple[FileOperator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    name: str


def read_file(data: bytes) -> TfliteFile:
    """The contents of a `.tflite` file.

    Raises:
        ModelFileError: the bytes are not a `.tflite`, are damaged, or hold more than the limits above.
    """
    if len(data) < 8 or data[4:8] != b"TFL3":
        raise ModelFileError("this is not a .tflite file: the mark TFL3 is missing; give a TensorFlow Lite model")
    model = root_table(data)
    subgraphs = _tables(model, 2, 100, "subgraphs")
    if not subgraphs:
        raise ModelFileError("the file holds no graph; export the model again")
    graph = subgraphs[0]
    codes = [_operator_name(code) for code in _tables(model, 1, MAX_OPERATORS, "operator codes")]
    buffers = _tables(model, 4, MAX_TENSORS, "buffers")
    tensors = tuple(_tensor(table, buffers) for table in _tables(graph, 0, MAX_TENSORS, "tensors"))
    operators = tuple(_operator(table, codes) for table in _tables(graph, 3, MAX_OPERATORS, "operators"))
    file = TfliteFile(tensors, operators, graph.integers(1), graph.integers(2), graph.text(4) or "main")
    _check_indices(file)
    return file


def _tables(table: Table, index: int, limit: int, what: str) -> list[Table]:
    count = table.length(index, 4)
    if count > limit:
        raise ModelFileError(f"the file has {count} {what}; at most {limit} are read")
    return table.tables(index)


def _operator_name(code: Table) -> str:
    from tflite.utils import BUILTIN_OPCODE2NAME  # the only use of the package: the schema's names of the operators

    number = max(code.number(0, "i8"), code.number(3, "i32"))
    name: str = BUILTIN_OPCODE2NAME.get(number, f"builtin operator {number}")
    return f"custom operator {code.text(1)[:80]!r}" if name == "CUSTOM" else name


def _tensor(table: Table, buffers: list[Table]) -> FileTensor:
    number = table.number(1, "i8")
    if number not in _DTYPES:
        raise ModelFileError(f"tensor {table.text(3)[:80]!r} has element type {number}, which has no fixed size")
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
        scales=quantization.length(2, 4) if quantization else 0,
    )


def _buffer(table: Table) -> memoryview:
    """A buffer's bytes; in files of more than 2 GB they lie outside of the flatbuffer and are not read."""
    if table.number(1, "u64") > 1:
        raise ModelFileError("the weights lie behind the flatbuffer, as in files of more than 2 GB; these are not read")
    return table.bytes(0)


def _operator(table: Table, codes: list[str]) -> FileOperator:
    index = table.number(0, "u32")
    if index >= len(codes):
        raise ModelFileError(f"the file is damaged: operator code {index} of {len(codes)} is used")
    return FileOperator(codes[index], table.integers(1), table.integers(2), table.table(4))


def _check_indices(file: TfliteFile) -> None:
    used = [*file.inputs, *file.outputs]
    links = 0
    for operator in file.operators:
        links += len(operator.inputs) + len(operator.outputs)
        used += [*operator.outputs, *(tensor for tensor in operator.inputs if tensor >= 0)]
        if links > 10 * MAX_TENSORS:
            raise ModelFileError(f"the file's operators read and write more than {10 * MAX_TENSORS} tensors")
    count = len(file.tensors)
    if any(not 0 <= tensor < count for tensor in used):
        raise ModelFileError(f"the file is damaged: it uses a tensor that is not among its {count}")
