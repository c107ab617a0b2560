"""Energy of one inference: active power of the board times latency.

On one board, power hardly depends on the network: over 400 models sigma / mu was 0.0073 (arXiv:2010.11267, section
3.4), so E = P x t. Power is of the microcontroller at the clock and supply voltage that the board's source names,
without the rest of the board.
"""

from __future__ import annotations

from resource_models.boards.board import Board
from resource_models.estimate import Estimate, Missing


def power_reason(board: Board | None) -> str:
    """Why no energy is known on a board, or on none, whatever the network; empty where the board's power is known."""
    if board is None:
        return "energy needs a board; choose one"
    return "" if board.active_power_w is not None else f"the active power of {board.name} has no measured source"


def estimate_energy(latency: Estimate | Missing, board: Board | None) -> Estimate | Missing:
    """Joules per inference with a band that adds the spread of the published power to that of the latency.

    ``Missing`` with the reason where the board, its active power or the latency is not known.
    """
    if board is None or board.active_power_w is None:
        return Missing(power_reason(board))
    if isinstance(latency, Missing):
        return Missing(f"energy needs a latency: {latency.reason}")
    low_w, high_w = board.active_power_range_w or (board.active_power_w, board.active_power_w)
    return Estimate(
        board.active_power_w * latency.value,
        low_w * latency.low,
        high_w * latency.high,
        f"measured-board: {board.active_power_w * 1e3:g} mW x latency ({board.source('active_power_w')})",
    )
