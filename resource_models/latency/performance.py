"""Which runtime counts, and latency and energy with it, or the reason why there is no figure."""

from __future__ import annotations

from resource_models.boards.boards import Board
from resource_models.estimate import Estimate, Missing
from resource_models.graph.graph import Graph
from resource_models.latency.energy import estimate_energy
from resource_models.latency.latency import estimate_latency


def runtime_of(board: Board | None, runtime: str | None) -> str:
    """The runtime that counts: the one asked for, else the board's own, else TFLM's reference kernels."""
    return runtime or (board.default_runtime if board else "tflm-reference")


def latency_of(graph: Graph, board: Board | None, runtime: str | None) -> Estimate | Missing:
    """Seconds per inference."""
    if board is None:
        return Missing("latency needs a board; choose one")
    return estimate_latency(graph, board, runtime)


def energy_of(latency: Estimate | Missing, board: Board | None) -> Estimate | Missing:
    """Joules per inference."""
    if board is None:
        return Missing("energy needs a board; choose one")
    return estimate_energy(latency, board)
