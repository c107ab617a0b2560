"""Trained networks as lines across one axis for each quantity, and which of them lie within brushed ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.budget import Budget
from unas_widgets.front.front_view import Standing, standing_of
from unas_widgets.quantities.axis import ERROR, Axis, axis, known_axes
from unas_widgets.quantities.columns import Columns

Ranges = Mapping[str, Sequence[tuple[float, float]]]
"""By the word of an axis: one or more ranges in axis units, ends included."""
CLASSES = (Standing.OVER_BUDGET, Standing.DOMINATED, Standing.FRONT)
"""What lines are told apart by; those on the front are drawn last, above the others."""


@dataclass(frozen=True, slots=True, eq=False)
class ParallelView:
    """Everything that parallel coordinates draw.

    Attributes:
        axes: from left to right.
        trials: numbers of the networks, in the order of the lines; the last is drawn above all others.
        values: for each axis the value of each line in axis units, shape (axes, lines).
        standing: of each line its place in `CLASSES`, shape (lines,).
        unknown: trained networks that cannot be drawn because an axis has no value for them.
    """

    axes: tuple[Axis, ...]
    trials: NDArray[np.int64]
    values: NDArray[np.float64]
    standing: NDArray[np.int64]
    unknown: int

    def within(self, ranges: Ranges) -> tuple[int, ...]:
        """Numbers of the networks that lie, on every brushed axis, in one of its ranges, in ascending order.

        Raises:
            WidgetError: a word names no axis.
        """
        kept = np.ones(len(self.trials), dtype=bool)
        for word, parts in ranges.items():
            if not parts:
                continue
            column = self.values[[a.key for a in self.axes].index(axis(word).key)]
            kept &= np.any([(column >= low) & (column <= high) for low, high in parts], axis=0)
        return tuple(sorted(int(trial) for trial in self.trials[kept]))


def parallel_view(columns: Columns, budget: Budget, *, x: Axis, y: Axis = ERROR) -> ParallelView:
    """The lines of all trained networks.

    Args:
        columns: of the networks.
        budget: what counts as within budget.
        x: the resource of the front.
        y: the other axis of the front.
    """
    axes = known_axes(columns)
    table = np.array([columns.values[a.key] / a.scale for a in axes]).reshape(len(axes), len(columns))
    drawn = ~np.isnan(table).any(axis=0)
    standings = standing_of(columns, budget, x=x, y=y)
    classes = np.array([CLASSES.index(standings[int(trial)]) for trial in columns.trials], dtype=np.int64)
    order = np.flatnonzero(drawn)[np.argsort(classes[drawn], kind="stable")]
    return ParallelView(
        axes=axes,
        trials=columns.trials[order],
        values=table[:, order],
        standing=classes[order],
        unknown=int((~drawn).sum()),
    )
