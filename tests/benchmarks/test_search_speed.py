"""How fast a search is: first point, candidates per minute, proposals per second, replay of a long journal."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search import Run
from search.algorithms import create
from search.journal.history import History, observation_record, trial_record
from search.problem import Problem
from search.testing import synthetic_observation
from tests.support.running import PATIENCE_S, SHORT

DIGITS = replace(SHORT, epochs=30, workers=2, trials=40, seed=0)


@pytest.mark.bench
def test_first_point_and_candidates_per_minute(tmp_path: Path) -> None:
    run = Run.create(DIGITS, tmp_path / "run")
    moments: list[float] = []
    first = threading.Event()

    def watch(event) -> None:
        if event.kind == "observation":
            moments.append(time.monotonic())
            first.set()

    run.subscribe(watch)
    began = time.monotonic()
    run.start()
    assert first.wait(PATIENCE_S)
    run.wait(PATIENCE_S)
    rate = 60 * (len(moments) - 1) / (moments[-1] - moments[0])
    progress = run.progress()
    print(f"\nfirst trained point      {moments[0] - began:6.1f} s after Start")
    print(f"afterwards               {rate:6.1f} candidates per minute with {run.settings.workers} workers")
    print(f"processor time           {progress.cpu_seconds / len(moments):6.2f} s per candidate, imports included")


@pytest.mark.bench
@pytest.mark.parametrize("name", ["random", "aging_evolution"])
def test_proposals_per_second(name: str) -> None:
    problem = Problem.of(DIGITS)
    algorithm = create(name, space=problem.space, budget=problem.budget, seed=0, epochs=30, options={})
    asked = told = 0.0
    count = 600
    for number in range(count):
        began = time.perf_counter()
        trial = algorithm.ask(number)
        asked += time.perf_counter() - began
        observation = synthetic_observation(trial, problem.space, problem.budget)
        began = time.perf_counter()
        algorithm.tell(observation)
        told += time.perf_counter() - began
    began = time.perf_counter()
    for number in range(count):
        problem.costs(problem.space.sample(np.random.default_rng(number)))
    costs = time.perf_counter() - began
    print(f"\n{name:16} ask {1e3 * asked / count:.2f} ms, tell {1e3 * told / count:.3f} ms", end="")
    print(f"; sample and costs {1e3 * costs / count:.2f} ms")


@pytest.mark.bench
def test_replay_of_ten_thousand_observations() -> None:
    problem = Problem.of(DIGITS)
    records = []
    algorithm = create("random", space=problem.space, budget=problem.budget, seed=0, epochs=30, options={})
    for number in range(10_000):
        trial = algorithm.ask(number)
        observation = synthetic_observation(trial, problem.space, replace(problem.budget, bounds="soft"))
        records.append(trial_record("trial", trial, observation.costs, problem.space))
        records.append(observation_record(observation, elapsed_s=1.0, cpu_seconds=1.0))
    algorithm = create("aging_evolution", space=problem.space, budget=problem.budget, seed=0, epochs=30, options={})
    history = History(problem.space)
    began = time.perf_counter()
    for record in records:
        observation = history.apply(record)
        if observation is not None:
            algorithm.tell(observation)
    print(f"\nreplay of 10,000 observations {time.perf_counter() - began:.2f} s")
