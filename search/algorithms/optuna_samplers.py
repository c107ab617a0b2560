"""The one door to Optuna; whoever comes here has Optuna, and a second to import it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, IntDistribution
from optuna.samplers import BaseSampler, NSGAIISampler, TPESampler
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.spaces.base import Choice


class Generations(NSGAIISampler):
    """NSGA-II whose generations follow from the order in which observations were told, and from nothing else.

    Optuna notes a trial's generation when it draws the trial; here what is told may have been drawn by another process.
    """

    def get_trial_generation(self, study: optuna.Study, trial: FrozenTrial) -> int:  # noqa: ARG002 - Optuna's own
        """As many full populations as were told."""
        return len(_told(study)) // self._members()

    def get_population(self, study: optuna.Study, generation: int) -> list[FrozenTrial]:
        """The observations of one generation."""
        members = self._members()
        return _told(study)[generation * members : (generation + 1) * members]

    def select_parent(self, study: optuna.Study, generation: int) -> list[FrozenTrial]:
        """In the order of telling: Optuna has them so from the second time on, and by rank the first time."""
        return sorted(super().select_parent(study, generation), key=lambda trial: trial.number)

    def _members(self) -> int:
        return self.population_size or 1


class Memory:
    """A study of two objectives, both to be minimised, that keeps what it is told and forgets what it draws.

    Args:
        choices: of the vectors.
    """

    def __init__(self, choices: Sequence[Choice]) -> None:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._names = tuple(choice.name for choice in choices)
        self._distributions = {choice.name: _distribution(choice) for choice in choices}
        self._study = optuna.create_study(directions=["minimize", "minimize"])

    def draw(self, sampler: BaseSampler) -> tuple[int, ...]:
        """A vector; samplers pass over the failure that it leaves behind."""
        self._study.sampler = sampler
        trial = self._study.ask(self._distributions)
        self._study.tell(trial, state=TrialState.FAIL)
        return tuple(trial.params[name] for name in self._names)

    def tell(self, vector: Sequence[int], values: tuple[float, float], constraints: Mapping[str, float]) -> None:
        """What came of a vector; constraints above 0 are broken."""
        self._study.add_trial(
            create_trial(
                params=dict(zip(self._names, vector, strict=True)),
                distributions=self._distributions,
                values=values,
                constraints=dict(constraints),
            )
        )


def nsga2(population: int, seed: int) -> BaseSampler:
    """NSGA-II with its own defaults."""
    return Generations(population_size=population, seed=seed)


def tpe(warmup_trials: int, seed: int) -> BaseSampler:
    """The Parzen estimator over all choices together, so that a proposal takes one estimate and not one for each."""
    return TPESampler(n_startup_trials=warmup_trials, multivariate=True, seed=seed)


def _told(study: optuna.Study) -> list[FrozenTrial]:
    return study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))


def _distribution(choice: Choice) -> BaseDistribution:
    if choice.ordered:
        return IntDistribution(0, choice.size - 1)
    return CategoricalDistribution(tuple(range(choice.size)))
