"""From an operator of a `.tflite` file to its `OperatorSpec`, for each that is understood."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from resource_models.errors import ModelFileError
from resource_models.graph import operators as op
from resource_models.model_file.tflite_file import FileOperator, FileTensor

_ACTIVATIONS: tuple[op.Activation, ...] = ("none", "relu", "relu_n1_to_1", "relu6", "tanh", "sign_bit")
_PADDINGS: tuple[op.Padding, ...] = ("same", "valid")


@dataclass(frozen=True, slots=True)
class Call:
    """An operator with the tensors that it reads (None: left out) and writes."""

    operator: FileOperator
    inputs: tuple[FileTensor | None, ...]
    outputs: tuple[FileTensor, ...]

    def input(self, index: int) -> FileTensor:
        """An input that must be there."""
        tensor = self.inputs[index] if index < len(self.inputs) else None
        if tensor is None:
            raise ModelFileError(f"the file is damaged: {self.operator.name} lacks its input {index}")
        return tensor

    def output_shape(self) -> tuple[int, ...]:
        """The shape that the file states for the first output."""
        if not self.outputs:
            raise ModelFileError(f"the file is damaged: {self.operator.name} has no output")
        return self.outputs[0].shape

    def option(self, index: int, kind: str, default: int = 0) -> int:
        """A number among the options."""
        options = self.operator.options
        return default if options is None else options.number(index, kind, default)

    def activation(self, index: int) -> op.Activation:
        """The fused activation."""
        return _ACTIVATIONS[self._within(self.option(index, "i8"), len(_ACTIVATIONS), "activation")]

    def padding(self, index: int) -> op.Padding:
        """Padding "same" or "valid"."""
        return _PADDINGS[self._within(self.option(index, "i8"), len(_PADDINGS), "padding")]

    def pair(self, first: int, second: int, default: int = 0) -> op.Pair:
        """Two numbers of the options; the schema has the width first, here it comes last."""
        pair = self.option(second, "i32", default), self.option(first, "i32", default)
        if min(pair) < 1:
            raise ModelFileError(f"the file is damaged: {self.operator.name} has a stride or window of {min(pair)}")
        return pair

    def constant(self, index: int) -> tuple[int, ...]:
        """The integers of a constant input."""
        tensor = self.input(index)
        width = {"int32": "i", "int64": "q"}.get(tensor.dtype)
        if width is None or not tensor.data or len(tensor.data) > 1000:
            raise _NotConstantError
        size = struct.calcsize(width)
        return struct.unpack_from(f"<{len(tensor.data) // size}{width}", tensor.data)

    def _within(self, number: int, count: int, what: str) -> int:
        if not 0 <= number < count:
            raise ModelFileError(f"the file is damaged: {self.operator.name} has {what} {number}")
        return number


class _NotConstantError(Exception):
    """Numbers that are worked out only when the network runs."""


def spec_of(call: Call, active: Sequence[int]) -> op.OperatorSpec | None:
    """The operator's specification; None where there is none for it, or not for what it reads.

    Args:
        call: The operator.
        active: Places of the inputs that the network computes.

    Raises:
        ModelFileError: its options or inputs make no sense.
    """
    name = call.operator.name
    rule = None if call.operator.is_custom else _RULES.get(name)
    weighted = _WEIGHTED.get(name, ())
    if rule is None or not active or not call.outputs or any(place in weighted for place in active):
        return None
    try:
        return rule(call)
    except _NotConstantError:
        return None


def _kernel(call: Call) -> op.Pair:
    shape = call.input(1).shape
    if len(shape) != 4:
        raise ModelFileError(f"the file is damaged: {call.operator.name} has weights of shape {shape}")
    return shape[1], shape[2]


def _conv(call: Call) -> op.OperatorSpec:
    strides, dilations = call.pair(1, 2), call.pair(4, 5, 1)
    return op.Conv2D(_kernel(call), strides, call.padding(0), call.activation(3), dilations=dilations)


def _depthwise(call: Call) -> op.OperatorSpec:
    strides, dilations = call.pair(1, 2), call.pair(5, 6, 1)
    channels, filters = call.input(0).shape[-1:], call.input(1).shape[-1:]
    multiplier = filters[0] // channels[0] if channels and filters and channels[0] > 0 else 0
    padding, activation = call.padding(0), call.activation(4)
    return op.DepthwiseConv2D(_kernel(call), strides, padding, activation, multiplier, dilations=dilations)


def _transpose_conv(call: Call) -> op.OperatorSpec:
    shape = call.output_shape()
    if len(shape) != 4:
        raise ModelFileError(f"the file is damaged: {call.operator.name} gives {shape}")
    return op.TransposeConv2D(_kernel(call), call.pair(1, 2), call.padding(0), (shape[1], shape[2]), call.activation(3))


def _max_pool(call: Call) -> op.OperatorSpec:
    return op.MaxPool2D(call.pair(3, 4), call.pair(1, 2), call.padding(0), call.activation(5))


def _average_pool(call: Call) -> op.OperatorSpec:
    return op.AveragePool2D(call.pair(3, 4), call.pair(1, 2), call.padding(0), call.activation(5))


def _dense(call: Call) -> op.OperatorSpec:
    per_channel = call.input(1).scales > 1
    keeps = bool(call.option(2, "bool")) or len(call.output_shape()) > 2  # TFLM goes by the shape alone
    return op.Dense(call.activation(0), keeps, per_channel)


def _binary(function: str) -> Callable[[Call], op.OperatorSpec]:
    fused = function in ("sub", "mul", "div")
    return lambda call: op.Binary(function, call.activation(0) if fused else "none")


def _unary(function: str) -> Callable[[Call], op.OperatorSpec]:
    return lambda _call: op.Unary(function)


def _reduce(function: str) -> Callable[[Call], op.OperatorSpec]:
    return lambda call: op.Reduce(function, call.constant(1), bool(call.option(0, "bool")))


def _resize(method: str) -> Callable[[Call], op.OperatorSpec]:
    def rule(call: Call) -> op.OperatorSpec:
        size = call.constant(1)
        if len(size) != 2:
            raise ModelFileError(f"the file is damaged: {call.operator.name} has the size {size}")
        return op.Resize(method, (size[0], size[1]))

    return rule


def _pad(mirror: bool) -> Callable[[Call], op.OperatorSpec]:
    def rule(call: Call) -> op.OperatorSpec:
        flat = call.constant(1)
        pairs = tuple(zip(flat[::2], flat[1::2], strict=False))
        if not mirror and len(pairs) == 4 and pairs[0] == pairs[3] == (0, 0):
            return op.Pad((pairs[1], pairs[2]))
        return op.PadAxes(pairs, mirror)

    return rule


def _concatenate(call: Call) -> op.OperatorSpec:
    return op.Concatenate(call.option(0, "i32"), call.activation(1))


def _split(axis_input: int) -> Callable[[Call], op.OperatorSpec]:
    def rule(call: Call) -> op.OperatorSpec:
        axis = call.constant(axis_input)
        shapes = [output.shape for output in call.outputs]
        rank = min(map(len, shapes), default=0)
        if len(axis) != 1 or not -rank <= axis[0] < rank:
            raise ModelFileError(f"the file is damaged: {call.operator.name} has the axis {axis}")
        return op.Split(axis[0], tuple(shape[axis[0]] for shape in shapes))

    return rule


def _reshape(call: Call) -> op.OperatorSpec:
    return op.Reshape(call.output_shape())


def _slice(call: Call) -> op.OperatorSpec:
    return op.Slice(call.output_shape())


def _transpose(call: Call) -> op.OperatorSpec:
    return op.Transpose(call.constant(1))


def _svdf(call: Call) -> op.OperatorSpec:
    return op.Svdf(call.option(0, "i32"), call.activation(1))


def _lstm(call: Call) -> op.OperatorSpec:
    shape = call.output_shape()
    if not shape:
        raise ModelFileError("the file is damaged: an LSTM gives a single number")
    return op.Lstm(shape[-1], bool(call.option(3, "bool")), call.activation(0))


_UNARY = (
    "relu", "relu_n1_to_1", "relu6", "logistic", "tanh", "hard_swish", "leaky_relu", "elu", "gelu", "abs", "neg", "exp",
    "log", "sqrt", "rsqrt", "square", "sin", "cos", "floor", "ceil", "round", "quantize", "dequantize", "cast",
)  # fmt: skip
_BINARY = ("sub", "mul", "div", "maximum", "minimum", "squared_difference")

_WEIGHTED: dict[str, tuple[int, ...]] = {
    "CONV_2D": (1, 2), "DEPTHWISE_CONV_2D": (1, 2), "TRANSPOSE_CONV": (0, 1, 3), "FULLY_CONNECTED": (1, 2),
    "SVDF": (1, 2, 3), "UNIDIRECTIONAL_SEQUENCE_LSTM": tuple(range(1, 24)),
}  # fmt: skip
"""Inputs that have to be constants for the operator to be costed."""
_RULES: dict[str, Callable[[Call], op.OperatorSpec]] = {
    "CONV_2D": _conv,
    "DEPTHWISE_CONV_2D": _depthwise,
    "TRANSPOSE_CONV": _transpose_conv,
    "MAX_POOL_2D": _max_pool,
    "AVERAGE_POOL_2D": _average_pool,
    "FULLY_CONNECTED": _dense,
    "ADD": lambda call: op.Add(call.activation(0)),
    "SOFTMAX": lambda _call: op.Softmax(),
    "LOG_SOFTMAX": lambda _call: op.Softmax(log=True),
    "PAD": _pad(mirror=False),
    "PADV2": _pad(mirror=False),
    "MIRROR_PAD": _pad(mirror=True),
    "RESHAPE": _reshape,
    "SQUEEZE": _reshape,
    "EXPAND_DIMS": _reshape,
    "TRANSPOSE": _transpose,
    "CONCATENATION": _concatenate,
    "SPLIT": _split(0),
    "SPLIT_V": _split(2),
    "STRIDED_SLICE": _slice,
    "SLICE": _slice,
    "MEAN": _reduce("mean"),
    "SUM": _reduce("sum"),
    "REDUCE_MAX": _reduce("max"),
    "REDUCE_MIN": _reduce("min"),
    "RESIZE_BILINEAR": _resize("bilinear"),
    "RESIZE_NEAREST_NEIGHBOR": _resize("nearest"),
    "SVDF": _svdf,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": _lstm,
    "SHAPE": lambda _call: op.Shape(),
    "PACK": lambda call: op.Stack(call.option(1, "i32")),
    **{function.upper(): _unary(function) for function in _UNARY},
    **{function.upper(): _binary(function) for function in _BINARY},
}
