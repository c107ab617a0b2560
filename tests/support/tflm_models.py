"""Models like those that people bring: whole networks over operators, element types and ways to convert them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from flatbuffers import flexbuffers
from tflite import TensorType

from tests.support.operator_files import OperatorWriter, lstm, svdf
from tests.support.tflite_files import Shape, TfliteWriter
from tests.support.tflm_refused import refused

_DTYPES = ("float32", "int8", "int16")
_SOFTMAX = {"int8": (1 / 256, -128), "int16": (2.0**-15, 0), "float32": (1.0, 0)}


class _Net(OperatorWriter):
    """A network that is written layer after layer; each method takes a tensor and its shape is remembered."""

    def __init__(self, dtype: str, version: int = 1) -> None:
        super().__init__(dtype)
        self.version = version
        self.shapes: dict[int, tuple[int, ...]] = {}

    def made(self, shape: Shape, scale: float = 0.1, zero_point: int = 0) -> int:
        tensor = self.activation(shape, scale, zero_point)
        self.shapes[tensor] = tuple(shape)
        return tensor

    def conv(self, x: int, filters: int, size: int = 3, stride: int = 1, *, relu: bool = True) -> int:
        batch, rows, columns, depth = self.shapes[x]
        y = self.made((batch, -(-rows // stride), -(-columns // stride), filters))
        weights = self.kernel((filters, size if rows > 1 else 1, size, depth), channels=filters)
        self.operator(
            "CONV_2D", [x, weights, self.bias(filters, channels=filters)], [y], "Conv2DOptions",
            Padding=0, StrideW=stride, StrideH=stride, FusedActivationFunction=int(relu),
        )  # fmt: skip
        return y

    def depthwise(self, x: int, size: int = 3, stride: int = 1) -> int:
        batch, rows, columns, depth = self.shapes[x]
        y = self.made((batch, -(-rows // stride), -(-columns // stride), depth))
        weights = self.kernel((1, size, size, depth), channels=depth, axis=3)
        self.operator(
            "DEPTHWISE_CONV_2D", [x, weights, self.bias(depth, channels=depth)], [y], "DepthwiseConv2DOptions",
            Padding=0, StrideW=stride, StrideH=stride, DepthMultiplier=1, FusedActivationFunction=1,
        )  # fmt: skip
        return y

    def up(self, x: int, filters: int) -> int:
        batch, rows, columns, depth = self.shapes[x]
        y = self.made((batch, 2 * rows, 2 * columns, filters))
        weights = self.kernel((filters, 3, 3, depth), channels=filters)
        inputs = [self.numbers(self.shapes[y]), weights, x, self.bias(filters, channels=filters)]
        self.operator("TRANSPOSE_CONV", inputs, [y], "TransposeConvOptions", Padding=0, StrideW=2, StrideH=2)
        return y

    def pool(self, x: int, name: str = "MAX_POOL_2D", size: int = 2) -> int:
        batch, rows, columns, depth = self.shapes[x]
        y = self.made((batch, rows // size, columns // size, depth))
        window = {"Padding": 1, "StrideW": size, "StrideH": size, "FilterWidth": size, "FilterHeight": size}
        self.operator(name, [x], [y], "Pool2DOptions", **window)
        return y

    def dense(self, x: int, units: int) -> int:
        features = self.shapes[x][-1]
        y = self.made((*self.shapes[x][:-1], units))
        inputs = [x, self.kernel((units, features)), self.bias(units)]
        self.operator("FULLY_CONNECTED", inputs, [y], "FullyConnectedOptions", FusedActivationFunction=1)
        return y

    def reshape(self, x: int, shape: Shape) -> int:
        y = self.made(shape)
        self.operator("RESHAPE", [x, self.numbers(shape)], [y], "ReshapeOptions")
        return y

    def one(
        self, name: str, x: int, shape: Shape | None = None, *more: int, options: str = "", **fields: object
    ) -> int:
        y = self.made(self.shapes[x] if shape is None else shape)
        self.operator(name, [x, *more], [y], options, **fields)
        return y

    def mean(self, x: int) -> int:
        return self.one("MEAN", x, (1, self.shapes[x][-1]), self.numbers([1, 2]), options="ReducerOptions")

    def softmax(self, x: int) -> int:
        y = self.made(self.shapes[x], *_SOFTMAX[self.dtype])
        self.operator("SOFTMAX", [x], [y], "SoftmaxOptions", Beta=1.0)
        return y


def _cnn(dtype: str, version: int = 1) -> bytes:
    w = _Net(dtype, version)
    x = w.made((1, 28, 28, 1))
    y = w.pool(w.conv(w.pool(w.conv(x, 8)), 16))
    return w.file([x], [w.softmax(w.dense(w.reshape(y, (1, 784)), 10))])


def _separable(dtype: str) -> bytes:
    w = _Net(dtype)
    x = w.made((1, 49, 10, 1))
    y = w.conv(x, 16, stride=2)
    for _ in range(3):
        y = w.conv(w.depthwise(y), 16, size=1)
    y = w.pool(y, "AVERAGE_POOL_2D", 5)
    return w.file([x], [w.softmax(w.dense(w.reshape(y, (1, 80)), 12))])


def _autoencoder(dtype: str) -> bytes:
    w = _Net(dtype)
    x = y = w.made((1, 64))
    for units in (32, 16, 8, 16, 32, 64):
        y = w.dense(y, units)
    return w.file([x], [y])


def _residual(dtype: str) -> bytes:
    w = _Net(dtype)
    x = w.made((1, 16, 16, 3))
    y = w.conv(x, 8)
    for _ in range(2):
        branch = w.conv(w.conv(y, 8), 8, relu=False)
        y = w.one("ADD", y, None, branch, options="AddOptions", FusedActivationFunction=1)
    return w.file([x], [w.softmax(w.dense(w.mean(y), 10))])


def _dilated(dtype: str) -> bytes:
    w = _Net(dtype)
    x = w.made((1, 64, 3))
    y = w.conv(w.one("EXPAND_DIMS", x, (1, 1, 64, 3), w.numbers([1]), options="ExpandDimsOptions"), 8)
    y = w.reshape(y, (1, 64, 8))
    y = w.one("SPACE_TO_BATCH_ND", y, (2, 33, 8), w.numbers([2]), w.numbers([2, 0], (1, 2)))
    y = w.reshape(w.conv(w.reshape(y, (2, 1, 33, 8)), 8), (2, 33, 8))
    y = w.one("BATCH_TO_SPACE_ND", y, (1, 64, 8), w.numbers([2]), w.numbers([2, 0], (1, 2)))
    y = w.one("MEAN", y, (1, 8), w.numbers([1]), options="ReducerOptions")
    return w.file([x], [w.softmax(w.dense(y, 5))])


def _prelu(dtype: str) -> bytes:
    w = _Net(dtype)
    x = w.made((1, 16, 16, 3))
    y = w.conv(x, 8, relu=False)
    y = w.one("PRELU", y, None, w.kernel((1, 1, 8)))
    y = w.one("LEAKY_RELU", w.conv(y, 8, relu=False), options="LeakyReluOptions", Alpha=0.1)
    return w.file([x], [w.dense(w.mean(y), 4)])


def _segmentation(dtype: str) -> bytes:
    w = _Net(dtype)
    x = w.made((1, 16, 16, 1))
    skip = w.conv(x, 4)
    y = w.up(w.conv(w.pool(skip), 8), 4)
    y = w.one("CONCATENATION", y, (1, 16, 16, 8), skip, options="ConcatenationOptions", Axis=3)
    y = w.one("RESIZE_NEAREST_NEIGHBOR", y, (1, 32, 32, 8), w.numbers([32, 32]), options="ResizeNearestNeighborOptions")
    return w.file([x], [w.conv(y, 1, size=1)])


def _squeeze_and_excite(dtype: str) -> bytes:
    w = _Net(dtype)
    x = w.made((1, 12, 12, 4))
    y = w.one("HARD_SWISH", w.conv(x, 8, relu=False))
    gate = w.dense(w.dense(w.mean(y), 4), 8)
    y = w.one("MUL", y, None, w.reshape(gate, (1, 1, 1, 8)), options="MulOptions")
    return w.file([x], [w.dense(w.mean(y), 10)])


def _attention(dtype: str) -> bytes:
    w = _Net(dtype)
    x = w.made((1, 12, 8))
    query, key, value = (w.dense(x, 8) for _ in range(3))
    scores = w.one("BATCH_MATMUL", query, (1, 12, 12), key, options="BatchMatMulOptions", AdjY=True)
    y = w.one("BATCH_MATMUL", w.softmax(scores), (1, 12, 8), value, options="BatchMatMulOptions")
    y = w.one("TRANSPOSE", y, (1, 8, 12), w.numbers([0, 2, 1]), options="TransposeOptions")
    return w.file([x], [w.dense(w.reshape(y, (1, 96)), 3)])


def _moves(dtype: str) -> bytes:
    w = _Net(dtype)
    x = w.made((1, 8, 8, 4))
    y = w.one("PAD", x, (1, 10, 10, 4), w.numbers([0, 0, 1, 1, 1, 1, 0, 0], (4, 2)), options="PadOptions")
    numbers = [w.numbers(values) for values in ([0, 1, 1, 0], [1, 9, 9, 4], [1, 1, 1, 1])]
    y = w.one("STRIDED_SLICE", y, (1, 8, 8, 4), *numbers, options="StridedSliceOptions")
    parts = [w.made((1, 8, 8, 2)) for _ in range(2)]
    w.operator("SPLIT", [w.numbers([3], ()), y], parts, "SplitOptions", NumSplits=2)
    y = w.one("PACK", parts[0], (2, 1, 8, 8, 2), parts[1], options="PackOptions", ValuesCount=2)
    y = w.one("SQUEEZE", y, (2, 8, 8, 2), options="SqueezeOptions")
    return w.file([x], [w.one("SUM", y, (2, 2), w.numbers([1, 2]), options="ReducerOptions")])


def _functions(dtype: str) -> bytes:
    w = _Net(dtype)
    x = w.made((1, 32))
    y = w.one("ABS", w.dense(x, 16))
    y = w.one("MAXIMUM", y, None, w.dense(x, 16), options="MaximumMinimumOptions")
    y = w.one("RELU6", w.one("SUB", y, None, w.dense(x, 16), options="SubOptions"))
    z = w.made((1, 16), *{"int8": (1 / 256, -128), "int16": (2.0**-15, 0), "float32": (1.0, 0)}[dtype])
    w.operator("LOGISTIC", [y], [z])
    return w.file([x], [z])


_FAMILIES: dict[str, Callable[[str], bytes]] = {
    "image CNN": _cnn,
    "keyword DS-CNN": _separable,
    "anomaly autoencoder": _autoencoder,
    "ResNet": _residual,
    "dilated TCN": _dilated,
    "PRELU CNN": _prelu,
    "U-Net": _segmentation,
    "squeeze and excite": _squeeze_and_excite,
    "attention": _attention,
    "moves": _moves,
    "functions": _functions,
}


def _packed(name: str) -> bytes:
    """Weights of four bits."""
    w = _Net("int8")
    shapes = {"CONV_2D": (6, 3, 3, 4), "DEPTHWISE_CONV_2D": (1, 3, 3, 4), "FULLY_CONNECTED": (6, 4)}
    shape = shapes[name]
    size = 1
    for length in shape:
        size *= length
    channels = shape[-1] if name == "DEPTHWISE_CONV_2D" else shape[0]
    one = name == "FULLY_CONNECTED"
    weights = w.tensor(shape, bytes((size + 1) // 2), dtype=TensorType.INT4, scales=[0.05] * (1 if one else channels),
                       axis=3 if name == "DEPTHWISE_CONV_2D" else 0)  # fmt: skip
    x = w.made((1, 4) if one else (1, 8, 8, 4))
    y = w.made((1, channels) if one else (1, 8, 8, channels))
    options = {"CONV_2D": "Conv2DOptions", "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions"}.get(
        name, "FullyConnectedOptions"
    )
    fields = {} if one else {"Padding": 0, "StrideW": 1, "StrideH": 1}
    fields |= {"DepthMultiplier": 1} if name == "DEPTHWISE_CONV_2D" else {}
    w.operator(name, [x, weights, w.bias(channels, channels=1 if one else channels)], [y], options, **fields)
    return w.file([x], [y])


def _streaming(dtype: str, layers: int) -> bytes:
    """Layers that keep their last frames in variables, which a subgraph fills once; as micro-wake-word models do."""
    w = _Net(dtype)
    x = y = w.made((1, 1, 1, 8))
    w.operator("CALL_ONCE", [], [], "CallOnceOptions", InitSubgraphIndex=1)
    for layer in range(layers):
        handle = w.tensor((), dtype=TensorType.RESOURCE)
        w.operator("VAR_HANDLE", [], [handle], "VarHandleOptions", Container="", SharedName=f"state {layer}")
        before = w.made((1, 3 + layer, 1, 8))
        w.operator("READ_VARIABLE", [handle], [before])
        joined = w.one("CONCATENATION", before, (1, 4 + layer, 1, 8), y, options="ConcatenationOptions", Axis=1)
        numbers = [w.numbers(values) for values in ([0, 1, 0, 0], [1, 4 + layer, 1, 8], [1, 1, 1, 1])]
        kept = w.one("STRIDED_SLICE", joined, (1, 3 + layer, 1, 8), *numbers, options="StridedSliceOptions")
        w.operator("ASSIGN_VARIABLE", [handle, kept], [])
        y = w.made((1, 1, 1, 8))
        inputs = [joined, w.kernel((8, 4 + layer, 1, 8), channels=8), w.bias(8, channels=8)]
        w.operator("CONV_2D", inputs, [y], "Conv2DOptions", Padding=1, StrideW=1, StrideH=1)
    w.next_graph([x], [w.dense(w.reshape(y, (1, 8)), 2)])
    size = {"float32": 4, "int8": 1, "int16": 2}[dtype]
    for layer in range(layers):
        handle = w.tensor((), dtype=TensorType.RESOURCE)
        w.operator("VAR_HANDLE", [], [handle], "VarHandleOptions", Container="", SharedName=f"state {layer}")
        shape = (1, 3 + layer, 1, 8)
        kind = {"float32": TensorType.FLOAT32, "int8": TensorType.INT8, "int16": TensorType.INT16}[dtype]
        scales = [] if dtype == "float32" else [0.1]
        zeros = w.tensor(shape, bytes(size * 8 * (3 + layer)), dtype=kind, scales=scales)
        w.operator("ASSIGN_VARIABLE", [handle, zeros], [])
    return w.file([], [])


def _branches(dtype: str) -> bytes:
    """Two subgraphs, of which a flag chooses one."""
    w = _Net(dtype)
    x, y = w.made((1, 16)), w.made((1, 4))
    flag = w.tensor((1,), b"\x01", dtype=TensorType.BOOL)
    before = w.dense(x, 16)
    w.operator("IF", [flag, before], [y], "IfOptions", ThenSubgraphIndex=1, ElseSubgraphIndex=2)
    w.next_graph([x], [w.dense(y, 4)])
    for units in (32, 8):
        inside = w.made((1, 16))
        w.next_graph([inside], [w.dense(w.dense(inside, units), 4)])
    return w.finished()


def _loop(dtype: str) -> bytes:
    """A body that runs until a number reaches three."""
    w = _Net(dtype)
    x, y = w.made((1, 8)), w.made((1, 8))
    zero, count = w.numbers([0], (1,)), w.tensor((1,), dtype=TensorType.INT32)
    fields = {"CondSubgraphIndex": 1, "BodySubgraphIndex": 2}
    w.operator("WHILE", [zero, x], [count, y], "WhileOptions", **fields)
    w.next_graph([x], [y])
    number, inside = w.tensor((1,), dtype=TensorType.INT32), w.made((1, 8))
    less = w.tensor((1,), dtype=TensorType.BOOL)
    w.operator("LESS", [number, w.numbers([3], (1,))], [less], "LessOptions")
    w.next_graph([number, inside], [less])
    number, inside = w.tensor((1,), dtype=TensorType.INT32), w.made((1, 8))
    more = w.tensor((1,), dtype=TensorType.INT32)
    w.operator("ADD", [number, w.numbers([1], (1,))], [more], "AddOptions")
    w.next_graph([number, inside], [more, w.dense(inside, 8)])
    return w.finished()


def _edges(inside: str) -> bytes:
    """A quantised network with float32 at both ends."""
    w = _Net(inside)
    x, z = w.tensor((1, 16), dtype=TensorType.FLOAT32, scales=[]), w.tensor((1, 4), dtype=TensorType.FLOAT32, scales=[])
    first = w.made((1, 16))
    w.operator("QUANTIZE", [x], [first])
    w.operator("DEQUANTIZE", [w.dense(first, 4)], [z])
    return w.file([x], [z])


def _front_end() -> bytes:
    """The audio front end that TFLM's signal library makes of a window of samples."""
    w = TfliteWriter()

    def tensor(shape: Shape, kind: int, data: bytes = b"") -> int:
        return w.tensor(shape, data, dtype=kind, scales=[])

    def custom(name: str, inputs: Sequence[int], outputs: Sequence[int], **options: int | bool) -> None:
        w.operator(name, inputs, outputs, custom=bytes(flexbuffers.Dumps(options or {"none": 0})))

    short, wide = TensorType.INT16, TensorType.UINT32
    x, windowed = tensor((480,), short), tensor((480,), short)
    ones = struct.pack("<480h", *[1] * 480)
    custom("SignalWindow", [x, tensor((480,), short, ones)], [windowed], shift=12)
    scaled, bits = tensor((480,), short), tensor((), TensorType.INT32)
    custom("SignalFftAutoScale", [windowed], [scaled, bits])
    spectrum, energy = tensor((514,), short), tensor((257,), wide)
    custom("SignalRfft", [scaled], [spectrum], T=7, fft_length=512)
    custom("SignalEnergy", [spectrum], [energy], end_index=240, start_index=4)
    channels, starts = 40, bytes(2 * 41)
    banks, roots = tensor((channels,), TensorType.UINT64), tensor((channels,), wide)
    lists = [tensor((500,), short, bytes(1000)), tensor((500,), short, bytes(1000))]
    lists += [tensor((41,), short, starts) for _ in range(3)]
    custom("SignalFilterBank", [energy, *lists], [banks], num_channels=channels)
    custom("SignalFilterBankSquareRoot", [banks, bits], [roots])
    logs = tensor((channels,), short)
    custom("SignalFilterBankLog", [roots], [logs], input_correction_bits=3, output_scale=1600)
    return w.file([x], [logs])


def public_like_models() -> dict[str, bytes]:
    """All of them by name."""
    models = {f"{name}, {dtype}": write(dtype) for name, write in _FAMILIES.items() for dtype in _DTYPES}
    models |= {f"refused: {name}": data for name, data in refused().items()}
    for dtype in _DTYPES:
        models[f"LSTM, {dtype}"] = lstm(12, 20, 6, dtype=dtype)
        models[f"two LSTMs, {dtype}"] = lstm(8, 16, 3, layers=2, dtype=dtype)
        models |= {f"streaming {n}, {dtype}": _streaming(dtype, n) for n in (1, 3)}
        models[f"branches, {dtype}"] = _branches(dtype)
        models[f"loop, {dtype}"] = _loop(dtype)
    models |= {f"SVDF, {dtype}": svdf(16, 2, 20, 8, dtype=dtype) for dtype in ("float32", "int8")}
    models |= {f"4-bit {name}": _packed(name) for name in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")}
    models |= {f"float32 ends, {inside}": _edges(inside) for inside in ("int8", "int16")}
    models |= {f"image CNN of version {version}": _cnn("int8", version) for version in (2, 9, 99)}
    models["audio front end"] = _front_end()
    return models
