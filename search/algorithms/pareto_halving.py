"""The default: evolution within the budget, with successive halving and a guess at each candidate's error.

1. Only networks within the budget are proposed; others are repaired first (`feasible`), and no network comes twice.
2. Every network begins with few epochs; the best 1/eta of a rung go on, eta times as long (`rungs`):
   in part the lowest errors, for the others what no network beats in both error and resources.
3. After a warm-up of networks that are grown from small ones, candidates are children of the best networks. Several
   are made for each proposal, and the one of which most is expected is trained: the lowest error, or the largest gain
   of the front of error and one resource (`surrogate`).
4. Some later networks are grown afresh instead: for the lowest error as large as the budget allows, for the front as
   large as a tighter bound does, since else the small end of the front would stay bare.

5. How large a network may be that begins follows from what was spent so far, and from what pays (`growth`).

What it takes from others: asynchronous successive halving (Li et al., MLSys 2020), promotion by fronts (Schmucker et
al., "Multi-objective asynchronous successive halving", 2021), morphisms (Liberis et al., "μNAS", 2020).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resource_models import Costs
from resource_models import costs as cost_model
from search.algorithms.base import BUILT_IN, trial_rng
from search.algorithms.feasible import Candidate, FeasibleNetworks
from search.algorithms.growth import Growth
from search.algorithms.rungs import Rungs, ranked_resources
from search.algorithms.surrogate import LEAST_ERROR, ErrorModel, descriptors, promise, training_work
from search.budget import Budget
from search.errors import SettingsError
from search.measures.hypervolume import gains
from search.measures.objectives import error_or_worst
from search.measures.pareto import non_dominated
from search.measures.rows import Rows
from search.spaces import Architecture, SearchSpace
from search.trial import Observation, Trial
from search.workload import Workload

OVERSAMPLING = 3
"""Networks that are drawn for each one of the warm-up."""
WARMUP_COST_PENALTY = 2.0
"""How much more the length of their trainings counts for those than for later ones."""
RANDOM_POOL = 3
"""Networks that are made for each later one that is none's child: one is grown, the others grow out of it."""
LEAST_NEED = 1e-12
"""Stands for the largest need of a resource where nothing is needed at all."""
LOWEST = 3
"""Networks of the lowest error that children are made from."""
_STREAM = 11  # sets the draws of the warm-up apart from those of the trials


