"""Optuna's NSGA-II and TPE over an encoding of the space: an outside reference for the searches here.

Both minimise the error and the resource that the hypervolume is measured over. What is known before any training is
given to them: a proposal over the budget is told with how far it is over each bound, and costs no training. A proposal
that was made before is drawn again, in the end at random.

Sources: Deb et al., "A fast and elitist multiobjective genetic algorithm: NSGA-II", 2002; Ozaki et al.,
"Multiobjective tree-structured Parzen estimator", 2022; both as Optuna has them.
"""

from __future__ import annotations

import importlib.util
import math
from abc import ABC, abstractmethod
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from search.algorithms.base import trial_rng
from search.budget import Budget, over_bound
from search.errors import SettingsError
from search.measures.objectives import WORST_ERROR, known_error
from search.measures.reached import measured_resource
from search.spaces import Architecture, SearchSpace
from search.spaces.base import Encoded
from search.trial import Observation, Trial

if TYPE_CHECKING:  # a second to import, and not always installed
    from optuna.samplers import BaseSampler

    from search.algorithms.optuna_samplers import Memory

DRAWN, ATTEMPTS = 10, 100
"""Draws of the sampler for one proposal, while what it draws was proposed before; draws in all, the others random."""
UNKNOWN = 10.0
"""By what factor a network is taken to be over a bound on a cost that nobody knows."""


class OptunaSearch(ABC):
    """What the two have in common: a study that learns each observation when it is told.

    Raises:
        SettingsError: Optuna is not installed, the space has no encoding, or an option is out of its range.
    """

    def __init__(
        self, name: str, *, space: SearchSpace, budget: Budget, seed: int, epochs: int, train_epochs: int
    ) -> None:
        if importlib.util.find_spec("optuna") is None:
            raise SettingsError(f"{name} needs the package optuna, which is not installed; choose another algorithm.")
        if not isinstance(space, Encoded):
            raise SettingsError(
                f"{name} needs a space whose networks can be written as vectors; the space {space.name} has none; cnn, "
                "mlp and the tables of trained networks have."
            )
        if not 0 <= train_epochs <= epochs:
            raise SettingsError(f"train_epochs of {name} is between 1 and {epochs}, or 0 for all, not {train_epochs}.")
        self._space = space
        self._budget = budget
        self._seed = seed
        self._epochs = train_epochs or epochs
        self._objective = measured_resource(budget) or "ram_bytes"
        self._taken: set[Architecture] = set()
        self._memory = _memory(space)

    def ask(self, trial_id: int) -> Trial:
        """What the sampler draws, with randomness that belongs to this number only."""
        rng = trial_rng(self._seed, trial_id)
        for attempt in range(ATTEMPTS):
            network = self._drawn(rng) if attempt < DRAWN else self._space.sample(rng)
            if network not in self._taken:
                break
        return Trial(trial_id, network, self._epochs)

    def tell(self, observation: Observation) -> None:
        """A training's error and costs, or only the costs of what was over the budget; failures say nothing."""
        self._taken.add(observation.trial.architecture)
        error = WORST_ERROR if observation.status == "infeasible" else known_error(observation)
        if error is None:
            return
        vector = self._space.encode(observation.trial.architecture)
        self._memory.tell(vector, (error, self._share(observation, self._objective)), self._constraints(observation))

    def _drawn(self, rng: np.random.Generator) -> Architecture:
        return self._space.decode(self._memory.draw(self._sampler(int(rng.integers(2**31)))))

    def _constraints(self, observation: Observation) -> dict[str, float]:
        """Need over bound, less 1, for each resource that is bounded; what is unknown meets a bound by default."""
        shares = {r.key: self._share(observation, r.key) - 1 for r in self._budget.bounded}
        needs = ((r.key, getattr(observation.costs, r.key), bound) for r, bound in self._budget.defaults.items())
        return shares | {key: over_bound(need or 0.0, bound) - 1 for key, need, bound in needs}

    @abstractmethod
    def _sampler(self, seed: int) -> BaseSampler:
        """The sampler, with its randomness from `seed`."""

    def _share(self, observation: Observation, resource: str) -> float:
        """What is needed of a resource as a share of its bound, or the need itself where there is none."""
        bound = getattr(self._budget, resource)
        share = over_bound(getattr(observation.costs, resource), 1 if bound is None else bound)
        return share if math.isfinite(share) else UNKNOWN


class OptunaNsga2(OptunaSearch):
    """NSGA-II, with constraint domination: each generation is as many observations as the population has members.

    Args:
        space: with an encoding.
        budget: its bounds are the constraints.
        seed: of all randomness.
        epochs: of one full training.
        population: members (Optuna's own default: 50).
        train_epochs: of every training; 0 means `epochs`.
    """

    def __init__(
        self,
        *,
        space: SearchSpace,
        budget: Budget,
        seed: int,
        epochs: int,
        population: int = 50,
        train_epochs: int = 0,
    ) -> None:
        if population < 2:
            raise SettingsError(f"population of optuna_nsga2 must be at least 2, not {population}.")
        self._population = population
        super().__init__(
            "optuna_nsga2", space=space, budget=budget, seed=seed, epochs=epochs, train_epochs=train_epochs
        )

    def _sampler(self, seed: int) -> BaseSampler:
        from search.algorithms import optuna_samplers

        return optuna_samplers.nsga2(self._population, seed)


class OptunaTpe(OptunaSearch):
    """The tree-structured Parzen estimator for several objectives, over all choices together (multivariate).

    Args:
        space: with an encoding.
        budget: its bounds are the constraints.
        seed: of all randomness.
        epochs: of one full training.
        warmup_trials: random observations before the first estimate (Optuna's own default: 10).
        train_epochs: of every training; 0 means `epochs`.
    """

    renamed_options = MappingProxyType({"opening": "warmup_trials"})

    def __init__(
        self,
        *,
        space: SearchSpace,
        budget: Budget,
        seed: int,
        epochs: int,
        warmup_trials: int = 10,
        train_epochs: int = 0,
    ) -> None:
        if warmup_trials < 1:
            raise SettingsError(f"warmup_trials of optuna_tpe must be at least 1, not {warmup_trials}.")
        self._warmup_trials = warmup_trials
        super().__init__("optuna_tpe", space=space, budget=budget, seed=seed, epochs=epochs, train_epochs=train_epochs)

    def _sampler(self, seed: int) -> BaseSampler:
        from search.algorithms import optuna_samplers

        return optuna_samplers.tpe(self._warmup_trials, seed)


def _memory(space: Encoded) -> Memory:
    from search.algorithms import optuna_samplers

    return optuna_samplers.Memory(space.choices)
