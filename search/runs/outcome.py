"""What came of a training, from what its worker gave back."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Future
from typing import Any

from resource_models import Costs
from search.errors import TrainingError
from search.executors import ExecutorClosedError, last_words
from search.journal.answers import Trained, read_training
from search.journal.records import check_costs
from search.problem import Problem
from search.trial import Observation, Trial

LONGEST_MESSAGE = 20_000
"""Characters of why a training failed that are kept."""


def outcome(
    trial: Trial, costs: Costs, future: Future[Any], problem: Problem, *, losses_before: tuple[float, ...] = ()
) -> Observation:
    """The figures of a training that is over, or why it failed.

    Args:
        trial: what was trained.
        costs: what its network was expected to need.
        future: of the worker, done.
        problem: of the run.
        losses_before: of the training that this one went on with, epoch by epoch.
    """
    try:
        trained = read_training(_answer(future), epochs=trial.epochs)
        needed = _costs_after(trained, trial, problem, expected=costs)
    except TrainingError as error:
        message = str(error).encode("utf-8", "replace").decode("utf-8")[:LONGEST_MESSAGE]
        return Observation(trial, "failed", costs, message=message)
    before = losses_before[: len(trained.history) - len(trained.losses)]
    return Observation(
        trial,
        "trained",
        needed,
        val_error=trained.history[-1],
        epochs=min(trial.epochs, len(trained.history)),
        seconds=trained.seconds,
        history=trained.history,
        losses=(*before, *trained.losses),
        channels=trained.channels,
        zeros=trained.zeros,
        epochs_spent=len(trained.losses) if trained.epochs_spent is None else trained.epochs_spent,
    )


def _answer(future: Future[Any]) -> Any:
    """What the worker gave back.

    Raises:
        TrainingError: it gave nothing back.
    """
    try:
        return future.result()
    except BrokenExecutor as error:
        raise TrainingError(
            f"its worker process was ended by the system, most likely for want of memory{last_words(error)}"
        ) from None
    except ExecutorClosedError:
        raise TrainingError("its worker was ended before the training was over") from None


def _costs_after(trained: Trained, trial: Trial, problem: Problem, *, expected: Costs) -> Costs:
    """What the network needs now that it is trained.

    Raises:
        TrainingError: what was pruned is nothing that this network has.
    """
    if problem.settings.recipe.pruning is None:
        return expected
    try:
        costs = problem.pruned_costs(trial.architecture, trained.channels, trained.zeros)
        check_costs(costs)
    except Exception as error:
        raise TrainingError(f"its training gave channels that its network cannot have ({error})") from error
    return costs
