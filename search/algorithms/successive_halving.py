"""Random search with asynchronous successive halving (ASHA).

Source: Li et al., "A System for Massively Parallel Hyperparameter Tuning", MLSys 2020.

Every network begins on the lowest rung, with few epochs; whenever a network is among the best 1/eta of its rung, its
training goes on to the next rung, eta times as long, without waiting for others to get there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from search.algorithms.base import trial_rng
from search.budget import RESOURCES, Budget
from search.errors import SettingsError
from search.pareto import non_dominated
from search.spaces import SearchSpace
from search.trial import Observation, Trial

RANKS = ("front", "error")
UNBOUNDED = ("ram_bytes", "model_bytes", "macs")
"""What networks are ranked by, beside the error, where the budget bounds nothing."""


class SuccessiveHalving:
    """ASHA over fresh samples of the space. What random search has to spend on bad networks, it spends on good ones.

    Args:
        space: where candidates come from.
        budget: its bounds name the resources that networks are ranked by.
        seed: of all randomness.
        epochs: of the highest rung.
        eta: of the networks of a rung, 1/eta go on, to eta times the epochs.
        min_epochs: no rung is lower than this, but for `epochs` itself.
        rank: what is best: "front", peeled off front by front over error and resources (and by error within a front),
            or "error" alone.
    """

    def __init__(
        self,
        *,
        space: SearchSpace,
        budget: Budget,
        seed: int,
        epochs: int,
        eta: int = 3,
        min_epochs: int = 3,
        rank: str = "front",
    ) -> None:
        if eta < 2 or min_epochs < 1:
            raise SettingsError("successive_halving needs eta of at least 2 and min_epochs of at least 1.")
        if rank not in RANKS:
            raise SettingsError(f"rank of successive_halving is {' or '.join(map(repr, RANKS))}, not {rank!r}.")
        bounded = tuple(r.key for r in RESOURCES if getattr(budget, r.key) is not None)
        resources = () if rank == "error" else bounded or UNBOUNDED
        self._space = space
        self._seed = seed
        self._rungs = [Rung(level, eta, resources) for level in rung_epochs(epochs, eta=eta, min_epochs=min_epochs)]

    def ask(self, trial_id: int) -> Trial:
        """The promotion of the highest rung that has one to make, or else a fresh sample on the lowest rung."""
        for rung, above in self._steps():
            best = rung.promotable()
            if best is not None:
                return best.trial.promoted(trial_id, epochs=above.epochs, keep=above is not self._rungs[-1])
        sample = self._space.sample(trial_rng(self._seed, trial_id))
        return Trial(trial_id, sample, self._rungs[0].epochs, keep=len(self._rungs) > 1)

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

    def _steps(self) -> Iterator[tuple[Rung, Rung]]:
        """Each rung but the highest with the one above it, from the top down."""
        return zip(reversed(self._rungs[:-1]), reversed(self._rungs[1:]), strict=True)


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

    def __init__(self, epochs: int, eta: int, resources: Sequence[str], *, by_error: float = 0.0) -> None:
        self.epochs = epochs
        self.gone: set[int] = set()
        self._eta = eta
        self._resources = resources
        self._by_error = by_error
        self._members: list[Observation] = []
        self._best: list[Observation] = []
        self._ranked = 0  # members that there were when `_best` was found

    def add(self, observation: Observation) -> None:
        """Put a trained network on this rung."""
        self._members.append(observation)

    def promotable(self) -> Observation | None:
        """The best network that is good enough to go on and has not gone yet.

        A rung of a thousand or more is ranked anew with every tenth network, one of ten thousand with every hundredth.
        """
        size = len(self._members) - len(self._members) % 10 ** max(0, len(str(len(self._members))) - 3)
        if size != self._ranked:
            count = size // self._eta
            points = self._points(self._members[:size])
            lowest = best_first(points[:, :1], round(self._by_error * count))
            fronts = best_first(points, count) if count else []
            self._best = [self._members[i] for i in [*dict.fromkeys(lowest + fronts)][:count]]
            self._ranked = size
        return next((o for o in self._best if o.trial_id not in self.gone), None)

    def _points(self, members: Sequence[Observation]) -> NDArray[np.float64]:
        names = [n for n in self._resources if all(getattr(o.costs, n) is not None for o in members)]
        return np.array([[_error(o), *(getattr(o.costs, n) for n in names)] for o in members], dtype=np.float64)


def rung_epochs(epochs: int, *, eta: int, min_epochs: int) -> tuple[int, ...]:
    """The epochs of the rungs, lowest first: `epochs` divided by eta, rounded down, as often as it stays enough."""
    rungs = [epochs]
    while rungs[-1] // eta >= min_epochs:
        rungs.append(rungs[-1] // eta)
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


def _error(observation: Observation) -> float:
    return 1.0 if observation.val_error is None else observation.val_error
