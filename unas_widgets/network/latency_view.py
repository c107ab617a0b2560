"""Where the time of an inference goes, layer by layer, with band and method."""

from __future__ import annotations

from dataclasses import dataclass

from resource_models import Estimate, Graph, ResourceReport, format_seconds
from unas_widgets.network.network_view import operator_words
from unas_widgets.quantities.quantity import Quantity, percent, seconds_quantity

_WORDS = {"measured-board": "From measurements on boards", "measured-tflm": "From measurements of TFLM"}


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """One layer: its time, its part of the whole in words, and its share of the slowest layer (0 to 1)."""

    name: str
    operator: str
    time: Quantity
    part: str
    share: float


@dataclass(frozen=True, slots=True)
class LatencyView:
    """The whole inference.

    Attributes:
        rows: the layers in order; empty where there is no estimate.
        total: seconds of one inference.
        band: "between 2.47 ms and 4.61 ms"; empty where there is no estimate.
        method: how the estimate was got, or why there is none.
        slowest: name of the layer that takes longest; empty where there is no estimate.
    """

    rows: tuple[LatencyRow, ...]
    total: Quantity
    band: str
    method: str
    slowest: str


def latency_view(graph: Graph, report: ResourceReport) -> LatencyView:
    """The times that `report` states for the layers of `graph`."""
    latency = report.latency
    if not isinstance(latency, Estimate):
        return LatencyView((), seconds_quantity(latency), "", _sentence(str(latency)), "")
    times = [layer.latency_s or 0.0 for layer in report.layers]
    most, whole = max(times, default=0.0), sum(times) or 1.0
    rows = tuple(
        LatencyRow(
            name=layer.name,
            operator=operator_words(operator.spec, layer.output_shape),
            time=seconds_quantity(time),
            part=_part(time / whole),
            share=time / most if most else 0.0,
        )
        for operator, layer, time in zip(graph.operators, report.layers, times, strict=True)
    )
    band = f"between {format_seconds(latency.low)} and {format_seconds(latency.high)}"
    slowest = rows[times.index(most)].name if rows else ""
    return LatencyView(rows, seconds_quantity(latency), band, _sentence(latency.method), slowest)


def _part(share: float) -> str:
    return "< 0.1 %" if 0 < share < 0.0005 else percent(round(share, 3))


def _sentence(text: str) -> str:
    kind, _, rest = text.partition(": ")
    text = f"{_WORDS[kind]}: {rest}" if kind in _WORDS else text
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
