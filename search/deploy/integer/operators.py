"""From an operator of a `.tflite` file to its operation on integers, for each that the board can compute.

All that is real becomes integers here, by the rules of TensorFlow Lite Micro's `Prepare` functions, with the same mix
of single and double precision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resource_models.graph import operators as op
from search.deploy.integer import lookup
from search.deploy.integer.convolution import Convolution, Dense
from search.deploy.integer.elementwise import LEFT_SHIFT, Product, Sum
from search.deploy.integer.lookup import Codes
from search.deploy.integer.network import Operation
from search.deploy.integer.pooling import Pool, Reduction, mean_multiplier
from search.deploy.integer.rounding import Multiplier, multiplier, rounded
from search.deploy.integer.shaping import Concatenation, Pad, Reshape, Transpose
from search.deploy.integer.softmax import softmax
from search.errors import DeployError

Pair = tuple[int, int]
_LIMITS = {"relu": (0, None), "relu6": (0, 6), "relu_n1_to_1": (-1, 1)}


@dataclass(frozen=True, eq=False)
class Operand:
    """A tensor of the file. `scales` are those of its quantisation, `data` a constant's values."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    scales: tuple[float, ...]
    zeros: tuple[int, ...]
    data: NDArray[Any] | None

    @property
    def codes(self) -> Codes:
        """What its codes stand for."""
        return Codes(np.float32(self.scales[0]), self.zeros[0], self.dtype == "int8")


@dataclass(frozen=True, slots=True)
class Call:
    """An operator at its place; an input that is left out is None. `number` reads a float among the options."""

    kind: str
    spec: op.OperatorSpec
    inputs: tuple[Operand | None, ...]
    output: Operand
    number: Callable[[int, float], float]

    def input(self, index: int) -> Operand:
        """An input that must be there."""
        found = self.inputs[index] if index < len(self.inputs) else None
        if found is None:
            raise DeployError(f"{self.kind} lacks its input {index}.")
        return found

    def codes(self, index: int) -> Codes:
        """The codes of an input."""
        return self.input(index).codes

    def refuse(self, why: str) -> DeployError:
        """The error that says what of this operator a board cannot compute."""
        return DeployError(f"{self.kind} that writes {self.output.name!r} cannot be exported: {why}.")

    def limits(self) -> Pair:
        """The lowest and the highest code that the activation lets pass."""
        activation = getattr(self.spec, "activation", "none")
        if activation == "none":
            return -128, 127
        if activation not in _LIMITS:
            raise self.refuse(f"its activation {activation} is not among relu, relu6 and relu_n1_to_1")
        low, high = (None if x is None else self._code(x) for x in _LIMITS[activation])
        return max(-128, -128 if low is None else low), min(127, 127 if high is None else high)

    def _code(self, value: float) -> int:
        codes = self.output.codes
        return codes.zero + int(rounded(np.float32(value) / codes.scale))


def operation_of(call: Call) -> Operation:
    """The operation.

    Raises:
        DeployError: something about the operator is not computed on the board; it is named.
    """
    return OPERATIONS[call.kind](call)


def _weights(call: Call, axis: int) -> dict[str, Any]:
    """What all layers with weights have; `axis` is that of the output channels."""
    filters, bias = call.input(1), call.inputs[2] if len(call.inputs) > 2 else None
    channels = filters.shape[axis]
    if filters.data is None or filters.dtype != "int8" or any(filters.zeros):
        raise call.refuse("its weights are not constants of int8 with zero point 0")
    if bias is not None and (bias.data is None or bias.dtype != "int32"):
        raise call.refuse("its bias is not a constant of int32")
    if len(filters.scales) not in (1, channels):
        raise call.refuse(f"its weights have {len(filters.scales)} scales for {channels} channels")
    factors = _factors(call, filters.scales, channels)
    low, high = call.limits()
    return {
        "bias": np.zeros(channels, np.int32) if bias is None or bias.data is None else bias.data,
        "significand": np.array([factor.significand for factor in factors], np.int32),
        "shift": np.array([factor.shift for factor in factors], np.int8),
        "input_zero": call.codes(0).zero,
        "output_zero": call.output.codes.zero,
        "low": low,
        "high": high,
    }