class ParetoHalving:
    """Feasibility first, successive halving on fronts, children chosen by a surrogate.

    Args:
        space: where candidates come from.
        budget: of all proposals, whether its bounds are hard or soft.
        seed: of all randomness.
        epochs: of the highest rung.
        costs: what a network needs, in the run's accounting; by default the cost model without a board.
        eta: of the networks of a rung, 1/eta go on, to eta times the epochs.
        min_epochs: of the lowest rung; 1 lets it be a part of an epoch where the data set is large.
        warmup_trials: networks that are grown before the first child, less those that the run began with.
        candidate_pool: candidates that are made for each proposal; 1 switches the surrogate off.
        random_fraction: of the later proposals for the lowest error, those that are grown at random.
        tightened_fraction: of the later proposals for a better front, those that are grown at random, under a tighter
            bound.
        accuracy_fraction: of the proposals, and of the networks that go on, those for the lowest error; the others are
            for a better front.
        cost_penalty: a network that takes x times as long to train has to promise an error x**cost_penalty times as
            low; 0 ignores the length of trainings.
        training_share: of what all trainings took, the first training of a network may take no more; 0 for no bound.
        workload: what trainings cost; without it there is no such bound, and no rung below one epoch.
    """

    multi_fidelity = BUILT_IN
    renamed_options = MappingProxyType(
        {
            "opening": "warmup_trials",
            "pool": "candidate_pool",
            "fresh": "random_fraction",
            "tight": "tightened_fraction",
            "accuracy": "accuracy_fraction",
            "thrift": "cost_penalty",
        }
    )

    def __init__(  # noqa: PLR0913 - each is an option of the command line
        self,
        *,
        space: SearchSpace,
        budget: Budget,
        seed: int,
        epochs: int,
        costs: Callable[[Architecture], Costs] | None = None,
        workload: Workload | None = None,
        eta: int = 3,
        min_epochs: int = 1,
        warmup_trials: int = 9,
        candidate_pool: int = 12,
        random_fraction: float = 0.3,
        tightened_fraction: float = 0.5,
        accuracy_fraction: float = 0.5,
        cost_penalty: float = 0.25,
        training_share: float = 0.05,
    ) -> None:
        if eta < 2 or min(min_epochs, warmup_trials, candidate_pool) < 1:
            raise SettingsError(
                "pareto_halving needs eta of at least 2; min_epochs, warmup_trials and candidate_pool of at least 1."
            )
        shares = (random_fraction, tightened_fraction, accuracy_fraction, cost_penalty, training_share)
        if not all(0 <= share <= 1 for share in shares):
            raise SettingsError("The fractions, shares and the cost_penalty of pareto_halving lie between 0 and 1.")
        self._space = space
        self._budget = budget
        self._seed = seed
        self._costs = costs or (lambda architecture: cost_model(space.lower(architecture)))
        self._warmup_trials = warmup_trials
        self._candidate_pool = candidate_pool
        self._random_fraction = random_fraction
        self._tightened_fraction = tightened_fraction
        self._accuracy_fraction = accuracy_fraction
        self._cost_penalty = cost_penalty
        self._resources = ranked_resources(budget)
        self._rungs = Rungs(
            epochs,
            eta=eta,
            min_epochs=min_epochs,
            resources=self._resources,
            by_error=accuracy_fraction,
            steps=workload.steps if workload else 0,
        )
        self._growth = Growth(workload, epochs=self._rungs.first, share=training_share, lower=space.lower)
        self._networks = FeasibleNetworks(space, budget, self._costs, self._growth)
        self._taken: set[Architecture] = set()
        self._begun = 0
        self._model = ErrorModel()
        self._first = _Points(self._resources)
        self._best = _Points(self._resources)
        self._warmup: list[Candidate] | None = None

    def ask(self, trial_id: int) -> Trial:
        """A promotion where one is due, else a new network on the lowest rung."""
        promotion = self._rungs.promotion(trial_id)
        if promotion is not None:
            return promotion
        rng = trial_rng(self._seed, trial_id)
        candidate = self._warmup_candidate(rng) if self._begun < self._warmup_trials else self._child(rng)
        return self._first_training(trial_id, candidate.architecture, candidate.parent)

    def adopt(self, trial_id: int, architecture: Architecture) -> Trial:
        """A promotion where one is due, else the network on the lowest rung; it counts as one of the warm-up."""
        promotion = self._rungs.promotion(trial_id)
        return self._first_training(trial_id, architecture) if promotion is None else promotion

    def started(self, trial: Trial) -> None:
        """A network in training is proposed no more, and a promoted one leaves its rung."""
        if trial.promotes is None:
            self._taken.add(trial.architecture)
            self._begun += 1
        self._rungs.started(trial)

    def tell(self, observation: Observation) -> None:
        """A trained network takes its place on its rung, and the surrogate learns from its first training."""
        trial = observation.trial
        self._taken.add(trial.architecture)
        if observation.status != "trained":
            return
        self._rungs.tell(observation)
        self._growth.tell(observation)
        effort = None if trial.promotes is None else self._first.effort(trial.architecture)
        if effort is None:
            row, effort = self._seen(Candidate(trial.architecture, observation.costs))
            self._first.put(observation, effort)
            self._model.add(row, error_or_worst(observation))
        self._best.put(observation, effort)

    def _first_training(self, trial_id: int, architecture: Architecture, parent: int | None = None) -> Trial:
        return Trial(trial_id, architecture, self._rungs.first, parent=parent, keep=self._rungs.keep)

    def _warmup_candidate(self, rng: np.random.Generator) -> Candidate:
        """The next of some networks that are drawn at once, the most promising first; a fresh one after those."""
        if self._warmup is None:
            draws = np.random.default_rng((self._seed, _STREAM))
            found = self._networks.first(draws, OVERSAMPLING * self._warmup_trials)
            worth = [promise(row) - WARMUP_COST_PENALTY * math.log(effort) for row, effort in map(self._seen, found)]
            self._warmup = [found[i] for i in np.argsort(worth)[::-1][: self._warmup_trials]]
        left = [c for c in self._warmup if c.architecture not in self._taken]
        return left[0] if left else self._networks.fresh(rng, self._taken.__contains__)

    def _child(self, rng: np.random.Generator) -> Candidate:
        for_error = rng.random() < self._accuracy_fraction
        resource = self._resources[int(rng.integers(len(self._resources)))]
        if rng.random() < (self._random_fraction if for_error else self._tightened_fraction):
            candidates = self._random_candidates(None if for_error else self._goal(resource, rng), rng)
        else:
            candidates = [self._candidate(rng) for _ in range(self._candidate_pool)]
        if len(candidates) == 1 or len(self._model) < 3:
            return candidates[0]
        rows, efforts = zip(*map(self._seen, candidates), strict=True)
        expected = self._model.draw(rows, rng) * efforts
        worth = -expected if for_error else self._gains(candidates, expected, resource)
        return candidates[int(np.argmax(worth))]

    def _random_candidates(self, goal: Budget | None, rng: np.random.Generator) -> list[Candidate]:
        found = [self._random_candidate(rng, goal)]
        while len(found) < min(RANDOM_POOL, self._candidate_pool):
            found.append(self._networks.further(found[-1], rng, self._taken.__contains__, goal))
        return found

    def _goal(self, resource: str, rng: np.random.Generator) -> Budget:
        """The budget with a tighter bound on one resource, all sizes equally likely.

        What grows without one ends near the budget, and the rest of the front stays bare.
        """
        needs = self._best.points(resource)[:, 1]
        needs = needs[np.isfinite(needs)]
        lowest, highest = needs.min(initial=math.inf) / 2, getattr(self._budget, resource) or needs.max(initial=0.0)
        if not 0 < lowest < highest:
            return self._budget
        tighter: dict[str, Any] = {resource: math.exp(rng.uniform(math.log(lowest), math.log(highest)))}
        return replace(self._budget, **tighter)

    def _seen(self, candidate: Candidate) -> tuple[NDArray[np.float64], float]:
        """Descriptors, and the factor by which its training makes an error count for more."""
        graph = self._space.lower(candidate.architecture)
        return descriptors(graph, candidate.costs), training_work(graph) ** self._cost_penalty

    def _random_candidate(self, rng: np.random.Generator, goal: Budget | None = None) -> Candidate:
        return self._networks.fresh(rng, self._taken.__contains__, goal)

    def _candidate(self, rng: np.random.Generator) -> Candidate:
        parent = self._parent(rng)
        if parent is not None:
            child = self._networks.child(parent.trial.architecture, parent.trial_id, rng, self._taken.__contains__)
            if child is not None:
                return child
        return self._random_candidate(rng)

    def _parent(self, rng: np.random.Generator) -> Observation | None:
        """One of the networks of the lowest error, or of the front of error and a resource."""
        if not len(self._best):
            return None
        if rng.random() < self._accuracy_fraction:
            places = self._best.lowest()
        else:
            places = self._best.front(self._resources[int(rng.integers(len(self._resources)))])
        return self._best.observation(int(places[rng.integers(len(places))]))

    def _gains(
        self, candidates: Sequence[Candidate], expected: NDArray[np.float64], resource: str
    ) -> NDArray[np.float64]:
        """By how much each candidate would enlarge what the networks' first trainings dominate.

        Below their median error only; see `_useful_error`.
        """
        points = self._first.points(resource)
        new = np.column_stack([expected, [_need(c.costs, resource) for c in candidates]])
        needs = np.concatenate([points[:, 1], new[:, 1]])
        scale = np.array([_useful_error(points[:, 0]), needs.max(initial=LEAST_NEED, where=np.isfinite(needs))])
        return gains(points[self._first.front(resource)] / scale, new / scale)


