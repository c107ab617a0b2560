"""Operators of a `.tflite` file without a cost rule: what they write, and the facts that their memory depends on.

Multiply-accumulates are counted where the file tells enough.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable

from resource_models.graph.operators import Other
from resource_models.model_file.tflite_file import FileOperator
from resource_models.model_file.tflite_operators import Call

_Facts = dict[str, int]
_UNCOUNTED = ("IF", "WHILE")
"""How often their subgraphs run shows only when the network does."""
_CALLS = {"CALL_ONCE": 1, "IF": 2, "WHILE": 2}
"""How many subgraphs an operator names, in its first options."""


def other_of(call: Call) -> Other:
    """The operator as the file states it."""
    operator = call.operator
    name = operator.name
    rule = _MACS.get(name)
    unknown = operator.is_custom or name in _UNCOUNTED
    macs = None if unknown else rule(call) if rule else 0
    facts = custom_numbers(operator) if operator.is_custom else _FACTS.get(name, _no_facts)(call)
    calls = () if operator.is_custom else tuple(call.option(place, "i32") for place in range(_CALLS.get(name, 0)))
    shapes = tuple(tuple(max(length, 1) for length in tensor.shape) for tensor in call.outputs)
    return Other(name, shapes, macs, tuple((key, value) for key, value in facts.items() if value), calls)


def _matmul(call: Call) -> int:
    """Each output is a sum over the axis that the left matrix gives up."""
    shape = call.input(0).shape
    depth = shape[-2 if call.option(0, "bool") else -1] if len(shape) > 1 else 0
    return math.prod(call.output_shape()) * depth


def _convolution(call: Call) -> int:
    """Weights times the positions of the output; those that the network computes count too."""
    return math.prod(call.output_shape()[:-1]) * math.prod(call.input(1).shape)


def _transposed(call: Call) -> int:
    return math.prod(call.input(2).shape[:-1]) * math.prod(call.input(1).shape)


def _dense(call: Call) -> int:
    return math.prod(call.input(0).shape) * (call.input(1).shape or (0,))[0]


def _recurrent(call: Call) -> int:
    matrices = (tensor for tensor in call.inputs[1:9] if tensor and len(tensor.shape) == 2)
    return math.prod(call.input(0).shape[:-1]) * sum(math.prod(tensor.shape) for tensor in matrices)


_MACS: dict[str, Callable[[Call], int]] = {
    "BATCH_MATMUL": _matmul,
    "CONV_2D": _convolution,
    "DEPTHWISE_CONV_2D": _convolution,
    "TRANSPOSE_CONV": _transposed,
    "FULLY_CONNECTED": _dense,
    "SVDF": lambda call: sum(math.prod(tensor.shape) for tensor in call.inputs[1:3] if tensor),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": _recurrent,
}


def _no_facts(_call: Call) -> _Facts:
    return {}


def _matmul_facts(call: Call) -> _Facts:
    """Which matrices are copied to be turned: the left where it is to be, the right where it is not."""
    left, right = call.input(0), call.input(1)
    facts = {"quantized": int(left.dtype != "float32")}
    if call.option(0, "bool"):
        facts |= {"left_elements": math.prod(left.shape), "left_axes": len(left.shape)}
    if not call.option(1, "bool"):
        facts |= {"right_elements": math.prod(right.shape), "right_axes": len(right.shape)}
    return facts


def _axes_facts(call: Call) -> _Facts:
    return {"axes": math.prod(call.input(1).shape), "input_axes": len(call.input(0).shape)}


def _weights_facts(call: Call) -> _Facts:
    weights = call.input(1)
    axis = -1 if call.operator.name == "DEPTHWISE_CONV_2D" else 0
    facts = {"channels": weights.shape[axis] if weights.shape else 0, "scales": weights.scales}
    return facts | {"packed": math.prod(weights.shape) if weights.dtype == "int4" else 0}


def _variable_facts(call: Call) -> _Facts:
    options = call.operator.options
    name = f"{options.text(0)}/{options.text(1)}" if options else ""
    return {"variable": zlib.crc32(name.encode()) or 1}


def _reshape_facts(call: Call) -> _Facts:
    return {"stretched": int(min(call.output_shape(), default=1) < 0)}


_FACTS: dict[str, Callable[[Call], _Facts]] = {
    "BATCH_MATMUL": _matmul_facts,
    **dict.fromkeys(("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_ALL"), _axes_facts),
    **dict.fromkeys(("CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV", "FULLY_CONNECTED"), _weights_facts),
    "VAR_HANDLE": _variable_facts,
    "RESHAPE": _reshape_facts,
}


def custom_numbers(operator: FileOperator) -> dict[str, int]:
    """The whole numbers among the options of a custom operator: a map in the format FlexBuffers, if anything."""
    from flatbuffers import flexbuffers

    data = bytes(operator.custom_options)
    if not 3 <= len(data) <= 10_000:
        return {}
    try:
        options = flexbuffers.Loads(data)
    except (ValueError, TypeError, LookupError, AttributeError, NotImplementedError, RecursionError, struct.error):
        return {}
    found = options.items() if isinstance(options, dict) else ()
    return {str(key): int(value) for key, value in found if isinstance(value, int)}
