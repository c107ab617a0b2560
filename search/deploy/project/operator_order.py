"""The operators of a `.tflite` file in the order in which TensorFlow Lite Micro needs the smallest arena.

Runtimes execute operators as the file lists them and plan memory by that order. A list is offsets to tables that all
lie behind it, so that its entries can change places and nothing else of the file does: its length stays, and every
output too.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

from resource_models import Graph, minimum_peak_schedule, plan_arena, read_tflite
from resource_models.errors import ModelFileError
from resource_models.model_file.flatbuffer import Table, read_scalar, root_table
from resource_models.model_file.tflite_file import read_file

RUNTIME = "tflm-reference"
_CODES, _SUBGRAPHS, _OPERATORS, _VERSION = 1, 2, 3, 2
_FIXED = ("VAR_HANDLE", "READ_VARIABLE", "ASSIGN_VARIABLE", "CALL_ONCE", "IF", "WHILE")


@dataclass(frozen=True, slots=True)
class Ordered:
    """A file in the better order, with the arena it needs and the one that it needed as it was, in bytes."""

    model: bytes
    arena_bytes: int
    before_bytes: int


def in_best_order(model: bytes) -> Ordered:
    """The file with its operators in the order of the smallest arena; as it was where none is smaller.

    Args:
        model: the `.tflite` file.

    Raises:
        ModelFileError: the bytes are no `.tflite`, or are damaged.
        UnknownOperatorError: an operator cannot be costed.
    """
    graph = read_tflite(model)
    before = _arena(graph)
    if any(operator.name in _FIXED for operator in read_file(model)[0].operators):
        return Ordered(model, before, before)
    order = minimum_peak_schedule(graph).order
    after = _arena(replace(graph, operators=tuple(graph.operators[index] for index in order)))
    if after >= before:
        return Ordered(model, before, before)
    return Ordered(reordered(model, order), after, before)


def operator_versions(model: bytes) -> dict[str, int]:
    """The version of every operator that a file uses, by the name of the operator; the newest where there are several.

    Raises:
        ModelFileError: the bytes are no `.tflite`, or are damaged.
    """
    root, file = root_table(model), read_file(model)[0]
    codes = [code.number(_VERSION, "i32", 1) for code in root.tables(_CODES)]
    calls = root.tables(_SUBGRAPHS)[0].tables(_OPERATORS)
    found = [
        (operator.name, codes[call.number(0, "u32")]) for operator, call in zip(file.operators, calls, strict=True)
    ]
    return dict(sorted(found))


def _arena(graph: Graph) -> int:
    return plan_arena(graph, runtime=RUNTIME).arena_bytes


def reordered(model: bytes, order: Sequence[int]) -> bytes:
    """The file with its operators in another order.

    Args:
        model: the `.tflite` file.
        order: for each place the number of the operator that comes there, as the file counts them.

    Raises:
        ValueError: the order does not name every operator once, each behind those that it reads from.
        ModelFileError: the bytes are no `.tflite`, or are damaged.
    """
    _refuse_other_results(model, order)
    start = _list_start(root_table(model).tables(_SUBGRAPHS)[0])
    places = [start + 4 * number for number in range(len(order))]
    targets = [place + read_scalar(model, place, "u32") for place in places]
    moved = bytearray(model)
    for place, number in zip(places, order, strict=True):
        if targets[number] <= places[-1]:
            raise ModelFileError("the file is damaged: an operator lies before the list of operators")
        struct.pack_into("<I", moved, place, targets[number] - place)
    return bytes(moved)


def _list_start(subgraph: Table) -> int:
    place = subgraph.list_start(_OPERATORS)
    if place is None:
        raise ModelFileError("the file is damaged: its graph has no operators")
    return place


def _refuse_other_results(model: bytes, order: Sequence[int]) -> None:
    """A runtime does not look whether an order can be executed; it would compute something else."""
    operators = read_file(model)[0].operators
    if sorted(order) != list(range(len(operators))):
        raise ValueError(f"the order {tuple(order)} does not name each of {len(operators)} operators once")
    missing = {tensor for operator in operators for tensor in operator.outputs}
    for number in order:
        early = missing.intersection(operators[number].inputs)
        if early:
            raise ValueError(f"operator {number} reads tensor {min(early)} before it is written")
        missing.difference_update(operators[number].outputs)
