"""The fast path: the four or five numbers that a search asks of every candidate, thousands of times per second."""

from __future__ import annotations

from dataclasses import dataclass

from resource_models.boards.board import Board
from resource_models.boards.catalogue import runtime_on
from resource_models.errors import NotModelledError
from resource_models.estimate import Missing
from resource_models.graph.graph import Graph
from resource_models.latency.energy import estimate_energy
from resource_models.latency.network_latency import estimate_latency
from resource_models.macs import Accounting, macs
from resource_models.model_file.converted import as_converted
from resource_models.model_file.file_size import file_bytes, parameters
from resource_models.runtimes.runtime import Runtime
from resource_models.scheduling.peaks import unas_peak_bytes


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
    graph: Graph, *, board: Board | None = None, runtime: str | Runtime | None = None, accounting: Accounting = "tflm"
) -> Costs:
    """Costs of `graph`; latency and energy where `board` is given and there are data for its core and the runtime.

    Raises:
        ResourceModelError: `accounting` is unknown, or an operator has no rule.
        NotModelledError: `accounting` is `tflm`, and the RAM of the runtime is not modelled.
        BoardError: there is no such runtime.
    """
    count = macs(graph, accounting)
    chosen = runtime_on(board, runtime)
    if accounting == "unas":
        ram, model = unas_peak_bytes(graph), parameters(graph)
    else:
        converted = as_converted(graph)
        ram, model = _arena_bytes(converted, chosen), file_bytes(converted)
    latency = estimate_latency(graph, board, chosen)
    energy = estimate_energy(latency, board)
    if isinstance(latency, Missing):
        return Costs(ram, model, count, latency_reason=latency.reason)
    return Costs(ram, model, count, latency.value, None, None if isinstance(energy, Missing) else energy.value)


def check_modelled(runtime: Runtime, accounting: Accounting) -> None:
    """Says before a search begins what `costs` would say of every network.

    Raises:
        NotModelledError: `accounting` needs the RAM of a runtime that is not modelled.
    """
    if accounting == "tflm" and runtime.arena is None:
        raise NotModelledError(
            f"{runtime.arena_missing.reason[0].upper()}{runtime.arena_missing.reason[1:]}; "
            "choose another runtime, or the accounting 'unas', which counts activations."
        )


def _arena_bytes(converted: Graph, runtime: Runtime) -> int:
    size = runtime.arena_bytes(converted)
    if isinstance(size, Missing):
        check_modelled(runtime, "tflm")
        raise NotModelledError(size.reason)
    return size
