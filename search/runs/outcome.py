"""What came of a training, from what its worker gave back."""

from __future__ import annotations

import math
from concurrent.futures import BrokenExecutor, Future
from typing import Any

from resource_models import Costs
from search.errors import TrainingError
from search.executors import ExecutorClosedError, last_words
from search.problem import Problem
from search.trial import Observation, Trial


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
        result = future.result()
    except BrokenExecutor as error:
        why = f"its worker process was ended by the system, most likely for want of memory{last_words(error)}"
        return Observation(trial, "failed", costs, message=why)
    except ExecutorClosedError:
        return Observation(trial, "failed", costs, message="its worker was ended before the training was over")
    except TrainingError as error:
        return Observation(trial, "failed", costs, message=str(error))
    history, channels, zeros = tuple(result["history"]), result.get("channels"), result.get("zeros", 0)
    if not history or not all(math.isfinite(e) for e in history):
        return Observation(trial, "failed", costs, message="its training gave no finite validation error")
    if problem.settings.recipe.pruning is not None:
        costs = problem.pruned_costs(trial.architecture, channels, zeros)
    losses = tuple(result["losses"])
    return Observation(
        trial,
        "trained",
        costs,
        val_error=history[-1],
        epochs=len(history),
        seconds=result["seconds"],
        history=history,
        losses=(*losses_before[: len(history) - len(losses)], *losses),
        channels=channels,
        zeros=zeros,
        epochs_spent=len(losses),
    )
