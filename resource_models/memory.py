"""Memory over time: the data of the picture, and in words what sets the peak and what would lower it."""

from __future__ import annotations

from dataclasses import dataclass

from resource_models.graph import Graph
from resource_models.macs import Accounting, check_accounting
from resource_models.schedule import Schedule, minimum_peak_schedule, schedule_in_order
from resource_models.units import format_bytes


@dataclass(frozen=True, slots=True)
class TimelineTensor:
    """A tensor in memory: its index in the graph, name and bytes."""

    tensor: int
    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One operator's turn and what is in memory while it runs."""

    operator: str
    tensors: tuple[TimelineTensor, ...]
    bytes: int


@dataclass(frozen=True, slots=True)
class MemoryTimeline:
    """Memory of a network over its steps; `peak_step` indexes `steps`, `sentence` says what sets the peak."""

    steps: tuple[TimelineStep, ...]
    peak_step: int
    peak_bytes: int
    sentence: str
    proven_optimal: bool


def memory_timeline(graph: Graph, accounting: Accounting = "tflm") -> MemoryTimeline:
    """Activations over time: in the order of the file with the input (`tflm`), or in the best order without it (`unas`).

    Raises:
        ResourceModelError: `accounting` is unknown.
    """
    check_accounting(accounting)
    if accounting == "unas":
        schedule = minimum_peak_schedule(graph, inplace_add=True, count_inputs=False)
    else:
        schedule = schedule_in_order(graph)
    steps = tuple(
        TimelineStep(
            graph.operators[step.operator].name,
            tuple(TimelineTensor(t, graph.tensors[t].name, graph.tensors[t].size_bytes) for t in step.live),
            step.bytes,
        )
        for step in schedule.steps
    )
    return MemoryTimeline(
        steps,
        schedule.peak_step,
        schedule.peak_bytes,
        _sentence(graph, schedule, steps),
        schedule.proven_optimal,
    )


def _sentence(graph: Graph, schedule: Schedule, steps: tuple[TimelineStep, ...]) -> str:
    if not steps:
        return "There are no operators, so nothing sets a peak."
    step = steps[schedule.peak_step]
    largest = sorted(step.tensors, key=lambda tensor: -tensor.bytes)
    parts = " and ".join(f"{tensor.name} ({format_bytes(tensor.bytes)})" for tensor in largest[:2])
    return f"{step.operator} sets the peak of {format_bytes(step.bytes)}: {parts} are in memory together."
