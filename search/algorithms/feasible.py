"""Networks within the budget before anything is trained: grown from small ones, or changed and repaired."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from resource_models import Costs
from search.algorithms.growth import Growth
from search.budget import Budget
from search.spaces import Architecture, SearchSpace, neighbour_of

ATTEMPTS = 50
"""Starts from which a network within the budget is looked for before a proposal over it is made."""

GROWTH = (20, 150)
"""Morphisms that are tried while a network grows, drawn between these two."""
FURTHER = (20, 40)
"""And while a grown one turns into another."""
SHRINKAGE = 0.05
"""How much smaller, in the logarithm of MACs times bytes, one of these morphisms may make it."""

CostsOf = Callable[[Architecture], Costs]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A network that may be proposed, with what it costs; `parent` is the trial it was made from."""

    architecture: Architecture
    costs: Costs
    parent: int | None = None


class FeasibleNetworks:
    """Draws candidates within a budget.

    A fresh network is grown: from one of the smallest of the space by random morphisms, of which those are made that
    keep it within the budget and do not shrink it. What comes out is shallower than a random sample that was cut down
    to the budget, and learns far better: on MNIST within 2,500 B of RAM and 4,500 parameters the median validation
    error after two epochs was 12 % for 42 grown networks and 69 % for 45 repaired samples.

    A network over a bound is repaired: of its morphisms, in random order, the first that brings it closer to the
    budget is made, until it fits. Closeness is the product, over the bounds that are broken, of need over bound.

    Args:
        space: where candidates come from.
        budget: its bounds, hard or soft.
        costs: what a network needs.
        growth: what the training of a network that begins may cost; None for anything.
    """

    def __init__(self, space: SearchSpace, budget: Budget, costs: CostsOf, growth: Growth | None = None) -> None:
        self._space = space
        self._budget = budget
        self._costs = costs
        self._growth = growth or Growth(None, epochs=1, share=0.0, lower=space.lower)
        self._neighbour = neighbour_of(space)
        self._smallest: tuple[Architecture, ...] = ()

    def fresh(
        self, rng: np.random.Generator, taken: Callable[[Architecture], bool], goal: Budget | None = None
    ) -> Candidate:
        """A network grown from a small one. Over the budget only where no attempt came to an end within it.

        Args:
            rng: of all draws.
            taken: networks that are not wanted.
            goal: tighter bounds than the budget's. Over one nothing grows; what begins over it still comes out.
        """
        self._begin()
        return self._fresh(rng, taken, self._limits(goal))

    def first(self, rng: np.random.Generator, count: int) -> list[Candidate]:
        """So many fresh networks, as they would be if nothing had been trained yet."""
        self._begin()
        limits = _Limits(self._budget, self._growth.first_s)
        return [self._fresh(rng, lambda _: False, limits) for _ in range(count)]

    def _begin(self) -> None:
        if not self._smallest:
            self._smallest = self._space.smallest()
            self._growth.begin(self._smallest)

    def _limits(self, goal: Budget | None = None) -> _Limits:
        return _Limits(goal or self._budget, self._growth.most_s)

    def _fresh(self, rng: np.random.Generator, taken: Callable[[Architecture], bool], limits: _Limits) -> Candidate:
        family = self._smallest
        for _ in range(ATTEMPTS):
            start = self._repaired(family[int(rng.integers(len(family)))], rng, limits.most_s)
            found = self._grown(start.candidate, rng, limits) if start.costs_fit else start.candidate
            if start.costs_fit and (untaken := self._untaken(found, rng, taken, limits)) is not None:
                return untaken
        return found

    def further(
        self,
        grown: Candidate,
        rng: np.random.Generator,
        taken: Callable[[Architecture], bool],
        goal: Budget | None = None,
    ) -> Candidate:
        """Another grown network, some morphisms from one; that one itself where nothing new came. See `fresh`."""
        limits = self._limits(goal)
        return self._untaken(self._grown(grown, rng, limits, FURTHER), rng, taken, limits) or grown

    def _untaken(
        self, candidate: Candidate, rng: np.random.Generator, taken: Callable[[Architecture], bool], limits: _Limits
    ) -> Candidate | None:
        """The network, or the first that is not taken on a random walk within the budget from it; None without any."""
        for _ in range(ATTEMPTS):
            if not taken(candidate.architecture):
                return candidate
            candidate = self._step(candidate, rng, limits) or candidate
        return None

    def _grown(
        self, candidate: Candidate, rng: np.random.Generator, limits: _Limits, morphisms: tuple[int, int] = GROWTH
    ) -> Candidate:
        for _ in range(int(rng.integers(*morphisms))):
            larger = self._step(candidate, rng, limits)
            if larger is not None and _size(larger.costs) >= _size(candidate.costs) - SHRINKAGE:
                candidate = larger
        return candidate

    def _step(self, candidate: Candidate, rng: np.random.Generator, limits: _Limits) -> Candidate | None:
        """The network after one random morphism; None where that leaves the budget, or is worse by the goal."""
        neighbour = self._neighbour(candidate.architecture, rng)
        costs = self._costs(neighbour)
        if self._growth.seconds(neighbour) > limits.most_s:
            return None
        over = limits.goal.violations(costs)
        if over and not self._budget.allows(costs):
            return None
        grew = any(v.needed > getattr(candidate.costs, v.resource.key) for v in over)
        return None if grew else Candidate(neighbour, costs)

    def child(
        self, parent: Architecture, number: int, rng: np.random.Generator, taken: Callable[[Architecture], bool]
    ) -> Candidate | None:
        """`parent` (of trial `number`) after one to four random morphisms, repaired; None where nothing new came."""
        most_s = self._growth.most_s
        for _ in range(ATTEMPTS):
            changed = parent
            for _ in range(min(4, int(rng.geometric(0.6)))):
                changed = self._neighbour(changed, rng)
            found = self._repaired(changed, rng, most_s)
            if found.costs_fit and found.candidate.architecture != parent and not taken(found.candidate.architecture):
                return Candidate(found.candidate.architecture, found.candidate.costs, number)
        return None

    def repaired(self, architecture: Architecture, rng: np.random.Generator) -> Candidate | None:
        """The network, changed until it is within the budget; None where no morphism brings it closer any more."""
        found = self._repaired(architecture, rng, math.inf)
        return found.candidate if found.costs_fit else None

    def _repaired(self, architecture: Architecture, rng: np.random.Generator, most_s: float) -> _Repaired:
        costs = self._costs(architecture)
        excess = self._excess(architecture, costs, most_s)
        while excess > 0:
            neighbours = self._space.neighbours(architecture, rng)
            for index in rng.permutation(len(neighbours)):
                better = self._costs(neighbours[index])
                if (closer := self._excess(neighbours[index], better, most_s)) < excess:
                    architecture, costs, excess = neighbours[index], better, closer
                    break
            else:
                break
        return _Repaired(Candidate(architecture, costs), excess == 0)

    def _excess(self, architecture: Architecture, costs: Costs, most_s: float) -> float:
        """Logarithm of the product of need over bound, over the bounds that are broken; 0 within all of them."""
        over = sum(math.log(v.factor) for v in self._budget.violations(costs))
        return over + self._growth.excess(architecture, most_s)


def _size(costs: Costs) -> float:
    return math.log(costs.macs + 1) + math.log(max(costs.model_bytes, 0) + 1)


@dataclass(frozen=True, slots=True)
class _Repaired:
    candidate: Candidate
    costs_fit: bool


@dataclass(frozen=True, slots=True)
class _Limits:
    """What a network may not be over while it grows: the bounds of a goal, and seconds of its first training."""

    goal: Budget
    most_s: float
