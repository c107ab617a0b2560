"""What a search with a time limit trains in the last part of it."""

from dataclasses import replace

import numpy as np
import pytest

from search import Budget, RunSettings, Trial
from search.journal.history import History, observation_record, trial_record
from search.problem import Problem
from search.runs.clock import RunClock
from search.runs.time_plan import LEAST_KNOWN, MARGIN, PORTION, TimePlan
from search.trial import Observation
from search.workload import Workload

SETTINGS = RunSettings(dataset="digits", budget=Budget.parse(ram="64 KiB", flash="1 MiB"), minutes=10, epochs=30)
SIZES = {"train_size": 32_000, "validation_size": 2_000}  # a thousand steps an epoch
WORK = Workload(**SIZES)
SPEED = 2.0
"""Seconds here for each of the model's."""


class StillClock(RunClock):
    """A clock that shows what it is set to."""

    now = 0.0
    used = 0.0

    def elapsed_s(self) -> float:
        return self.now

    def cpu_seconds(self) -> float:
        return self.used


def problem(settings: RunSettings = SETTINGS) -> Problem:
    return Problem.of(settings)


def lived(where: Problem, *, epochs: tuple[float, ...] = (1, 1, 1, 1), sizes: bool = True) -> History:
    """A run of some networks of falling errors, trained at `SPEED`, each with a checkpoint."""
    history = History(where.space)
    if sizes:
        history.apply({"record": "session", "event": "ready", **SIZES, "elapsed_s": 0.0, "cpu_seconds": 0.0})
    for number, trained in enumerate(epochs):
        trial = Trial(number, where.space.sample(np.random.default_rng(number)), trained, keep=True)
        costs = where.costs(trial.architecture)
        history.apply(trial_record("trial", trial, costs, where.space))
        seconds = SPEED * WORK.seconds(where.graph(trial.architecture), trained)
        errors = (0.5 - number / 20,) * max(1, int(trained))
        o = Observation(
            trial,
            "trained",
            costs,
            val_error=errors[-1],
            epochs=trained,
            seconds=seconds,
            history=errors,
            losses=errors,
        )
        history.apply(observation_record(o, elapsed_s=1.0, cpu_seconds=1.0))
    return history


def plan(where: Problem, history: History, *, now: float = 0.0, used: float = 0.0, workers: int = 2) -> TimePlan:
    clock = StillClock(history, lambda: 0.0, own_cpu_offset=0.0)
    clock.now, clock.used = now, used
    return TimePlan(where, history, clock, lambda: workers)


def foreseen_s(where: Problem, trial: Trial, epochs: float) -> float:
    return SPEED * WORK.seconds(where.graph(trial.architecture), epochs)


@pytest.mark.parametrize(
    ("settings", "now", "used", "closing"),
    [
        (SETTINGS, 350, 0, False),
        (SETTINGS, 370, 0, True),
        (replace(SETTINGS, final_share=0.1), 370, 0, False),
        (replace(SETTINGS, final_share=0.0), 599, 0, False),
        (replace(SETTINGS, minutes=None, trials=9), 10**6, 0, False),
        (replace(SETTINGS, minutes=None, cpu_seconds=100.0), 30, 50, False),
        (replace(SETTINGS, minutes=None, cpu_seconds=100.0), 90, 65, True),
        (replace(SETTINGS, cpu_seconds=100.0), 40, 65, True),
    ],
)
def test_the_last_part_is_a_share_of_the_limit(settings: RunSettings, now: float, used: float, closing: bool) -> None:
    where = problem(settings)
    assert plan(where, lived(where), now=now, used=used).closing is closing


@pytest.mark.parametrize("known", [{"sizes": False}, {"epochs": (1,) * (LEAST_KNOWN - 1)}])
def test_without_anything_known_of_trainings_here_nothing_is_planned(known: dict) -> None:
    where = problem()
    history = lived(where, **known)
    last = plan(where, history, now=599)
    assert not last.closing
    assert last.last_training() is None
    new = Trial(99, where.space.sample(np.random.default_rng(99)), 30)
    assert last.fitted(new) is new


def test_the_best_goes_on_as_far_as_its_part_of_the_time_and_cools_down() -> None:
    where = problem()
    history = lived(where)
    trial = plan(where, history, now=400).last_training()
    assert trial is not None
    assert (trial.id, trial.promotes, trial.cooldown, trial.keep) == (4, 3, True, False)
    takes = foreseen_s(where, trial, trial.epochs - 1)
    assert trial.epochs == 30 or takes <= PORTION * 200 < takes + foreseen_s(where, trial, 2)
    history.apply(trial_record("trial", trial, where.costs(trial.architecture), where.space))
    second = plan(where, history, now=400).last_training()
    assert second is not None
    assert second.promotes == 2


def test_what_is_over_the_budget_goes_on_no_more() -> None:
    where = problem()
    history = lived(where)
    needs = [o.costs.ram_bytes for o in history.networks.all()]
    tight = problem(replace(SETTINGS, budget=Budget(ram_bytes=sorted(needs)[1])))
    trial = plan(tight, history, now=400).last_training()
    assert trial is not None
    assert needs[trial.promotes] <= sorted(needs)[1]


def test_too_little_time_is_no_training() -> None:
    where = problem()
    assert plan(where, lived(where), now=599.5).last_training() is None
    assert plan(where, lived(where, epochs=(30, 30, 30, 30)), now=400).last_training() is None


def test_what_does_not_end_in_time_is_made_shorter_or_left_out() -> None:
    where = problem()
    history = lived(where)
    before = history.networks.latest(3)
    assert before is not None
    promotion = before.trial.promoted(4, epochs=3, keep=True)
    takes = foreseen_s(where, promotion, 2)
    early = plan(where, history, now=0)
    assert early.fitted(promotion) is promotion
    late = plan(where, history, now=600 - takes / MARGIN - 1)
    assert late.fitted(promotion) == replace(promotion, cooldown=True, keep=False)
    long = before.trial.promoted(4, epochs=30, keep=False)
    fitted = plan(where, history, now=600 - takes / PORTION - 5).fitted(long)
    assert fitted is not None
    assert fitted.cooldown
    assert 2 <= fitted.epochs < 30
    assert plan(where, history, now=599.9).fitted(promotion) is None
    new = Trial(4, where.space.sample(np.random.default_rng(50)), 1, keep=True)
    assert plan(where, history, now=0).fitted(new) is new
    assert plan(where, history, now=599.9).fitted(new) is None
