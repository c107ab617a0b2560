"""Latency and energy of a graph on a board, or the reason why there is no figure."""

from __future__ import annotations

from resource_models.boards import Board
from resource_models.estimate import Estimate, Missing
from resource_models.graph import Graph


def runtime_of(board: Board | None, runtime: str | None) -> str:
    """The runtime that counts: the one asked for, else the board's own, else TFLM's reference kernels."""
    return runtime or (board.default_runtime if board else "") or "tflm-reference"


def latency_of(graph: Graph, board: Board | None, runtime: str | None) -> Estimate | Missing:
    """Seconds per inference."""
    if board is None:
        return Missing("latency needs a board; choose one")
    try:
        from resource_models.latency import estimate_latency
    except ImportError:
        return Missing("there is no latency model")
    return estimate_latency(graph, board, runtime_of(board, runtime))


def energy_of(latency: Estimate | Missing, board: Board | None) -> Estimate | Missing:
    """Joules per inference."""
    if board is None:
        return Missing("energy needs a board; choose one")
    if isinstance(latency, Missing):
        return latency
    if board.active_power_w is None:
        return Missing(f"no source states the active power of {board.name}")
    low, high = board.active_power_range_w or (board.active_power_w, board.active_power_w)
    return Estimate(
        latency.value * board.active_power_w,
        latency.low * low,
        latency.high * high,
        "analytic: power × latency",
    )
