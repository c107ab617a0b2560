"""What each operator's kernel keeps in the arena of TensorFlow Lite Micro, and what it borrows while it runs.

Structures are those of TFLM on a 32-bit target, measured with TFLM itself (commit 18b9e6f2, compiled to 32 bits by
mcufit 0.5.2): for its reference kernels the bytes of every operator in every element type add up exactly, in the order
and with the alignment in which TFLM takes them from the arena's tail. Another kernel library is a `KernelLibrary` that
says where it differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from resource_models.graph import operators as op
from resource_models.graph.graph import Graph, Operator
from resource_models.memory import other_kernels

ALIGNMENT = 16
TENSOR_BYTES = 12
"""`TfLiteEvalTensor`, one for every tensor of the file, constants and unused ones too."""
NODE_BYTES = 32
"""`NodeAndRegistration`, one for every operator."""
SCRATCH_HANDLE_BYTES = 4
"""One for every buffer that a kernel borrows."""
SUBGRAPH_BYTES = 8
"""`SubgraphAllocations`, one for every subgraph."""
VARIABLE_BYTES = 20
"""`MicroResourceVariable`, one for every variable that a streaming network keeps."""
EDGE_POINTER_BYTES = 4
"""A list of the inputs and one of the outputs."""
EDGE_TENSOR_BYTES = 40
"""`TfLiteTensor`, one for every input and output of the network."""
EDGE_QUANTIZATION_BYTES = 20
"""Quantisation of those that are quantised."""

Buffers = tuple[int, ...]
Rule = Callable[[Graph, Operator], Buffers]
"""Sizes in bytes of the buffers that an operator of a graph needs."""
Kind = type[op.OperatorSpec]


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelLibrary:
    """The memory of one library of kernels for TFLM.

    Attributes:
        fixed_bytes: Interpreter, allocator and planner, up to the first structure of the network.
        closing_bytes: What comes after the last of them.
        variable_bytes: For each variable that a streaming network keeps; 0 where `fixed_bytes` has room for them.
        more_data: Bytes of a kernel's own data beyond those of the reference kernel.
        more_kept: Buffers beyond those of the reference kernel that stay for as long as the network does.
        scratch: Buffers that a kernel borrows; the reference kernel's where there is no rule.
    """

    fixed_bytes: int
    closing_bytes: int = 0
    variable_bytes: int = VARIABLE_BYTES
    more_data: Mapping[Kind, int] = field(default_factory=dict)
    more_kept: Mapping[Kind, Rule] = field(default_factory=dict)
    scratch: Mapping[Kind, Rule] = field(default_factory=dict)

    def kept(self, graph: Graph, operator: Operator) -> tuple[int, Buffers]:
        """What stays: bytes of the parsed options, and buffers.

        The buffers are the kernel's own data, multiplier and shift of each channel, tables and sums.
        """
        kind = type(operator.spec)
        if isinstance(operator.spec, op.Other):
            return other_kernels.kept(graph, operator, operator.spec)
        found = _STRUCTURES.get(kind, _DEFAULT_STRUCTURES)
        options, data = found(graph, operator) if callable(found) else found
        buffers: Buffers = (data + self.more_data.get(kind, 0),) if data else ()
        for rules in (_KEPT, self.more_kept):
            if kind in rules:
                buffers += rules[kind](graph, operator)
        return options, buffers

    def scratch_buffers(self, graph: Graph, operator: Operator) -> Buffers:
        """Buffers that are borrowed while the operator runs."""
        kind = type(operator.spec)
        if isinstance(operator.spec, op.Other):
            return other_kernels.borrowed(graph, operator, operator.spec)
        rule = self.scratch.get(kind) or REFERENCE_SCRATCH.get(kind)
        return tuple([size for size in rule(graph, operator) if size]) if rule else ()


def handles(graph: Graph) -> frozenset[int]:
    """Tensors that only name a variable; they lie in their kernel's own data."""
    return frozenset(
        tensor
        for operator in graph.operators
        if isinstance(operator.spec, op.Other) and operator.spec.name == "VAR_HANDLE"
        for tensor in operator.outputs
    )


