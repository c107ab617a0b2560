"""Whether TensorFlow Lite Micro runs a `.tflite` file: its operators, their element types and its other limits.

The table of what its kernels take is `tflm_operators.json`: facts out of TFLM's sources at the revision that it names,
checked against TFLM itself in both directions. A pattern such as ``int8 int8|int4 int32? > int8`` lists the inputs and,
after ``>``, the outputs: ``|`` parts alternatives, ``?`` may be left out, ``*`` stands any number of times, ``+`` at
least once, ``*4`` four times, and ``T`` is each of the types given with the pattern.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from resource_models.model_file.tflite_file import FileOperator, FileTensor, Subgraph
from resource_models.model_file.tflm_limits import limit_of

_TABLE = Path(__file__).with_name("tflm_operators.json")
_UNSIZED = {"string": "strings", "variant": "variants", "uint4": "4-bit unsigned numbers", "int2": "2-bit numbers"}
_FULL_INT8 = "convert it with a representative data set to full int8"
_FLOAT_OR_INT8 = f"convert it without float16, to float32, or {_FULL_INT8.replace('convert it ', '')}"


@dataclass(frozen=True, slots=True)
class Node:
    """An operator with its tensors; None is an input that is left out."""

    operator: FileOperator
    inputs: tuple[FileTensor | None, ...]
    outputs: tuple[FileTensor, ...]

    @property
    def types(self) -> str:
        """Element types as in the table."""
        reads = [tensor.dtype if tensor else "none" for tensor in self.inputs]
        return " ".join([*reads, ">", *(tensor.dtype for tensor in self.outputs)])


@dataclass(frozen=True, slots=True)
class _Kernel:
    """What one kernel takes: patterns of element types, those in words, and the other rules of its line."""

    patterns: tuple[re.Pattern[str], ...]
    takes: str
    rules: dict[str, Any]


def refusal(subgraphs: tuple[Subgraph, ...]) -> str:
    """Why TensorFlow Lite Micro does not run the file, with the way out; empty where it does."""
    for graph in subgraphs:
        for tensor in graph.tensors:
            if tensor.dtype in _UNSIZED:
                return _sentence(f"{tensor.name!r} holds {_UNSIZED[tensor.dtype]}", "leave them out of the model")
    for graph in subgraphs:
        for place, node in enumerate(nodes_of(graph)):
            reason = _unregistered(node) or _misfit(node, subgraphs)
            if reason:
                return reason.replace(node.operator.name, f"{node.operator.name} (operator {place})", 1)
    return _unassigned(subgraphs)


def _unassigned(subgraphs: tuple[Subgraph, ...]) -> str:
    """What is wrong where a variable is read that nothing ever assigns, such as weights left out of the file."""
    found: dict[str, set[tuple[str, str]]] = {"READ_VARIABLE": set(), "ASSIGN_VARIABLE": set()}
    for graph in subgraphs:
        handles: dict[int, tuple[str, str]] = {}
        for operator in graph.operators:
            options = operator.options
            if operator.name == "VAR_HANDLE" and options is not None and operator.outputs:
                handles[operator.outputs[0]] = options.text(0), options.text(1)
            elif operator.name in found and operator.inputs and operator.inputs[0] in handles:
                found[operator.name].add(handles[operator.inputs[0]])
    missing = sorted(found["READ_VARIABLE"] - found["ASSIGN_VARIABLE"])
    if not missing:
        return ""
    reason = f"READ_VARIABLE reads {missing[0][1][:80]!r}, which nothing in the file assigns"
    return _sentence(reason, "convert the model with its variables frozen to constants, as from_keras_model does")


def nodes_of(graph: Subgraph) -> Iterator[Node]:
    """The operators of a subgraph with their tensors."""
    tensors = graph.tensors
    for operator in graph.operators:
        inputs = tuple(tensors[index] if index >= 0 else None for index in operator.inputs)
        yield Node(operator, inputs, tuple(tensors[index] for index in operator.outputs))


def _sentence(reason: str, way_out: str) -> str:
    return f"TensorFlow Lite Micro does not run it: {reason}; {way_out}"


def _unregistered(node: Node) -> str:
    operator = node.operator
    if operator.name in _kernels(operator.is_custom):
        return ""
    if not operator.is_custom:
        return _sentence(f"it has no kernel for {operator.name}", "replace that operator by others before converting")
    if operator.name.startswith("Flex"):
        way_out = "convert it without SELECT_TF_OPS, so that only operators of TensorFlow Lite are used"
        return _sentence(f"it has no kernel for {operator.name}, an operator of full TensorFlow", way_out)
    if operator.name == "ethos-u":
        return _sentence("ethos-u is for an Arm Ethos-U processor", "give the file from before Vela compiled it")
    return _sentence(f"it has no kernel for {operator.name}, a custom operator", "register one of your own for it")


def _misfit(node: Node, subgraphs: tuple[Subgraph, ...]) -> str:
    name = node.operator.name
    kernel = _kernels(node.operator.is_custom)[name]
    for tensor in node.outputs:
        if any(length <= 0 for length in tensor.shape) and not _is_settled(name, tensor):
            way_out = "give the model's input a fixed shape, batch included, and convert it again"
            return _sentence(f"{name} gives a shape that is known only at run time, {tensor.shape}", way_out)
    types = node.types
    if not any(pattern.fullmatch(f"{types} ") for pattern in kernel.patterns):
        return _sentence(*_types_reason(node, kernel.takes))
    found = limit_of(node.operator, node.inputs, node.outputs, kernel.rules, subgraphs)
    return _sentence(f"{name} {found[0]}", found[1]) if found else ""


def _is_settled(name: str, tensor: FileTensor) -> bool:
    """Whether TFLM finds the shape: an old way to write a scalar, or one length that RESHAPE works out."""
    return tensor.shape == (0,) or (name == "RESHAPE" and sorted(tensor.shape)[:2] > [-1, 0])


def _types_reason(node: Node, takes: str) -> tuple[str, str]:
    """What is wrong with the element types, in words, and the way out."""
    name = node.operator.name
    reads = [tensor.dtype for tensor in node.inputs if tensor]
    writes = [tensor.dtype for tensor in node.outputs]
    found = f"{name} has no kernel for {', '.join(reads) or 'nothing'} to {', '.join(writes) or 'nothing'}"
    kinds = {*reads, *writes}
    if "uint8" in kinds:
        return f"{found}: uint8 was dropped", _FULL_INT8
    if kinds & {"float16", "bfloat16"}:
        return f"{found}: no kernel reads {'float16' if 'float16' in kinds else 'bfloat16'}", _FLOAT_OR_INT8
    if "float32" in kinds and kinds & {"int8", "int4"} and len(reads) > 1:
        return f"{found}: hybrid models (dynamic range) are not supported", _FULL_INT8
    found = f"{found}, but for {takes}" if takes else found
    if kinds & {"int16", "int32", "int64", "float64"}:
        return found, "convert it to full int8, or compute this part in int8 or float32"
    return found, _FULL_INT8


@cache
def _kernels(custom: bool) -> dict[str, _Kernel]:
    table = json.loads(_TABLE.read_text(encoding="utf-8"))
    return {name: _kernel(line) for name, line in table["custom_operators" if custom else "operators"].items()}


def _kernel(line: dict[str, Any]) -> _Kernel:
    patterns = tuple(_compiled(pattern, types) for pattern, types in line["types"].items())
    rules = {key: value for key, value in line.items() if key != "types"}
    return _Kernel(patterns, ", ".join(_words(pattern, types) for pattern, types in line["types"].items()), rules)


def _words(pattern: str, types: str) -> str:
    """A pattern as a person writes it: "float32 or int8", "int8 with int8 to int8"."""
    if set(re.findall(r"\w+", pattern)) == {"T"}:
        return " or ".join(types.split())
    reads, _, writes = pattern.replace("T", "/".join(types.split())).replace("|", "/").partition(">")
    return f"{' with '.join(re.sub(r'[?*+].*', '', token) for token in reads.split())} to {writes.strip() or 'nothing'}"


def _compiled(pattern: str, types: str) -> re.Pattern[str]:
    """The pattern as a regular expression over types that are parted by blanks."""
    text, named = "", False
    for token in pattern.split():
        kinds, count = re.fullmatch(r"([A-Za-z0-9|>]+?)(\?|\+|\*\d*|)", token).groups()  # type: ignore[union-attr]
        if kinds == "T":
            kinds, named = "(?P=T)" if named else f"(?P<T>{_alternatives(types)})", True
        elif kinds != ">":
            kinds = _alternatives(kinds.replace("|", " "))
        if count == "?":
            text += f"(?:(?:{kinds}|none) )?"
        elif count == "":
            text += f"(?:{kinds}) "
        else:
            text += f"(?:(?:{kinds}) )" + (count if count in "+*" else f"{{{count[1:]}}}")
    return re.compile(text)


def _alternatives(types: str) -> str:
    return r"[a-z0-9]+" if types == "any" else "|".join(types.split())
