"""What a kernel of TensorFlow Lite Micro asks beyond element types: axes, constants, scales, options.

Each rule is named as in `tflm_operators.json` and answers with what is wrong and the way out, or with None.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from resource_models.model_file.tflite_file import FileOperator, FileTensor, Subgraph
from resource_models.model_file.tflite_others import custom_numbers

Limit = tuple[str, str] | None
"""What is wrong, after the operator's name, and the way out."""
_Tensors = tuple[FileTensor | None, ...]
_CONVERT_AGAIN = "convert the model again, with TensorFlow's converter and full int8"
_QUANTIZED = ("int8", "int16", "uint8", "int4")


@dataclass(frozen=True, slots=True)
class _Case:
    """An operator with its tensors and those of the file."""

    operator: FileOperator
    inputs: _Tensors
    outputs: tuple[FileTensor, ...]
    subgraphs: tuple[Subgraph, ...]

    def option(self, index: int, kind: str, default: int = 0) -> int:
        options = self.operator.options
        return default if options is None else options.number(index, kind, default)


def limit_of(
    operator: FileOperator,
    inputs: _Tensors,
    outputs: tuple[FileTensor, ...],
    rules: dict[str, Any],
    subgraphs: tuple[Subgraph, ...],
) -> Limit:
    """What keeps a kernel from an operator whose element types it takes."""
    case = _Case(operator, inputs, outputs, subgraphs)
    found: Limit = None
    for name, rule in _RULES.items():
        if name in rules:
            found = found or rule(case, rules[name])
    special = _SPECIAL.get(operator.name)
    return found or (special(case) if special else None)


def _rank(case: _Case, ranks: dict[str, list[int]]) -> Limit:
    for place, (low, high) in ranks.items():
        tensor = case.inputs[int(place)]
        if tensor is not None and not low <= len(tensor.shape) <= high:
            span = f"{low} axes" if low == high else f"{low} to {high} axes"
            return f"takes {span}, not the shape {tensor.shape}", "reshape it before and after"
    return None


def _constant(case: _Case, places: list[int]) -> Limit:
    for place in places:
        tensor = case.inputs[place] if place < len(case.inputs) else None
        if tensor is not None and not tensor.data:
            return f"takes {tensor.name!r} as a constant only", "give the model a fixed shape, and convert it again"
    return None


def _no_activation(case: _Case, _rule: bool) -> Limit:
    place = 1 if case.operator.name == "CONCATENATION" else 0
    if case.option(place, "i8"):
        return "has no fused activation", "put the activation behind it as an operator of its own"
    return None


def _most_inputs(case: _Case, most: int) -> Limit:
    if len(case.inputs) > most:
        return f"takes at most {most} tensors, not {len(case.inputs)}", "join them in several steps"
    return None


def _same_scale(case: _Case, types: list[str]) -> Limit:
    output = case.outputs[0]
    place = {"CONCATENATION": None, "PADV2": 2}.get(case.operator.name, 0)
    tensors = case.inputs if place is None else case.inputs[place : place + 1]
    for tensor in tensors:
        if tensor is not None and tensor.dtype in types and tensor.dtype == output.dtype:
            close = 1e-6 if case.operator.name.endswith("POOL_2D") else 0.0
            if abs(tensor.scale - output.scale) > close or tensor.zero_point != output.zero_point:
                return "takes input and output of one scale and zero point only", _CONVERT_AGAIN
    return None


def _zero_point_0(case: _Case, types: list[str]) -> Limit:
    source = next((tensor.dtype for tensor in case.inputs if tensor), "")
    for tensor in (*case.inputs, *case.outputs):
        if tensor is not None and tensor.dtype in types and tensor.scales and tensor.zero_point and source in types:
            return f"takes {tensor.dtype} with zero point 0 only", _CONVERT_AGAIN
    return None


def _output(case: _Case, wanted: dict[str, list[float | None]]) -> Limit:
    output = case.outputs[0]
    source = next((tensor for tensor in case.inputs if tensor), output)
    if output.dtype not in wanted or source.dtype != output.dtype:
        return None
    scale, zero_point = wanted[output.dtype]
    if (scale is not None and abs(output.scale - scale) > 1e-3 * scale) or output.zero_point != zero_point:
        exact = "" if scale is None else f"scale {scale:.6g} and "
        return f"gives {output.dtype} with {exact}zero point {zero_point} only", _CONVERT_AGAIN
    return None


