"""Int8 `.tflite` files with one operator each: random weights, scales and zero points, as a converter writes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from tflite import TensorType

from tests.support.tflite_files import TfliteWriter

Shape = tuple[int, ...]
SAME, VALID = 0, 1
NONE, RELU, N1_TO_1, RELU6 = 0, 1, 2, 3


class RandomWriter(TfliteWriter):
    """Writes tensors with random quantisation."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.rng = np.random.default_rng(seed)
        self.first_scale = 0.0

    def scale(self, low: float = 0.005, high: float = 0.2) -> float:
        """A scale between the two, evenly in its logarithm."""
        return float(np.float32(math.exp(self.rng.uniform(math.log(low), math.log(high)))))

    def zero(self) -> int:
        """A zero point."""
        return int(self.rng.integers(-128, 128))

    def codes(self, shape: Shape, scale: float = 0.0, zero: int | None = None, dtype: int = TensorType.INT8) -> int:
        """A tensor that is computed."""
        return self.tensor(
            shape, dtype=dtype, scales=[scale or self.scale()], zero_point=self.zero() if zero is None else zero
        )

    def kernel(self, shape: Shape, *, channels: int, axis: int) -> int:
        """Random weights with a scale for each channel, or one for all."""
        data = self.rng.integers(-127, 128, shape, np.int8)
        scales = [self.scale(0.001, 0.02) for _ in range(channels)]
        self.first_scale = scales[0]
        return self.tensor(shape, data.tobytes(), scales=scales, axis=axis)

    def biases(self, units: int, scale: float = 0.0) -> int:
        """Random biases; TFLM asks for a scale of them where the weights have one for all."""
        data = self.rng.integers(-3000, 3000, units, np.int32).tobytes()
        return self.tensor((units,), data, dtype=TensorType.INT32, scales=[scale] if scale else [])

    def constant(self, shape: Shape) -> int:
        """A random constant."""
        data = self.rng.integers(-128, 128, shape, np.int8).tobytes()
        return self.tensor(shape, data, scales=[self.scale()], zero_point=self.zero())


@dataclass(frozen=True, slots=True)
class Case:
    """A file by its name, written for a seed."""

    name: str
    write: Callable[[int], bytes]


