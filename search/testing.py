"""The conformance kit: `check_search_algorithm` holds any algorithm to what the runner relies on.

It needs no training: candidates get an error that is a fixed function of the network's costs, and a few fail.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from resource_models import costs
from search.algorithms.base import SearchAlgorithm
from search.budget import Budget
from search.spaces import SearchSpace
from search.trial import Observation, Trial

MakeAlgorithm = Callable[..., SearchAlgorithm]


def check_search_algorithm(
    make: MakeAlgorithm, space: SearchSpace, *, budget: Budget, proposals: int = 60, seed: int = 0, epochs: int = 3
) -> None:
    """Raise `AssertionError`, in words, when the algorithm breaks a rule.

    Args:
        make: called with `space`, `budget`, `seed` and `epochs`; returns a new algorithm.
        space: small enough that its networks lower in about a millisecond.
        budget: hard bounds that some networks of the space meet.
        proposals: length of the continuous run; choose it so that the algorithm leaves its opening phase.
        seed: of the run.
        epochs: asked of every trial.
    """

    def new(the_seed: int = seed) -> SearchAlgorithm:
        return make(space=space, budget=budget, seed=the_seed, epochs=epochs)

    history = _continue(new(), [], space, budget, proposals)
    _check_proposals(history, space, epochs)
    again = _continue(new(), [], space, budget, proposals)
    _expect(_trials(again) == _trials(history), "the same seed must give the same trials")
    other = _continue(new(seed + 1), [], space, budget, proposals)
    _expect(_trials(other) != _trials(history), "another seed must give other trials")
    _check_replay(new, history, space, budget)
    _check_ask_is_pure(new, history)


def synthetic_observation(trial: Trial, space: SearchSpace, budget: Budget) -> Observation:
    """What a trial is told to have given: infeasible by its costs; one in nine fails; else an error from its costs."""
    needed = costs(space.lower(trial.architecture))
    if budget.bounds == "hard" and not budget.allows(needed):
        return Observation(trial, "infeasible", needed)
    if trial.id % 9 == 4:
        return Observation(trial, "failed", needed, message="a failure made for this check")
    error = float(1 / (1 + np.log1p(needed.macs)) + (trial.id % 5) / 100)
    return Observation(trial, "trained", needed, val_error=error, epochs=trial.epochs, history=(error,))


def _continue(
    algorithm: SearchAlgorithm, told: list[Observation], space: SearchSpace, budget: Budget, proposals: int
) -> list[Observation]:
    history = list(told)
    for observation in told:
        algorithm.tell(observation)
    for trial_id in range(len(told), proposals):
        trial = algorithm.ask(trial_id)
        _expect(space.contains(trial.architecture), f"trial {trial_id} must be of the space")
        observation = synthetic_observation(trial, space, budget)
        algorithm.tell(observation)
        history.append(observation)
    return history


def _check_proposals(history: list[Observation], space: SearchSpace, epochs: int) -> None:
    trained = {o.trial_id for o in history if o.status == "trained"}
    for number, observation in enumerate(history):
        trial = observation.trial
        _expect(trial.id == number, f"trial {number} must keep the number that it was asked for, not {trial.id}")
        _expect(0 < trial.epochs <= epochs, f"trial {number} must train for 1 to {epochs} epochs, not {trial.epochs}")
        _expect(trial.parent is None or trial.parent in trained, f"the parent of trial {number} must be trained")
        document = json.loads(json.dumps(space.to_json(trial.architecture)))
        _expect(space.from_json(document) == trial.architecture, f"trial {number} must survive its JSON form")
    _expect(any(o.status == "trained" for o in history), "some proposals must meet the budget")


def _check_replay(
    new: Callable[[], SearchAlgorithm], history: list[Observation], space: SearchSpace, budget: Budget
) -> None:
    """An algorithm that is told the first part of a run must go on as the one that lived through it."""
    for cut in (1, len(history) // 2, len(history) - 1):
        resumed = _continue(new(), history[:cut], space, budget, len(history))
        _expect(_trials(resumed) == _trials(history), f"a run resumed after {cut} proposals must go on unchanged")


def _check_ask_is_pure(new: Callable[[], SearchAlgorithm], history: list[Observation]) -> None:
    """Asking twice, or for numbers out of order, as several workers do, must change nothing."""
    plain, curious = new(), new()
    for observation in history:
        plain.tell(observation)
        curious.ask(observation.trial_id)
        curious.tell(copy.copy(observation))
    number = len(history)
    curious.ask(number + 1)
    first, second, expected = curious.ask(number), curious.ask(number), plain.ask(number)
    _expect(first == second, "asking twice for the same number must give the same trial")
    _expect(first == expected, "asking must not change what is proposed later")


def _trials(history: list[Observation]) -> list[tuple[Any, ...]]:
    return [(o.trial.id, o.trial.architecture, o.trial.epochs, o.trial.parent, dict(o.trial.genes)) for o in history]


def _expect(holds: bool, rule: str) -> None:
    if not holds:
        raise AssertionError(f"search algorithm: {rule}")
