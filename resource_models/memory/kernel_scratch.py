"""What each operator's kernel keeps in the arena, and what it borrows while it runs, by kernel library.

Structures are those of TensorFlow Lite Micro on a 32-bit target. They were read off the allocation tables
of TFLM itself (commit 18b9e6f2, compiled to 32 bits by mcufit 0.5.2) for 240 networks of the CNN space and
33 published models, where they add up exactly. CMSIS-NN's scratch follows its `…_get_buffer_size` functions
for cores with the DSP extension; with it the arenas of 4,973 single convolutions measured on three boards
(MicroNas, see boards' sources) come out to the byte.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from resource_models.graph import operators as op
from resource_models.graph.graph import Graph, Operator

ALIGNMENT = 16
TENSOR_BYTES = 12
"""`TfLiteEvalTensor`, one for every tensor of the file, constants too."""
NODE_BYTES = 32
"""`NodeAndRegistration`, one for every operator."""
EDGE_TENSOR_BYTES = 40
"""`TfLiteTensor`, one for every input and output of the network."""
EDGE_QUANTIZATION_BYTES = 20
"""Quantisation of those that are quantised."""
FIXED_BYTES = {"tflm-reference": 2280, "tflm-cmsis-nn": 320, "tflm-esp-nn": 320}
"""Interpreter, allocator and planner; TFLM's own benchmark also reserves 2,020 bytes of resource variables."""

_DEFAULT_STRUCTURES = (16, 48)
_STRUCTURES: dict[type[op.OperatorSpec], tuple[int, int]] = {
    op.Conv2D: (28, 56),
    op.DepthwiseConv2D: (28, 56),
    op.TransposeConv2D: (20, 72),
    op.Dense: (16, 48),
    op.MaxPool2D: (40, 32),
    op.AveragePool2D: (40, 32),
    op.Add: (8, 60),
    op.Pad: (0, 56),
    op.PadAxes: (0, 56),
    op.Reshape: (36, 0),
    op.Flatten: (36, 0),
    op.Softmax: (4, 56),
    op.Reduce: (16, 44),
    op.Binary: (4, 36),
    op.Unary: (0, 32),
    op.Transpose: (0, 0),
    op.Resize: (4, 0),
    op.Slice: (28, 84),
    op.Stack: (8, 0),
    op.Shape: (0, 0),
    op.Concatenate: (8, 24),
    op.Split: (4, 0),
    op.Svdf: (12, 60),
    op.Lstm: (20, 300),
}
"""Bytes of the parsed options and of the kernel's own data, per operator."""
_CMSIS_NN_EXTRA: dict[type[op.OperatorSpec], int] = {
    op.Conv2D: 4,
    op.DepthwiseConv2D: 4,
    op.Dense: 16,
    op.MaxPool2D: 4,
    op.AveragePool2D: 4,
}


def library_of(runtime: str) -> str:
    """The kernel library whose memory is modelled for a runtime: TFLM's reference kernels unless it has its own."""
    name = runtime.partition("@")[0]
    return name if name in FIXED_BYTES else "tflm-reference"


def align(size: int) -> int:
    """`size` rounded up to the arena's alignment."""
    return -(-size // ALIGNMENT) * ALIGNMENT


def kept_bytes(operator: Operator, quantized: bool, library: str) -> int:
    """Bytes in the arena that stay for an operator: options, data, and multiplier and shift of each channel."""
    kind = type(operator.spec)
    options, data = _STRUCTURES.get(kind, _DEFAULT_STRUCTURES)
    if library == "tflm-cmsis-nn":
        data += _CMSIS_NN_EXTRA.get(kind, 0)
    total = options + NODE_BYTES + align(data)
    if quantized and operator.constants:
        total += 2 * align(4 * _channels(operator))
    for state in operator.states:
        total += align(state.size_bytes)
    return total


def _channels(operator: Operator) -> int:
    """Channels with a multiplier of their own; 0 where one multiplier serves all."""
    spec = operator.spec
    kind = type(spec)
    if kind is op.Conv2D or kind is op.TransposeConv2D:
        return operator.constants[0].shape[0]
    if kind is op.DepthwiseConv2D:
        return operator.constants[0].shape[-1]
    if isinstance(spec, op.Dense) and spec.per_channel:
        return operator.constants[0].shape[0]
    return 0


def scratch_bytes(graph: Graph, operator: Operator, library: str) -> tuple[int, ...]:
    """Buffers that an operator borrows while it runs."""
    rule = _SCRATCH[library].get(type(operator.spec))
    if rule is None or graph.tensors[operator.inputs[0]].dtype == "float32":
        return ()
    return tuple([size for size in rule(graph, operator) if size])


def _reduce(graph: Graph, operator: Operator) -> tuple[int, ...]:
    """Sums of int32, and two short lists of axes; nothing for a largest or smallest value."""
    function: str = operator.spec.function  # type: ignore[attr-defined]  # the table gives reductions only
    if function not in ("mean", "sum"):
        return ()
    return 4 * graph.tensors[operator.outputs[0]].elements, ALIGNMENT, ALIGNMENT


def _svdf(graph: Graph, operator: Operator) -> tuple[int, ...]:
    batch = graph.tensors[operator.outputs[0]].shape[0]
    return 4 * batch * operator.constants[0].shape[0], 4 * graph.tensors[operator.outputs[0]].elements


def _lstm(_graph: Graph, operator: Operator) -> tuple[int, ...]:
    units: int = operator.spec.units  # type: ignore[attr-defined]  # the table gives LSTMs only
    return (2 * units,) * 4


def _transpose_conv(graph: Graph, operator: Operator) -> tuple[int, ...]:
    return (4 * graph.tensors[operator.outputs[0]].elements,)


def _cmsis_conv(_graph: Graph, operator: Operator) -> tuple[int, ...]:
    """Two columns of int16; none for 1×1."""
    _, rows, columns, depth = operator.constants[0].shape
    return (4 * rows * columns * depth if rows * columns > 1 else 0,)


def _cmsis_depthwise(_graph: Graph, operator: Operator) -> tuple[int, ...]:
    """A row of int16 for each tap; none for 3×3, and for a multiplier, which have kernels of their own."""
    _, rows, columns, channels = operator.constants[0].shape
    plain: int = operator.spec.multiplier  # type: ignore[attr-defined]  # the table gives depthwise convolutions only
    return (2 * rows * columns * channels if plain == 1 and (rows, columns) != (3, 3) else 0,)


def _cmsis_average_pool(graph: Graph, operator: Operator) -> tuple[int, ...]:
    return (4 * graph.tensors[operator.inputs[0]].shape[-1],)


_REFERENCE_SCRATCH: dict[type[op.OperatorSpec], Callable[[Graph, Any], tuple[int, ...]]] = {
    op.Reduce: _reduce,
    op.Svdf: _svdf,
    op.Lstm: _lstm,
    op.TransposeConv2D: _transpose_conv,
}
_SCRATCH = {
    "tflm-reference": _REFERENCE_SCRATCH,
    "tflm-esp-nn": _REFERENCE_SCRATCH,
    "tflm-cmsis-nn": {
        **_REFERENCE_SCRATCH,
        op.Conv2D: _cmsis_conv,
        op.DepthwiseConv2D: _cmsis_depthwise,
        op.AveragePool2D: _cmsis_average_pool,
    },
}
