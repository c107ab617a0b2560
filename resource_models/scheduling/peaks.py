"""The two peaks of activations that are asked for most, as numbers: the fast path."""

from __future__ import annotations

from resource_models.graph.graph import Graph
from resource_models.scheduling.memory_problem import MemoryProblem
from resource_models.scheduling.smallest_peak import minimum_peak_order

MAX_STATES = 200_000
"""Of the search for the best order; beyond them the best one that was found counts."""


def unas_peak_bytes(graph: Graph, *, max_states: int = MAX_STATES) -> int:
    """Activation peak as the μNAS paper counts it: best order, inputs left out, one byte per element, in-place sums."""
    problem = MemoryProblem.of(graph, inplace_add=True, count_inputs=False, bytes_per_element=1)
    return minimum_peak_order(problem, max_states=max_states)[1]


def minimum_peak_bytes(graph: Graph, *, max_states: int = MAX_STATES) -> int:
    """Activation peak in the best order, inputs included, every tensor in its element type."""
    problem = MemoryProblem.of(graph, inplace_add=False, count_inputs=True)
    return minimum_peak_order(problem, max_states=max_states)[1]
