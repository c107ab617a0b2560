"""Errors and costs of trained networks as arrays, made once, so that a moved budget costs next to nothing."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from search.budget import RESOURCES, Budget
from search.trial import Observation


class Columns:
    """The trained ones among some observations, one place in every array for each.

    Attributes:
        trained: the observations themselves, in their order.
        trials: their numbers.
        values: an array for "val_error" and for each resource, in base units (share, bytes, seconds, MACs, joules);
            NaN where it is unknown.
    """

    def __init__(self, observations: Iterable[Observation]) -> None:
        self.trained = tuple(o for o in observations if o.status == "trained")
        self.trials = np.array([o.trial_id for o in self.trained], dtype=np.int64)
        self.values = {"val_error": _floats([o.val_error for o in self.trained])}
        for resource in RESOURCES:
            self.values[resource.key] = _floats([getattr(o.costs, resource.key) for o in self.trained])

    def __len__(self) -> int:
        return len(self.trained)

    def over(self, budget: Budget) -> dict[str, NDArray[np.bool_]]:
        """For each bound of `budget`, which are over it; what is unknown is, as in `Budget.violations`."""
        bounds = {r.key: getattr(budget, r.key) for r in RESOURCES}
        return {key: ~(self.values[key] <= bound) for key, bound in bounds.items() if bound is not None}

    def allowed(self, budget: Budget) -> NDArray[np.bool_]:
        """Which are within every bound of `budget`."""
        inside = np.ones(len(self), dtype=bool)
        for over in self.over(budget).values():
            inside &= ~over
        return inside

    def best(self, budget: Budget) -> Observation | None:
        """The one of lowest error within `budget`, the first of equals; None where there is none."""
        places = np.flatnonzero(self.allowed(budget) & ~np.isnan(self.values["val_error"]))
        if not len(places):
            return None
        first = np.lexsort((self.trials[places], self.values["val_error"][places]))[0]
        return self.trained[int(places[first])]


def _floats(numbers: list[float | None]) -> NDArray[np.float64]:
    return np.array(numbers, dtype=np.float64)  # None becomes NaN
