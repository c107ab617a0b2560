"""Multi-fidelity for any algorithm: what it proposes trains for a few epochs, and only the best goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from search.algorithms.base import BUILT_IN, SearchAlgorithm, adopted, close, cpu_seconds_of, note_started
from search.algorithms.rungs import Rungs
from search.errors import SettingsError
from search.spaces import Architecture
from search.trial import Observation, Trial


class Halved:
    """An algorithm whose networks climb the rungs of successive halving.

    The algorithm itself sees first trainings only, whose errors are comparable with each other: it searches for
    networks that learn much in a few epochs, and the rungs find out which of them go on learning.

    Args:
        make: the algorithm; called with the epochs of its trainings.
        rungs: where they train, and on to where.
    """

    multi_fidelity = BUILT_IN

    def __init__(self, make: Callable[[float], SearchAlgorithm], rungs: Rungs) -> None:
        self._rungs = rungs
        self._inner = make(rungs.first)

    def ask(self, trial_id: int) -> Trial:
        """The promotion of the highest rung that has one to make, or else what the algorithm proposes.

        Raises:
            SettingsError: the algorithm promotes networks itself.
        """
        promotion = self._rungs.promotion(trial_id)
        if promotion is not None:
            return promotion
        return self._on_lowest_rung(self._inner.ask(trial_id))

    def adopt(self, trial_id: int, architecture: Architecture) -> Trial:
        """A promotion where one is due, else the network on the lowest rung; raises as `ask` does."""
        promotion = self._rungs.promotion(trial_id)
        if promotion is not None:
            return promotion
        return self._on_lowest_rung(adopted(self._inner, trial_id, architecture))

    def started(self, trial: Trial) -> None:
        """A network in training: the algorithm is told if it is new, and its rung if it goes on."""
        self._rungs.started(trial)
        if trial.promotes is None:
            note_started(self._inner, trial)

    def tell(self, observation: Observation) -> None:
        """A trained network takes its place on its rung; the algorithm learns from first trainings."""
        self._rungs.tell(observation)
        if observation.trial.promotes is None:
            self._inner.tell(observation)

    def cpu_seconds(self) -> float:
        """Processor seconds that the algorithm used in a process of its own."""
        return cpu_seconds_of(self._inner)

    def close(self) -> None:
        """End the algorithm's process, if it has one."""
        close(self._inner)

    def _on_lowest_rung(self, trial: Trial) -> Trial:
        if trial.promotes is not None or trial.keep:
            raise SettingsError("This algorithm goes on with trainings itself; leave its option eta out.")
        return replace(trial, keep=self._rungs.keep)
