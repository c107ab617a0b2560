"""A small `.tflite` file for each operator that TensorFlow Lite Micro registers, in any element types one asks for."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flatbuffers import flexbuffers
from tflite import TensorType

from tests.support.tflite_files import Shape, TfliteWriter

TYPES = {
    "float32": (TensorType.FLOAT32, 4), "float16": (TensorType.FLOAT16, 2), "float64": (TensorType.FLOAT64, 8),
    "int8": (TensorType.INT8, 1), "int16": (TensorType.INT16, 2), "int32": (TensorType.INT32, 4),
    "int64": (TensorType.INT64, 8), "uint8": (TensorType.UINT8, 1), "uint32": (TensorType.UINT32, 4),
    "uint64": (TensorType.UINT64, 8), "bool": (TensorType.BOOL, 1), "int4": (TensorType.INT4, 1),
    "string": (TensorType.STRING, 1), "resource": (TensorType.RESOURCE, 4),
}  # fmt: skip
"""The schema's number and bytes of each element type; two of int4 share a byte, but one each does no harm."""
PLAIN = ("float32", "int8", "int16", "int32", "int64", "uint8", "bool", "float16")
"""Those in which every operator is tried."""
IMAGE = (1, 8, 8, 4)


@dataclass(frozen=True)
class Slot:
    """One tensor of an operator: constant where it has `numbers` or `weights`, left out where it is `absent`."""

    shape: Shape = IMAGE
    numbers: Sequence[int] | None = None
    weights: bool = False
    scales: int = 1
    axis: int = 0
    variable: bool = False
    absent: bool = False


@dataclass(frozen=True)
class Probe:
    """An operator with the shapes of its tensors; `output` gives scale and zero point by element type.

    A custom option T is the element type of the first input.
    """

    name: str
    inputs: tuple[Slot, ...]
    outputs: tuple[Slot, ...]
    options: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)
    output: dict[str, tuple[float, int]] = field(default_factory=dict)
    intermediates: int = 0

    def write(self, reads: Sequence[str], writes: Sequence[str]) -> bytes:
        """The file with these element types."""
        w = TfliteWriter()
        inputs = [_tensor(w, slot, dtype) for slot, dtype in zip(self.inputs, reads, strict=True)]
        outputs = [
            _tensor(w, slot, dtype, *self.output.get(dtype, (0.1, 0)))
            for slot, dtype in zip(self.outputs, writes, strict=True)
        ]
        between = [w.tensor((0,), dtype=TensorType.INT16, scales=[2.0**-12]) for _ in range(self.intermediates)]
        options = self.custom | ({"T": TYPES[reads[0]][0]} if "T" in self.custom else {})
        custom = bytes(flexbuffers.Dumps(options)) if options else b""
        w.operator(self.name, inputs, outputs, self.options, intermediates=between, custom=custom, **self.fields)
        slots = zip(inputs, self.inputs, strict=True)
        return w.file([index for index, slot in slots if _is_active(slot)], outputs)


def _is_active(slot: Slot) -> bool:
    return slot.numbers is None and not slot.weights and not slot.variable and not slot.absent


def _tensor(w: TfliteWriter, slot: Slot, dtype: str, scale: float = 0.1, zero_point: int = 0) -> int:
    if slot.absent:
        return -1
    number, size = TYPES[dtype]
    scales = [scale] * slot.scales if dtype in ("int8", "int16", "uint8", "int4") else []
    data = bytes(math.prod(slot.shape) * size) if slot.weights else b""
    if slot.numbers is not None:
        form = {"int32": "i", "int64": "q", "int8": "b", "int16": "h", "uint8": "B", "bool": "?"}.get(dtype)
        data = b"".join(struct.pack(f"<{form}", n) for n in slot.numbers) if form else bytes(size * len(slot.numbers))
        scales = []
    return w.tensor(
        slot.shape, data, dtype=number, scales=scales, zero_point=zero_point, axis=slot.axis, variable=slot.variable
    )


def _numbers(*values: int, shape: Shape | None = None) -> Slot:
    return Slot(shape if shape is not None else (len(values),), values)


def _weights(shape: Shape, scales: int = 1, axis: int = 0) -> Slot:
    return Slot(shape, weights=True, scales=scales, axis=axis)


