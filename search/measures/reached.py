"""What a search has reached so far, observation by observation: hypervolume, and the lowest error within the budget."""

from __future__ import annotations

from collections.abc import Sequence

import moocore
import numpy as np

from search.budget import RESOURCES, Budget
from search.trial import Observation


def bounded_resources(budget: Budget) -> tuple[str, ...]:
    """Fields of `Costs` that the budget bounds, RAM before all others."""
    return tuple(r.key for r in RESOURCES if getattr(budget, r.key) is not None)


def measured_resource(budget: Budget) -> str | None:
    """The resource that the hypervolume of a plane is taken over: the first that the budget bounds."""
    return next(iter(bounded_resources(budget)), None)


class Reached:
    """Takes observations one after the other; each costs no more than a look at the front.

    The hypervolume is the share that is dominated of the box from error 0 to 1 and from nothing to the bound of each
    resource; over one resource, that of `search.measures.pareto.hypervolume`.

    Args:
        budget: only what is within it counts, whether its bounds are hard or soft.
        resources: of the hypervolume; without a bound on each of them there is none.

    Attributes:
        hypervolume: 0 to 1; NaN where the budget has no bound on one of the resources.
        error: lowest validation error; 1 before anything is within the budget.
    """

    def __init__(self, budget: Budget, *, resources: Sequence[str] = ("ram_bytes",)) -> None:
        self._budget = budget
        self._resources = resources
        bounded = bool(resources) and set(resources) <= set(bounded_resources(budget))
        self._bounds: tuple[float, ...] | None = tuple(getattr(budget, r) for r in resources) if bounded else None
        self._front: list[tuple[float, ...]] = []
        self.hypervolume = 0.0 if bounded else float("nan")
        self.error = 1.0

    def take(self, observation: Observation) -> bool:
        """Take one observation in; returns whether it changed anything."""
        error = observation.val_error
        if observation.status != "trained" or error is None or not self._budget.allows(observation.costs):
            return False
        lower = error < self.error
        self.error = min(self.error, error)
        if self._bounds is None:
            return lower
        needs = (getattr(observation.costs, resource) for resource in self._resources)
        return self._join((error, *(need / bound for need, bound in zip(needs, self._bounds, strict=True)))) or lower

    def _join(self, point: tuple[float, ...]) -> bool:
        if any(_no_worse(other, point) for other in self._front):
            return False
        self._front = [other for other in self._front if not _no_worse(point, other)]
        self._front.append(point)
        self.hypervolume = float(moocore.hypervolume(np.array(self._front), ref=[1.0] * len(point)))
        return True


def _no_worse(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))
