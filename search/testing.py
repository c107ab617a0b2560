"""The conformance kits of algorithms and of what tasks run on: `check_search_algorithm` and `check_executor`.

That of algorithms holds any of them to what the runner relies on. It needs no training: candidates get a learning curve
that is a fixed function of the network's costs, and a few fail.
"""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from resource_models import Costs, costs
from search.algorithms.base import BUILT_IN, SearchAlgorithm, adopted, multi_fidelity_of, note_started
from search.budget import Budget
from search.executors.testing import check_executor
from search.journal.promotions import Networks
from search.spaces import Architecture, SearchSpace
from search.trial import Observation, Trial, measurements

__all__ = ["check_executor", "check_search_algorithm", "synthetic_observation"]

MakeAlgorithm = Callable[..., SearchAlgorithm]
Event = Trial | Observation
"""A trial that was handed out, or one that is over."""

FROM_OUTSIDE = 5
"""Networks from outside that a run begins with, as one does that is begun from another one."""
SEVERAL = 3
"""Workers of the run in which proposals are made before earlier ones are over."""


def check_search_algorithm(
    make: MakeAlgorithm, space: SearchSpace, *, budget: Budget, proposals: int = 60, seed: int = 0, epochs: int = 3
) -> None:
    """Raise `AssertionError`, in words, when the algorithm breaks a rule.

    Args:
        make: called with `space`, `budget`, `seed` and `epochs`; returns a new algorithm.
        space: small enough that its networks lower in about a millisecond.
        budget: hard bounds that some networks of the space meet.
        proposals: length of the continuous run; choose it so that the algorithm leaves its warm-up.
        seed: of the run.
        epochs: that no trial may exceed.
    """
    costs_of = functools.cache(lambda architecture: costs(space.lower(architecture)))

    def new(the_seed: int = seed) -> SearchAlgorithm:
        return make(space=space, budget=budget, seed=the_seed, epochs=epochs)

    def events_of(
        the_seed: int = seed, *, workers: int = 1, earlier: Sequence[Event] = (), outside: Sequence[Architecture] = ()
    ) -> list[Event]:
        run = _SimulatedRun(new(the_seed), space, budget, epochs, costs_of, outside)
        for event in earlier:
            run.take(event)
        run.go_on(min(proposals, 4 * FROM_OUTSIDE) if outside else proposals, workers)
        return run.events

    for workers in (1, SEVERAL):
        events = events_of(workers=workers)
        _check_multi_fidelity(new(), events, epochs)
        again = events_of(workers=workers)
        _expect(_trials(again) == _trials(events), "the same seed must give the same trials")
        # An algorithm that is told the first part of a run must go on as the one that saw all of it.
        for cut in (1, len(events) // 2, len(events) - 1):
            resumed = events_of(workers=workers, earlier=events[:cut])
            _expect(_trials(resumed) == _trials(events), f"a run resumed after {cut} events must go on unchanged")
        _check_ask_is_pure(new, events)
        _expect(_trials(events_of(seed + 1, workers=workers)) != _trials(events), "another seed must give other trials")

    outside = _some_within(space, budget, costs_of)
    events = events_of(workers=SEVERAL, outside=outside)
    for cut in (1, FROM_OUTSIDE, len(events) - 1):
        resumed = events_of(workers=SEVERAL, earlier=events[:cut], outside=outside)
        rule = f"a run that begins with networks from outside and is resumed after {cut} events must go on unchanged"
        _expect(_trials(resumed) == _trials(events), rule)


def synthetic_observation(
    trial: Trial, space: SearchSpace, budget: Budget, *, promoted: Observation | None = None
) -> Observation:
    """What a trial is told to have given: infeasible by its costs; one in nine fails; else a learning curve.

    The curve falls with every epoch towards a floor, both fixed by the network's costs: larger networks end lower, and
    some learn faster than others, so that short trainings rank networks roughly as long ones do.

    Args:
        trial: what was proposed.
        space: of the run.
        budget: of the run.
        promoted: what came of the trial that it promotes, if any; its epochs are not trained again.
    """
    return _outcome(trial, costs(space.lower(trial.architecture)), budget, promoted)


def _outcome(trial: Trial, needed: Costs, budget: Budget, promoted: Observation | None) -> Observation:
    if budget.bounds == "hard" and not budget.allows(needed):
        return Observation(trial, "infeasible", needed)
    if trial.id % 9 == 4:
        return Observation(trial, "failed", needed, message="a failure made for this check")
    floor = 1 / (1 + np.log1p(needed.macs)) + needed.macs % 5 / 100
    speed = 0.5 + needed.model_bytes % 7 / 7
    moments = [*range(1, measurements(trial.epochs)), trial.epochs]
    curve = tuple(float(floor + (0.9 - floor) * (1 + epoch) ** -speed) for epoch in moments)
    done = 0 if promoted is None else promoted.epochs
    return Observation(
        trial,
        "trained",
        needed,
        val_error=curve[-1],
        epochs=trial.epochs,
        history=curve,
        epochs_spent=trial.epochs - done,
    )


class _SimulatedRun:
    """A run without a runner: asks, hands out, and ends trials in the order in which they began."""

    def __init__(
        self,
        algorithm: SearchAlgorithm,
        space: SearchSpace,
        budget: Budget,
        epochs: int,
        costs_of: Callable[[Architecture], Costs],
        outside: Sequence[Architecture] = (),
    ) -> None:
        self._outside = tuple(outside)
        self._algorithm = algorithm
        self._space = space
        self._budget = budget
        self._epochs = epochs
        self._costs_of = costs_of
        self._next = 0
        self._pending: list[Trial] = []
        self._networks = Networks()
        self.events: list[Event] = []

    def take(self, event: Event) -> None:
        """Have the algorithm, and what is kept here, take in what happened."""
        self.events.append(event)
        if isinstance(event, Trial):
            self._next = event.id + 1
            self._pending.append(event)
            self._networks.hand_out(event)
            note_started(self._algorithm, event)
            return
        if event.status == "infeasible":
            self._next = event.trial_id + 1
        else:
            self._pending = [trial for trial in self._pending if trial.id != event.trial_id]
            self._networks.end(event)
        self._algorithm.tell(event)

    def go_on(self, proposals: int, workers: int) -> None:
        """Until so many proposals have been made and all are over."""
        while self._next < proposals or self._pending:
            if self._next < proposals and len(self._pending) < workers:
                trial = self._proposal()
                self._check(trial)
                outcome = self._outcome(trial)
                self.take(outcome if outcome.status == "infeasible" else trial)
            else:
                self.take(self._outcome(self._pending[0]))
        _expect(self._networks.trained > 0, "some proposals must meet the budget")

    def _proposal(self) -> Trial:
        """The next network from outside, or a promotion that is due, while there are such networks."""
        begun = sum(isinstance(event, Trial) and event.promotes is None for event in self.events)
        if begun >= len(self._outside):
            return self._algorithm.ask(self._next)
        trial, network = adopted(self._algorithm, self._next, self._outside[begun]), self._outside[begun]
        taken = trial.promotes is not None or trial.architecture == network
        _expect(taken, f"trial {self._next} must be a promotion or the network from outside that was given")
        return trial

    def _outcome(self, trial: Trial) -> Observation:
        promoted = None if trial.promotes is None else self._networks.over(trial.promotes)
        return _outcome(trial, self._costs_of(trial.architecture), self._budget, promoted)

    def _check(self, trial: Trial) -> None:
        number = self._next
        _expect(trial.id == number, f"trial {number} must keep the number that it was asked for, not {trial.id}")
        _expect(self._space.contains(trial.architecture), f"trial {number} must be of the space")
        longest = self._epochs
        _expect(0 < trial.epochs <= longest, f"trial {number} must train for 1 to {longest} epochs, not {trial.epochs}")
        parent = None if trial.parent is None else self._networks.over(trial.parent)
        trained = parent is not None and parent.status == "trained"
        _expect(trial.parent is None or trained, f"the parent of trial {number} must be trained")
        objection = self._networks.objection(trial)
        _expect(not objection, f"the promotion that trial {number} is cannot be: {objection}")
        document = json.loads(json.dumps(self._space.to_json(trial.architecture)))
        _expect(self._space.from_json(document) == trial.architecture, f"trial {number} must survive its JSON form")


def _check_multi_fidelity(algorithm: SearchAlgorithm, events: Sequence[Event], epochs: int) -> None:
    """What the algorithm declares is what it does: only "built in" ones go on with trainings or train for less."""
    declared = multi_fidelity_of(algorithm)
    if declared == BUILT_IN:
        return
    trials = [event for event in events if isinstance(event, Trial)]
    goes_on = any(trial.promotes is not None or trial.keep for trial in trials)
    _expect(not goes_on, f'what goes on with trainings must declare multi_fidelity = "built in", not {declared!r}')
    full = declared is None or all(trial.epochs == epochs for trial in trials)
    _expect(full, "what trains for less than `epochs` cannot be wrapped and must declare multi_fidelity = None")


def _check_ask_is_pure(new: Callable[[], SearchAlgorithm], events: Sequence[Event]) -> None:
    """Asking twice, or for numbers out of order, as several workers do, must change nothing."""
    plain, asked = new(), new()
    for event in events:
        asked.ask(event.id if isinstance(event, Trial) else event.trial_id)
        for algorithm in (plain, asked):
            if isinstance(event, Trial):
                note_started(algorithm, event)
            else:
                algorithm.tell(copy.copy(event))
    number = 1 + max(event.id for event in events if isinstance(event, Trial))
    asked.ask(number + 1)
    first, second, expected = asked.ask(number), asked.ask(number), plain.ask(number)
    _expect(first == second, "asking twice for the same number must give the same trial")
    _expect(first == expected, "asking must not change what is proposed later")


def _trials(events: Sequence[Event]) -> list[tuple[Any, ...]]:
    """Everything that was proposed, in order; genes as plain values, since mappings of other kinds are alike."""
    proposed = [
        e if isinstance(e, Trial) else e.trial for e in events if isinstance(e, Trial) or e.status == "infeasible"
    ]
    return [(replace(trial, genes={}), dict(trial.genes)) for trial in proposed]


def _some_within(
    space: SearchSpace, budget: Budget, costs_of: Callable[[Architecture], Costs]
) -> tuple[Architecture, ...]:
    """A few different networks that meet the budget: on a walk from one of the smallest that stays within it."""
    rng, found = np.random.default_rng(FROM_OUTSIDE), dict[Architecture, None]()
    network = space.smallest()[0]
    for _ in range(20 * FROM_OUTSIDE):
        neighbours = space.neighbours(network, rng)
        drawn = neighbours[int(rng.integers(len(neighbours)))]
        if budget.allows(costs_of(drawn)):
            network = drawn
            found[drawn] = None
    return tuple(found)[:FROM_OUTSIDE]


def _expect(holds: bool, rule: str) -> None:
    if not holds:
        raise AssertionError(f"search algorithm: {rule}")
