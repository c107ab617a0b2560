"""A run with a real journal in which every network but the first was made from an earlier one, without training."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from search import Budget, Observation, Run, Trial
from search.journal import FILE_NAME, Journal
from search.journal.history import observation_record, trial_record
from search.problem import Problem
from tests.support.recorded_run import SETTINGS

WIDE = replace(SETTINGS, dataset="mnist", budget=Budget.parse(ram="none", flash="none"), trials=100)
"""Larger networks, which not every board takes."""


def evolved_run(folder: Path, *, trained: int = 16, seed: int = 1, settings=SETTINGS, genes: bool = False) -> Run:
    """A run of `trained` networks, each a neighbour of one before it; errors fall along a line."""
    run = Run.create(settings, folder)
    problem = Problem.of(run.settings)
    rng = np.random.default_rng(seed)
    first = next(a for a in iter(lambda: problem.space.sample(rng), None) if problem.budget.allows(problem.costs(a)))
    known: list[tuple[Trial, float]] = []
    with Journal.reopen(run.folder / FILE_NAME) as journal:
        number = 0
        while len(known) < trained:
            parent, error = known[int(rng.integers(max(len(known) - 3, 0), len(known)))] if known else (None, 0.62)
            architecture = first if parent is None else _child(problem, parent.architecture, rng)
            inherited = {"sparsity": 0.2 + 0.013 * number} if genes else {}
            trial = Trial(number, architecture, 5, parent=None if parent is None else parent.id, genes=inherited)
            costs = problem.costs(architecture)
            fits = problem.budget.allows(costs)
            journal.append(trial_record("trial" if fits else "infeasible", trial, costs, problem.space))
            if fits:
                reached = max(error * float(rng.uniform(0.7, 1.05)), 0.01)
                history = (0.9, *(reached + (0.9 - reached) * share for share in (0.5, 0.2, 0.05)), reached)
                outcome = Observation(
                    trial, "trained", costs, val_error=reached, epochs=5, seconds=1.5, history=history
                )
                journal.append(observation_record(outcome, elapsed_s=2.0 * number, cpu_seconds=3.0 * number))
                known.append((trial, reached))
            number += 1
    return Run.open(run.folder)


def _child(problem: Problem, parent: object, rng: np.random.Generator) -> object:
    neighbours = problem.space.neighbours(parent, rng)
    return neighbours[int(rng.integers(len(neighbours)))]
