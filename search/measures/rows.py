"""A table of numbers that grows row by row, without being made anew for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class Rows:
    """Rows of so many numbers each; room is doubled when there is none left.

    Args:
        columns: numbers of a row.
    """

    def __init__(self, columns: int) -> None:
        self._room = np.zeros((64, columns))
        self._count = 0

    def append(self, row: Sequence[float]) -> None:
        """Add a row at the end."""
        if self._count == len(self._room):
            self._room = np.vstack([self._room, np.zeros_like(self._room)])
        self._count += 1
        self._room[self._count - 1] = row

    def replace(self, place: int, row: Sequence[float]) -> None:
        """Put another row in a place that has one."""
        self._room[range(self._count)[place]] = row

    @property
    def table(self) -> NDArray[np.float64]:
        """All rows, shape (rows, columns); to be read only."""
        return self._room[: self._count]
