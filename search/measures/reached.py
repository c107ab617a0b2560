"""What a search has reached so far, observation by observation: hypervolume, and the lowest error within the budget."""

from __future__ import annotations

from collections.abc import Sequence

from search.budget import Budget, over_bound
from search.measures.hypervolume import GrowingShare
from search.measures.objectives import known_error
from search.trial import Observation


def measured_resource(budget: Budget) -> str | None:
    """The resource that the hypervolume of a plane is taken over: the first that the budget bounds."""
    return next((resource.key for resource in budget.bounded), None)


class Reached:
    """Takes observations one after the other; each costs no more than a look at the front.

    The hypervolume is the share that is dominated of the box from error 0 to 1 and from nothing to the bound of each
    resource; over one resource, that of `search.measures.hypervolume.hypervolume`.

    Args:
        budget: only what is within it counts, whether its bounds are hard or soft.
        resources: of the hypervolume; without a bound on each of them there is none.

    Attributes:
        error: lowest validation error; 1 before anything is within the budget.
    """

    def __init__(self, budget: Budget, *, resources: Sequence[str] = ("ram_bytes",)) -> None:
        self._budget = budget
        self._resources = resources
        bounded = bool(resources) and set(resources) <= {resource.key for resource in budget.bounded}
        self._bounds: tuple[float, ...] | None = tuple(getattr(budget, r) for r in resources) if bounded else None
        self._share = GrowingShare()
        self.error = 1.0

    @property
    def hypervolume(self) -> float:
        """0 to 1; NaN where the budget has no bound on one of the resources."""
        return float("nan") if self._bounds is None else self._share.value

    def take(self, observation: Observation) -> bool:
        """Take one observation in; returns whether it changed anything."""
        error = known_error(observation)
        if error is None or not self._budget.allows(observation.costs):
            return False
        lower = error < self.error
        self.error = min(self.error, error)
        if self._bounds is None:
            return lower
        needs = (getattr(observation.costs, resource) for resource in self._resources)
        shares = (over_bound(need, bound) for need, bound in zip(needs, self._bounds, strict=True))
        return self._share.take((error, *shares)) or lower
