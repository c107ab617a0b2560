"""What TensorFlow Lite Micro keeps and borrows for operators that have no cost rule, by their names in the file.

From the same TFLM as `kernel_memory`, on a 32-bit target: structures as its sources state them, checked against what
it allocates for a network of that one operator.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from resource_models.graph.graph import Graph, Operator
from resource_models.graph.operators import Other

_Buffers = tuple[int, ...]
_Rule = Callable[[Graph, Operator, Other], _Buffers]

_STRUCTURES: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("ARG_MAX", "ARG_MIN", "DEPTH_TO_SPACE", "SPACE_TO_DEPTH", "SHAPE"), (4, 0)),
    **dict.fromkeys(("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_ALL"), (1, 44)),
    **dict.fromkeys(("EQUAL", "NOT_EQUAL", "GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL"), (0, 32)),
    **dict.fromkeys(("CONV_2D", "DEPTHWISE_CONV_2D"), (28, 56)),
    **dict.fromkeys(("MAX_POOL_2D", "AVERAGE_POOL_2D"), (40, 32)),
    **dict.fromkeys(("LOGISTIC", "TANH"), (0, 16)),
    **dict.fromkeys(("RELU", "ABS", "RSQRT", "PRELU"), (0, 28)),
    **dict.fromkeys(("QUANTIZE", "DEQUANTIZE"), (0, 32)),
    **dict.fromkeys(("PAD", "PADV2"), (0, 56)),
    **dict.fromkeys(("IF", "WHILE"), (8, 8)),
    **dict.fromkeys(("RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR"), (2, 0)),
    **dict.fromkeys(("SPLIT", "SPLIT_V"), (4, 0)),
    **dict.fromkeys(("CAST", "GATHER", "UNPACK", "PACK"), (8, 0)),
    "ADD": (8, 60), "SUB": (8, 52), "MUL": (4, 36), "DIV": (4, 28), "SQUARED_DIFFERENCE": (0, 112),
    "BATCH_MATMUL": (3, 16), "CALL_ONCE": (4, 8), "CONCATENATION": (8, 24), "CUMSUM": (2, 0), "ELU": (0, 256),
    "EMBEDDING_LOOKUP": (0, 8), "FULLY_CONNECTED": (16, 48), "L2_NORMALIZATION": (4, 4), "L2_POOL_2D": (40, 0),
    "HARD_SWISH": (0, 20), "LEAKY_RELU": (4, 24), "MIRROR_PAD": (4, 20), "RELU6": (0, 8), "RESHAPE": (36, 0),
    "SELECT_V2": (0, 1), "SOFTMAX": (4, 56), "SPACE_TO_BATCH_ND": (0, 4), "SQUEEZE": (36, 0),
    "STRIDED_SLICE": (24, 84), "SVDF": (12, 36),
    "TRANSPOSE_CONV": (20, 72), "UNIDIRECTIONAL_SEQUENCE_LSTM": (16, 688), "VAR_HANDLE": (8, 4),
    "CIRCULAR_BUFFER": (0, 8), "SignalDelay": (0, 20), "SignalEnergy": (0, 8), "SignalFilterBank": (0, 36),
    "SignalFilterBankLog": (0, 8), "SignalFilterBankSpectralSubtraction": (0, 44), "SignalFramer": (0, 28),
    "SignalIrfft": (0, 24), "SignalOverlapAdd": (0, 24), "SignalPCAN": (0, 4), "SignalRfft": (0, 32),
    "SignalStacker": (0, 36), "SignalWindow": (0, 8), "TFLite_Detection_PostProcess": (0, 112),
}  # fmt: skip
"""Bytes of the parsed options and of the kernel's own data; nothing for those that are not here."""
_WIDTHS = {"int8": 1, "int16": 2, "int32": 4, "float32": 4, "int64": 8}
_RING_BYTES = 24
"""A ring of samples without the samples, of which it keeps two copies of two bytes."""
_LIKE_SHAPE = ("DEPTH_TO_SPACE", "SPACE_TO_DEPTH", "L2_POOL_2D", "GATHER", "GATHER_ND", "EMBEDDING_LOOKUP")
"""Those that keep the shape that they write."""