def variable_sizes(graphs: Sequence[Graph]) -> list[int]:
    """Bytes of each variable of a streaming network: it is made where it is first assigned beside its handle."""
    sizes: dict[int, int] = {}
    for graph in graphs:
        for operator in graph.operators:
            spec = operator.spec
            if not isinstance(spec, op.Other) or spec.name != "ASSIGN_VARIABLE" or not operator.inputs:
                continue
            handle = graph.producer_of(operator.inputs[0])
            values = [graph.tensors[tensor] for tensor in operator.inputs[1:]] + list(operator.constants)
            if handle is not None and isinstance(handle.spec, op.Other) and values:
                sizes.setdefault(handle.spec.fact("variable"), values[0].size_bytes)
    return list(sizes.values())


def align(size: int) -> int:
    """`size` rounded up to the arena's alignment."""
    return -(-size // ALIGNMENT) * ALIGNMENT


def input_dtype(graph: Graph, operator: Operator) -> str:
    """Element type of the first input; the kernels are chosen by it."""
    return graph.tensors[operator.inputs[0]].dtype if operator.inputs else "int8"


_Structures = tuple[int, int]
"""Bytes of the parsed options and of the kernel's own data."""
_NONE: _Structures = (0, 0)
_OF_FUNCTIONS: dict[str, _Structures] = {
    **dict.fromkeys(
        ("ceil", "cos", "exp", "floor", "log", "neg", "round", "sin", "sqrt", "square", "maximum", "minimum"),
        _NONE,
    ),
    "cast": (8, 0),
    **dict.fromkeys(("logistic", "tanh"), (0, 16)),
    **dict.fromkeys(("abs", "rsqrt", "relu"), (0, 28)),
    "hard_swish": (0, 20),
    "leaky_relu": (4, 24),
    "relu6": (0, 8),
    "elu": (0, 256),
    "sub": (8, 52),
    "div": (4, 28),
    "squared_difference": (0, 112),
}


def _unary(_graph: Graph, operator: Operator) -> _Structures:
    return _OF_FUNCTIONS.get(operator.spec.function, (0, 32))  # type: ignore[attr-defined]  # the table gives Unary


def _binary(_graph: Graph, operator: Operator) -> _Structures:
    return _OF_FUNCTIONS.get(operator.spec.function, (4, 36))  # type: ignore[attr-defined]  # the table gives Binary


def _softmax(graph: Graph, operator: Operator) -> _Structures:
    if not operator.spec.log:  # type: ignore[attr-defined]  # the table gives Softmax
        return 4, 56
    return (0, 28) if input_dtype(graph, operator) == "int8" else _NONE


def _pad_axes(_graph: Graph, operator: Operator) -> _Structures:
    return (4, 20) if operator.spec.mirror else (0, 56)  # type: ignore[attr-defined]  # the table gives PadAxes


def _slice(_graph: Graph, operator: Operator) -> _Structures:
    """STRIDED_SLICE, which reads three lists, and SLICE, which reads two and keeps nothing."""
    return (24, 84) if len(operator.constants) == 3 else _NONE


def _reshape(_graph: Graph, operator: Operator) -> _Structures:
    """RESHAPE and SQUEEZE; EXPAND_DIMS, which reads one axis, has no options."""
    expands = len(operator.constants) == 1 and operator.constants[0].elements == 1
    return _NONE if expands and len(operator.spec.shape) != 1 else (36, 0)  # type: ignore[attr-defined]  # Reshape


_STRUCTURES: dict[Kind, _Structures | Callable[[Graph, Operator], _Structures]] = {
    op.Conv2D: (28, 56),
    op.DepthwiseConv2D: (28, 56),
    op.TransposeConv2D: (20, 72),
    op.Dense: (16, 48),
    op.MaxPool2D: (40, 32),
    op.AveragePool2D: (40, 32),
    op.Add: (8, 60),
    op.Pad: (0, 56),
    op.PadAxes: _pad_axes,
    op.Reshape: _reshape,
    op.Flatten: (36, 0),
    op.Softmax: _softmax,
    op.Reduce: (1, 44),
    op.Binary: _binary,
    op.Unary: _unary,
    op.Transpose: (0, 0),
    op.Resize: (2, 0),
    op.Slice: _slice,
    op.Stack: (8, 0),
    op.Shape: (4, 0),
    op.Concatenate: (8, 24),
    op.Split: (4, 0),
    op.Svdf: (12, 36),
    op.Lstm: (16, 688),
}
_DEFAULT_STRUCTURES = (16, 48)


def _multipliers(channels: int) -> Buffers:
    """Multiplier and shift of each channel."""
    return 4 * channels, 4 * channels


def _by_filter(_graph: Graph, operator: Operator) -> Buffers:
    """Kept in float32 too, though unused there."""
    return _multipliers(operator.constants[0].shape[0])


def _by_channel(_graph: Graph, operator: Operator) -> Buffers:
    return _multipliers(operator.constants[0].shape[-1])


def _by_unit(graph: Graph, operator: Operator) -> Buffers:
    spec: Any = operator.spec
    per_unit = spec.per_channel and operator.constants and input_dtype(graph, operator) != "float32"
    return _multipliers(operator.constants[0].shape[0]) if per_unit else ()


def _softmax_tables(graph: Graph, operator: Operator) -> Buffers:
    """Two tables of 513 numbers for int16."""
    return (1026, 1026) if input_dtype(graph, operator) == "int16" else ()


_KEPT: dict[Kind, Rule] = {
    op.Conv2D: _by_filter,
    op.TransposeConv2D: _by_filter,
    op.DepthwiseConv2D: _by_channel,
    op.Dense: _by_unit,
    op.Softmax: _softmax_tables,
}


def _reduce(graph: Graph, operator: Operator) -> Buffers:
    """Places of the input and axes, and for a sum or mean of integers the sums."""
    spec: Any = operator.spec
    lists = 4 * len(graph.tensors[operator.inputs[0]].shape), 4 * max(len(spec.axes), 1)
    if spec.function in ("mean", "sum") and input_dtype(graph, operator) != "float32":
        return 4 * graph.tensors[operator.outputs[0]].elements, *lists
    return lists


def _mirror_pad(graph: Graph, operator: Operator) -> Buffers:
    """Elements per axis of input and output."""
    spec: Any = operator.spec
    rank = 4 * len(graph.tensors[operator.inputs[0]].shape)
    return (rank, rank) if spec.mirror else ()


def _svdf(graph: Graph, operator: Operator) -> Buffers:
    """What the filters give, and with integers the sums over each unit's filters."""
    output = graph.tensors[operator.outputs[0]]
    filters = 4 * output.shape[0] * operator.constants[0].shape[0]
    return (filters,) if output.dtype == "float32" else (filters, 4 * output.elements)


def lstm_cell_bytes(graph: Graph, operator: Operator) -> int:
    """Bytes of the cell state: the last state of the file, int16 where the network is quantised."""
    if operator.states:
        return operator.states[-1].size_bytes
    width = 4 if input_dtype(graph, operator) == "float32" else 2
    units: int = operator.spec.units  # type: ignore[attr-defined]  # the tables give LSTMs only
    return width * units


def _lstm(graph: Graph, operator: Operator) -> Buffers:
    """A buffer as large as the cell state for each of the four gates."""
    return (lstm_cell_bytes(graph, operator),) * 4


def _transpose_conv(graph: Graph, operator: Operator) -> Buffers:
    """A sum for each element of the output: int32 for int8, int64 for int16."""
    width = {"int8": 4, "int16": 8}.get(input_dtype(graph, operator), 0)
    sums = width * graph.tensors[operator.outputs[0]].elements
    bias = operator.constants[1] if len(operator.constants) > 2 else None
    return (sums, 8 * bias.elements) if bias is not None and bias.dtype == "int16" else (sums,)


def unpacked(_graph: Graph, operator: Operator) -> Buffers:
    """A byte for each of the weights that share one in the file."""
    weights = operator.constants[0]
    return (weights.elements,) if weights.dtype == "int4" else ()


REFERENCE_SCRATCH: dict[Kind, Rule] = {
    op.Conv2D: unpacked,
    op.DepthwiseConv2D: unpacked,
    op.Dense: unpacked,
    op.Reduce: _reduce,
    op.PadAxes: _mirror_pad,
    op.Svdf: _svdf,
    op.Lstm: _lstm,
    op.TransposeConv2D: _transpose_conv,
}