def _factors(call: Call, scales: tuple[float, ...], channels: int) -> list[Multiplier]:
    source, target = call.codes(0).scale, call.output.codes.scale
    if call.kind == "FULLY_CONNECTED" and len(scales) == 1:  # the only product in single precision
        return [multiplier(float(source * np.float32(scales[0])) / float(target))] * channels
    found = [multiplier(float(source) * scale / float(target)) for scale in scales]
    return found * channels if len(found) == 1 else found


def _before(spec: Any, kernel: Pair, dilations: Pair, size: Pair, output: Pair) -> Pair:
    """Rows above and columns left of the map that the first window reaches."""
    if spec.padding == "valid":
        return 0, 0
    reach = [(o - 1) * s + (k - 1) * d + 1 for o, s, k, d in zip(output, spec.strides, kernel, dilations, strict=True)]
    first, second = (max(r - n, 0) // 2 for r, n in zip(reach, size, strict=True))
    return first, second


def _map_size(operand: Operand) -> Pair:
    return operand.shape[1], operand.shape[2]


def _convolution(call: Call) -> Operation:
    spec: Any = call.spec
    depthwise = isinstance(spec, op.DepthwiseConv2D)
    shared = _weights(call, 3 if depthwise else 0)
    filters = call.input(1).data
    assert filters is not None
    if not depthwise and filters.shape[3] != call.input(0).shape[3]:
        raise call.refuse("its channels are in groups")
    size, output = _map_size(call.input(0)), _map_size(call.output)
    return Convolution(
        weights=filters[0] if depthwise else filters,
        strides=spec.strides,
        dilations=spec.dilations,
        before=_before(spec, spec.kernel, spec.dilations, size, output),
        output_size=output,
        multiplier=spec.multiplier if depthwise else 0,
        **shared,
    )


def _dense(call: Call) -> Operation:
    shared = _weights(call, 0)
    filters = call.input(1).data
    assert filters is not None
    return Dense(weights=filters, **shared)


def _pool(largest: bool) -> Callable[[Call], Operation]:
    def rule(call: Call) -> Operation:
        _refuse_other_codes(call, tolerance=1e-6)
        spec: Any = call.spec
        size, output = _map_size(call.input(0)), _map_size(call.output)
        before = _before(spec, spec.size, (1, 1), size, output)
        return Pool(largest, spec.size, spec.strides, before, output, *call.limits())

    return rule


def _refuse_other_codes(call: Call, tolerance: float = 0) -> None:
    target = call.output.codes
    for operand in call.inputs:
        if operand is not None and operand.dtype in ("int8", "uint8"):
            codes = operand.codes
            if abs(float(codes.scale) - float(target.scale)) > tolerance or codes.zero != target.zero:
                raise call.refuse("its input and output have other scales or zero points")


def _reduction(call: Call) -> Operation:
    spec: Any = call.spec
    shape = call.input(0).shape
    axes = tuple(sorted({axis % len(shape) for axis in spec.axes}))
    count = int(np.prod([shape[axis] for axis in axes]))
    source, target = call.codes(0), call.output.codes
    real = multiplier(float(source.scale) / float(target.scale))
    factor = mean_multiplier(real, count) if call.kind == "MEAN" else real
    return Reduction(axes, count, source.zero, target.zero, factor)


def _sum(call: Call) -> Operation:
    a, b, target = call.codes(0), call.codes(1), call.output.codes
    wide = 1 << LEFT_SHIFT
    if call.kind == "SUB":  # in single precision, unlike the sum
        twice = np.float32(2) * max(a.scale, b.scale)
        real = [float(a.scale / twice), float(b.scale / twice), float(twice / (np.float32(wide) * target.scale))]
    else:
        double = 2 * float(max(a.scale, b.scale))
        real = [float(a.scale) / double, float(b.scale) / double, double / (wide * float(target.scale))]
    first, second, output = (multiplier(value) for value in real)
    if not 0 < real[2] < 1 or output.shift > 0:
        raise call.refuse("its output has a scale that is too small beside those of its inputs")
    return Sum((a.zero, b.zero), (first, second), target.zero, output, *call.limits(), subtract=call.kind == "SUB")


def _product(call: Call) -> Operation:
    a, b, target = call.codes(0), call.codes(1), call.output.codes
    output = multiplier(float(a.scale) * float(b.scale) / float(target.scale))
    return Product((a.zero, b.zero), target.zero, output, *call.limits())


def _pad(call: Call) -> Operation:
    numbers = call.input(1).data
    assert numbers is not None
    value = call.output.codes.zero
    if len(call.inputs) > 2:
        given = call.input(2)
        if given.data is None or given.codes != call.output.codes:
            raise call.refuse("the value that it fills in is no constant of the output's scale")
        value = int(given.data.reshape(-1)[0])
    return Pad(tuple((int(before), int(after)) for before, after in numbers.reshape(-1, 2)), value)


def _concatenation(call: Call) -> Operation:
    _refuse_other_codes(call)
    call.limits()
    spec: Any = call.spec
    if getattr(spec, "activation", "none") != "none":
        raise call.refuse("it has an activation")
    return Concatenation(spec.axis % len(call.output.shape))


def _softmax(call: Call) -> Operation:
    target = call.output.codes
    if target.zero != -128 or target.scale != np.float32(1 / 256):
        raise call.refuse("its output is not of scale 1/256 and zero point -128")
    return softmax(float(call.codes(0).scale), call.number(0, 0.0))


def _logistic(call: Call) -> Operation:
    if call.output.codes.zero != -128:
        raise call.refuse("its output has another zero point than -128")
    return lookup.logistic(call.codes(0))


def _leaky_relu(call: Call) -> Operation:
    return lookup.leaky_relu(call.codes(0), call.output.codes, np.float32(call.number(0, 0.0)))


def _hard_swish(call: Call) -> Operation:
    if multiplier(float(np.float32(1 / 128) * call.codes(0).scale / call.output.codes.scale)).shift > 0:
        raise call.refuse("its output has a scale that is too small beside that of its input")
    return lookup.hard_swish(call.codes(0), call.output.codes)


def _transpose(call: Call) -> Operation:
    _refuse_other_codes(call, tolerance=1e-6)
    spec: Any = call.spec
    return Transpose(tuple(axis % len(spec.permutation) for axis in spec.permutation))


def _reshape(call: Call) -> Operation:
    _refuse_other_codes(call, tolerance=1e-6)
    return Reshape()


OPERATIONS: dict[str, Callable[[Call], Operation]] = {
    "CONV_2D": _convolution,
    "DEPTHWISE_CONV_2D": _convolution,
    "FULLY_CONNECTED": _dense,
    "MAX_POOL_2D": _pool(largest=True),
    "AVERAGE_POOL_2D": _pool(largest=False),
    "MEAN": _reduction,
    "SUM": _reduction,
    "ADD": _sum,
    "SUB": _sum,
    "MUL": _product,
    "PAD": _pad,
    "PADV2": _pad,
    "CONCATENATION": _concatenation,
    "TRANSPOSE": _transpose,
    "RESHAPE": _reshape,
    "SQUEEZE": _reshape,
    "EXPAND_DIMS": _reshape,
    "SOFTMAX": _softmax,
    "LOGISTIC": _logistic,
    "TANH": lambda call: lookup.tanh(call.codes(0)),
    "RELU": lambda call: lookup.relu(call.codes(0), call.output.codes),
    "RELU6": lambda call: lookup.relu6(call.codes(0)),
    "LEAKY_RELU": _leaky_relu,
    "HARD_SWISH": _hard_swish,
    "QUANTIZE": lambda call: lookup.requantized(call.codes(0), call.output.codes),
}
"""Every operator that the board computes, by the file's name."""
