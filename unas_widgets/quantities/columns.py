"""Errors and costs of trained networks as arrays, made once, so that a moved budget costs next to nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress
from operator import attrgetter
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search.budget import Budget
from search.quantities import ERROR, QUANTITIES
from search.trial import Observation

Kind = TypeVar("Kind", np.int64, np.float64)
_NAMES = {q.key: q.key if q is ERROR else f"costs.{q.key}" for q in QUANTITIES}


class Columns:
    """The trained ones among some observations, one place in every array for each.

    Attributes:
        every, is_trained: all that were given, and for each whether it is a trained one.
        trained: the observations themselves, in their order.
        trials: their numbers.
        values: an array for "val_error" and for each resource, in base units (share, bytes, seconds, MACs, joules);
            NaN where it is unknown.
    """

    trials: NDArray[np.int64]
    values: dict[str, NDArray[np.float64]]

    def __init__(self, observations: Iterable[Observation], *, before: Columns | None = None) -> None:
        """Take these; what `before` has read of the very same ones is not read again: a search grows bit by bit."""
        self.every = tuple(observations)
        self.is_trained = np.array([o.status == "trained" for o in self.every], dtype=bool)
        self.trained = tuple(compress(self.every, self.is_trained))
        copied = _Copied(self.every, self.is_trained, before)
        self.trials = copied.column(None if before is None else before.trials, "trial_id", np.int64)
        self.values = {
            key: copied.column(None if before is None else before.values[key], name, np.float64)
            for key, name in _NAMES.items()
        }

    @classmethod
    def of(cls, observations: Columns | Iterable[Observation]) -> Columns:
        """The columns of some observations, or these themselves where they are columns already."""
        return observations if isinstance(observations, Columns) else cls(observations)

    def __len__(self) -> int:
        return len(self.trained)

    def over(self, budget: Budget) -> dict[str, NDArray[np.bool_]]:
        """For each bound of `budget`, which are over it; what is unknown is or is not, as in `Budget.violations`."""
        over = {r.key: ~(self.values[r.key] <= getattr(budget, r.key)) for r in budget.bounded}
        return over | {r.key: self.values[r.key] > bound for r, bound in budget.defaults.items()}

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


class _Copied:
    """What of the columns in the making is in earlier ones already."""

    def __init__(self, every: Sequence[Observation], is_trained: NDArray[np.bool_], before: Columns | None) -> None:
        old = () if before is None else before.every
        same = np.zeros(max(len(old), len(every)), dtype=bool)
        same[: min(len(old), len(every))] = [was is now for was, now in zip(old, every, strict=False)]
        self._to = same[: len(every)][is_trained]
        self._from = None if before is None else same[: len(old)][before.is_trained]
        self._fresh = [every[place] for place in np.flatnonzero(is_trained)[~self._to].tolist()]

    def column(self, earlier: NDArray[Kind] | None, name: str, kind: type[Kind]) -> NDArray[Kind]:
        """What is called `name`: from the earlier column where it can be, or else as observed; None becomes NaN."""
        column, read = np.empty(len(self._to), dtype=kind), attrgetter(name)
        if earlier is not None:
            column[self._to] = earlier[self._from]
        column[~self._to] = np.array([read(o) for o in self._fresh], dtype=kind)
        return column
