"""Aging evolution with random scalarisation, as in μNAS (Liberis, Dudziak, Lane, 2020; Real et al., AAAI 2019).

Fill a population with random candidates; then draw a tournament, score it under random weights, change the winner
by one random morphism, train the child, and let the oldest member die.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from search.algorithms.base import trial_rng
from search.budget import Budget
from search.errors import SettingsError
from search.measures.objectives import bounds, features, known_error, random_weights, scalarise
from search.spaces import Architecture, SearchSpace
from search.trial import Observation, Trial


class AgingEvolution:
    """Aging evolution over the trained candidates.

    Under soft bounds every proposal is trained, as published; under hard ones proposals over a bound never enter the
    population, so the search stays where networks fit.

    Args:
        space: where candidates come from.
        budget: scales the features of the tournament.
        seed: of all randomness.
        epochs: of every training.
        population: members that are alive (published: 100).
        tournament: members drawn, with replacement, for one selection (published: 25).
    """

    def __init__(
        self,
        *,
        space: SearchSpace,
        budget: Budget,
        seed: int,
        epochs: int,
        population: int = 100,
        tournament: int = 25,
    ) -> None:
        if population < 1 or tournament < 1:
            raise SettingsError("population and tournament of aging_evolution must be at least 1.")
        if tournament > population:
            raise SettingsError(
                f"A tournament of {tournament} is larger than the population of {population}; lower tournament or "
                "raise population."
            )
        self._space = space
        self._budget = budget
        self._seed = seed
        self._epochs = epochs
        self._size = population
        self._tournament = tournament
        self._alive: deque[Observation] = deque(maxlen=population)

    def ask(self, trial_id: int) -> Trial:
        """A random sample while the population fills, then a morphism of a tournament's winner."""
        rng = trial_rng(self._seed, trial_id)
        if len(self._alive) < self._size:
            return Trial(trial_id, self._space.sample(rng), self._epochs)
        parent = self._select(rng)
        child = self._mutate(parent.trial.architecture, rng)
        return Trial(trial_id, child, self._epochs, parent=parent.trial_id)

    def tell(self, observation: Observation) -> None:
        """A trained candidate joins the population; the oldest member leaves when it is full."""
        if known_error(observation) is not None:
            self._alive.append(observation)

    def _mutate(self, parent: Architecture, rng: np.random.Generator) -> Architecture:
        """A random neighbour that computes something else: a clipped kernel, say, may leave the network as it was."""
        neighbours = self._space.neighbours(parent, rng)
        order = rng.permutation(len(neighbours))
        network = self._space.lower(parent)
        changed = (neighbours[i] for i in order if self._space.lower(neighbours[i]) != network)
        return next(changed, neighbours[order[0]])

    def _select(self, rng: np.random.Generator) -> Observation:
        drawn = [self._alive[int(i)] for i in rng.integers(len(self._alive), size=self._tournament)]
        points = np.stack([features(o) for o in drawn])
        # Without an error target the tournament's own median error is the scale, so that accuracy always counts.
        scale = max(float(np.median(points[:, 0])), 1e-6)
        scores = scalarise(points, bounds(self._budget, error_scale=scale), random_weights(rng))
        return drawn[int(np.argmin(scores))]
