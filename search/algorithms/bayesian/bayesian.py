"""Bayesian optimisation over networks, on Dragonfly: the acquisition is maximised by aging evolution.

Sources: Kandasamy et al., "Neural Architecture Search with Bayesian Optimisation and Optimal Transport", NeurIPS 2018;
Liberis, Dudziak, Lane, "μNAS", 2020.

A Gaussian process over networks, with the OTMANN distance, models the validation error; costs are not modelled but
computed. For each proposal an error is drawn for each candidate, and error and costs are scalarised under random
weights; the candidate with the least score is proposed. All of it happens in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from resource_models import Costs, Graph
from resource_models import costs as cost_model
from search.algorithms.base import trial_rng
from search.algorithms.bayesian.dragonfly_compat import missing
from search.algorithms.bayesian.process import ProposerProcess
from search.algorithms.bayesian.proposer import Options, Setup
from search.algorithms.feasible import FeasibleNetworks
from search.budget import Budget
from search.errors import SettingsError
from search.measures.objectives import known_error
from search.spaces import Architecture, SearchSpace
from search.trial import Observation, Trial


class GaussianProcessSearch:
    """What the searches with a Gaussian process share: a random warm-up, and the process that proposes after it.

    Args:
        name: of the algorithm.
        setup: of the process.
        epochs: of every training.
        warmup_trials: networks that are trained before the first proposal of the process.

    Raises:
        SettingsError: an option out of its range, or a package that is not installed.
    """

    renamed_options = MappingProxyType({"opening": "warmup_trials"})

    def __init__(self, name: str, setup: Setup, *, epochs: int, warmup_trials: int) -> None:
        _check(name, setup.options, warmup_trials)
        space, costs_of = setup.space, setup.costs
        # Under soft bounds nothing is repaired: as published, whatever is drawn is trained.
        allowed = setup.budget if setup.budget.bounds == "hard" else Budget()
        costs = costs_of or (lambda architecture: cost_model(space.lower(architecture)))
        self._networks = FeasibleNetworks(space, allowed, costs)
        self._space = space
        self._seed = setup.seed
        self._epochs = epochs
        self._warmup_trials = warmup_trials
        self._trained = 0
        self._taken: set[Graph] = set()
        self._process = self._new_process(setup)

    def ask(self, trial_id: int) -> Trial:
        """A random network within the budget in the warm-up, then what the process proposes."""
        if self._trained < self._warmup_trials:
            found = self._networks.fresh(trial_rng(self._seed, trial_id), self._is_taken)
            return Trial(trial_id, found.architecture, self._epochs)
        answer = self._process.propose(trial_id)
        return Trial(trial_id, self._space.from_json(answer["architecture"]), self._epochs, parent=answer["parent"])

    def adopt(self, trial_id: int, architecture: Architecture) -> Trial:
        """The network, trained as all are; the process is not asked for one that would be thrown away."""
        return Trial(trial_id, architecture, self._epochs)

    def started(self, trial: Trial) -> None:
        """A network in training is not proposed again."""
        self._learn(trial, {})

    def tell(self, observation: Observation) -> None:
        """The process learns from what was trained; whatever was proposed is not proposed again."""
        error = known_error(observation)
        if error is None:
            self._learn(observation.trial, {})
            return
        known = {"trial": observation.trial_id, "error": error, "costs": asdict(observation.costs)}
        self._learn(observation.trial, known)
        self._trained += 1
        if self._trained >= self._warmup_trials - 1:
            self._process.warm_up()

    def cpu_seconds(self) -> float:
        """Processor seconds that the process has used."""
        return self._process.cpu_seconds()

    def close(self) -> None:
        """End the process, from any thread; an `ask` that waits for it raises `SearchError`, and so does any later."""
        self._process.close()

    def _new_process(self, setup: Setup) -> ProposerProcess:
        return ProposerProcess(setup)

    def _learn(self, trial: Trial, known: Mapping[str, Any]) -> None:
        self._taken.add(self._space.lower(trial.architecture))
        self._process.learn({"architecture": self._space.to_json(trial.architecture), **known})

    def _is_taken(self, architecture: Architecture) -> bool:
        return self._space.lower(architecture) in self._taken


class Bayesian(GaussianProcessSearch):
    """Candidates by aging evolution, begun with the best networks trained and a few random ones.

    Under hard bounds no candidate is over the budget; no network is proposed twice.

    Args:
        space: where candidates come from.
        budget: scales the features of the score.
        seed: of all randomness.
        epochs: of every training.
        costs: what a network needs, in the run's accounting; by default the cost model without a board.
        warmup_trials: random networks that are trained first (published: 15).
        candidates: networks that are scored for each proposal.
        exact: the best of them, which are scored again with exact distances.
        population: members that are alive (published: 100).
        tournament: members drawn, with replacement, for one selection (published: 25).
    """

    def __init__(  # noqa: PLR0913 - each is an option of the command line
        self,
        *,
        space: SearchSpace,
        budget: Budget,
        seed: int,
        epochs: int,
        costs: Callable[[Architecture], Costs] | None = None,
        warmup_trials: int = 15,
        candidates: int = 120,
        exact: int = 6,
        population: int = 100,
        tournament: int = 25,
    ) -> None:
        options = Options(False, candidates, exact, population, tournament)
        setup = Setup(space, budget, seed, costs, options)
        super().__init__("bayesian", setup, epochs=epochs, warmup_trials=warmup_trials)


def _check(name: str, options: Options, warmup_trials: int) -> None:
    package = missing()
    if package is not None:
        raise SettingsError(f"{name} needs the package {package}, which is not installed; choose another algorithm.")
    numbers = (options.candidates, options.exact, options.population, options.tournament)
    if min(*numbers, warmup_trials) < 1:
        raise SettingsError(f"The options of {name} must be at least 1 each.")
    if options.tournament > options.population:
        raise SettingsError(
            f"A tournament of {options.tournament} is larger than the population of {options.population}; lower "
            "tournament or raise population."
        )
