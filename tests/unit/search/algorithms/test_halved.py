"""Rungs around algorithms that have none: few epochs for all, more for the best."""

from typing import ClassVar

import pytest

from resource_models import Costs
from search.algorithms import SearchAlgorithm, create, note_started
from search.algorithms.random import RandomSearch
from search.algorithms.successive_halving import SuccessiveHalving
from search.budget import Budget
from search.errors import SettingsError
from search.spaces import space
from search.trial import Observation, Trial

SPACE = space("mlp", (8, 8, 1), 10)
NEEDS = Costs(ram_bytes=100, model_bytes=100, macs=100, latency_s=None)


class Attentive(RandomSearch):
    """Random search that keeps what it is told, and says so when it is closed."""

    told: ClassVar[list[tuple[int, int]]] = []
    started_too: ClassVar[list[int]] = []
    closed = 0

    def started(self, trial: Trial) -> None:
        self.started_too.append(trial.id)

    def tell(self, observation: Observation) -> None:
        self.told.append((observation.trial_id, observation.epochs))

    def cpu_seconds(self) -> float:
        return 2.5

    def close(self) -> None:
        type(self).closed += 1


def made(name: str = f"{__name__}:Attentive", **options: int) -> SearchAlgorithm:
    return create(name, space=SPACE, budget=Budget(), seed=0, epochs=9, options=options)


def live(algorithm: SearchAlgorithm, proposals: int) -> list[Trial]:
    trials = []
    for number in range(proposals):
        trial = algorithm.ask(number)
        note_started(algorithm, trial)
        algorithm.tell(Observation(trial, "trained", NEEDS, val_error=0.1 + number / 100, epochs=trial.epochs))
        trials.append(trial)
    return trials


def test_all_begin_with_few_epochs_and_the_best_go_on() -> None:
    Attentive.told, Attentive.started_too = [], []
    algorithm = made(eta=3, min_epochs=1)
    trials = live(algorithm, 13)
    first = [t for t in trials if t.promotes is None]
    assert {t.epochs for t in first} == {1}
    assert all(t.keep for t in first)
    assert [t.epochs for t in trials if t.promotes is not None] == [3, 3, 3, 9]
    assert [number for number, _ in Attentive.told] == Attentive.started_too == [t.id for t in first]
    assert {epochs for _, epochs in Attentive.told} == {1}


def test_its_process_is_that_of_the_algorithm() -> None:
    Attentive.closed = 0
    algorithm = made(eta=3)
    assert algorithm.cpu_seconds() == 2.5
    algorithm.close()
    assert Attentive.closed == 1


def test_without_eta_everything_is_trained_in_full() -> None:
    algorithm = made()
    assert isinstance(algorithm, Attentive)
    assert {t.epochs for t in live(algorithm, 8)} == {9}


@pytest.mark.parametrize("options", [{"eta": 1}, {"eta": -3}, {"eta": 3, "min_epochs": 0}])
def test_impossible_options_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(SettingsError, match="random needs eta of at least 2"):
        made("random", **options)


class Climber(RandomSearch):
    """Has rungs, and no option that says so."""

    def __init__(self, **given) -> None:
        self._inner = SuccessiveHalving(**given, min_epochs=1)

    def ask(self, trial_id: int) -> Trial:
        return self._inner.ask(trial_id)


def test_rungs_upon_rungs_are_refused() -> None:
    with pytest.raises(SettingsError, match="goes on with trainings itself; leave its option eta out"):
        made(f"{__name__}:Climber", eta=3, min_epochs=3).ask(0)