def _channels(case: _Case, axes: dict[str, int]) -> Limit:
    """A scale for all filters or one for each, where the input is quantised."""
    name = case.operator.name
    for place, axis in axes.items():
        weights = case.inputs[int(place)]
        source = case.inputs[2 if name == "TRANSPOSE_CONV" else 0]
        if weights is None or source is None or source.dtype == "float32" or not weights.shape:
            continue
        dense = name == "FULLY_CONNECTED"
        if dense and weights.scales > 1 and weights.dtype == "int4":
            return "takes 4-bit weights with one scale only", "quantise its weights per tensor, or to 8 bits"
        if not dense and not weights.scales and not (name == "DEPTHWISE_CONV_2D" and source.dtype == "int16"):
            return "takes quantised weights only where its input is", _CONVERT_AGAIN
        kept = weights.scales_axis if dense and 0 <= weights.scales_axis < len(weights.shape) else axis
        length = weights.shape[kept] if kept < len(weights.shape) else 0
        if weights.scales > 1 and weights.scales != length:
            return f"takes one scale or {length}, not {weights.scales}", _CONVERT_AGAIN
    return None


def _unscaled(case: _Case, types: list[str]) -> Limit:
    for tensor in case.inputs:
        if tensor is not None and tensor.dtype in types and tensor.scales:
            return f"takes {tensor.dtype} without a scale only", _CONVERT_AGAIN
    return None


def _scaled_output(case: _Case, _rule: bool) -> Limit:
    if case.outputs[0].scales != 1:
        return f"gives one scale only, not {case.outputs[0].scales}", _CONVERT_AGAIN
    return None


_RULES: dict[str, Callable[[_Case, Any], Limit]] = {
    "rank": _rank,
    "constant": _constant,
    "no_activation": _no_activation,
    "most_inputs": _most_inputs,
    "same_scale": _same_scale,
    "zero_point_0": _zero_point_0,
    "output": _output,
    "channels": _channels,
    "unscaled": _unscaled,
    "scaled_output": _scaled_output,
}


def _subgraphs(*fields: tuple[int, str]) -> Callable[[_Case], Limit]:
    """The subgraphs that an operator calls are there and take what it gives them."""

    def rule(case: _Case) -> Limit:
        inputs = len(case.inputs) - (case.operator.name == "IF")
        for index, what in fields:
            number = case.option(index, "i32")
            if not 0 <= number < len(case.subgraphs):
                return f"calls subgraph {number} of {len(case.subgraphs)}", _CONVERT_AGAIN
            graph = case.subgraphs[number]
            if len(graph.inputs) != inputs:
                return f"gives its {what} {inputs} tensors, but it takes {len(graph.inputs)}", _CONVERT_AGAIN
            if what != "condition" and len(graph.outputs) != len(case.outputs):
                return (
                    f"takes {len(case.outputs)} tensors of its {what}, which gives {len(graph.outputs)}",
                    _CONVERT_AGAIN,
                )
        return None

    return rule


def _concatenation(case: _Case) -> Limit:
    """The lengths that the file states add up; where they are known only at run time, as in loops, they do not."""
    output = case.outputs[0].shape
    axis = case.option(0, "i32")
    axis += len(output) if axis < 0 else 0
    parts = [tensor.shape for tensor in case.inputs if tensor is not None]
    if not 0 <= axis < len(output) or any(len(part) != len(output) for part in parts):
        return f"cannot make {output} of {', '.join(map(str, parts))}", _CONVERT_AGAIN
    if sum(part[axis] for part in parts) != output[axis]:
        reason = f"would give {sum(part[axis] for part in parts)} along axis {axis}, not {output[axis]}"
        return f"{reason}: its parts have lengths that are known only at run time", "unroll the loop, or leave it out"
    return None


def _dense(case: _Case) -> Limit:
    """A bias whose scale is that of input and weights together."""
    source, weights = case.inputs[:2]
    bias = case.inputs[2] if len(case.inputs) > 2 else None
    if source is None or weights is None or bias is None or source.dtype == "float32" or weights.scales > 1:
        return None
    if abs(source.scale * weights.scale - bias.scale) > 0.02 * case.outputs[0].scale:
        return "takes a bias with the scale of its input times that of its weights only", _CONVERT_AGAIN
    return None


