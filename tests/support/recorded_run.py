"""A run with a real journal, written as a run writes it, but without training."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from resource_models import Costs
from search import Budget, Observation, Run, RunSettings, Trial
from search.journal import FILE_NAME, Journal
from search.journal.file import read_header
from search.journal.history import observation_record, trial_record
from search.journal.inherited import inherited_of
from search.problem import Problem

SETTINGS = RunSettings(
    dataset="digits",
    board="arduino-nano-33-ble",
    budget=Budget.parse(ram="8 KiB", flash="64 KiB"),
    trials=30,
    workers=1,
).with_board_budget()  # as a run has them, with the latency's bound by default


def _anything(_costs: Costs, rng: np.random.Generator) -> float:
    return float(rng.uniform(0.02, 0.6))


def recorded_run(
    folder: Path,
    *,
    trained: int = 12,
    seed: int = 0,
    settings: RunSettings = SETTINGS,
    error: Callable[[Costs, np.random.Generator], float] = _anything,
) -> Run:
    """A run whose journal holds `trained` trials, one failure, and the infeasible proposals between them."""
    run = Run.create(settings, folder)
    problem = Problem.of(run.settings)
    rng = np.random.default_rng(seed)
    with Journal.reopen(run.folder / FILE_NAME) as journal:
        number, left = 0, trained + 1
        while left:
            trial = Trial(number, problem.space.sample(rng), 3)
            costs = problem.costs(trial.architecture)
            feasible = problem.budget.allows(costs)
            journal.append(trial_record("trial" if feasible else "infeasible", trial, costs, problem.space))
            if feasible:
                left -= 1
                observation = _outcome(trial, costs, error=error(costs, rng), failed=left == 0)
                journal.append(observation_record(observation, elapsed_s=2.0 * number, cpu_seconds=3.0 * number))
            number += 1
    return Run.open(run.folder)


def begun_from(run: Run, folder: Path) -> Run:
    """A run whose first networks are those of another one, with two of them trained."""
    made = Run.create(replace(SETTINGS, start_from=str(run.folder)), folder)
    problem, rng = Problem.of(made.settings), np.random.default_rng(1)
    documents = inherited_of(read_header(made.folder / FILE_NAME), made.folder / FILE_NAME).networks
    with Journal.reopen(made.folder / FILE_NAME) as journal:
        for number, document in enumerate(documents[:2]):
            trial = Trial(number, problem.space.from_json(document), 3, inherited=True)
            costs = problem.costs(trial.architecture)
            journal.append(trial_record("trial", trial, costs, problem.space))
            observation = _outcome(trial, costs, error=_anything(costs, rng), failed=False)
            journal.append(observation_record(observation, elapsed_s=2.0 * number, cpu_seconds=3.0 * number))
    return Run.open(folder)


def ten_thousand(folder: Path) -> Run:
    """Ten thousand different networks in a roomy budget: the more memory, the lower the error; about 40 on the front.

    The run may go on, and grows by a network with each training.
    """
    budget = Budget.parse(ram="64 KiB", flash="256 KiB", latency="200 ms")
    settings = replace(SETTINGS, budget=budget, algorithm="aging_evolution", trials=100_000)
    return recorded_run(folder, trained=10_000, settings=settings, error=_falling)


def _falling(costs: Costs, rng: np.random.Generator) -> float:
    mean = 0.6 * np.exp(-rng.uniform() * costs.ram_bytes / 8000)
    return float(np.clip(mean + rng.normal(0, 0.03), 0.01, 0.9))


def _outcome(trial: Trial, costs: Costs, *, error: float, failed: bool) -> Observation:
    if failed:
        return Observation(trial, "failed", costs, message="ValueError: made to fail")
    return Observation(trial, "trained", costs, val_error=error, epochs=3, seconds=1.5, history=(0.9, error, error))
