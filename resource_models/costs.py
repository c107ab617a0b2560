"""The fast path: the four or five numbers that a search asks of every candidate, thousands of times per second."""

from __future__ import annotations

from dataclasses import dataclass

from resource_models.boards.boards import Board
from resource_models.estimate import Missing
from resource_models.graph.graph import Graph
from resource_models.latency.performance import energy_of, latency_of, runtime_of
from resource_models.macs import Accounting, macs
from resource_models.memory.arena import arena_bytes
from resource_models.model_file.converted import as_converted
from resource_models.model_file.flash import file_bytes, parameters
from resource_models.runtimes.runtimes import runtime as find_runtime
from resource_models.scheduling.memory_problem import MemoryProblem
from resource_models.scheduling.smallest_peak import minimum_peak_order

MAX_STATES = 200_000


@dataclass(frozen=True, slots=True)
class Costs:
    """What a candidate costs in one accounting.

    Attributes:
        ram_bytes: The arena (`tflm`) or the activation peak (`unas`).
        model_bytes: The `.tflite` (`tflm`) or the number of parameters (`unas`).
        macs: Multiply-accumulates.
        latency_s: Seconds per inference; None when there is no estimate.
        latency_reason: Why there is none.
        energy_j: Joules per inference; None when there is no estimate.
    """

    ram_bytes: int
    model_bytes: int
    macs: int
    latency_s: float | None = None
    latency_reason: str | None = None
    energy_j: float | None = None


def costs(
    graph: Graph, *, board: Board | None = None, runtime: str | None = None, accounting: Accounting = "tflm"
) -> Costs:
    """Costs of `graph`; latency and energy where `board` is given and there are data for its core and the runtime.

    Raises:
        ResourceModelError: `accounting` is unknown, or an operator has no rule.
        BoardError: there is no such runtime.
    """
    count = macs(graph, accounting)
    chosen = find_runtime(runtime_of(board, runtime)).id
    if accounting == "unas":
        ram, model = unas_peak_bytes(graph), parameters(graph)
    else:
        converted = as_converted(graph)
        ram, model = arena_bytes(converted, chosen), file_bytes(converted)
    latency = latency_of(graph, board, runtime)
    energy = energy_of(latency, board)
    if isinstance(latency, Missing):
        return Costs(ram, model, count, latency_reason=latency.reason)
    return Costs(ram, model, count, latency.value, None, None if isinstance(energy, Missing) else energy.value)


def unas_peak_bytes(graph: Graph, *, max_states: int = MAX_STATES) -> int:
    """Activation peak as the μNAS paper counts it: best order, inputs left out, one byte per element, in-place sums."""
    problem = MemoryProblem.of(graph, inplace_add=True, count_inputs=False, bytes_per_element=1)
    return minimum_peak_order(problem, max_states=max_states)[1]


def minimum_peak_bytes(graph: Graph, *, max_states: int = MAX_STATES) -> int:
    """Activation peak in the best order, inputs included, every tensor in its element type."""
    problem = MemoryProblem.of(graph, inplace_add=False, count_inputs=True)
    return minimum_peak_order(problem, max_states=max_states)[1]
