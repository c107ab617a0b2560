"""Schedules: in which order the operators run, and what is in memory at every step.

A tensor is in memory from the step that writes it to the last step that reads it; an input of the graph
from the start, an output to the end. While an operator runs, all it reads and writes is in memory. With
`inplace_add` a sum may overwrite one of its inputs of equal size that nothing needs later, so that its
output costs nothing extra.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from resource_models.errors import GraphError
from resource_models.graph.graph import Graph
from resource_models.scheduling.memory_problem import MemoryProblem
from resource_models.scheduling.smallest_peak import minimum_peak_order


@dataclass(frozen=True, slots=True)
class Step:
    """One operator's turn: the tensors in memory while it runs, and their bytes together."""

    operator: int
    live: tuple[int, ...]
    bytes: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """An order of the operators with its memory.

    Attributes:
        order: Indices of the operators as they run.
        steps: One per operator, in that order.
        peak_bytes: The largest of the steps' bytes.
        peak_step: Index of the first step that reaches it; -1 when there are no operators.
        proven_optimal: Whether no other order has a lower peak.
    """

    order: tuple[int, ...]
    steps: tuple[Step, ...]
    peak_bytes: int
    peak_step: int
    proven_optimal: bool


def minimum_peak_schedule(
    graph: Graph, *, inplace_add: bool = False, count_inputs: bool = True, max_states: int = 200_000
) -> Schedule:
    """The order with the smallest peak, found by exact search.

    Args:
        graph: Any verified graph.
        inplace_add: Whether a sum may overwrite an input.
        count_inputs: Whether the graph's inputs take memory (the μNAS paper leaves them out).
        max_states: Bound of the search's work. When it is reached, the best order found so far is returned
            with `proven_optimal` False.
    """
    problem = MemoryProblem.of(graph, inplace_add=inplace_add, count_inputs=count_inputs)
    order, _, proven = minimum_peak_order(problem, max_states=max_states)
    return _schedule(problem, order, proven)


def schedule_in_order(
    graph: Graph, order: Sequence[int] | None = None, *, inplace_add: bool = False, count_inputs: bool = True
) -> Schedule:
    """The memory of a given order, by default the order of the graph's operators.

    `proven_optimal` is set when the peak equals a lower bound that holds for every order.

    Raises:
        GraphError: `order` does not run every operator once, each after the operators that it reads from.
    """
    order = tuple(range(len(graph.operators)) if order is None else order)
    _check_order(graph, order)
    problem = MemoryProblem.of(graph, inplace_add=inplace_add, count_inputs=count_inputs)
    peak = max(problem.step_bytes(order), default=problem.start_bytes)
    return _schedule(problem, order, peak == problem.lower_bound())


def _check_order(graph: Graph, order: tuple[int, ...]) -> None:
    if sorted(order) != list(range(len(graph.operators))):
        raise GraphError(f"the order must name each of the {len(graph.operators)} operators once")
    position = {operator: step for step, operator in enumerate(order)}
    for index, operator in enumerate(graph.operators):
        producers = (graph.producers[tensor] for tensor in operator.inputs)
        if any(producer is not None and position[producer] > position[index] for producer in producers):
            raise GraphError(f"{operator.name!r} runs before an operator that it reads from", operator=operator.name)


def _schedule(problem: MemoryProblem, order: tuple[int, ...], proven: bool) -> Schedule:
    live_sets = problem.live_sets(order)
    sizes = problem.step_bytes(order)
    steps = tuple(Step(*step) for step in zip(order, live_sets, sizes, strict=True))
    peak = max(sizes, default=problem.start_bytes)
    return Schedule(order, steps, peak, sizes.index(peak) if sizes else -1, proven)
