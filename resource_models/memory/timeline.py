"""Memory over time: the data of the picture, and in words what sets the peak and what would lower it."""

from __future__ import annotations

from dataclasses import dataclass

from resource_models.graph.graph import Graph
from resource_models.macs import Accounting, check_accounting
from resource_models.model_file.converted import as_converted
from resource_models.scheduling.schedule import Schedule, minimum_peak_schedule, schedule_in_order
from resource_models.units import format_bytes


@dataclass(frozen=True, slots=True)
class TimelineTensor:
    """A tensor in memory: its index in the timeline's graph, name and bytes."""

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
    """Activations of a network over its steps.

    Attributes:
        graph: The graph whose operators and tensors the steps name.
        steps: One per operator, in the order in which they run.
        peak_step: Index of the first step with the most bytes; -1 without operators.
        peak_bytes: Its bytes.
        sentence: What sets the peak and what would lower it.
        proven_optimal: Whether no other order has a lower peak.
    """

    graph: Graph
    steps: tuple[TimelineStep, ...]
    peak_step: int
    peak_bytes: int
    sentence: str
    proven_optimal: bool


def memory_timeline(graph: Graph, accounting: Accounting = "tflm") -> MemoryTimeline:
    """Activations over time, without alignment and scratch (`plan_arena` has those).

    `tflm`: the operators and order of the file, inputs included. `unas`: the graph's operators in the best
    order, without the inputs, sums in place.

    Raises:
        ResourceModelError: `accounting` is unknown.
    """
    check_accounting(accounting)
    if accounting == "unas":
        schedule = minimum_peak_schedule(graph, inplace_add=True, count_inputs=False)
    else:
        graph = as_converted(graph)
        schedule = schedule_in_order(graph)
    steps = tuple(
        TimelineStep(
            graph.operators[step.operator].name,
            tuple(TimelineTensor(t, graph.tensors[t].name, graph.tensors[t].size_bytes) for t in step.live),
            step.bytes,
        )
        for step in schedule.steps
    )
    sentence = _sentence(graph, schedule, steps, best_order=accounting == "unas")
    return MemoryTimeline(graph, steps, schedule.peak_step, schedule.peak_bytes, sentence, schedule.proven_optimal)


def _sentence(graph: Graph, schedule: Schedule, steps: tuple[TimelineStep, ...], *, best_order: bool) -> str:
    if not steps:
        return "There are no operators, so nothing sets a peak."
    step = steps[schedule.peak_step]
    largest = sorted(step.tensors, key=lambda tensor: -tensor.bytes)
    outputs = graph.operators[schedule.steps[schedule.peak_step].operator].outputs
    parts = [
        f"{'its output' if tensor.tensor in outputs else tensor.name} ({format_bytes(tensor.bytes)})"
        for tensor in largest[:3]
    ]
    parts += [f"{len(largest) - 3} more"] if len(largest) > 3 else []
    together = "is in memory" if len(parts) == 1 else "are in memory together"
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
    cause = f"{step.operator} sets the peak of {format_bytes(step.bytes)}: {listed} {together}."
    return f"{cause} {_remedy(graph, schedule, steps, largest, best_order=best_order)}"


def _remedy(
    graph: Graph,
    schedule: Schedule,
    steps: tuple[TimelineStep, ...],
    largest: list[TimelineTensor],
    *,
    best_order: bool,
) -> str:
    """What would lower the peak: another order, or a smaller tensor; with the peak that it would leave."""
    best = schedule.peak_bytes if best_order else minimum_peak_schedule(graph).peak_bytes
    if best < 0.98 * schedule.peak_bytes:
        return f"In the best order the peak would be {format_bytes(best)}."
    after, tensor = min((_peak_with_half(steps, tensor), -tensor.bytes, tensor.tensor) for tensor in largest)[::2]
    producer = graph.producer_of(tensor)
    change = "A smaller input" if producer is None else f"Half the filters, or a stride, in {producer.name}"
    if after == schedule.peak_bytes:
        return "Several steps need as much, so no single tensor would lower it."
    return f"{change} would lower it to {format_bytes(after)} or less."


def _peak_with_half(steps: tuple[TimelineStep, ...], tensor: TimelineTensor) -> int:
    saved = tensor.bytes // 2
    return max(step.bytes - (saved if tensor in step.tensors else 0) for step in steps)
