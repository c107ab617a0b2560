"""How far an axis reaches: it holds the points and, where it is near them, the budget; it only ever grows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MARGIN = 1.08
NEAR = 2.5  # a budget farther out than this many times the farthest point is named at the edge, not drawn to scale
Values = Sequence[float] | NDArray[np.float64]
_ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True, slots=True)
class AxisEnds:
    """Where the axes end, in axis units; `floor` is the lower end of y, above 0 where `log` says it is logarithmic."""

    right: float
    top: float
    floor: float = 0.0
    log: bool = False


def axis_top(values: Values, limit: float | None, before: float | None = None) -> float:
    """The upper end of an axis that starts at 0.

    Args:
        values: the points on the axis, in axis units.
        limit: the budget on it; None where there is none.
        before: the end so far; the new one is never below it.
    """
    farthest = float(np.max(values, initial=0.0))
    needed = farthest * MARGIN
    if limit is not None and (farthest == 0 or limit <= farthest * NEAR):
        needed = max(needed, limit * MARGIN)
    return max(round_up(needed) if needed > 0 else 1.0, before or 0.0)


def round_up(value: float) -> float:
    """The next round number: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in _ROUND if step * power >= value * (1 - 1e-9))


LOG_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


def log_bottom(values: Values, before: float | None = None) -> float:
    """The lower end of a logarithmic axis of percentages: the tick below the smallest value above 0.

    Args:
        values: the points on the axis, in percent; 0 has no place on it and is drawn at the lower end.
        before: the end so far; the new one is never above it.
    """
    known = np.asarray(values, dtype=np.float64)
    above = known[known > 0]
    smallest = float(above.min()) if len(above) else 1.0
    below = max((tick for tick in LOG_TICKS if tick <= smallest / MARGIN), default=LOG_TICKS[0])
    return min(below, 1.0, before or 1.0)
