"""What a neural network costs on a microcontroller before it is trained: RAM, flash, MACs, latency, energy.

>>> from resource_models import GraphBuilder, costs
>>> b = GraphBuilder("tiny")
>>> x = b.conv2d(b.input((28, 28, 1)), 8, (3, 3), strides=(2, 2), activation="relu")
>>> graph = b.build(b.dense(b.flatten(x), 10))
>>> costs(graph).macs
25688
"""

from resource_models.boards.board import Board
from resource_models.boards.catalogue import board, boards, is_board_file, runtime_on
from resource_models.boards_that_fit import BoardFit, boards_that_fit
from resource_models.costs import Costs, check_modelled, costs
from resource_models.drawing import to_dot, to_svg
from resource_models.errors import (
    BoardError,
    GraphError,
    ModelFileError,
    NotModelledError,
    ResourceModelError,
    UnitError,
    UnknownOperatorError,
)
from resource_models.estimate import Estimate, Missing
from resource_models.graph.builder import GraphBuilder
from resource_models.graph.graph import BYTES_PER_ELEMENT, Graph, Operator, TensorSpec
from resource_models.graph.operators import (
    Add,
    AveragePool2D,
    Binary,
    Concatenate,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Flatten,
    Lstm,
    MaxPool2D,
    OperatorSpec,
    Pad,
    PadAxes,
    Reduce,
    Reshape,
    Resize,
    Slice,
    Softmax,
    Split,
    Svdf,
    Transpose,
    TransposeConv2D,
    Unary,
)
from resource_models.latency.energy import power_reason
from resource_models.latency.network_latency import latency_reason
from resource_models.macs import ACCOUNTINGS, Accounting, macs, macs_by_operator
from resource_models.memory.arena import ArenaPlan, Buffer
from resource_models.memory.timeline import MemoryTimeline, TimelineStep, TimelineTensor, memory_timeline
from resource_models.model_file.converted import as_converted
from resource_models.model_file.file_size import model_bytes, parameters, weight_bytes
from resource_models.model_file.tflite_import import read_tflite
from resource_models.report import LayerCost, ResourceReport, profile
from resource_models.runtimes.arena_plan import plan_arena
from resource_models.runtimes.catalogue import runtime, runtime_code_bytes, runtimes
from resource_models.runtimes.latency_fit import LatencyFit
from resource_models.runtimes.runtime import ArenaModel, CodeModel, Runtime
from resource_models.scheduling.schedule import Schedule, Step, minimum_peak_schedule, schedule_in_order
from resource_models.units import (
    format_bytes,
    format_count,
    format_hertz,
    format_joules,
    format_seconds,
    format_share,
    format_watts,
    parse_bytes,
    parse_count,
    parse_hertz,
    parse_joules,
    parse_seconds,
    parse_share,
    parse_watts,
)

__all__ = [
    "ACCOUNTINGS",
    "BYTES_PER_ELEMENT",
    "Accounting",
    "Add",
    "ArenaModel",
    "ArenaPlan",
    "AveragePool2D",
    "Binary",
    "Board",
    "BoardError",
    "BoardFit",
    "Buffer",
    "CodeModel",
    "Concatenate",
    "Conv2D",
    "Costs",
    "Dense",
    "DepthwiseConv2D",
    "Estimate",
    "Flatten",
    "Graph",
    "GraphBuilder",
    "GraphError",
    "LatencyFit",
    "LayerCost",
    "Lstm",
    "MaxPool2D",
    "MemoryTimeline",
    "Missing",
    "ModelFileError",
    "NotModelledError",
    "Operator",
    "OperatorSpec",
    "Pad",
    "PadAxes",
    "Reduce",
    "Reshape",
    "Resize",
    "ResourceModelError",
    "ResourceReport",
    "Runtime",
    "Schedule",
    "Slice",
    "Softmax",
    "Split",
    "Step",
    "Svdf",
    "TensorSpec",
    "TimelineStep",
    "TimelineTensor",
    "Transpose",
    "TransposeConv2D",
    "Unary",
    "UnitError",
    "UnknownOperatorError",
    "as_converted",
    "board",
    "boards",
    "boards_that_fit",
    "check_modelled",
    "costs",
    "format_bytes",
    "format_count",
    "format_hertz",
    "format_joules",
    "format_seconds",
    "format_share",
    "format_watts",
    "is_board_file",
    "latency_reason",
    "macs",
    "macs_by_operator",
    "memory_timeline",
    "minimum_peak_schedule",
    "model_bytes",
    "parameters",
    "parse_bytes",
    "parse_count",
    "parse_hertz",
    "parse_joules",
    "parse_seconds",
    "parse_share",
    "parse_watts",
    "plan_arena",
    "power_reason",
    "profile",
    "read_tflite",
    "runtime",
    "runtime_code_bytes",
    "runtime_on",
    "runtimes",
    "schedule_in_order",
    "to_dot",
    "to_svg",
    "weight_bytes",
]
