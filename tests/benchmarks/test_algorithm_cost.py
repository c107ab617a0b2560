"""What algorithms cost after 10,000 observations, profiling left out, and how long such a run takes to open."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search import Budget, Run, RunSettings, journal
from search.algorithms import ON_DRAGONFLY, algorithms, create, note_started
from search.journal.history import observation_record, trial_record
from search.problem import Problem
from search.runs.algorithm_handle import Adviser
from search.testing import synthetic_observation
from search.trial import Observation, Trial

FIRST = 6_750
EPOCHS = (1, 3, 9, 27)
OBSERVATIONS = FIRST + FIRST // 3 + FIRST // 9 + FIRST // 27
"""Ten thousand: networks on the lowest of four rungs, and the third that goes on from each."""
MEASURED = 100
SETTINGS = RunSettings(
    dataset="digits", budget=Budget.parse(ram="64 KiB", flash="1 MiB"), epochs=27, trials=2 * OBSERVATIONS, seed=1
)


class Stopwatch:
    """Adds up the processor time of calls of one function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.seconds = 0.0
        self._function = function

    def __call__(self, *given: Any) -> Any:
        began = time.process_time()
        try:
            return self._function(*given)
        finally:
            self.seconds += time.process_time() - began


@pytest.fixture(scope="module")
def problem() -> Problem:
    return Problem.of(SETTINGS)


@pytest.fixture(scope="module")
def events(problem: Problem) -> list[Trial | Observation]:
    """A long run: samples within the budget, promoted over four rungs as by successive halving."""
    return list(lived(problem))


def lived(problem: Problem) -> Iterator[Trial | Observation]:
    """Every trial that is handed out, and after it what it gave."""
    rung: list[Observation] = []
    refused = number = 0
    while number < FIRST:
        sample = problem.space.sample(np.random.default_rng(number + refused))
        trial = Trial(number, sample, EPOCHS[0], keep=True)
        observation = synthetic_observation(trial, problem.space, problem.budget)
        if observation.status == "infeasible":
            refused += 1
            continue
        number += 1
        rung.append(observation)
        yield trial
        yield observation
    for epochs in EPOCHS[1:]:
        trained = [o for o in rung if o.status == "trained"]
        best = sorted(trained, key=lambda o: o.val_error or 0.0)[: len(rung) // 3]
        rung = []
        for before in best:
            trial = before.trial.promoted(number, epochs=epochs, keep=epochs < EPOCHS[-1])
            number += 1
            rung.append(synthetic_observation(trial, problem.space, problem.budget, promoted=before))
            yield trial
            yield rung[-1]


@pytest.mark.bench
@pytest.mark.parametrize("name", [info.name for info in algorithms() if info.name not in ON_DRAGONFLY])
def test_ask_and_tell_after_ten_thousand_observations(name: str, problem: Problem, events, monkeypatch) -> None:
    costs, lower = Stopwatch(problem.costs), Stopwatch(problem.space.lower)
    monkeypatch.setattr(problem.space, "lower", lower)
    s = problem.settings
    algorithm = create(name, space=problem.space, budget=s.budget, seed=1, epochs=s.epochs, options={}, costs=costs)
    began = time.process_time()
    for event in events:
        if isinstance(event, Trial):
            note_started(algorithm, event)
        else:
            algorithm.tell(event)
    replayed = time.process_time() - began
    over = {event.trial_id: event for event in events if isinstance(event, Observation)}
    outcome = partial(synthetic_observation, space=problem.space, budget=s.budget)
    number = len(over)
    while (trial := algorithm.ask(number)).promotes is not None:  # what another algorithm would not have left undone
        note_started(algorithm, trial)
        over[number] = outcome(trial, promoted=over[trial.promotes])
        algorithm.tell(over[number])
        number += 1
    asked = told = 0.0
    costs.seconds = lower.seconds = 0.0
    promotions = 0
    for later in range(number, number + MEASURED):
        began = time.process_time()
        trial = algorithm.ask(later)
        asked += time.process_time() - began
        promotions += trial.promotes is not None
        spent = costs.seconds, lower.seconds
        over[later] = outcome(trial, promoted=over.get(trial.promotes))
        costs.seconds, lower.seconds = spent
        began = time.process_time()
        if over[later].status != "infeasible":
            note_started(algorithm, trial)
        algorithm.tell(over[later])
        told += time.process_time() - began
    whole, profiling = 1e3 * (asked + told) / MEASURED, 1e3 * costs.seconds / MEASURED
    print(f"\n{name:20} ask + tell {whole - profiling:8.2f} ms without profiling, {profiling:.2f} ms of profiling")
    print(f"{'':20} of the former tell {1e3 * told / MEASURED:.2f} ms", end="; ")
    print(f"lowering in both {1e3 * lower.seconds / MEASURED:.2f} ms")
    print(f"{'':20} {promotions} of {MEASURED} were promotions; told 10,000 observations in {replayed:.2f} s")


@pytest.mark.bench
@pytest.mark.parametrize("name", ["random", "aging_evolution", "pareto_halving"])
def test_opening_a_run_of_ten_thousand_observations(name: str, problem: Problem, events, tmp_path: Path) -> None:
    run = Run.create(replace(SETTINGS, algorithm=name), tmp_path / "run")
    with journal.Journal.reopen(run.folder / journal.FILE_NAME) as writer:
        for event in events:
            if isinstance(event, Trial):
                writer.append(trial_record("trial", event, problem.costs(event.architecture), problem.space))
            else:
                writer.append(observation_record(event, elapsed_s=1.0, cpu_seconds=1.0))
    began = time.process_time()
    opened = Run.open(run.folder)
    seconds = time.process_time() - began
    assert len(opened.observations()) == OBSERVATIONS
    began = time.process_time()
    tried = replace(problem, settings=run.settings)
    history = Adviser(tried).recall(journal.read(run.folder / journal.FILE_NAME)[1])
    told = time.process_time() - began
    assert len(history.observations) == OBSERVATIONS
    size = (run.folder / journal.FILE_NAME).stat().st_size / 2**20
    print(f"\n{name:20} Run.open {seconds:.2f} s; replay into the algorithm {told:.2f} s; journal {size:.1f} MiB")
