"""Which boards can run a network: RAM for the arena, flash for model, runtime and firmware, and the speed there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from resource_models.boards.board import Board
from resource_models.boards.catalogue import boards
from resource_models.estimate import Estimate, Missing
from resource_models.graph.graph import Graph
from resource_models.report import ResourceReport, profile
from resource_models.runtimes.runtime import Runtime


@dataclass(frozen=True, slots=True)
class BoardFit:
    """How a network fits a board.

    Attributes:
        board: The board.
        runtime: The runtime that was assumed.
        fits: True or False; None where a size of the board, or a need of the network with this runtime, is not known.
        ram_left_bytes: Usable RAM less the arena, negative when it lacks; None when not known.
        flash_left_bytes: Usable flash less model, runtime and the reserve; None when not known.
        latency: Seconds per inference, or why there is no figure.
        energy: Joules per inference, or why there is no figure.
        reason: One sentence: what lacks, or what is left.
        note: What has to be known of the board beside: `Board.fit_note`.
    """

    board: Board
    runtime: str
    fits: bool | None
    ram_left_bytes: int | None
    flash_left_bytes: int | None
    latency: Estimate | Missing
    energy: Estimate | Missing
    reason: str
    note: str = ""


def boards_that_fit(
    graph: Graph,
    *,
    runtime: str | Runtime | None = None,
    reserve_flash_bytes: int = 0,
    candidates: Iterable[Board] | None = None,
) -> tuple[BoardFit, ...]:
    """Every board of the catalogue (or of `candidates`) with its verdict: those that fit first, smallest RAM first.

    Args:
        graph: The network.
        runtime: For all boards; each board's default when None.
        reserve_flash_bytes: What the firmware needs beside model and runtime.
        candidates: The boards to look at.
    """
    fits = [_fit(graph, item, runtime, reserve_flash_bytes) for item in candidates or boards()]
    order = {True: 0, None: 1, False: 2}
    return tuple(sorted(fits, key=lambda fit: (order[fit.fits], fit.board.usable_ram_bytes or 0)))


def _fit(graph: Graph, item: Board, runtime: str | Runtime | None, reserve: int) -> BoardFit:
    report = profile(graph, board=item, runtime=runtime)
    flash = None if isinstance(report.flash, Missing) else int(report.flash.value) + reserve
    ram_left = _left(item.usable_ram_bytes, report.arena_bytes)
    flash_left = _left(item.usable_flash_bytes, flash)
    unknown = _unknown(item, report)
    verdict, reason = (False, f"{report.refused}.") if report.refused else _verdict(ram_left, flash_left, unknown)
    note = item.fit_note(report.arena_bytes)
    return BoardFit(item, report.runtime, verdict, ram_left, flash_left, report.latency, report.energy, reason, note)


def _left(usable: int | None, needed: int | None) -> int | None:
    return None if usable is None or needed is None else usable - needed


def _unknown(item: Board, report: ResourceReport) -> str:
    """What is not known, in a sentence: of the network's needs or of the board."""
    for need in (report.arena, report.flash):
        if isinstance(need, Missing):
            return f"Not known, since {need.reason}."
    return f"Its {'RAM' if item.usable_ram_bytes is None else 'flash'} is not known."


def _verdict(ram_left: int | None, flash_left: int | None, unknown: str) -> tuple[bool | None, str]:
    lacks = [
        f"{-left:,} bytes of {name}"
        for name, left in (("RAM", ram_left), ("flash", flash_left))
        if left is not None and left < 0
    ]
    if lacks:
        return False, f"It lacks {' and '.join(lacks)}."
    if ram_left is None or flash_left is None:
        return None, unknown
    return True, f"{ram_left:,} bytes of RAM and {flash_left:,} bytes of flash are left."