def _slice(case: _Case) -> Limit:
    begin, size = case.inputs[1:3]
    if begin is not None and size is not None and begin.dtype != size.dtype:
        return f"takes begin and size of one type, not {begin.dtype} and {size.dtype}", _CONVERT_AGAIN
    return None


def _softmax(case: _Case) -> Limit:
    source, output = case.inputs[0], case.outputs[0]
    if source is not None and source.dtype == "int8" and output.dtype == "int16" and output.zero_point != -32768:
        return "gives int16 of int8 with zero point -32768 only", _CONVERT_AGAIN
    return None


def _svdf(case: _Case) -> Limit:
    if case.inputs[3] is None and case.outputs[0].dtype == "int8":
        return "takes no int8 without a bias", "give the layer a bias"
    times, bias, state = case.inputs[2:5]
    if times and bias and state and bias.dtype == "int32" and abs(bias.scale - times.scale * state.scale) >= 1e-5:
        return "takes a bias with the scale of its state times that of its weights only", _CONVERT_AGAIN
    if state is not None and not state.is_variable:
        return "takes a state that is a variable only", _CONVERT_AGAIN
    return None


def _strided_slice(case: _Case) -> Limit:
    """What TFLM makes of the numbers is the shape that the file states: it overlooks two of the masks."""
    source, output = case.inputs[0], case.outputs[0]
    lists = [_integers(tensor) for tensor in case.inputs[1:4]]
    if source is None or any(len(numbers) < len(source.shape) for numbers in lists):
        return f"takes a number for each axis of {source.shape if source else ()}", "slice every axis"
    begin_mask, end_mask, shrink_mask = case.option(0, "i32"), case.option(1, "i32"), case.option(4, "i32")
    shape = []
    for axis, length in enumerate(source.shape):
        bit = 1 << axis
        begin, end, stride = (numbers[axis] for numbers in lists)
        if stride == 0:
            return "takes no stride of 0", _CONVERT_AGAIN
        if shrink_mask & bit:
            continue
        first = None if begin_mask & bit else begin
        last = None if end_mask & bit else end
        shape.append(len(range(length)[slice(first, last, stride)]))
    if tuple(shape) != output.shape:
        reason = f"would give {tuple(shape)}, not {output.shape}: it knows no new axes and no ellipsis"
        return reason, "slice and reshape in two operators"
    return None


def _signal_type(case: _Case) -> Limit:
    """A part of the signal library whose kernel is chosen by an option, the schema's number of the element type."""
    source = case.inputs[0]
    wanted = {"float32": 0, "int32": 2, "int16": 7}.get(source.dtype if source else "")
    stated = custom_numbers(case.operator).get("T")
    if source is not None and stated != wanted:
        return f"is for the element type {stated} by its option T, but reads {source.dtype}", "write it for one type"
    return None


def _integers(tensor: FileTensor | None) -> tuple[int, ...]:
    if tensor is None or len(tensor.data) % 4:
        return ()
    return struct.unpack(f"<{len(tensor.data) // 4}i", tensor.data)


def _reshape(case: _Case) -> Limit:
    source, output = case.inputs[0], case.outputs[0]
    if source is not None and min(output.shape, default=1) > 0 and math.prod(source.shape) != math.prod(output.shape):
        return f"cannot make {output.shape} of {source.shape}", _CONVERT_AGAIN
    return None


_SPECIAL: dict[str, Callable[[_Case], Limit]] = {
    "CONCATENATION": _concatenation,
    "CALL_ONCE": _subgraphs((0, "subgraph")),
    "IF": _subgraphs((0, "first branch"), (1, "second branch")),
    "WHILE": _subgraphs((0, "condition"), (1, "body")),
    "FULLY_CONNECTED": _dense,
    "SLICE": _slice,
    "SOFTMAX": _softmax,
    "SVDF": _svdf,
    "STRIDED_SLICE": _strided_slice,
    "RESHAPE": _reshape,
    **dict.fromkeys(("SignalRfft", "SignalIrfft", "SignalOverlapAdd"), _signal_type),
}