def kept(graph: Graph, operator: Operator, spec: Other) -> tuple[int, _Buffers]:
    """What stays: bytes of the parsed options, and buffers."""
    options, data = _STRUCTURES.get(spec.name, (0, 0))
    rule = _KEPT.get(spec.name)
    return options, ((data,) if data else ()) + (rule(graph, operator, spec) if rule else ())


def borrowed(graph: Graph, operator: Operator, spec: Other) -> _Buffers:
    """Buffers that the kernel borrows while it runs."""
    rule = _BORROWED.get(spec.name)
    return rule(graph, operator, spec) if rule else ()


def is_known(spec: Other) -> bool:
    """Whether the memory of this operator is known."""
    return spec.name != "TFLM_DECODE"


def _dtype(graph: Graph, operator: Operator) -> str:
    return graph.tensors[operator.outputs[0]].dtype if operator.outputs else "int8"


def _rows(graph: Graph, operator: Operator) -> tuple[int, int]:
    """How many rows the input has, and of what length."""
    spec = graph.tensors[operator.inputs[0]]
    length = spec.shape[-1] if spec.shape else 1
    return spec.elements // length, length


def _shape(_graph: Graph, _operator: Operator, spec: Other) -> _Buffers:
    return (4 + 4 * len(spec.shapes[0]),)


def _stretched(graph: Graph, operator: Operator, spec: Other) -> _Buffers:
    return _shape(graph, operator, spec) if spec.fact("stretched") else ()


def _channels(_graph: Graph, _operator: Operator, spec: Other) -> _Buffers:
    """Multiplier and shift of each channel."""
    return (4 * spec.fact("channels"),) * 2


def _units(graph: Graph, operator: Operator, spec: Other) -> _Buffers:
    return _channels(graph, operator, spec) if spec.fact("scales") > 1 else ()


def _matmul(graph: Graph, operator: Operator, spec: Other) -> _Buffers:
    """Numbers for the scales, and for each matrix that is turned a tensor, its shape and its elements."""
    width = _WIDTHS.get(_dtype(graph, operator), 4)
    buffers: list[int] = [28] if spec.fact("quantized") else []
    for side in ("left", "right"):
        if elements := spec.fact(f"{side}_elements"):
            buffers += [12, 4 + 4 * spec.fact(f"{side}_axes"), width * elements]
    return (*buffers, *_shape(graph, operator, spec))


def _cumsum(graph: Graph, operator: Operator, _spec: Other) -> _Buffers:
    return (36,) if _dtype(graph, operator) == "int8" else ()


def _add_n(graph: Graph, operator: Operator, _spec: Other) -> _Buffers:
    return (40,) if _dtype(graph, operator) == "int8" else ()


