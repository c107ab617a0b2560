"""How a search spends a time limit: on new networks first, and in the end on training the best of them to their end.

A search that stops in the middle leaves networks that were trained at a high learning rate, which says little of what
they can do. So the last part of the time begins no network that the best could use better: these go on, best first, as
far as the time goes, and their learning rate falls to zero. What a training takes is foreseen from the workload's
model, times what the network's earlier trainings took here over what the model says of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from search.algorithms.rungs import best_first, ranked_resources
from search.journal.history import History
from search.measures.objectives import error_or_worst
from search.problem import Problem
from search.runs.clock import LEAST_KNOWN, RunClock
from search.trainer import LEAST_STEPS
from search.trial import Observation, Trial
from search.workload import Workload

PORTION = 0.6
"""Of the time that is left, what the next of the last trainings may take."""
MARGIN = 0.9
"""Of the time that is left, what any training may be foreseen to take."""
LEAST_GAIN = 0.25
"""A last training that adds less than this share of the epochs that a network has is not worth its beginning."""
RECENT = 20
"""Trainings that the speed is taken from."""


class TimePlan:
    """Plans within the limits of a run's settings; without a limit of time it leaves everything as it is.

    Args:
        problem: of the run, with the settings that hold now.
        history: of the run.
        clock: of the run.
        workers: how many there are now.
    """

    def __init__(self, problem: Problem, history: History, clock: RunClock, workers: Callable[[], int]) -> None:
        self._problem = problem
        self._history = history
        self._clock = clock
        self._workers = workers
        self._speeds: dict[int, float] = {}

    @property
    def closing(self) -> bool:
        """Whether the last part of the time has begun."""
        return self._known and self._left_s() <= self._closing_s()

    def last_training(self) -> Trial | None:
        """The next of the last trainings, numbered as the next proposal; None where none is due or worth it."""
        if not self.closing:
            return None
        left_s = PORTION * self._left_s()
        for observation in self._best():
            trial = self._as_far_as(observation, left_s)
            if trial is not None:
                return trial
        return None

    def fitted(self, trial: Trial) -> Trial | None:
        """A proposal as the time allows it: as it is, or a promotion that ends earlier, with its cooldown; or None."""
        if not self._known:
            return trial
        before = None if trial.promotes is None else self._history.networks.over(trial.promotes)
        if before is None and trial.promotes is not None:
            return trial  # which is refused for that
        done = 0 if before is None else before.epochs
        takes_s, left_s = self._foreseen_s(trial, trial.epochs - done, before), self._left_s()
        if before is None:
            return trial if takes_s <= MARGIN * left_s else None
        if takes_s <= left_s - self._closing_s():
            return trial
        if takes_s <= MARGIN * left_s:
            return replace(trial, cooldown=True, keep=False)
        return self._as_far_as(before, PORTION * left_s)

    @property
    def _known(self) -> bool:
        s = self._problem.settings
        limited = (s.minutes is not None or s.cpu_seconds is not None) and s.final_share > 0
        return limited and self._history.train_size is not None and self._history.trained >= LEAST_KNOWN

    def _left_s(self) -> float:
        """Seconds until the first limit, with the workers as busy as so far."""
        s, left = self._problem.settings, [math.inf]
        if s.minutes is not None:
            left.append(60 * s.minutes - self._clock.elapsed_s())
        if s.cpu_seconds is not None:
            left.append((s.cpu_seconds - self._clock.cpu_seconds()) / self._cpu_rate())
        return min(left)

    def _closing_s(self) -> float:
        """Seconds of the last part."""
        s = self._problem.settings
        wall = math.inf if s.minutes is None else 60 * s.minutes
        processor = math.inf if s.cpu_seconds is None else s.cpu_seconds / self._cpu_rate()
        return s.final_share * min(wall, processor)

    def _cpu_rate(self) -> float:
        """Processor seconds in a second, so far: less than one for each worker where others want the machine too."""
        elapsed_s, used = self._clock.elapsed_s(), self._clock.cpu_seconds()
        return used / elapsed_s if elapsed_s > 0 and used > 0 else max(1.0, self._workers())

    def _best(self) -> list[Observation]:
        """Networks within the budget whose training may go on, the best first."""
        networks, budget = self._history.networks, self._problem.budget
        last = [latest for shown in networks.all() if (latest := networks.latest(shown.trial_id)) is not None]
        last = [o for o in last if o.status == "trained" and o.trial.keep and budget.allows(o.costs)]
        if not last:
            return []
        points = np.array([[error_or_worst(o), *self._needs(o)] for o in last], dtype=np.float64)
        return [last[place] for place in best_first(points[:, ~np.isnan(points).any(axis=0)])]

    def _needs(self, observation: Observation) -> list[float]:
        needs = (getattr(observation.costs, name) for name in ranked_resources(self._problem.budget))
        return [math.nan if need is None else need for need in needs]

    def _as_far_as(self, before: Observation, seconds: float) -> Trial | None:
        """The network's training for so many seconds, or to its end; None where that is too little to be worth it."""
        one, two = (self._foreseen_s(before.trial, epochs, before) for epochs in (1, 2))
        more = (seconds - (2 * one - two)) / (two - one)
        epochs = min(before.epochs + more, self._problem.settings.epochs)
        epochs = math.floor(epochs) if epochs >= 1 else round(epochs, 2)
        gained = epochs - before.epochs
        if gained * self._workload.steps < LEAST_STEPS or gained < LEAST_GAIN * before.epochs:
            return None
        trial = before.trial.promoted(self._history.next_id, epochs=epochs, cooldown=True)
        return None if self._history.networks.objection(trial) else trial

    def _foreseen_s(self, trial: Trial, epochs: float, before: Observation | None) -> float:
        """What so many epochs more of a network take here."""
        model = self._workload.seconds(self._problem.graph(trial.architecture), epochs)
        return model * (self._speed(before) if before is not None else self._usual_speed())

    def _usual_speed(self) -> float:
        trained = [o for o in self._history.observations[-RECENT:] if o.status == "trained"]
        return float(np.median([self._speed(o) for o in trained])) if trained else 1.0

    def _speed(self, observation: Observation) -> float:
        """Seconds that a training took here, for each of the model's."""
        if observation.trial_id not in self._speeds:
            graph = self._problem.graph(observation.trial.architecture)
            model = self._workload.seconds(graph, observation.epochs_spent)
            self._speeds[observation.trial_id] = observation.seconds / model
        return self._speeds[observation.trial_id]

    @property
    def _workload(self) -> Workload:
        history, recipe = self._history, self._problem.settings.recipe
        return Workload(history.train_size or 1, history.validation_size or 1, recipe.batch_size)
