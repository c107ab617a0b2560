"""What a search has reached so far, observation by observation: hypervolume, and the lowest error within the budget."""

from __future__ import annotations

import moocore
import numpy as np

from search.budget import RESOURCES, Budget
from search.trial import Observation


def measured_resource(budget: Budget) -> str | None:
    """The resource that the hypervolume is taken over: the first that the budget bounds, RAM before all others."""
    return next((r.key for r in RESOURCES if getattr(budget, r.key) is not None), None)


class Reached:
    """Takes observations one after the other; each costs no more than a look at the front.

    The hypervolume is that of `search.pareto.hypervolume`.

    Args:
        budget: only what is within it counts, whether its bounds are hard or soft.
        objective: the resource of the hypervolume; without a bound on it there is none.

    Attributes:
        hypervolume: 0 to 1; NaN where the budget has no bound on the resource.
        error: lowest validation error; 1 before anything is within the budget.
    """

    def __init__(self, budget: Budget, *, objective: str = "ram_bytes") -> None:
        self._budget = budget
        self._objective = objective
        self._bound: float | None = getattr(budget, objective)
        self._front: list[tuple[float, float]] = []
        self.hypervolume = float("nan") if self._bound is None else 0.0
        self.error = 1.0

    def take(self, observation: Observation) -> bool:
        """Take one observation in; returns whether it changed anything."""
        error = observation.val_error
        if observation.status != "trained" or error is None or not self._budget.allows(observation.costs):
            return False
        lower = error < self.error
        self.error = min(self.error, error)
        if self._bound is None:
            return lower
        return self._join((error, getattr(observation.costs, self._objective) / self._bound)) or lower

    def _join(self, point: tuple[float, float]) -> bool:
        if any(other[0] <= point[0] and other[1] <= point[1] for other in self._front):
            return False
        self._front = [other for other in self._front if other[0] < point[0] or other[1] < point[1]]
        self._front.append(point)
        self.hypervolume = float(moocore.hypervolume(np.array(self._front), ref=[1.0, 1.0]))
        return True
