"""Every algorithm passes the kit; algorithms broken on purpose do not."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from search.algorithms import algorithms, create
from search.algorithms.random import RandomSearch
from search.budget import Budget
from search.spaces import space
from search.testing import check_search_algorithm
from search.trial import Trial

SPACE = space("cnn", (8, 8, 1), 10)
BUDGET = Budget.parse(ram="16 KiB", flash="100 KiB")
SHORT = {"aging_evolution": {"population": 8, "tournament": 3}}


@pytest.mark.parametrize("name", [info.name for info in algorithms()])
@pytest.mark.parametrize("bounds", ["hard", "soft"])
def test_algorithm_conforms(name: str, bounds: str) -> None:
    make = partial(create, name, options=SHORT.get(name, {}))
    check_search_algorithm(make, SPACE, budget=replace(BUDGET, bounds=bounds))


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
    ],
)
def test_broken_algorithm_fails(broken: type[RandomSearch], rule: str) -> None:
    with pytest.raises(AssertionError, match=rule):
        check_search_algorithm(broken, SPACE, budget=BUDGET, proposals=30)