class _Points:
    """Networks with their errors (times the effort of their training) and needs as columns, the latest of each."""

    def __init__(self, resources: Sequence[str]) -> None:
        self._names = tuple(resources)
        self._rows = Rows(1 + len(self._names))
        self._places: dict[Architecture, int] = {}
        self._observations: list[Observation] = []
        self._efforts: list[float] = []
        self._found: dict[str, NDArray[np.int64]] = {}

    def __len__(self) -> int:
        return len(self._observations)

    def put(self, observation: Observation, effort: float) -> None:
        """Add a network, or replace what is known of it; its error counts times `effort`."""
        needs = (_need(observation.costs, name) for name in self._names)
        row = (max(error_or_worst(observation), LEAST_ERROR) * effort, *needs)
        place = self._places.setdefault(observation.trial.architecture, len(self))
        self._found = {name: best for name, best in self._found.items() if self._stay(name, best, place, row)}
        if place == len(self):
            self._observations.append(observation)
            self._efforts.append(effort)
            self._rows.append(row)
        else:
            self._observations[place] = observation
            self._rows.replace(place, row)

    def _stay(self, name: str, best: NDArray[np.int64], place: int, row: tuple[float, ...]) -> bool:
        """Whether the lowest errors, or the front of a resource, are the same with that row in that place."""
        if place in best:
            return False
        errors = self._rows.table[best, 0]
        if not name:
            return len(best) == LOWEST and bool((errors < row[0]).all())
        column = 1 + self._names.index(name)
        needs, need = self._rows.table[best, column], row[column]
        return bool(((errors <= row[0]) & (needs <= need) & ((errors < row[0]) | (needs < need))).any())

    def effort(self, architecture: Architecture) -> float | None:
        """What the errors of a network count times; None of one that is not known."""
        place = self._places.get(architecture)
        return None if place is None else self._efforts[place]

    def observation(self, place: int) -> Observation:
        """What is known of the network in that place."""
        return self._observations[place]

    def points(self, resource: str) -> NDArray[np.float64]:
        """Error and need of every network, shape (networks, 2)."""
        return self._rows.table[:, [0, 1 + self._names.index(resource)]]

    def lowest(self) -> NDArray[np.int64]:
        """Places of the few networks of the lowest error."""
        if "" not in self._found:
            self._found[""] = np.argsort(self._rows.table[:, 0], kind="stable")[:LOWEST]
        return self._found[""]

    def front(self, resource: str) -> NDArray[np.int64]:
        """Places of the networks that none dominates in error and that resource."""
        if resource not in self._found:
            self._found[resource] = np.flatnonzero(non_dominated(self.points(resource)))
        return self._found[resource]


def _need(costs: Costs, resource: str) -> float:
    """What is needed of a resource; infinite where that is not known, so that nothing looks cheap for want of data."""
    need = getattr(costs, resource)
    return math.inf if need is None or math.isnan(need) else need


def _useful_error(errors: NDArray[np.float64]) -> float:
    """The error below which a network may enlarge the front: the median, since what is worse is no use.

    Where at least half of the networks have the lowest error of all, nothing is below the median. Then twice as much
    still counts, so that of networks that err alike the one that needs least is chosen.
    """
    median = float(np.median(errors))
    return median if errors.min() < median else 2 * median
