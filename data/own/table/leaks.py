"""Columns that tell the class without any reading of a sensor: row numbers, times, names of recordings, second labels.

What is judged is how the values lie in the table, never the name of a column. A column of broken numbers that tells
the classes well apart is a good sensor, so only these are leaks:

- each class has one value of it: a second column of labels, or a part of one-hot labels;
- it never falls, or never rises, from the first row to the last;
- it almost always rises where it moves, also where it starts anew now and then: a counter, or a time;
- its values lie on a grid and hardly ever occur twice, although many rows share few places: row numbers in any order;
- it stays the same for long, or has few values, and each value belongs to one class: the number of a recording.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.dataset import Labels

FALLS = 0.05  # of the moves of a counter: where it starts anew, or rows came late
LEAST_MOVES = 10
LEAST_ROWS = 20
LONG = 10  # rows that a value stays, on average, of what does not follow a sensor
CHANCE = 20
"""As many pairs of equal values as n rows on a grid of that many places have, n² / 2 / places; so few are no chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What is known of the rows of a table: their classes, and where another class or group begins.

    Attributes:
        labels: of shape (n,), counted from 0.
        begins: of shape (n - 1,): whether another run begins with the next row.
    """

    labels: Labels
    begins: NDArray[np.bool_]

    @classmethod
    def of(cls, labels: Labels, groups: NDArray[np.int64]) -> Rows:
        """Rows of these classes and groups."""
        return cls(labels, (labels[1:] != labels[:-1]) | (groups[1:] != groups[:-1]))

    def where(self, chosen: NDArray[np.bool_]) -> Rows:
        """The chosen rows only."""
        number = np.concatenate([[0], np.cumsum(self.begins)])[chosen]
        return Rows(self.labels[chosen], number[1:] != number[:-1])


def find_leak(values: NDArray[np.float64], rows: Rows, *, ordered: bool = True) -> str | None:
    """Why a column, in the order of the rows, would tell the class by itself; None where it looks like readings.

    Args:
        values: finite numbers of shape (n,), not all the same.
        rows: classes and runs of the same rows.
        ordered: whether the numbers count something; not where they only stand for words.
    """
    if len(values) < LEAST_ROWS:
        return None
    codes = np.unique(values, return_inverse=True)[1].astype(np.int64)
    pairs = len(np.unique(codes * (rows.labels.max() + 1) + rows.labels))
    if pairs == len(np.unique(rows.labels)):
        return "it has one value for each class, as a second column of labels has"
    if ordered:
        found = _counting(values, rows.begins) or _numbering(values, rows.labels)
        if found:
            return found
    elif len(np.unique(codes)) == len(codes):
        return "it is different in each row, as a name of the row is"
    return _naming(codes, pairs, rows.labels)


def stays_long(values: NDArray[np.float64]) -> bool:
    """Whether a column keeps its value over many rows."""
    return bool(np.count_nonzero(values[1:] != values[:-1]) * LONG <= len(values))


def _counting(values: NDArray[np.float64], begins: NDArray[np.bool_]) -> str | None:
    rises, falls = values[1:] > values[:-1], values[1:] < values[:-1]
    for word, against, moves, back in (("rises", "falls", rises, falls), ("falls", "rises", falls, rises)):
        if not back.any():
            return f"it never {against} from the first row to the last, as a row number or time does"
        forth, against_it = (int(np.count_nonzero(steps & ~begins)) for steps in (moves, back))
        if forth >= LEAST_MOVES and against_it <= FALLS * (forth + against_it):
            return f"it {word} almost always, as a counter or time does that starts anew {np.count_nonzero(back)} times"
    return None


def _numbering(values: NDArray[np.float64], labels: Labels) -> str | None:
    """Whether equal values are rarer than they can be by chance, in the whole table or within each class."""
    places = _places(values)
    if places is None:
        return None
    if len(np.unique(places)) == len(places) and len(places) ** 2 > CHANCE * (np.ptp(places) + 1):
        return "it is different in each row, as the number of the row is"
    counts = np.bincount(labels).astype(np.float64)
    codes = np.unique(places, return_inverse=True)[1].astype(np.int64) * len(counts) + labels
    if len(np.unique(codes)) == len(codes) and (counts**2).sum() > CHANCE * len(counts) * (np.ptp(places) + 1):
        return "it is different in each row of a class, as the number of the row is"
    return None


def _places(values: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The whole numbers that the values are multiples of a common step; None if there is no such step."""
    if np.array_equal(values, np.round(values)):
        return values
    steps = np.diff(np.unique(values))
    with np.errstate(over="ignore", invalid="ignore"):
        places = (values - values.min()) / np.min(steps)
        return np.round(places) if np.abs(places - np.round(places)).max() < 0.05 else None


def _naming(codes: Labels, pairs: int, labels: Labels) -> str | None:
    count = int(codes.max()) + 1
    if count != pairs or LONG * count > 2 * len(codes):
        return None
    if count <= 2 * len(np.unique(labels)):
        return f"each of its {count} values belongs to one class, as those of a second column of labels do"
    if stays_long(codes.astype(np.float64)):
        return f"it stays the same for long and each of its {count} values belongs to one class, as with recordings"
    return None
