"""A `.tflite` file with one operator each, quantised or float, small enough to be measured by the hundred."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tflite import TensorType

from tests.support.tflite_files import TfliteWriter

Shape = tuple[int, ...]
IMAGE = (1, 8, 8, 4)
_BYTES = {"int8": 1, "int16": 2, "float32": 4}
_TYPES = {"int8": TensorType.INT8, "int16": TensorType.INT16, "float32": TensorType.FLOAT32}
_CELL_SCALE = 2.0**-11


class OperatorWriter(TfliteWriter):
    """Writes tensors of one element type; `int8` and `int16` are quantised."""

    def __init__(self, dtype: str) -> None:
        super().__init__()
        self.dtype = dtype
        self.quantized = dtype != "float32"

    def activation(
        self, shape: Shape, scale: float = 0.1, zero_point: int = 0, *, variable: bool = False, dtype: str = ""
    ) -> int:
        """A tensor that the network computes."""
        kind = dtype or self.dtype
        scales = [scale] if self.quantized else []
        zero = 0 if kind == "int16" else zero_point
        return self.tensor(shape, dtype=_TYPES[kind], scales=scales, zero_point=zero, variable=variable)

    def kernel(self, shape: Shape, *, channels: int = 1, axis: int = 0) -> int:
        """Weights, with a scale for each of `channels`."""
        kind = "int8" if self.quantized else "float32"
        data = bytes(math.prod(shape) * _BYTES[kind])
        scales = [0.05] * channels if self.quantized else []
        return self.tensor(shape, data, dtype=_TYPES[kind], scales=scales, axis=axis)

    def bias(self, units: int, *, channels: int = 1) -> int:
        """A bias, whose scale is that of the input times that of the weights."""
        kinds = {"int8": (TensorType.INT32, 4), "int16": (TensorType.INT64, 8), "float32": (TensorType.FLOAT32, 4)}
        dtype, size = kinds[self.dtype]
        scales = [0.1 * 0.05] * channels if self.quantized else []
        return self.tensor((units,), bytes(size * units), dtype=dtype, scales=scales)


@dataclass(frozen=True, slots=True)
class Case:
    """A file with its name."""

    name: str
    write: Callable[[], bytes]


def lstm(
    units: int, steps: int, features: int, *, batch: int = 1, layers: int = 1, time_major: bool = False,
    dtype: str = "int8",
) -> bytes:  # fmt: skip
    """`layers` LSTMs on one another, as the converter writes them: full sequences, four gates, no peepholes."""
    w = OperatorWriter(dtype)
    cell = "int16" if w.quantized else dtype
    x = first = w.activation((steps, batch, features) if time_major else (batch, steps, features))
    for _ in range(layers):
        weights = [w.kernel((units, width)) for width in (features, units) for _ in range(4)]
        biases = [w.bias(units) for _ in range(4)]
        hidden = w.activation((batch, units), variable=True)
        state = w.activation((batch, units), _CELL_SCALE, variable=True, dtype=cell)
        between = [w.activation((0,), 2.0**-12, dtype=cell) for _ in range(4)] + [w.activation((0,))]
        y = w.activation((steps, batch, units) if time_major else (batch, steps, units))
        w.operator(
            "UNIDIRECTIONAL_SEQUENCE_LSTM",
            [x, *weights, -1, -1, -1, *biases, -1, -1, hidden, state, -1, -1, -1, -1],
            [y],
            "UnidirectionalSequenceLSTMOptions",
            intermediates=between,
            FusedActivationFunction=4,
            CellClip=10.0,
            TimeMajor=time_major,
        )
        x, features = y, units
    return w.file([first], [x])


def svdf(units: int, rank: int, features: int, memory: int, *, dtype: str = "int8", state: str = "int16") -> bytes:
    """A filter over time whose state is `state`."""
    w = OperatorWriter(dtype)
    filters = units * rank
    kind = state if w.quantized else dtype
    times = w.tensor(
        (filters, memory),
        bytes(filters * memory * _BYTES[kind]),
        dtype=_TYPES[kind],
        scales=[0.05] if w.quantized else [],
    )
    x, y = w.activation((1, features)), w.activation((1, units))
    kept = w.activation((1, filters * memory), variable=True, dtype=kind)
    inputs = [x, w.kernel((filters, features)), times, w.bias(units), kept]
    w.operator("SVDF", inputs, [y], "SVDFOptions", Rank=rank, FusedActivationFunction=1)
    return w.file([x], [y])


def convolution(filters: int, kernel: tuple[int, int], *, stride: int = 1, shape: Shape = IMAGE, dtype: str) -> bytes:
    """A convolution with padding "same"."""
    w = OperatorWriter(dtype)
    _, rows, columns, depth = shape
    x, y = w.activation(shape), w.activation((1, -(-rows // stride), -(-columns // stride), filters))
    inputs = [x, w.kernel((filters, *kernel, depth), channels=filters), w.bias(filters, channels=filters)]
    w.operator("CONV_2D", inputs, [y], "Conv2DOptions", Padding=0, StrideW=stride, StrideH=stride)
    return w.file([x], [y])


def depthwise(kernel: tuple[int, int], multiplier: int, *, dtype: str) -> bytes:
    """A depthwise convolution with padding "same"."""
    w = OperatorWriter(dtype)
    channels = IMAGE[3] * multiplier
    x, y = w.activation(IMAGE), w.activation((*IMAGE[:3], channels))
    inputs = [x, w.kernel((1, *kernel, channels), channels=channels, axis=3), w.bias(channels, channels=channels)]
    options = {"Padding": 0, "StrideW": 1, "StrideH": 1, "DepthMultiplier": multiplier}
    w.operator("DEPTHWISE_CONV_2D", inputs, [y], "DepthwiseConv2DOptions", **options)
    return w.file([x], [y])


def transposed(filters: int, *, dtype: str) -> bytes:
    """A transposed convolution to twice the size."""
    w = OperatorWriter(dtype)
    x, y = w.activation(IMAGE), w.activation((1, 16, 16, filters))
    weights = w.kernel((filters, 3, 3, IMAGE[3]), channels=filters)
    inputs = [w.numbers([1, 16, 16, filters]), weights, x, w.bias(filters, channels=filters)]
    w.operator("TRANSPOSE_CONV", inputs, [y], "TransposeConvOptions", Padding=0, StrideW=2, StrideH=2)
    return w.file([x], [y])


def dense(units: int, features: int, *, rows: int = 1, channels: int = 1, dtype: str) -> bytes:
    """A dense layer on `rows` vectors, with a scale for all units or for each."""
    w = OperatorWriter(dtype)
    x, y = w.activation((rows, features)), w.activation((rows, units))
    inputs = [x, w.kernel((units, features), channels=channels), w.bias(units, channels=channels)]
    w.operator("FULLY_CONNECTED", inputs, [y], "FullyConnectedOptions")
    return w.file([x], [y])


def pool(name: str, *, size: int, stride: int, dtype: str) -> bytes:
    """A pooling with padding "same"."""
    w = OperatorWriter(dtype)
    x, y = w.activation(IMAGE), w.activation((1, -(-8 // stride), -(-8 // stride), 4))
    options = {"Padding": 0, "StrideW": stride, "StrideH": stride, "FilterWidth": size, "FilterHeight": size}
    w.operator(name, [x], [y], "Pool2DOptions", **options)
    return w.file([x], [y])


def of_two(name: str, options: str = "", *, second: Shape = IMAGE, dtype: str) -> bytes:
    """An operator of two tensors, element by element."""
    w = OperatorWriter(dtype)
    a, b, y = w.activation(IMAGE), w.activation(second), w.activation(IMAGE)
    w.operator(name, [a, b], [y], options)
    return w.file([a, b], [y])


def of_one(
    name: str, options: str = "", *, shape: Shape = IMAGE, result: Shape = (), scale: float = 0.1, zero_point: int = 0,
    numbers: Sequence[Sequence[int]] = (), numbers_shape: Shape | None = None, dtype: str, **fields: object,
) -> bytes:  # fmt: skip
    """An operator of one tensor and, after it, lists of whole numbers."""
    w = OperatorWriter(dtype)
    x, y = w.activation(shape), w.activation(result or shape, scale, zero_point)
    constants = [w.numbers(values, numbers_shape) for values in numbers]
    w.operator(name, [x, *constants], [y], options, **fields)
    return w.file([x], [y])


def joined(name: str, options: str, result: Shape, *, dtype: str, **fields: object) -> bytes:
    """Two tensors in one."""
    w = OperatorWriter(dtype)
    a, b, y = w.activation(IMAGE), w.activation(IMAGE), w.activation(result)
    w.operator(name, [a, b], [y], options, **fields)
    return w.file([a, b], [y])


def parted(sizes: tuple[int, ...], *, dtype: str) -> bytes:
    """One tensor in several: SPLIT where they are equal, else SPLIT_V."""
    w = OperatorWriter(dtype)
    x = w.activation((1, 8, 8, sum(sizes)))
    parts = [w.activation((1, 8, 8, size)) for size in sizes]
    axis = w.tensor((), (3).to_bytes(4, "little"), dtype=TensorType.INT32)
    if len(set(sizes)) == 1:
        w.operator("SPLIT", [axis, x], parts, "SplitOptions", NumSplits=len(sizes))
    else:
        w.operator("SPLIT_V", [x, w.numbers(sizes), axis], parts, "SplitVOptions", NumSplits=len(sizes))
    return w.file([x], parts)


def converted(name: str, source: str, result: str) -> bytes:
    """QUANTIZE or DEQUANTIZE."""
    w = OperatorWriter("int8")
    ends = [
        w.tensor(IMAGE, dtype=_TYPES[kind], scales=[] if kind == "float32" else [0.1 + 0.1 * place])
        for place, kind in enumerate((source, result))
    ]
    w.operator(name, ends[:1], ends[1:])
    return w.file(ends[:1], ends[1:])


_ELEMENTWISE = {
    "ADD": "AddOptions", "SUB": "SubOptions", "MUL": "MulOptions", "MAXIMUM": "MaximumMinimumOptions",
    "MINIMUM": "MaximumMinimumOptions", "SQUARED_DIFFERENCE": "SquaredDifferenceOptions",
}  # fmt: skip
_UNARY = ("RELU", "RELU6", "HARD_SWISH", "LEAKY_RELU", "ELU", "ABS", "RSQRT", "EXP", "LOG", "NEG", "CEIL")
_FLOAT_ONLY = ("SQRT", "SQUARE", "SIN", "COS", "FLOOR", "ROUND")
_INT8_TOO = {
    "RELU", "RELU6", "HARD_SWISH", "LEAKY_RELU", "ELU", "ABS", "RSQRT",
}  # fmt: skip


def cases(dtype: str) -> Iterator[Case]:
    """Every operator that TFLM runs in this element type, several sizes of those whose memory depends on it."""

    def case(name: str, write: Callable[..., bytes], *args: object, **kwargs: object) -> Case:
        return Case(f"{name} {dtype}", partial(write, *args, dtype=dtype, **kwargs))

    sizes = (
        (8, 5, 3, 1, 1),
        (16, 28, 28, 1, 1),
        (33, 7, 6, 2, 1),
        (12, 9, 4, 1, 2),
        (5, 9, 4, 1, 3),
        (64, 49, 10, 1, 1),
    )
    for units, steps, features, batch, layers in sizes:
        name = f"LSTM {units} of {steps}x{features}, batch {batch}, layers {layers}"
        yield case(name, lstm, units, steps, features, batch=batch, layers=layers)
    yield case("LSTM time major", lstm, 20, 10, 5, batch=3, time_major=True)
    for filters, kernel in ((6, (3, 3)), (20, (1, 1)), (5, (3, 1))):
        yield case(f"CONV_2D {filters} of {kernel}", convolution, filters, kernel)
    yield case("DEPTHWISE_CONV_2D 3x3", depthwise, (3, 3), 1)
    yield case("DEPTHWISE_CONV_2D 5x5 x2", depthwise, (5, 5), 2)
    yield case("TRANSPOSE_CONV", transposed, 5)
    yield case("FULLY_CONNECTED", dense, 7, 20)
    yield case("FULLY_CONNECTED rows", dense, 7, 20, rows=6)
    yield case("MAX_POOL_2D", pool, "MAX_POOL_2D", size=2, stride=2)
    yield case("AVERAGE_POOL_2D", pool, "AVERAGE_POOL_2D", size=3, stride=2)
    for name, options in _ELEMENTWISE.items():
        if name != "SQUARED_DIFFERENCE" or dtype != "int16":
            yield case(name, of_two, name, options)
    yield case("ADD broadcast", of_two, "ADD", "AddOptions", second=(1, 1, 1, 4))
    yield from _shapes(case)
    yield from _functions(case, dtype)
    if dtype != "int16":
        for units, rank, memory in ((8, 1, 6), (10, 2, 9)):
            yield case(f"SVDF {units} of rank {rank}, {memory} steps", svdf, units, rank, 12, memory)


def _shapes(case: Callable[..., Case]) -> Iterator[Case]:
    """Operators that move elements or add them up."""
    yield case("RESHAPE", of_one, "RESHAPE", "ReshapeOptions", result=(1, 16, 16), numbers=[[1, 16, 16]])
    yield case("SQUEEZE", of_one, "SQUEEZE", "SqueezeOptions", result=IMAGE[1:])
    yield case("EXPAND_DIMS", of_one, "EXPAND_DIMS", "ExpandDimsOptions", result=(1, *IMAGE), numbers=[[0]])
    yield case("TRANSPOSE", of_one, "TRANSPOSE", "TransposeOptions", numbers=[[0, 2, 1, 3]])
    pads = [0, 0, 1, 1, 2, 1, 0, 0]
    yield case("PAD", of_one, "PAD", "PadOptions", result=(1, 10, 11, 4), numbers=[pads], numbers_shape=(4, 2))
    yield case(
        "MIRROR_PAD", of_one, "MIRROR_PAD", "MirrorPadOptions",
        result=(1, 10, 11, 4), numbers=[pads], numbers_shape=(4, 2),
    )  # fmt: skip
    yield case("CONCATENATION", joined, "CONCATENATION", "ConcatenationOptions", (1, 8, 8, 8), Axis=3)
    yield case("PACK", joined, "PACK", "PackOptions", (1, 2, 8, 8, 4), Axis=1, ValuesCount=2)
    yield case("SPLIT", parted, (2, 2))
    yield case("SPLIT_V", parted, (1, 3))
    yield case(
        "STRIDED_SLICE", of_one, "STRIDED_SLICE", "StridedSliceOptions", result=(1, 4, 4, 4),
        numbers=[[0, 1, 0, 0], [1, 5, 8, 4], [1, 1, 2, 1]],
    )  # fmt: skip
    yield case("SLICE", of_one, "SLICE", "SliceOptions", result=(1, 3, 3, 2), numbers=[[0, 1, 1, 0], [1, 3, 3, 2]])
    for name in ("MEAN", "SUM", "REDUCE_MAX"):
        yield case(name, of_one, name, "ReducerOptions", result=(1, 4), numbers=[[1, 2]])
    yield case("MEAN of rows", of_one, "MEAN", "ReducerOptions", result=(1, 8, 4), numbers=[[1]])
    for name, options in (("BILINEAR", "Bilinear"), ("NEAREST_NEIGHBOR", "NearestNeighbor")):
        yield case(
            f"RESIZE_{name}", of_one, f"RESIZE_{name}", f"Resize{options}Options",
            result=(1, 12, 12, 4), numbers=[[12, 12]],
        )  # fmt: skip


def _functions(case: Callable[..., Case], dtype: str) -> Iterator[Case]:
    """Operators that compute each element, or a vector, on its own."""
    halves = {"int8": 1 / 256, "int16": 2.0**-15}.get(dtype, 1.0)
    yield case("SOFTMAX", of_one, "SOFTMAX", "SoftmaxOptions", shape=(1, 10), scale=halves, zero_point=-128, Beta=1.0)
    yield case("LOGISTIC", of_one, "LOGISTIC", scale=halves, zero_point=-128)
    yield case("TANH", of_one, "TANH", scale=2 * halves if dtype == "int8" else halves)
    if dtype == "float32":
        for name in (*_UNARY, *_FLOAT_ONLY):
            yield case(name, of_one, name)
        yield case("DIV", of_two, "DIV", "DivOptions")
        yield case("LOG_SOFTMAX", of_one, "LOG_SOFTMAX", shape=(1, 10))
    elif dtype == "int8":
        for name in sorted(_INT8_TOO):
            yield case(name, of_one, name)
        yield case("LOG_SOFTMAX", of_one, "LOG_SOFTMAX", shape=(1, 10), scale=16 / 256, zero_point=127)
        yield Case("QUANTIZE", partial(converted, "QUANTIZE", "float32", "int8"))
        yield Case("DEQUANTIZE", partial(converted, "DEQUANTIZE", "int8", "float32"))
        yield case("FULLY_CONNECTED per unit", dense, 7, 20, channels=7)
        yield case("SVDF of int8 state", svdf, 8, 1, 12, 6, state="int8")