def convolution(
    kernel: tuple[int, int], filters: int, *, shape: Shape = (1, 7, 6, 3), stride: tuple[int, int] = (1, 1),
    dilation: tuple[int, int] = (1, 1), padding: int = SAME, activation: int = NONE, per_channel: bool = True,
    multiplier: int = 0, bias: bool = True,
) -> Callable[[int], bytes]:  # fmt: skip
    """A convolution; with a `multiplier` a depthwise one."""

    def write(seed: int) -> bytes:
        w = RandomWriter(seed)
        channels = shape[3] * multiplier if multiplier else filters
        weights = (1, *kernel, channels) if multiplier else (filters, *kernel, shape[3])
        axis = 3 if multiplier else 0
        reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
        if padding == SAME:
            size = [-(-n // s) for n, s in zip(shape[1:3], stride, strict=True)]
        else:
            size = [(n - r) // s + 1 for n, r, s in zip(shape[1:3], reach, stride, strict=True)]
        x, y = w.codes(shape), w.codes((1, *size, channels))
        inputs = [x, w.kernel(weights, channels=channels if per_channel else 1, axis=axis)]
        inputs.append(w.biases(channels) if bias else -1)
        options = {
            "Padding": padding, "StrideH": stride[0], "StrideW": stride[1], "DilationHFactor": dilation[0],
            "DilationWFactor": dilation[1], "FusedActivationFunction": activation,
        }  # fmt: skip
        if multiplier:
            w.operator(
                "DEPTHWISE_CONV_2D", inputs, [y], "DepthwiseConv2DOptions", DepthMultiplier=multiplier, **options
            )
        else:
            w.operator("CONV_2D", inputs, [y], "Conv2DOptions", **options)
        return w.file([x], [y])

    return write


def dense(
    inputs: int, units: int, *, rows: int = 1, per_channel: bool, activation: int = NONE, bias: bool = True
) -> Callable[[int], bytes]:
    """A fully connected layer."""

    def write(seed: int) -> bytes:
        w = RandomWriter(seed)
        scale = w.scale()
        x, y = w.codes((rows, inputs), scale), w.codes((rows, units))
        weights = w.kernel((units, inputs), channels=units if per_channel else 1, axis=0)
        arguments = [x, weights, w.biases(units, 0 if per_channel else scale * w.first_scale) if bias else -1]
        w.operator("FULLY_CONNECTED", arguments, [y], "FullyConnectedOptions", FusedActivationFunction=activation)
        return w.file([x], [y])

    return write


def pool(name: str, size: tuple[int, int], *, stride: tuple[int, int], padding: int, activation: int = NONE):
    """A pooling of windows."""

    def write(seed: int) -> bytes:
        w = RandomWriter(seed)
        shape = (1, 7, 6, 3)
        if padding == SAME:
            rows, columns = (-(-n // s) for n, s in zip(shape[1:3], stride, strict=True))
        else:
            rows, columns = ((n - k) // s + 1 for n, k, s in zip(shape[1:3], size, stride, strict=True))
        scale, zero = w.scale(), w.zero()
        x, y = w.codes(shape, scale, zero), w.codes((1, rows, columns, 3), scale, zero)
        options = {
            "Padding": padding, "StrideH": stride[0], "StrideW": stride[1], "FilterHeight": size[0],
            "FilterWidth": size[1], "FusedActivationFunction": activation,
        }  # fmt: skip
        w.operator(name, [x], [y], "Pool2DOptions", **options)
        return w.file([x], [y])

    return write


def binary(name: str, other: Shape, *, activation: int = NONE, constant: bool = False, shape: Shape = (1, 4, 5, 3)):
    """ADD, SUB or MUL of a tensor with itself in other codes, or with a constant."""

    def write(seed: int) -> bytes:
        w = RandomWriter(seed)
        x = w.codes(shape)
        if constant:
            second = w.constant(other)
        else:
            second = w.codes(shape)
            w.operator("QUANTIZE", [x], [second], "QuantizeOptions")
        out = np.broadcast_shapes(shape, other)
        y = w.codes(out, scale=w.scale(0.05, 0.4))
        options = {"ADD": "AddOptions", "SUB": "SubOptions", "MUL": "MulOptions"}[name]
        w.operator(name, [x, second], [y], options, FusedActivationFunction=activation)
        return w.file([x], [y])

    return write


def reduction(name: str, shape: Shape, axes: Sequence[int], keep: bool):
    """MEAN or SUM over axes."""

    def write(seed: int) -> bytes:
        w = RandomWriter(seed)
        gone = {axis % len(shape) for axis in axes}
        out = tuple(1 if i in gone else n for i, n in enumerate(shape) if keep or i not in gone)
        x, y = w.codes(shape), w.codes(out)
        w.operator(name, [x, w.numbers(list(axes))], [y], "ReducerOptions", KeepDims=keep)
        return w.file([x], [y])

    return write


def unary(name: str, options: str = "", *, scale: float = 0.0, zero: int | None = None, **fields: object):
    """A function of one value."""

    def write(seed: int) -> bytes:
        w = RandomWriter(seed)
        x = w.codes((1, 256))
        y = w.codes((1, 256), scale, zero)
        w.operator(name, [x], [y], options, **fields)
        return w.file([x], [y])

    return write


def relu6(seed: int) -> bytes:
    """RELU6, which keeps the codes."""
    w = RandomWriter(seed)
    scale, zero = w.scale(0.02, 0.2), w.zero()
    x, y = w.codes((1, 256), scale, zero), w.codes((1, 256), scale, zero)
    w.operator("RELU6", [x], [y])
    return w.file([x], [y])


def hard_swish(seed: int) -> bytes:
    """HARD_SWISH, whose output has no smaller scale than a 128th of the input's."""
    w = RandomWriter(seed)
    x, y = w.codes((1, 256), w.scale(0.001, 2)), w.codes((1, 256), w.scale(0.02, 0.2))
    w.operator("HARD_SWISH", [x], [y], "HardSwishOptions")
    return w.file([x], [y])


def softmax(classes: int, beta: float = 1.0, rows: int = 1):
    """SOFTMAX."""

    def write(seed: int) -> bytes:
        w = RandomWriter(seed)
        x, y = w.codes((rows, classes), w.scale(0.005, 1)), w.codes((rows, classes), 1 / 256, -128)
        w.operator("SOFTMAX", [x], [y], "SoftmaxOptions", Beta=beta)
        return w.file([x], [y])

    return write


def pad(paddings: Sequence[int], shape: Shape, *, value: bool = False):
    """PAD, or PADV2 with a value of its own."""

    def write(seed: int) -> bytes:
        w = RandomWriter(seed)
        scale, zero = w.scale(), w.zero()
        out = tuple(n + paddings[2 * i] + paddings[2 * i + 1] for i, n in enumerate(shape))
        x, y = w.codes(shape, scale, zero), w.codes(out, scale, zero)
        arguments = [x, w.numbers(list(paddings), (len(shape), 2))]
        if value:
            arguments.append(w.tensor((1,), b"\x11", scales=[scale], zero_point=zero))
        w.operator("PADV2" if value else "PAD", arguments, [y], "PadV2Options" if value else "PadOptions")
        return w.file([x], [y])

    return write


def concatenation(axis: int):
    """CONCATENATION of a map with itself through max pooling, and with itself."""

    def write(seed: int) -> bytes:
        w = RandomWriter(seed)
        scale, zero = w.scale(), w.zero()
        x, pooled = w.codes((1, 4, 5, 3), scale, zero), w.codes((1, 4, 5, 3), scale, zero)
        options = {"Padding": SAME, "StrideH": 1, "StrideW": 1, "FilterHeight": 2, "FilterWidth": 2}
        w.operator("MAX_POOL_2D", [x], [pooled], "Pool2DOptions", **options)
        out = [1, 4, 5, 3]
        out[axis] *= 3
        y = w.codes(tuple(out), scale, zero)
        w.operator("CONCATENATION", [x, pooled, x], [y], "ConcatenationOptions", Axis=axis)
        return w.file([x], [y])

    return write


def transpose(shape: Shape, order: Sequence[int]):
    """TRANSPOSE."""

    def write(seed: int) -> bytes:
        w = RandomWriter(seed)
        scale, zero = w.scale(), w.zero()
        x, y = w.codes(shape, scale, zero), w.codes(tuple(shape[axis] for axis in order), scale, zero)
        w.operator("TRANSPOSE", [x, w.numbers(list(order))], [y], "TransposeOptions")
        return w.file([x], [y])

    return write


def unsigned(seed: int) -> bytes:
    """Unsigned codes at both ends, as converters wrote them once."""
    w = RandomWriter(seed)
    scale, other = w.scale(), w.scale()
    x = w.codes((1, 256), scale, w.zero() + 128, TensorType.UINT8)
    a, b = w.codes((1, 256), scale), w.codes((1, 256), other)
    y = w.codes((1, 256), other, w.zero() + 128, TensorType.UINT8)
    w.operator("QUANTIZE", [x], [a], "QuantizeOptions")
    w.operator("RELU", [a], [b])
    w.operator("QUANTIZE", [b], [y], "QuantizeOptions")
    return w.file([x], [y])


def branchy(seed: int = 0) -> bytes:
    """Two branches with sums, padding, a mean, and a dense layer with a softmax."""
    w = RandomWriter(seed)
    same = {"Padding": SAME, "StrideH": 1, "StrideW": 1, "DilationHFactor": 1, "DilationWFactor": 1}
    x, a, b, c, total = (w.codes((1, 6, 6, n)) for n in (2, 4, 4, 4, 4))
    w.operator("CONV_2D", [x, w.kernel((4, 3, 3, 2), channels=4, axis=0), w.biases(4)], [a], "Conv2DOptions", **same)
    depthwise = [a, w.kernel((1, 3, 3, 4), channels=4, axis=3), w.biases(4)]
    w.operator("DEPTHWISE_CONV_2D", depthwise, [b], "DepthwiseConv2DOptions", DepthMultiplier=1, **same)
    w.operator("CONV_2D", [a, w.kernel((4, 1, 1, 4), channels=4, axis=0), w.biases(4)], [c], "Conv2DOptions", **same)
    w.operator("ADD", [b, c], [total], "AddOptions", FusedActivationFunction=RELU)
    mean, logits, shares = w.codes((1, 4)), w.codes((1, 3)), w.codes((1, 3), 1 / 256, -128)
    w.operator("MEAN", [total, w.numbers([1, 2])], [mean], "ReducerOptions", KeepDims=False)
    dense = [mean, w.kernel((3, 4), channels=3, axis=0), w.biases(3)]
    w.operator("FULLY_CONNECTED", dense, [logits], "FullyConnectedOptions", FusedActivationFunction=NONE)
    w.operator("SOFTMAX", [logits], [shares], "SoftmaxOptions", Beta=1.0)
    return w.file([x], [shares])


CASES = (
    Case("conv 3x3 same", convolution((3, 3), 5)),
    Case("conv 3x2 valid strided relu", convolution((3, 2), 4, stride=(2, 1), padding=VALID, activation=RELU)),
    Case("conv 5x3 same strided relu6", convolution((5, 3), 4, stride=(2, 3), activation=RELU6)),
    Case("conv dilated", convolution((3, 3), 4, dilation=(2, 1))),
    Case("conv per tensor", convolution((2, 2), 4, per_channel=False, activation=N1_TO_1)),
    Case("conv 1x1 without bias", convolution((1, 1), 4, bias=False)),
    Case("conv 1x1 strided", convolution((1, 1), 9, stride=(2, 2), padding=VALID)),
    Case("conv of sound", convolution((1, 5), 4, shape=(1, 1, 40, 3), stride=(1, 2))),
    Case("depthwise 3x3", convolution((3, 3), 0, multiplier=1, activation=RELU)),
    Case("depthwise ×3", convolution((3, 2), 0, multiplier=3, stride=(2, 2))),
    Case("depthwise dilated", convolution((3, 3), 0, multiplier=1, dilation=(2, 2))),
    Case("depthwise per tensor valid", convolution((2, 3), 0, multiplier=2, padding=VALID, per_channel=False)),
    Case("dense per channel", dense(30, 7, per_channel=True)),
    Case("dense per tensor relu", dense(30, 7, per_channel=False, activation=RELU)),
    Case("dense of rows", dense(9, 4, rows=3, per_channel=True, bias=False)),
    Case("dense wide", dense(900, 3, per_channel=True)),
    Case("max pool", pool("MAX_POOL_2D", (2, 2), stride=(2, 2), padding=VALID)),
    Case("max pool same", pool("MAX_POOL_2D", (3, 2), stride=(2, 1), padding=SAME, activation=RELU)),
    Case("average pool", pool("AVERAGE_POOL_2D", (2, 3), stride=(1, 2), padding=VALID)),
    Case("average pool same", pool("AVERAGE_POOL_2D", (3, 3), stride=(2, 2), padding=SAME, activation=RELU6)),
    Case("average pool global", pool("AVERAGE_POOL_2D", (7, 6), stride=(7, 6), padding=VALID)),
    Case("mean of a map", reduction("MEAN", (1, 7, 6, 3), (1, 2), keep=False)),
    Case("mean kept", reduction("MEAN", (1, 4, 4, 3), (2, 1), keep=True)),
    Case("mean of channels", reduction("MEAN", (1, 5, 3, 8), (-1,), keep=False)),
    Case("sum", reduction("SUM", (1, 3, 4, 2), (1,), keep=True)),
    Case("add", binary("ADD", (1, 4, 5, 3))),
    Case("add relu", binary("ADD", (1, 4, 5, 3), activation=RELU)),
    Case("add broadcast", binary("ADD", (3,), constant=True)),
    Case("add scalar", binary("ADD", (1, 1, 1, 1), constant=True)),
    Case("add both broadcast", binary("ADD", (1, 4, 1, 3), constant=True, shape=(1, 1, 5, 3))),
    Case("sub", binary("SUB", (1, 4, 5, 3))),
    Case("sub broadcast", binary("SUB", (1, 1, 5, 1), constant=True, activation=RELU6)),
    Case("mul", binary("MUL", (1, 4, 5, 3), activation=RELU)),
    Case("mul broadcast", binary("MUL", (1, 1, 1, 3), constant=True)),
    Case("relu", unary("RELU")),
    Case("relu6", relu6),
    Case("leaky relu", unary("LEAKY_RELU", "LeakyReluOptions", Alpha=0.3)),
    Case("hard swish", hard_swish),
    Case("logistic", unary("LOGISTIC", scale=1 / 256, zero=-128)),
    Case("tanh", unary("TANH", scale=1 / 128, zero=0)),
    Case("quantize", unary("QUANTIZE", "QuantizeOptions")),
    Case("unsigned edges", unsigned),
    Case("softmax of 10", softmax(10)),
    Case("softmax of rows, cool", softmax(4, beta=0.25, rows=3)),
    Case("softmax of 300", softmax(300)),
    Case("pad map", pad([0, 0, 1, 2, 0, 3, 0, 0], (1, 3, 4, 2))),
    Case("pad channels", pad([0, 0, 0, 0, 1, 0, 2, 1], (1, 3, 4, 2))),
    Case("pad rows", pad([0, 0, 2, 1], (1, 5))),
    Case("pad with a value", pad([0, 0, 1, 1, 1, 1, 0, 0], (1, 3, 4, 2), value=True)),
    Case("concatenate channels", concatenation(3)),
    Case("concatenate rows", concatenation(1)),
    Case("transpose", transpose((1, 4, 5, 3), (0, 3, 1, 2))),
    Case("transpose rows", transpose((1, 6, 4), (0, 2, 1))),
)
