"""The last word on a run: its front trained again with several seeds, as int8, and measured on the test split, once.

What each training gave is written into the journal, so it is never repeated, and a call that is cut off goes on where
it was. The order of the result follows the int8 validation error; the test split ranks nothing.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from typing import Any

from search import journal
from search.errors import SettingsError
from search.executors import LocalExecutor
from search.executors.local import call
from search.history import FINAL_FIGURES, History
from search.tasks import Tasks
from search.trial import Observation

DEFAULT_SEEDS = 3


@dataclass(frozen=True, slots=True)
class Final:
    """A network of the front after it was trained again.

    Attributes:
        observation: what the search had found of it.
        errors: per figure of `FINAL_FIGURES` one error for each seed: of the float network and of the int8 file, on the
            validation and on the test split.
    """

    observation: Observation
    errors: dict[str, tuple[float, ...]]

    def mean(self, figure: str) -> float:
        """Mean over the seeds."""
        return statistics.fmean(self.errors[figure])

    def std(self, figure: str) -> float:
        """Standard deviation over the seeds; 0 for a single one."""
        values = self.errors[figure]
        return statistics.stdev(values) if len(values) > 1 else 0.0

    def metrics(self) -> dict[str, Any]:
        """The named figures, as the command prints them; `val_error` is that of the search."""
        return {
            **self.observation.metrics(),
            "final_val_error": self.mean("val_error"),
            "test_error": self.mean("test_error"),
            "test_error_std": self.std("test_error"),
            "int8_val_error": self.mean("int8_val_error"),
            "int8_test_error": self.mean("int8_test_error"),
            "seeds": len(self.errors["test_error"]),
        }


def finalise(
    front: Sequence[Observation],
    history: History,
    tasks: Tasks,
    *,
    seeds: int,
    workers: int,
    tell: Callable[[int, int], None] | None = None,
) -> tuple[Final, ...]:
    """Train every network of `front` with each of the seeds, as far as the journal has not got it yet.

    Args:
        front: networks of the run, under their own numbers.
        history: of the run; what is found is added to it.
        tasks: of the run.
        seeds: how many trainings of each network.
        workers: processes.
        tell: called with the trainings that are done and those there are.

    Raises:
        SettingsError: less than one seed.
        JournalError: another process writes the run.
        TrainingError: a training failed; those that ended before it are kept.
    """
    if seeds < 1:
        raise SettingsError(f"--seeds must be at least 1, not {seeds}.")
    missing = [(o, seed) for o in front for seed in range(seeds) if (o.trial_id, seed) not in history.finals]
    total = len(front) * seeds

    def say(left: int) -> None:
        if tell is not None:
            tell(total - left, total)

    say(len(missing))
    if missing:
        with journal.Journal.reopen(tasks.folder / journal.FILE_NAME) as writer:
            _train(missing, history, tasks, writer, workers, say)
    finals = [Final(o, _errors(history, o.trial_id, seeds)) for o in front]
    return tuple(sorted(finals, key=lambda final: (final.mean("int8_val_error"), final.observation.costs.ram_bytes)))


def _train(
    missing: Sequence[tuple[Observation, int]],
    history: History,
    tasks: Tasks,
    writer: journal.Journal,
    workers: int,
    tell: Callable[[int], None],
) -> None:
    executor = LocalExecutor(min(workers, len(missing)))
    try:
        running: dict[Future[dict[str, Any]], tuple[int, int]] = {}
        for observation, seed in missing:
            task = tasks.finalise(observation.trial, seed)
            running[executor.submit(call, tasks.finalise_path, task)] = (observation.trial_id, seed)
        for left, future in zip(range(len(missing) - 1, -1, -1), as_completed(running), strict=True):
            trial_id, seed = running[future]
            record = {"record": "final", "id": trial_id, "seed": seed, **future.result()}
            writer.append(record, durable=True)
            history.apply(record)
            tell(left)
    finally:
        executor.kill()


def _errors(history: History, trial_id: int, seeds: int) -> dict[str, tuple[float, ...]]:
    return {figure: tuple(history.finals[trial_id, seed][figure] for seed in range(seeds)) for figure in FINAL_FIGURES}
