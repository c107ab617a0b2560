"""Rungs of asynchronous successive halving: many networks train for a few epochs, the best of them for more.

Source: Li et al., "A System for Massively Parallel Hyperparameter Tuning", MLSys 2020.

Every network begins on the lowest rung; whenever one is among the best 1/eta of its rung, its training goes on to the
next rung, eta times as long, without waiting for others to get there.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.budget import Budget
from search.measures.objectives import error_or_worst
from search.measures.pareto import non_dominated
from search.measures.rows import Rows
from search.trainer import LEAST_STEPS
from search.trial import Observation, Trial

UNBOUNDED = ("ram_bytes", "model_bytes", "macs")
"""What networks are ranked by, beside the error, where the budget bounds nothing."""


def ranked_resources(budget: Budget) -> tuple[str, ...]:
    """Fields of `Costs` that networks are ranked by, beside the error: what the budget bounds."""
    return tuple(resource.key for resource in budget.bounded) or UNBOUNDED


class Rungs:
    """All rungs of one search.

    Args:
        epochs: of the highest rung.
        eta: of the networks of a rung, 1/eta go on, to eta times the epochs.
        min_epochs: no rung is lower than this, but for `epochs` itself.
        resources: fields of `Costs` that networks are ranked by, beside the error.
        by_error: share of those that go on that goes to the lowest errors, whatever the networks need.
        steps: of an epoch; with `min_epochs` of 1, rungs go on below one epoch as long as enough of them are left.
    """

    def __init__(
        self,
        epochs: int,
        *,
        eta: int,
        min_epochs: int,
        resources: Sequence[str],
        by_error: float = 0.0,
        steps: int = 0,
    ) -> None:
        levels = rung_epochs(epochs, eta=eta, min_epochs=min_epochs, steps=steps)
        self._rungs = [Rung(level, eta, resources, by_error=by_error) for level in levels]

    @property
    def first(self) -> float:
        """Epochs of a network's first training."""
        return self._rungs[0].epochs

    @property
    def keep(self) -> bool:
        """Whether a first training may go on later."""
        return len(self._rungs) > 1

    def promotion(self, trial_id: int) -> Trial | None:
        """The promotion of the highest rung that has one to make; None where there is none."""
        for rung, above in zip(reversed(self._rungs[:-1]), reversed(self._rungs[1:]), strict=True):
            best = rung.promotable()
            if best is not None:
                return best.trial.promoted(trial_id, epochs=above.epochs, keep=above is not self._rungs[-1])
        return None

    def started(self, trial: Trial) -> None:
        """A network that is being promoted, or whose promotion has failed, is not promoted from its rung again."""
        if trial.promotes is not None:
            for rung in self._rungs:
                rung.gone.add(trial.promotes)

    def tell(self, observation: Observation) -> None:
        """A trained network takes its place on the rung that it was trained to."""
        if observation.status == "trained":
            for rung in self._rungs:
                if rung.epochs == observation.trial.epochs:
                    rung.add(observation)


class Rung:
    """Networks that were trained to the same number of epochs.

    Args:
        epochs: of each of them.
        eta: of all of them, the best 1/eta may go on.
        resources: fields of `Costs` that they are ranked by, beside the error.
        by_error: share of the places that go to the lowest errors, whatever the networks need.

    Attributes:
        gone: trials that went on already.
    """

    def __init__(self, epochs: float, eta: int, resources: Sequence[str], *, by_error: float = 0.0) -> None:
        self.epochs = epochs
        self.gone: set[int] = set()
        self._eta = eta
        self._resources = resources
        self._by_error = by_error
        self._members: list[Observation] = []
        self._rows = Rows(1 + len(resources))
        self._waiting: deque[Observation] = deque()
        self._ranked = 0  # members that there were when those that wait were found

    def add(self, observation: Observation) -> None:
        """Put a trained network on this rung."""
        self._members.append(observation)
        needs = (getattr(observation.costs, name) for name in self._resources)
        self._rows.append([error_or_worst(observation), *(math.nan if need is None else need for need in needs)])

    def promotable(self) -> Observation | None:
        """The best network that is good enough to go on and has not gone yet.

        A rung of several hundred is ranked anew each time that it has grown by a hundredth.
        """
        size = len(self._members)
        size -= size % max(1, size // 100)
        if size != self._ranked:
            self._waiting = deque(self._members[i] for i in self._best(size))
            self._ranked = size
        while self._waiting and self._waiting[0].trial_id in self.gone:
            self._waiting.popleft()
        return self._waiting[0] if self._waiting else None

    def _best(self, size: int) -> list[int]:
        """Places of the best 1/eta of the first `size` members, the best first."""
        points = self._rows.table[:size]
        points = points[:, ~np.isnan(points).any(axis=0)]  # what is not known of all of them ranks none
        count = size // self._eta
        lowest = best_first(points[:, :1], round(self._by_error * count))
        return [*dict.fromkeys(lowest + best_first(points, count))][:count] if count else []


def rung_epochs(epochs: int, *, eta: int, min_epochs: int, steps: int = 0) -> tuple[float, ...]:
    """The epochs of the rungs, lowest first: `epochs` divided by eta, rounded down, as often as it stays enough.

    From one epoch, where that is enough, on to parts of it, as long as `LEAST_STEPS` of its `steps` are left.
    """
    rungs: list[float] = [epochs]
    while rungs[-1] // eta >= min_epochs:
        rungs.append(rungs[-1] // eta)
    while min_epochs == 1 and rungs[-1] <= 1 and steps * rungs[-1] / eta >= LEAST_STEPS:
        rungs.append(round(rungs[-1] / eta, 4))
    return tuple(reversed(rungs))


def best_first(points: NDArray[np.float64], count: int | None = None) -> list[int]:
    """The first `count` rows of `points`, front by front and by error within each.

    Source: non-dominated sorting, Deb et al., "NSGA-II", 2002. Of equal rows only one is on a front.

    Args:
        points: n × objectives, the error first, all minimised.
        count: None for all.
    """
    count = len(points) if count is None else count
    if points.shape[1] == 1:
        return [int(row) for row in np.argsort(points[:, 0], kind="stable")[:count]]
    order: list[int] = []
    left = np.arange(len(points))
    while len(order) < count:
        keep = non_dominated(points[left])
        chosen = left[keep]
        order += chosen[np.argsort(points[chosen, 0], kind="stable")].tolist()
        left = left[~keep]
    return order[:count]
