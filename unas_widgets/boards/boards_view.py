"""Which boards take a network, with what is left of RAM and flash there, and how fast it would be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from resource_models import (
    Board,
    BoardFit,
    Estimate,
    Graph,
    boards_that_fit,
    format_bytes,
    format_hertz,
    format_seconds,
)
from unas_widgets.quantities.quantity import Quantity, missing, seconds_quantity


class Verdict(StrEnum):
    """Whether a board takes a network."""

    TAKES = "takes it"
    UNKNOWN = "not known"
    TOO_SMALL = "too small"


MARKS = {Verdict.TAKES: "✓", Verdict.UNKNOWN: "?", Verdict.TOO_SMALL: "✗"}
_VERDICTS = {True: Verdict.TAKES, None: Verdict.UNKNOWN, False: Verdict.TOO_SMALL}


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One board.

    Attributes:
        board_id, name: of the board.
        about: core, clock, usable memory and runtime in words.
        verdict: whether it takes the network; `reason` says why in a sentence.
        ram_left, flash_left: what is left; below zero where it lacks.
        note: what has to be known of the board beside the verdict.
        latency: of one inference; `band` is its band in short, and the hover has the method.
    """

    board_id: str
    name: str
    about: str
    verdict: Verdict
    reason: str
    ram_left: Quantity
    flash_left: Quantity
    latency: Quantity
    band: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class BoardsView:
    """All boards with their verdicts.

    Attributes:
        rows: those that take the network first, then those unknown, then the others; each by usable RAM.
        own: id of the board that was searched for; empty where there is none.
        sentence: how many take it, and which is the smallest.
    """

    rows: tuple[BoardRow, ...]
    own: str
    sentence: str

    def of(self, verdict: Verdict) -> tuple[BoardRow, ...]:
        """The boards with that verdict."""
        return tuple(row for row in self.rows if row.verdict is verdict)


def boards_view(graph: Graph, *, own: str = "", candidates: Iterable[Board] | None = None) -> BoardsView:
    """The verdict of each board on `graph`, with its own default runtime.

    Args:
        graph: the network.
        own: id of the board that was searched for.
        candidates: the boards to look at, by default the whole catalogue.
    """
    fits = boards_that_fit(graph, candidates=candidates)
    return BoardsView(tuple(map(_row, fits)), own, _sentence(fits))


def memory_words(board: Board) -> str:
    """What is usable of a board: "24 KiB RAM and 248 KiB flash"."""
    sizes = (board.usable_ram_bytes, board.usable_flash_bytes)
    ram, flash = ("unknown" if size is None else format_bytes(size) for size in sizes)
    return f"{ram} RAM and {flash} flash"


def _row(fit: BoardFit) -> BoardRow:
    board = fit.board
    band = ""
    if isinstance(fit.latency, Estimate):
        band = _range(fit.latency.low, fit.latency.high)
    return BoardRow(
        board_id=board.id,
        name=board.name,
        about=f"{board.core}, {format_hertz(board.clock_hz)}; {memory_words(board)} usable; {fit.runtime}",
        verdict=_VERDICTS[fit.fits],
        reason=fit.reason,
        ram_left=left_quantity(fit.ram_left_bytes, "RAM", fit.reason),
        flash_left=left_quantity(fit.flash_left_bytes, "flash", fit.reason),
        latency=seconds_quantity(fit.latency),
        band=band,
        note=fit.note,
    )


def _range(low: float, high: float) -> str:
    """Two times with their unit once where it is the same: "1.31 to 2.06 s"."""
    first, last = format_seconds(low), format_seconds(high)
    number, unit = first.split(" ")
    return f"{number if last.endswith(f' {unit}') else first} to {last}"


def left_quantity(left: int | None, word: str, reason: str) -> Quantity:
    """What is left of a memory, e.g. "83.1 KiB", or lacks, e.g. "−3.2 KiB"."""
    if left is None:
        return missing(reason)
    sign, what = ("", "left") if left >= 0 else ("−", "lacking")
    return Quantity(f"{sign}{format_bytes(abs(left))}", f"{abs(left):,} bytes of {word} {what}", left)


def _sentence(fits: tuple[BoardFit, ...]) -> str:
    if not fits:
        return "There are no boards to look at."
    taking = [fit.board for fit in fits if fit.fits]
    unknown = sum(fit.fits is None for fit in fits)
    doubt = f" The memory of {unknown} is not known." if unknown else ""
    if not taking:
        return f"None of {len(fits)} boards takes it.{doubt}"
    least = smallest(taking)
    verb = "takes" if len(taking) == 1 else "take"
    count = f"{len(taking)} of {len(fits)} boards {verb} it"
    return f"{count}; the smallest is {least.name} with {memory_words(least)}.{doubt}"


def smallest(boards: Iterable[Board]) -> Board:
    """The board with the least usable RAM, of equals the one with the least flash, then the slowest."""
    return min(boards, key=lambda b: (b.usable_ram_bytes or 0, b.usable_flash_bytes or 0, b.clock_hz, b.id))
