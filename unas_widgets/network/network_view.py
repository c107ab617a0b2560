"""A network layer by layer: shapes, bytes, MACs and time, each with its share of the largest for the bars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from resource_models import (
    Add,
    AveragePool2D,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Graph,
    MaxPool2D,
    OperatorSpec,
    ResourceReport,
)
from unas_widgets.quantities.quantity import Quantity, bytes_quantity, macs_quantity, seconds_quantity


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """One layer: what it is, the shape that it writes, what it costs, and its shares (0 to 1) of the largest layer."""

    name: str
    operator: str
    activation: str
    shape: str
    weights: Quantity
    output: Quantity
    macs: Quantity
    weights_share: float
    output_share: float
    macs_share: float


@dataclass(frozen=True, slots=True)
class NetworkView:
    """The whole network.

    Attributes:
        input_shape: what goes in, e.g. "8×8×1".
        rows: the layers in order.
        ram, model, latency, macs: the totals, with band and method.
        accounting: "tflm" or "unas".
    """

    input_shape: str
    rows: tuple[NetworkRow, ...]
    ram: Quantity
    model: Quantity
    latency: Quantity
    macs: Quantity
    accounting: str


def network_view(graph: Graph, report: ResourceReport) -> NetworkView:
    """The layers of `graph` with the costs that `report` states for them."""
    layers = report.layers
    largest_weights = max((layer.weight_bytes for layer in layers), default=0)
    largest_output = max((layer.output_bytes for layer in layers), default=0)
    most_macs = max((layer.macs for layer in layers), default=0)
    rows = tuple(
        NetworkRow(
            name=layer.name,
            operator=operator_words(operator.spec, layer.output_shape),
            activation=activation_words(operator.spec),
            shape=shape_words(layer.output_shape),
            weights=bytes_quantity(layer.weight_bytes),
            output=bytes_quantity(layer.output_bytes),
            macs=macs_quantity(layer.macs),
            weights_share=_share(layer.weight_bytes, largest_weights),
            output_share=_share(layer.output_bytes, largest_output),
            macs_share=_share(layer.macs, most_macs),
        )
        for operator, layer in zip(graph.operators, layers, strict=True)
    )
    return NetworkView(
        input_shape=", ".join(shape_words(graph.tensors[t].shape) for t in graph.inputs),
        rows=rows,
        ram=bytes_quantity(report.ram),
        model=bytes_quantity(report.model),
        latency=seconds_quantity(report.latency),
        macs=macs_quantity(report.macs),
        accounting=report.accounting,
    )


def shape_words(shape: Iterable[int]) -> str:
    """A shape without its batch dimension: "14×14×12"."""
    return "×".join(str(size) for size in tuple(shape)[1:])


def operator_words(spec: OperatorSpec, output_shape: tuple[int, ...]) -> str:
    """An operator in a few words: "conv 3×3, stride 2"."""
    if isinstance(spec, Conv2D):
        return _join(f"conv {_pair(spec.kernel)}", _stride(spec.strides))
    if isinstance(spec, DepthwiseConv2D):
        return _join(f"depthwise {_pair(spec.kernel)}", _stride(spec.strides))
    if isinstance(spec, MaxPool2D | AveragePool2D):
        kind = "max" if isinstance(spec, MaxPool2D) else "average"
        return _join(f"{kind} pool {_pair(spec.size)}", _stride(spec.strides, spec.size))
    if isinstance(spec, Dense):
        return f"dense, {output_shape[-1]} units"
    if isinstance(spec, Add):
        return "add"
    return type(spec).__name__.removesuffix("2D").lower()


def activation_words(spec: OperatorSpec) -> str:
    """The activation that is part of the operator, e.g. "relu"; empty where there is none."""
    activation = str(getattr(spec, "activation", "none"))
    return "" if activation == "none" else activation


def _pair(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"


def _stride(strides: tuple[int, int], usual: tuple[int, int] = (1, 1)) -> str:
    if strides == usual:
        return ""
    return f"stride {strides[0]}" if strides[0] == strides[1] else f"stride {_pair(strides)}"


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _share(value: float, largest: float) -> float:
    return value / largest if largest else 0.0
