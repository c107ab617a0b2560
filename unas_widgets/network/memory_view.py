"""A network's memory over time, step by step, with what is in memory and which step sets the peak."""

from __future__ import annotations

from dataclasses import dataclass

from resource_models import Accounting, Graph, NotModelledError, memory_timeline, plan_arena
from unas_widgets.network.arena_view import layer_of
from unas_widgets.quantities.quantity import Quantity, bytes_quantity


@dataclass(frozen=True, slots=True)
class MemoryTensor:
    """One tensor in memory, with its share of the peak (0 to 1)."""

    name: str
    size: Quantity
    share: float


@dataclass(frozen=True, slots=True)
class MemoryStep:
    """One operator's turn: what is in memory while it runs; `layer` is the layer of the network that it is part of."""

    operator: str
    layer: str
    total: Quantity
    tensors: tuple[MemoryTensor, ...]
    peak: bool


@dataclass(frozen=True, slots=True)
class MemoryView:
    """All steps; `sentence` says what sets the peak, `remark` how the peak relates to the RAM figure."""

    steps: tuple[MemoryStep, ...]
    peak: Quantity
    sentence: str
    remark: str


def memory_view(graph: Graph, accounting: Accounting = "tflm", *, runtime: str = "tflm-reference") -> MemoryView:
    """The memory of `graph` over its steps, in the order and by the rules of `accounting`.

    Args:
        graph: any network.
        accounting: "tflm" or "unas".
        runtime: whose arena the remark is about.
    """
    timeline = memory_timeline(graph, accounting)
    steps = tuple(
        MemoryStep(
            operator=step.operator,
            layer=layer_of(step.operator),
            total=bytes_quantity(step.bytes),
            tensors=tuple(
                MemoryTensor(t.name, bytes_quantity(t.bytes), t.bytes / timeline.peak_bytes if t.bytes else 0.0)
                for t in step.tensors
            ),
            peak=index == timeline.peak_step,
        )
        for index, step in enumerate(timeline.steps)
    )
    peak = bytes_quantity(timeline.peak_bytes)
    return MemoryView(steps, peak, timeline.sentence, _remark(graph, accounting, runtime))


def _remark(graph: Graph, accounting: Accounting, runtime: str) -> str:
    if accounting == "unas":
        return "Counted as in the μNAS paper: best order, without the input, sums in place."
    try:
        plan = plan_arena(graph, runtime=runtime)
    except NotModelledError as error:
        return str(error)
    head, rest = bytes_quantity(plan.head_bytes).text, bytes_quantity(plan.persistent_bytes).text
    return f"TFLM lays these and the kernels' scratch out in {head}; its own structures take {rest} more."
