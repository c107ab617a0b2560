"""TensorFlow Lite Micro with CMSIS-NN, Arm's kernels.

Their scratch follows the library's `…_get_buffer_size` functions for cores with the DSP extension; with it the arenas
of 4,973 single convolutions measured on three boards (MicroNas, see the boards' sources) come out to the byte. The LSTM
follows the kernel's sources; sums (add) take 16 to 32 bytes more on those boards than here.
"""

from __future__ import annotations

from typing import Any

from resource_models.graph import operators as op
from resource_models.graph.graph import Graph, Operator
from resource_models.memory.kernel_memory import Buffers, KernelLibrary, input_dtype, lstm_cell_bytes
from resource_models.runtimes.runtime import FITS, Runtime
from resource_models.runtimes.tflm import CLOSING_BYTES, FIRMWARE_BYTES, TflmArena, TflmCode


def _conv(graph: Graph, operator: Operator) -> Buffers:
    """Two columns of int16; none for 1×1."""
    _, rows, columns, depth = operator.constants[0].shape
    quantized = input_dtype(graph, operator) != "float32"
    return (4 * rows * columns * depth if quantized and rows * columns > 1 else 0,)


def _depthwise(graph: Graph, operator: Operator) -> Buffers:
    """A row of int16 for each tap; none for 3×3, and for a multiplier, which have kernels of their own."""
    _, rows, columns, channels = operator.constants[0].shape
    spec: Any = operator.spec
    plain = spec.multiplier == 1 and input_dtype(graph, operator) != "float32"
    return (2 * rows * columns * channels if plain and (rows, columns) != (3, 3) else 0,)


def _average_pool(graph: Graph, operator: Operator) -> Buffers:
    source = graph.tensors[operator.inputs[0]]
    return (0 if source.dtype == "float32" else 4 * source.shape[-1],)


def _lstm(graph: Graph, operator: Operator) -> Buffers:
    """Three buffers where the reference kernel, which float32 keeps to, has four."""
    count = 4 if input_dtype(graph, operator) == "float32" else 3
    return (lstm_cell_bytes(graph, operator),) * count


def _lstm_sums(graph: Graph, operator: Operator) -> Buffers:
    """Bias plus zero point times weights, for each unit and each of the eight matrices, as wide as the bias."""
    width = {"int8": 4, "int16": 8}.get(input_dtype(graph, operator), 0)
    units: int = operator.spec.units  # type: ignore[attr-defined]  # the table gives LSTMs only
    return (width * units,) * 8 if width else ()


_KERNELS = KernelLibrary(
    fixed_bytes=FIRMWARE_BYTES,
    closing_bytes=CLOSING_BYTES,
    more_data={
        op.Conv2D: 4,
        op.DepthwiseConv2D: 4,
        op.Dense: 16,
        op.MaxPool2D: 4,
        op.AveragePool2D: 4,
        op.Softmax: 8,
        op.Svdf: 4,
        op.Lstm: 224,
    },
    more_kept={op.Lstm: _lstm_sums},
    scratch={
        op.Conv2D: _conv,
        op.DepthwiseConv2D: _depthwise,
        op.AveragePool2D: _average_pool,
        op.Lstm: _lstm,
    },
)

RUNTIME = Runtime(
    id="tflm-cmsis-nn",
    name="TensorFlow Lite Micro with CMSIS-NN",
    kernels="CMSIS-NN",
    note="Arm boards (default).",
    default_for=("Cortex-",),
    arena=TflmArena(
        kernels=_KERNELS, method="analytic: TFLM's planner and structures, and CMSIS-NN's documented scratch"
    ),
    code=TflmCode(34_000),
    built_on_tflm=True,
    latency=FITS / "tflm_cmsis_nn.json",
)