_X = Slot()
_VECTOR = Slot((1, 10))
_NONE = Slot(absent=True)
_BLOCK = (_X, _numbers(2, 2), _numbers(0, 0, 0, 0, shape=(2, 2)))
_HALVES = {"int8": (1 / 256, -128), "int16": (2.0**-15, 0)}
_WINDOW = {"Padding": 1, "StrideW": 2, "StrideH": 2, "FilterWidth": 2, "FilterHeight": 2}
_STATE = Slot((1, 6), variable=True)


def _one(name: str, result: Shape = IMAGE, *numbers: Slot, options: str = "", **fields: Any) -> Probe:
    return Probe(name, (_X, *numbers), (Slot(result),), options, fields)


def _two(name: str, options: str = "") -> Probe:
    return Probe(name, (_X, _X), (_X,), options)


def _signal(name: str, inputs: tuple[Slot, ...], outputs: tuple[Slot, ...], **custom: Any) -> Probe:
    return Probe(name, inputs, outputs, custom=custom or {"none": 0})


_FUNCTIONS = (
    "ABS", "CEIL", "COS", "ELU", "EXP", "FLOOR", "HARD_SWISH", "LOG", "LOGICAL_NOT", "NEG", "RELU", "RELU6", "ROUND",
    "RSQRT", "SIN", "SQRT", "SQUARE", "ZEROS_LIKE",
)  # fmt: skip
_BINARY = {
    "ADD": "AddOptions", "SUB": "SubOptions", "MUL": "MulOptions", "DIV": "DivOptions", "FLOOR_DIV": "FloorDivOptions",
    "FLOOR_MOD": "FloorModOptions", "MAXIMUM": "MaximumMinimumOptions", "MINIMUM": "MaximumMinimumOptions",
    "SQUARED_DIFFERENCE": "SquaredDifferenceOptions", "EQUAL": "EqualOptions", "NOT_EQUAL": "NotEqualOptions",
    "GREATER": "GreaterOptions", "GREATER_EQUAL": "GreaterEqualOptions", "LESS": "LessOptions",
    "LESS_EQUAL": "LessEqualOptions", "LOGICAL_AND": "LogicalAndOptions", "LOGICAL_OR": "LogicalOrOptions",
}  # fmt: skip
_PADS = _numbers(0, 0, 1, 1, 2, 1, 0, 0, shape=(4, 2))
_PADDED = (1, 10, 11, 4)
PROBES: tuple[Probe, ...] = (
    *(_one(name) for name in _FUNCTIONS),
    *(_two(name, options) for name, options in _BINARY.items()),
    Probe("ADD_N", (_X, _X, _X), (_X,)),
    Probe("PRELU", (_X, _weights((1, 1, 4))), (_X,)),
    _one("LEAKY_RELU", options="LeakyReluOptions", Alpha=0.2),
    replace(_one("LOGISTIC"), output=_HALVES),
    replace(_one("TANH"), output={"int8": (1 / 128, 0), "int16": (2.0**-15, 0)}),
    Probe("SOFTMAX", (_VECTOR,), (_VECTOR,), "SoftmaxOptions", {"Beta": 1.0}, output=_HALVES),
    Probe("LOG_SOFTMAX", (_VECTOR,), (_VECTOR,), output={"int8": (16 / 256, 127)}),
    _one("L2_NORMALIZATION", options="L2NormOptions"),
    *(_one(f"{kind}_POOL_2D", (1, 4, 4, 4), options="Pool2DOptions", **_WINDOW) for kind in ("MAX", "AVERAGE", "L2")),
    *(_one(name, (1, 8, 8), _numbers(3)) for name in ("ARG_MAX", "ARG_MIN")),
    Probe("BATCH_MATMUL", (Slot((2, 5, 6)), Slot((2, 6, 7))), (Slot((2, 5, 7)),), "BatchMatMulOptions"),
    Probe("SPACE_TO_BATCH_ND", _BLOCK, (Slot((4, 4, 4, 4)),)),
    Probe("BATCH_TO_SPACE_ND", (Slot((4, 4, 4, 4)), *_BLOCK[1:]), (_X,)),
    Probe("BROADCAST_ARGS", (_numbers(1, 8), _numbers(8, 1)), (Slot((2,)),)),
    Probe("BROADCAST_TO", (Slot((1, 1, 1, 4)), _numbers(*IMAGE)), (_X,)),
    _one("CAST"),
    Probe("CONCATENATION", (_X, _X), (Slot((1, 8, 8, 8)),), "ConcatenationOptions", {"Axis": 3}),
    Probe("CONV_2D", (_X, _weights((6, 3, 3, 4), 6), _weights((6,))), (Slot((1, 8, 8, 6)),), "Conv2DOptions",
          {"Padding": 0, "StrideW": 1, "StrideH": 1}),
    Probe("DEPTHWISE_CONV_2D", (_X, _weights((1, 3, 3, 4), 4, 3), _weights((4,))), (_X,), "DepthwiseConv2DOptions",
          {"Padding": 0, "StrideW": 1, "StrideH": 1, "DepthMultiplier": 1}),
    Probe("TRANSPOSE_CONV", (_numbers(1, 16, 16, 5), _weights((5, 3, 3, 4), 5), _X, _weights((5,))),
          (Slot((1, 16, 16, 5)),), "TransposeConvOptions", {"Padding": 0, "StrideW": 2, "StrideH": 2}),
    Probe("FULLY_CONNECTED", (_VECTOR, _weights((7, 10)), _weights((7,))), (Slot((1, 7)),), "FullyConnectedOptions"),
    Probe("CUMSUM", (_X, _numbers(1)), (_X,), "CumsumOptions"),
    _one("DEPTH_TO_SPACE", (1, 16, 16, 1), options="DepthToSpaceOptions", BlockSize=2),
    _one("SPACE_TO_DEPTH", (1, 4, 4, 16), options="SpaceToDepthOptions", BlockSize=2),
    _one("DEQUANTIZE"),
    _one("QUANTIZE"),
    Probe("DYNAMIC_UPDATE_SLICE", (_X, Slot((1, 2, 2, 4)), _numbers(0, 1, 1, 0)), (_X,)),
    Probe("EMBEDDING_LOOKUP", (_numbers(2, 0, 1), _weights((5, 6))), (Slot((3, 6)),)),
    _one("EXPAND_DIMS", (1, *IMAGE), _numbers(0), options="ExpandDimsOptions"),
    Probe("FILL", (_numbers(2, 3), Slot(())), (Slot((2, 3)),), "FillOptions"),
    Probe("GATHER", (_X, _numbers(1, 3)), (Slot((1, 2, 8, 4)),), "GatherOptions", {"Axis": 1}),
    Probe("GATHER_ND", (_X, _numbers(0, 1, 0, 3, shape=(2, 2))), (Slot((2, 8, 4)),)),
    *(_one(name, (1, 4), _numbers(1, 2), options="ReducerOptions")
      for name in ("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_ALL")),
    _one("MIRROR_PAD", _PADDED, _PADS, options="MirrorPadOptions"),
    _one("PAD", _PADDED, _PADS, options="PadOptions"),
    Probe("PADV2", (_X, _PADS, _weights(())), (Slot(_PADDED),), "PadV2Options"),
    Probe("PACK", (_X, _X), (Slot((1, 2, 8, 8, 4)),), "PackOptions", {"Axis": 1, "ValuesCount": 2}),
    Probe("UNPACK", (_X,), (Slot((1, 8, 8)),) * 4, "UnpackOptions", {"Axis": 3, "Num": 4}),
    _one("RESHAPE", (1, 64, 4), _numbers(1, 64, 4), options="ReshapeOptions"),
    _one("SQUEEZE", IMAGE[1:], options="SqueezeOptions"),
    _one("SHAPE", (4,), options="ShapeOptions"),
    _one("RESIZE_BILINEAR", (1, 12, 12, 4), _numbers(12, 12), options="ResizeBilinearOptions"),
    _one("RESIZE_NEAREST_NEIGHBOR", (1, 12, 12, 4), _numbers(12, 12), options="ResizeNearestNeighborOptions"),
    _one("REVERSE_V2", IMAGE, _numbers(1), options="ReverseV2Options"),
    Probe("SELECT_V2", (_X, _X, _X), (_X,), "SelectV2Options"),
    _one("SLICE", (1, 3, 3, 2), _numbers(0, 1, 1, 0), _numbers(1, 3, 3, 2), options="SliceOptions"),
    Probe("SPLIT", (_numbers(3, shape=()), _X), (Slot((1, 8, 8, 2)),) * 2, "SplitOptions", {"NumSplits": 2}),
    Probe("SPLIT_V", (_X, _numbers(1, 3), _numbers(3, shape=())), (Slot((1, 8, 8, 1)), Slot((1, 8, 8, 3))),
          "SplitVOptions", {"NumSplits": 2}),
    _one("STRIDED_SLICE", (1, 4, 4, 4), _numbers(0, 1, 0, 0), _numbers(1, 5, 8, 4), _numbers(1, 1, 2, 1),
         options="StridedSliceOptions"),
    _one("TRANSPOSE", (1, 4, 8, 8), _numbers(0, 3, 1, 2), options="TransposeOptions"),
    Probe("SVDF", (_VECTOR, _weights((8, 10)), _weights((8, 5)), _weights((4,)), Slot((1, 40), variable=True)),
          (Slot((1, 4)),), "SVDFOptions", {"Rank": 2}),
    Probe("UNIDIRECTIONAL_SEQUENCE_LSTM",
          (Slot((1, 7, 4)), *[_weights((6, 4))] * 4, *[_weights((6, 6))] * 4, *[_NONE] * 3, *[_weights((6,))] * 4,
           _NONE, _NONE, _STATE, _STATE, *[_NONE] * 4),
          (Slot((1, 7, 6)),), "UnidirectionalSequenceLSTMOptions", {"FusedActivationFunction": 4}, intermediates=5),
)  # fmt: skip
SIGNALS: tuple[Probe, ...] = (
    _signal("SignalWindow", (Slot((480,)), _weights((480,))), (Slot((480,)),), shift=12),
    _signal("SignalFftAutoScale", (Slot((480,)),), (Slot((480,)), Slot(()))),
    _signal("SignalRfft", (Slot((480,)),), (Slot((514,)),), T=7, fft_length=512),
    _signal("SignalIrfft", (Slot((514,)),), (Slot((512,)),), T=7, fft_length=512),
    _signal("SignalEnergy", (Slot((514,)),), (Slot((257,)),), end_index=240, start_index=4),
    _signal("SignalFilterBank",
            (Slot((257,)), _weights((500,)), _weights((500,)), _weights((41,)), _weights((41,)), _weights((41,))),
            (Slot((40,)),), num_channels=40),
    _signal("SignalFilterBankSquareRoot", (Slot((40,)), Slot(())), (Slot((40,)),)),
    _signal("SignalFilterBankSpectralSubtraction", (Slot((40,)),), (Slot((40,)), Slot((40,))),
            alternate_one_minus_smoothing=16384, alternate_smoothing=0, clamping=False, min_signal_remaining=819,
            num_channels=40, one_minus_smoothing=15975, smoothing=409, smoothing_bits=10, spectral_subtraction_bits=14),
    _signal("SignalPCAN", (Slot((40,)), Slot((40,)), _weights((125,))), (Slot((40,)),), snr_shift=6),
    _signal("SignalFilterBankLog", (Slot((40,)),), (Slot((40,)),), input_correction_bits=3, output_scale=1600),
    _signal("SignalDelay", (Slot((2, 12)),), (Slot((2, 12)),), delay_length=5),
    _signal("SignalFramer", (Slot((1, 160)),), (Slot((1, 1, 480)), Slot(())), frame_size=480, frame_step=160,
            prefill=True),
    _signal("SignalStacker", (Slot((40,)),), (Slot((120,)), Slot(())), num_channels=40, stacker_left_context=1,
            stacker_right_context=1, stacker_step=1),
    _signal("SignalOverlapAdd", (Slot((1, 1, 480)),), (Slot((1, 160)),), T=7, frame_step=160),
    _signal("CIRCULAR_BUFFER", (Slot((1, 1, 1, 4)),), (Slot((1, 5, 1, 4)),), cycles_max=1),
    _signal("TFLite_Detection_PostProcess",
            (Slot((1, 6, 4)), Slot((1, 6, 3)), _weights((6, 4))),
            (Slot((1, 3, 4)), Slot((1, 3)), Slot((1, 3)), Slot((1,))),
            max_detections=3, max_classes_per_detection=1, num_classes=2, detections_per_class=1,
            nms_iou_threshold=0.5, nms_score_threshold=0.0, h_scale=5.0, w_scale=5.0, x_scale=10.0, y_scale=10.0,
            use_regular_nms=False),
)  # fmt: skip
