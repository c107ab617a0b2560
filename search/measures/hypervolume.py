"""The hypervolume: which share of a box is dominated, computed by moocore (exact, minimising).

Points are objectives over their bounds, so that the box reaches from 0 to 1 on every axis. What lies on or beyond its
far side, or is not known (infinite), dominates nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import moocore
import numpy as np
from numpy.typing import NDArray

from search.budget import Budget, over_bound
from search.measures.pareto import front
from search.trial import Observation

Points = NDArray[np.float64]


def dominated_share(points: Points) -> float:
    """Share of the unit box that the points (n × objectives) dominate; 0 where there are none."""
    if not len(points):
        return 0.0
    return float(moocore.hypervolume(points, ref=[1.0] * points.shape[1]))


def gains(points: Points, candidates: Points) -> Points:
    """By how much each of the candidates (m × objectives), added to the points alone, would enlarge that share."""
    before = dominated_share(points)
    return np.array([dominated_share(np.vstack([points, row])) - before for row in candidates])


class GrowingShare:
    """The same share for points that come one after the other; each costs no more than a look at the front.

    Attributes:
        value: share that the points so far dominate.
    """

    def __init__(self) -> None:
        self.value = 0.0
        self._front: list[tuple[float, ...]] = []

    def take(self, point: tuple[float, ...]) -> bool:
        """Take one more point in; returns whether it is on the front."""
        if any(_no_worse(other, point) for other in self._front):
            return False
        self._front = [other for other in self._front if not _no_worse(point, other)]
        self._front.append(point)
        self.value = dominated_share(np.array(self._front))
        return True


def hypervolume(observations: Sequence[Observation], *, budget: Budget, objective: str = "ram_bytes") -> float | None:
    """Share of the box (error 0 to 1) × (`objective` 0 to its bound) that the trained, in-budget trials dominate.

    Returns:
        0 (nothing found) to 1; None where the budget sets no bound on `objective`.
    """
    bound = getattr(budget, objective)
    if bound is None:
        return None
    best = front(observations, objective=objective, budget=budget)
    points = [[o.val_error, over_bound(getattr(o.costs, objective), bound)] for o in best]
    return dominated_share(np.array(points, dtype=np.float64))


def _no_worse(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))
