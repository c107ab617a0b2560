"""Searches in a table: the same algorithms, asked and told as in a run, with every training looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resource_models import Costs
from search.algorithms import SearchAlgorithm, close, note_started
from search.budget import Budget
from search.measures.reached import Reached
from search.problem import PATIENCE
from search.spaces import Architecture
from search.tabular.table import Table
from search.trial import Observation, Trial, measurements


@dataclass(frozen=True, slots=True)
class Step:
    """One training of a search in a table.

    Attributes:
        spent: full-training equivalents so far, this training included.
        observation: what it gave.
    """

    spent: float
    observation: Observation


MakeAlgorithm = Callable[..., SearchAlgorithm]


def simulate(
    make: MakeAlgorithm,
    table: Table,
    budget: Budget,
    *,
    equivalents: float,
    seed: int,
    accounting: str = "tflm",
) -> tuple[Step, ...]:
    """Search in a table until so many full trainings' worth of epochs is spent.

    A training that a promotion goes on with costs only the epochs that are new. One worker: each proposal is told
    before the next is asked.

    Args:
        make: called with `space`, `budget`, `seed`, `epochs` and `costs`; returns the algorithm.
        table: where the networks and their trainings are.
        budget: with hard or soft bounds.
        equivalents: epochs to spend, over the epochs of one full training.
        seed: of the algorithm.
        accounting: of the costs.
    """

    def needs(architecture: Architecture) -> Costs:
        return table.needs(architecture, accounting)

    algorithm = make(space=table.space, budget=budget, seed=seed, epochs=table.epochs, costs=needs)
    try:
        return tuple(_steps(algorithm, table, budget, needs, most_epochs=equivalents * table.epochs))
    finally:
        close(algorithm)


def _steps(
    algorithm: SearchAlgorithm,
    table: Table,
    budget: Budget,
    needs: Callable[[Architecture], Costs],
    *,
    most_epochs: float,
) -> Iterator[Step]:
    trained: dict[int, float] = {}
    spent, refused, number = 0.0, 0, 0
    while spent < most_epochs and refused < PATIENCE:
        trial = algorithm.ask(number)
        number += 1
        costs = needs(trial.architecture)
        if budget.bounds == "hard" and not budget.allows(costs):
            algorithm.tell(Observation(trial, "infeasible", costs))
            refused += 1
            continue
        refused = 0
        note_started(algorithm, trial)
        before = 0 if trial.promotes is None else trained[trial.promotes]
        trained[trial.id] = trial.epochs
        spent += trial.epochs - before
        observation = _observed(trial, table, costs, trial.epochs - before)
        algorithm.tell(observation)
        yield Step(table.equivalents(spent), observation)


def _observed(trial: Trial, table: Table, costs: Costs, epochs_spent: float) -> Observation:
    history = table.curve(trial.architecture)[: measurements(trial.epochs)]
    return Observation(
        trial,
        "trained",
        costs,
        val_error=history[-1],
        epochs=trial.epochs,
        history=history,
        epochs_spent=epochs_spent,
    )


def hypervolume_over(
    steps: tuple[Step, ...], budget: Budget, at: NDArray[np.float64], *, resources: Sequence[str] = ("ram_bytes",)
) -> NDArray[np.float64]:
    """Hypervolume of error and resources that was reached within each of so many full-training equivalents.

    NaN where the budget has no bound on one of the resources.
    """
    reached = Reached(budget, resources=resources)
    return _over(steps, at, reached, lambda: reached.hypervolume)


def best_error_over(steps: tuple[Step, ...], budget: Budget, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lowest error within the budget that was reached within each of so many full-training equivalents; 1 before."""
    reached = Reached(budget)
    return _over(steps, at, reached, lambda: reached.error)


def _over(
    steps: tuple[Step, ...], at: NDArray[np.float64], reached: Reached, value: Callable[[], float]
) -> NDArray[np.float64]:
    values = [value()]
    for step in steps:
        reached.take(step.observation)
        values.append(value())
    places = np.searchsorted([step.spent for step in steps], at, side="right")
    return np.asarray(np.array(values)[places], dtype=np.float64)
