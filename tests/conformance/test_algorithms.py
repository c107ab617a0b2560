"""Every algorithm passes the kit; algorithms broken on purpose do not. `test_bayesian` has those with a process."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from search.algorithms import ON_DRAGONFLY, algorithms, create
from search.algorithms.random import RandomSearch
from search.algorithms.successive_halving import SuccessiveHalving
from search.budget import Budget
from search.spaces import space
from search.testing import check_search_algorithm, synthetic_observation
from search.trial import Observation, Trial

SPACE = space("cnn", (8, 8, 1), 10)
BUDGET = Budget.parse(ram="16 KiB", flash="100 KiB")
SHORT = {
    "aging_evolution": {"population": 8, "tournament": 3},
    "successive_halving": {"min_epochs": 1},
    "pareto_halving": {"warmup_trials": 4, "candidate_pool": 2},
}


ENTRIES = [(info.name, bounds) for info in algorithms() if info.name not in ON_DRAGONFLY for bounds in ("hard", "soft")]
MARKS = {("pareto_halving", "soft"): pytest.mark.slow, ("pareto_halving", "hard"): pytest.mark.long}


@pytest.mark.parametrize(
    ("name", "bounds"),
    [pytest.param(*entry, marks=MARKS.get(entry, ())) for entry in ENTRIES],
)
def test_algorithm_conforms(name: str, bounds: str) -> None:
    make = partial(create, name, options=SHORT.get(name, {}))
    check_search_algorithm(make, SPACE, budget=replace(BUDGET, bounds=bounds))


@pytest.mark.parametrize("name", ["random", "aging_evolution"])
def test_algorithm_with_rungs_conforms(name: str) -> None:
    make = partial(create, name, options={**SHORT.get(name, {}), "eta": 3, "min_epochs": 1})
    check_search_algorithm(make, SPACE, budget=BUDGET)


class CountsItsAsks(RandomSearch):
    """Broken: what it proposes depends on how often it was asked."""

    asked = 0

    def ask(self, trial_id: int) -> Trial:
        self.asked += 1
        return replace(super().ask(self.asked), id=trial_id)


class IgnoresItsSeed(RandomSearch):
    """Broken: proposes at random, whatever the seed."""

    def ask(self, trial_id: int) -> Trial:
        return Trial(trial_id, self._space.sample(np.random.default_rng()), self._epochs)


class OneSeedOnly(RandomSearch):
    """Broken: every seed gives the same trials."""

    def ask(self, trial_id: int) -> Trial:
        return Trial(trial_id, self._space.sample(np.random.default_rng(trial_id)), self._epochs)


class Renumbers(RandomSearch):
    """Broken: gives its trials numbers of its own."""

    def ask(self, trial_id: int) -> Trial:
        return replace(super().ask(trial_id), id=trial_id + 1)


class LeavesTheSpace(RandomSearch):
    """Broken: proposes something that is not of the space."""

    def ask(self, trial_id: int) -> Trial:
        return replace(super().ask(trial_id), architecture="a network")


class InventsParents(RandomSearch):
    """Broken: names parents that were never trained."""

    def ask(self, trial_id: int) -> Trial:
        return replace(super().ask(trial_id), parent=trial_id + 7)


class TrainsForever(RandomSearch):
    """Broken: asks for more epochs than it was given."""

    def ask(self, trial_id: int) -> Trial:
        return replace(super().ask(trial_id), epochs=self._epochs + 1)


class ForgetsWhatItWasTold(RandomSearch):
    """Broken: learns from the trials that it handed out itself, so that a resumed run goes another way."""

    def __init__(self, **given) -> None:
        super().__init__(**given)
        self._handed_out: set[int] = set()

    def ask(self, trial_id: int) -> Trial:
        shift = len(self._handed_out)
        self._handed_out.add(trial_id)
        return replace(super().ask(trial_id + 1000 * shift), id=trial_id)


class Promoter(SuccessiveHalving):
    """Promotes as successive halving does, and gives those broken below a place to spoil it."""

    def __init__(self, **given) -> None:
        super().__init__(**{**given, "min_epochs": 1})
        self._most = given["epochs"]

    def ask(self, trial_id: int) -> Trial:
        trial = super().ask(trial_id)
        return trial if trial.promotes is None else self.spoilt(trial)

    def spoilt(self, trial: Trial) -> Trial:
        return trial


class PromotesAnotherNetwork(Promoter):
    """Broken: what goes on to be trained is not what was trained."""

    def spoilt(self, trial: Trial) -> Trial:
        return replace(trial, architecture=self._space.smallest()[0])


class PromotesOtherGenes(Promoter):
    """Broken: what goes on to be trained has another sparsity."""

    def spoilt(self, trial: Trial) -> Trial:
        return replace(trial, genes={"sparsity": 0.5})


class PromotesWhatNeverWas(Promoter):
    """Broken: names trials that do not exist yet."""

    def spoilt(self, trial: Trial) -> Trial:
        return replace(trial, promotes=trial.id + 7)


class PromotesFailures(Promoter):
    """Broken: takes failed trials for trained ones."""

    def tell(self, observation: Observation) -> None:
        if observation.status == "failed":
            observation = replace(observation, status="trained", val_error=0.0, epochs=observation.trial.epochs)
        super().tell(observation)


class PromotesWithoutProgress(Promoter):
    """Broken: asks for no more epochs than there are."""

    def spoilt(self, trial: Trial) -> Trial:
        return replace(trial, epochs=1)


class PromotesBeyondTheEnd(Promoter):
    """Broken: asks for more epochs than it was given."""

    def spoilt(self, trial: Trial) -> Trial:
        return replace(trial, epochs=self._most + 1)


class PromotesAgainAndAgain(Promoter):
    """Broken: goes back to a shorter training that was gone on with already."""

    def started(self, trial: Trial) -> None:
        pass


class PromotesTwiceAtOnce(Promoter):
    """Broken: takes note of a promotion when it is over, and proposes it to a second worker before."""

    def started(self, trial: Trial) -> None:
        pass

    def tell(self, observation: Observation) -> None:
        super().started(observation.trial)
        super().tell(observation)


class PromotesInSecret(Promoter):
    """Broken: declares that it may be wrapped, and goes on with trainings itself."""

    multi_fidelity = "by wrapping"


class TrainsShort(RandomSearch):
    """Broken: may be wrapped, and trains for less than its rung."""

    def ask(self, trial_id: int) -> Trial:
        return replace(super().ask(trial_id), epochs=1)


class TrainsShortAndSaysSo(TrainsShort):
    """Declares that there is nothing to wrap."""

    multi_fidelity = None


def test_what_trains_short_conforms_where_it_says_so() -> None:
    check_search_algorithm(TrainsShortAndSaysSo, SPACE, budget=BUDGET, proposals=15)


def test_the_promoter_that_the_broken_ones_are_made_of_conforms() -> None:
    check_search_algorithm(Promoter, SPACE, budget=BUDGET, proposals=30)


def test_synthetic_curves_fall_and_belong_to_the_network() -> None:
    trial = Trial(0, SPACE.smallest()[0], 3)
    short = synthetic_observation(trial, SPACE, BUDGET)
    long = synthetic_observation(trial.promoted(1, epochs=9), SPACE, BUDGET, promoted=short)
    assert long.history[:3] == short.history
    assert sorted(long.history, reverse=True) == list(long.history)
    assert long.val_error < short.val_error
    assert (long.epochs, long.epochs_spent) == (9, 6)


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (CountsItsAsks, "resumed|twice|later"),
        (IgnoresItsSeed, "same seed"),
        (OneSeedOnly, "another seed"),
        (Renumbers, "keep the number"),
        (LeavesTheSpace, "of the space"),
        (InventsParents, "parent"),
        (TrainsForever, "epochs"),
        (ForgetsWhatItWasTold, "resumed"),
        (PromotesAnotherNetwork, "another architecture"),
        (PromotesOtherGenes, "other genes"),
        (PromotesWhatNeverWas, "not a trained trial"),
        (PromotesFailures, "not a trained trial"),
        (PromotesWithoutProgress, "has 1 epochs already"),
        (PromotesBeyondTheEnd, "1 to 3 epochs"),
        (PromotesAgainAndAgain, "promoted already"),
        (PromotesTwiceAtOnce, "promoted already"),
        (PromotesInSecret, 'must declare multi_fidelity = "built in"'),
        (TrainsShort, "must declare multi_fidelity = None"),
    ],
)
def test_broken_algorithm_fails(broken: type[RandomSearch], rule: str) -> None:
    with pytest.raises(AssertionError, match=rule):
        check_search_algorithm(broken, SPACE, budget=BUDGET, proposals=30)
