"""What proposes networks in Bayesian optimisation: candidates within the budget, and the best of them by their scores.

It lives in a process of its own and is told events; the same events give the same proposals.

Source: Liberis, Dudziak, Lane, "μNAS", 2020.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from resource_models import Costs, Graph
from resource_models import costs as cost_model
from search.algorithms.base import trial_rng
from search.algorithms.bayesian.acquisition import Acquisition, Candidate, Learned
from search.algorithms.bayesian.network import LayeredNetwork
from search.algorithms.feasible import FeasibleNetworks
from search.budget import Budget
from search.spaces import Architecture, SearchSpace

Json = dict[str, Any]

SAMPLES = 8
"""Random networks among the candidates of each proposal."""
MORPHS = 10
"""Morphisms of one network that are tried until one gives a candidate."""
_STREAM = 13  # sets the draws of random candidates apart from those of proposals


@dataclass(frozen=True, slots=True)
class Options:
    """How candidates are looked for; the algorithms describe each."""

    local: bool
    candidates: int
    exact: int
    population: int
    tournament: int


@dataclass(frozen=True, slots=True)
class Setup:
    """What a proposer is made from; `costs` as algorithms are given it."""

    space: SearchSpace
    budget: Budget
    seed: int
    costs: Callable[[Architecture], Costs] | None
    options: Options


class Proposer:
    """Learns from events and proposes."""

    def __init__(self, setup: Setup) -> None:
        self._space = setup.space
        self._budget = setup.budget
        self._seed = setup.seed
        self._options = setup.options
        self._costs_of = setup.costs
        allowed = setup.budget if setup.budget.bounds == "hard" else Budget()
        self._allows = allowed.allows
        self._networks = FeasibleNetworks(setup.space, allowed, lambda a: self._costs(a, setup.space.lower(a)))
        self._taken: set[Graph] = set()
        self._trained: list[Candidate] = []
        self._learned = Learned()
        self._samples: dict[int, Candidate] = {}

    def learn(self, event: Mapping[str, Any]) -> None:
        """Take in a network that is taken from now on, and what came of it.

        Args:
            event: `architecture` as JSON; once it is trained `error`, `costs` and `trial` as well.
        """
        architecture = self._space.from_json(event["architecture"])
        graph = self._space.lower(architecture)
        self._taken.add(graph)
        if "error" in event:
            network = LayeredNetwork.of(graph)
            self._trained.append(Candidate(architecture, network, Costs(**event["costs"]), event["trial"]))
            self._learned.add(network, event["error"], event["trial"])

    def propose(self, trial_id: int) -> Json:
        """The proposal of that number: `architecture` as JSON, and `parent`. At least one network must be trained."""
        rng = trial_rng(self._seed, trial_id)
        acquisition = Acquisition(self._learned, self._budget, rng)
        trained = acquisition.trained(self._trained)
        if self._options.local:
            candidates = self._morphs(acquisition, trained, rng)
        else:
            candidates = self._evolved(acquisition, trained, trial_id, rng)
        chosen = acquisition.best(candidates, self._options.exact) or self._fresh(rng)
        return {"architecture": self._space.to_json(chosen.architecture), "parent": chosen.parent}

    def _evolved(
        self, acquisition: Acquisition, trained: Sequence[Candidate], trial_id: int, rng: np.random.Generator
    ) -> list[Candidate]:
        """Candidates by aging evolution, which begins with the best networks trained and a few random ones."""
        options, seen = self._options, set(self._taken)
        candidates = [acquisition.scored(c) for c in self._random(trial_id) if self._new_graph(c.architecture, seen)]
        parents = sorted(trained, key=lambda member: member.score)[: max(1, options.population // 2)]
        alive = deque([*parents, *candidates], maxlen=options.population)
        for _ in range(options.candidates - len(candidates)):
            child = next(self._variants(_winner(alive, options.tournament, rng), seen, rng, tries=MORPHS), None)
            if child is not None:
                candidates.append(acquisition.scored(child))
                alive.append(candidates[-1])
        return candidates

    def _morphs(
        self, acquisition: Acquisition, trained: Sequence[Candidate], rng: np.random.Generator
    ) -> list[Candidate]:
        """The morphs of the network that wins a tournament of those trained; of another one where there are none."""
        left = list(trained)
        while left:
            start = _winner(left, self._options.tournament, rng)
            found = self._variants(start, set(self._taken), rng)
            candidates = [acquisition.scored(c) for c in islice(found, self._options.candidates)]
            if candidates:
                return candidates
            left = [other for other in left if other is not start]
        return []

    def _random(self, trial_id: int) -> list[Candidate]:
        """Random networks within the budget; the next proposal has all but one of them too, so most are there."""
        numbers = range(trial_id, trial_id + SAMPLES)
        self._samples = {n: self._samples[n] if n in self._samples else self._sample(n) for n in numbers}
        return [sample for sample in self._samples.values() if self._allows(sample.costs)]

    def _sample(self, number: int) -> Candidate:
        return self._drawn(np.random.default_rng((self._seed, _STREAM, number)), lambda _: False)

    def _fresh(self, rng: np.random.Generator) -> Candidate:
        """A random network that is not taken: where there is no other candidate."""
        return self._drawn(rng, lambda architecture: self._space.lower(architecture) in self._taken)

    def _drawn(self, rng: np.random.Generator, taken: Callable[[Architecture], bool]) -> Candidate:
        found = self._networks.fresh(rng, taken)
        network = LayeredNetwork.of(self._space.lower(found.architecture))
        return Candidate(found.architecture, network, found.costs, None)

    def _variants(
        self, parent: Candidate, seen: set[Graph], rng: np.random.Generator, *, tries: int | None = None
    ) -> Iterator[Candidate]:
        """New networks within the budget one morphism from `parent`, in random order; at most `tries` are looked at."""
        neighbours = self._space.neighbours(parent.architecture, rng)
        for index in rng.permutation(len(neighbours))[:tries]:
            architecture = neighbours[index]
            graph = self._new_graph(architecture, seen)
            if graph is not None:
                costs = self._costs(architecture, graph)
                if self._allows(costs):
                    yield Candidate(architecture, LayeredNetwork.of(graph), costs, parent.parent)

    def _new_graph(self, architecture: Architecture, seen: set[Graph]) -> Graph | None:
        """The operators of a network that has not been seen, and now has; None where it computes nothing new."""
        graph = self._space.lower(architecture)
        if graph in seen:
            return None
        seen.add(graph)
        return graph

    def _costs(self, architecture: Architecture, graph: Graph) -> Costs:
        return cost_model(graph) if self._costs_of is None else self._costs_of(architecture)


def _winner(members: Sequence[Candidate], tournament: int, rng: np.random.Generator) -> Candidate:
    """The best of so many members, drawn with replacement."""
    return min((members[int(i)] for i in rng.integers(len(members), size=tournament)), key=lambda m: m.score)