def _fft(graph: Graph, operator: Operator, spec: Other) -> _Buffers:
    """The tables of kissfft for half the length: factors, and five halves of a complex number for each."""
    return (276 + 5 * _WIDTHS.get(_dtype(graph, operator), 4) * (spec.fact("fft_length") // 2),)


def _rings(rows: int, capacity: int) -> _Buffers:
    """A list of buffers and one of rings, and a ring for each row."""
    return (4 * rows, 4 * rows, _alike(rows, _RING_BYTES + 4 * capacity))


def _alike(count: int, size: int) -> int:
    """Bytes of many buffers of one size, each at a multiple of 16."""
    return count * -(-size // 16) * 16


def _delay(graph: Graph, operator: Operator, spec: Other) -> _Buffers:
    rows, length = _rows(graph, operator)
    return _rings(rows, length + spec.fact("delay_length"))


def _framer(graph: Graph, operator: Operator, spec: Other) -> _Buffers:
    return _rings(_rows(graph, operator)[0], spec.fact("frame_size"))


def _stacker(_graph: Graph, _operator: Operator, spec: Other) -> _Buffers:
    frames = spec.fact("stacker_left_context") + spec.fact("stacker_right_context") + 1
    return (_RING_BYTES + 4 * spec.fact("num_channels") * frames,)


def _overlap(graph: Graph, operator: Operator, _spec: Other) -> _Buffers:
    """The end of the last frame, for each row of frames."""
    source = graph.tensors[operator.inputs[0]]
    length = math.prod(source.shape[-1:])
    rows = source.elements // math.prod(source.shape[-2:])
    return (4 * rows, _alike(rows, length * _WIDTHS.get(source.dtype, 4)))


_KEPT: dict[str, _Rule] = {
    **dict.fromkeys(_LIKE_SHAPE, _shape),
    **dict.fromkeys(("CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV"), _channels),
    "ADD_N": _add_n,
    "BATCH_MATMUL": _matmul,
    "CUMSUM": _cumsum,
    "FULLY_CONNECTED": _units,
    "RESHAPE": _stretched,
    "SignalDelay": _delay,
    "SignalFilterBank": lambda _graph, _operator, spec: (8 * (spec.fact("num_channels") + 1),),
    "SignalFilterBankSpectralSubtraction": lambda _graph, _operator, spec: (4 * spec.fact("num_channels"),),
    "SignalFramer": _framer,
    "SignalIrfft": _fft,
    "SignalOverlapAdd": _overlap,
    "SignalRfft": _fft,
    "SignalStacker": _stacker,
}


def _pointers(_graph: Graph, operator: Operator, _spec: Other) -> _Buffers:
    return (4 * (len(operator.inputs) + len(operator.constants)),)


def _reduce(graph: Graph, operator: Operator, spec: Other) -> _Buffers:
    """Sums of integers, then places of the input and axes."""
    lists = (4 * spec.fact("input_axes"), 4 * max(spec.fact("axes"), 1))
    sums = spec.name in ("MEAN", "SUM") and _dtype(graph, operator) in ("int8", "int16")
    return (4 * graph.tensors[operator.outputs[0]].elements, *lists) if sums else lists


def _unpacked(_graph: Graph, _operator: Operator, spec: Other) -> _Buffers:
    return (spec.fact("packed"),) if spec.fact("packed") else ()


def _transpose_conv(graph: Graph, operator: Operator, _spec: Other) -> _Buffers:
    """A sum for each element of the output."""
    width = {"int8": 4, "int16": 8}.get(_dtype(graph, operator), 0)
    return (width * graph.tensors[operator.outputs[0]].elements,) if width else ()


def _work_area(graph: Graph, operator: Operator, spec: Other) -> _Buffers:
    return (_WIDTHS.get(_dtype(graph, operator), 4) * spec.fact("fft_length"),)


def _detection(graph: Graph, operator: Operator, spec: Other) -> _Buffers:
    """Boxes, scores and candidates, in the order in which the kernel asks for them."""
    shapes = [graph.tensors[tensor].shape for tensor in operator.inputs[:2]]
    if len(shapes) < 2 or len(shapes[0]) != 3 or len(shapes[1]) != 3:
        return ()
    boxes, classes, most = shapes[0][1], shapes[1][2], spec.fact("max_detections")
    each, candidates = 4 * boxes, 4 * most * boxes
    buffers = (boxes, 4 * each, classes * each, each, each, candidates, candidates, each, candidates)
    return (*buffers, max(classes, most) * each, min(boxes, most) * each)


_BORROWED: dict[str, _Rule] = {
    **dict.fromkeys(("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_ALL"), _reduce),
    **dict.fromkeys(("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"), _unpacked),
    "ADD_N": _pointers,
    "SignalRfft": _work_area,
    "TFLite_Detection_PostProcess": _detection,
    "TRANSPOSE_CONV": _transpose_conv,
}
