"""Trials against boards: which board takes which network of the front, and the smallest board for an accuracy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from resource_models import Board, Graph, Missing, UnitError, format_bytes, parse_share, profile
from search.measures.pareto import non_dominated
from search.trial import Observation
from unas_widgets.boards.boards_view import Verdict, memory_words, smallest
from unas_widgets.errors import WidgetError
from unas_widgets.quantities.columns import Columns
from unas_widgets.quantities.quantity import Quantity, error_quantity, percent, significant

NO_PRICES = "Smallest means the least usable RAM, then flash: the catalogue has no prices."


@dataclass(frozen=True, slots=True)
class Need:
    """What a network needs with one runtime: the arena, and model and code in flash; None where unknown."""

    ram_bytes: int | None
    flash_bytes: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A trained network of the front: its trial, its error (0 to 1), and its needs by runtime."""

    trial_id: int
    error: float
    needs: Mapping[str, Need]


@dataclass(frozen=True, slots=True)
class Cell:
    """A board's verdict on a network, and what it lacks: "RAM", "flash", "RAM, flash", or nothing."""

    verdict: Verdict
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Boards that take the same networks of the front, the smallest first; `letter` names them in the matrix."""

    letter: str
    boards: tuple[Board, ...]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One trial: its error, and a cell for each group of boards."""

    trial_id: int
    error: Quantity
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The whole matrix, from the lowest error down; `sentence` says it in words."""

    groups: tuple[Group, ...]
    rows: tuple[MatrixRow, ...]
    sentence: str


def needs_of(graph: Graph, boards: Iterable[Board]) -> dict[str, Need]:
    """What `graph` needs, for every default runtime of `boards`."""
    found = {}
    for runtime in sorted({board.default_runtime for board in boards}):
        report = profile(graph, runtime=runtime)
        flash = None if isinstance(report.flash, Missing) else int(report.flash.value)
        found[runtime] = Need(report.arena_bytes, flash)
    return found


def board_front(networks: Columns | Iterable[Observation]) -> tuple[Observation, ...]:
    """The trained networks that no other beats in error, RAM and flash, from the lowest error up."""
    columns = Columns.of(networks)
    points = np.column_stack([columns.values[key] for key in ("val_error", "ram_bytes", "model_bytes")])
    known = np.flatnonzero(~np.isnan(points).any(axis=1))
    chosen = [columns.trained[int(i)] for i in known[non_dominated(points[known])]]
    return tuple(sorted(chosen, key=lambda o: (o.val_error or 0.0, o.costs.ram_bytes, o.trial_id)))


def cell_of(candidate: Candidate, board: Board) -> Cell:
    """Whether `board` takes the network of `candidate` with its default runtime."""
    need = candidate.needs[board.default_runtime]
    pairs = (("RAM", need.ram_bytes, board.usable_ram_bytes), ("flash", need.flash_bytes, board.usable_flash_bytes))
    lacks = [word for word, needed, usable in pairs if needed is not None and usable is not None and needed > usable]
    if lacks:
        return Cell(Verdict.TOO_SMALL, ", ".join(lacks))
    unknown = any(needed is None or usable is None for _, needed, usable in pairs)
    return Cell(Verdict.UNKNOWN if unknown else Verdict.TAKES)


def matrix_view(
    candidates: Sequence[Candidate], boards: Sequence[Board], *, validation_size: int | None = None
) -> MatrixView:
    """The verdicts of `boards` on `candidates`, boards of equal verdicts in one column, the most restricted first."""
    if not candidates:
        return MatrixView((), (), "No trained network yet. The boards that take each one are found from the front.")
    columns: dict[tuple[Cell, ...], list[Board]] = {}
    for board in boards:
        columns.setdefault(tuple(cell_of(c, board) for c in candidates), []).append(board)
    ordered = sorted(columns.items(), key=lambda item: (_rank(item[0]), _size(smallest(item[1]))))
    groups = tuple(
        Group(_letter(place), tuple(sorted(members, key=_size))) for place, (_, members) in enumerate(ordered)
    )
    rows = tuple(
        MatrixRow(c.trial_id, error_quantity(c.error, validation_size), tuple(cells[place] for cells, _ in ordered))
        for place, c in enumerate(candidates)
    )
    return MatrixView(groups, rows, _sentence(len(candidates), columns))


def accuracy_of(text: str) -> float | None:
    """An accuracy (0 to 1) as people type it: "95", "95 %" and "0.95" are the same; None for an empty text.

    Raises:
        WidgetError: it is not a share.
    """
    if not text.strip():
        return None
    try:
        value = parse_share(text)
    except UnitError:
        raise WidgetError(f"'{text.strip()}' is not an accuracy; type e.g. 95 % or 0.95.") from None
    value = value / 100 if value > 1 and "%" not in text else value
    if not 0 < value <= 1:
        raise WidgetError(f"'{text.strip()}' is not an accuracy; it lies between 0 and 100 %.")
    return value


def smallest_board_words(candidates: Sequence[Candidate], boards: Sequence[Board], accuracy: float | None) -> str:
    """The smallest board that takes a network of at least `accuracy`, by default of the best there is, in words."""
    if not candidates:
        return ""
    best = min(candidates, key=lambda c: (c.error, c.trial_id))
    least = 1 - best.error if accuracy is None else accuracy
    good = [c for c in candidates if 1 - c.error >= least - 1e-9]
    if not good:
        return f"No trained network reaches {percent(least)}; the best is trial {best.trial_id} with {_accuracy(best)}."
    taken = [(b, c) for b in boards for c in good if cell_of(c, b).verdict is Verdict.TAKES]
    if not taken:
        return f"No board whose memory is known takes a network of {percent(least)} or more."
    board = smallest([b for b, _ in taken])
    choice = min((c for b, c in taken if b.id == board.id), key=lambda c: (c.error, c.trial_id))
    need = choice.needs[board.default_runtime]
    ram = "unknown" if need.ram_bytes is None else format_bytes(need.ram_bytes)
    flash = "" if need.flash_bytes is None else f" and {format_bytes(need.flash_bytes)} flash"
    return (
        f"{board.name}, with {memory_words(board)} usable, takes trial {choice.trial_id} at {_accuracy(choice)}, which "
        f"needs {ram} RAM{flash}."
    )


def _accuracy(candidate: Candidate) -> str:
    return f"{significant((1 - candidate.error) * 100)} %"


def _rank(cells: tuple[Cell, ...]) -> tuple[int, int]:
    unknown = sum(cell.verdict is Verdict.UNKNOWN for cell in cells)
    return (int(unknown == len(cells)), sum(cell.verdict is Verdict.TAKES for cell in cells))


def _size(board: Board) -> tuple[int, int, str]:
    return (board.usable_ram_bytes or 0, board.usable_flash_bytes or 0, board.name)


def _letter(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else f"{_letter(place // 26 - 1)}{_letter(place % 26)}"


def _sentence(count: int, columns: Mapping[tuple[Cell, ...], Sequence[Board]]) -> str:
    of_all = "it" if count == 1 else f"all {count}"
    total = sum(map(len, columns.values()))
    everywhere = sum(len(m) for cells, m in columns.items() if all(c.verdict is Verdict.TAKES for c in cells))
    nothing = sum(len(m) for cells, m in columns.items() if all(c.verdict is Verdict.TOO_SMALL for c in cells))
    networks = "1 network" if count == 1 else f"{count} networks"
    none = f"; {nothing} take none" if nothing else ""
    return (
        f"{networks} that no other beats in error, RAM and flash: {everywhere} of {total} boards take {of_all}{none}."
    )
