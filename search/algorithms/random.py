"""Random search: every proposal is an independent sample of the space."""

from __future__ import annotations

from search.algorithms.base import trial_rng
from search.budget import Budget
from search.spaces import SearchSpace
from search.trial import Observation, Trial


class RandomSearch:
    """Proposes fresh samples; learns nothing. The reference that every other algorithm has to beat."""

    def __init__(self, *, space: SearchSpace, budget: Budget, seed: int, epochs: float) -> None:  # noqa: ARG002 - every algorithm is given it
        self._space = space
        self._seed = seed
        self._epochs = epochs

    def ask(self, trial_id: int) -> Trial:
        """A sample of the space."""
        rng = trial_rng(self._seed, trial_id)
        return Trial(trial_id, self._space.sample(rng), self._epochs)

    def tell(self, observation: Observation) -> None:
        """Nothing to learn."""
