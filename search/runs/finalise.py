"""The last word on a run: its front trained again with several seeds, as int8, and measured on the test split, once.

What each training gave is written into the journal, so it is never repeated, and a call that is cut off goes on where
it was. The order of the result follows the int8 validation error; the test split ranks nothing.
"""

from __future__ import annotations

import statistics
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import BrokenExecutor, Future, as_completed
from dataclasses import dataclass
from typing import Any, Literal

from msgspec.structs import asdict

from search.errors import RunError, TrainingError
from search.executors import LOGS, Executor, ExecutorClosedError, last_words, make_executor
from search.journal import file as journal
from search.journal.answers import TrainedAgain, read_answer
from search.journal.history import FINAL_FIGURES, History
from search.limits import check_seeds
from search.runs.tasks import Tasks
from search.trial import Observation

DEFAULT_SEEDS = 3

Tell = Callable[[int, int], None]


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

    @property
    def trial_id(self) -> int:
        """The network's number."""
        return self.observation.trial_id

    @property
    def seeds(self) -> int:
        """How often it was trained again."""
        return len(self.errors["test_error"])

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
            "seeds": self.seeds,
        }


class StopSwitch:
    """Ends the workers of a `finalise` from another thread; pressing it twice is harmless."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._executor: Executor | None = None
        self.pressed = False

    def guard(self, executor: Executor) -> None:
        """Have these workers ended by `press`, also where that was before."""
        with self._lock:
            self._executor = executor
            if self.pressed:
                executor.kill()

    def press(self) -> None:
        """End the workers now."""
        with self._lock:
            self.pressed = True
            if self._executor is not None:
                self._executor.kill()


class Finalising:
    """A `finalise` in a thread of its own.

    Attributes:
        seeds: trainings of each network.
        done, total: trainings that are over, those of earlier calls included, and those there are.
        state: "running", "finished", "stopped" or "failed".
        error: why it was stopped or failed, in one sentence; empty otherwise.
    """

    def __init__(
        self,
        work: Callable[[Tell, StopSwitch], tuple[Final, ...]],
        *,
        seeds: int,
        on_change: Callable[[Finalising], None],
    ) -> None:
        """Begin at once.

        Args:
            work: trains; is given what tells how far it is, and what ends it.
            seeds: trainings of each network.
            on_change: called from the thread after each training and at the end.
        """
        self.seeds, self.done, self.total, self.error = seeds, 0, 0, ""
        self.state: Literal["running", "finished", "stopped", "failed"] = "running"
        self._work, self._on_change = work, on_change
        self._switch = StopSwitch()
        self._found: Future[tuple[Final, ...]] = Future()
        threading.Thread(target=self._run, name="unas-finalise", daemon=True).start()

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.state == "running"

    def stop(self) -> None:
        """End the workers; what was trained is kept, and the next `finalise` goes on from there."""
        self._switch.press()

    def result(self, timeout: float | None = None) -> tuple[Final, ...]:
        """Wait for the end; what `finalise` found.

        Raises:
            TimeoutError: it takes longer than `timeout` seconds.
            RunError: it was stopped.
            JournalError, TrainingError: as `finalise` says.
        """
        return self._found.result(timeout)

    def _run(self) -> None:
        try:
            found = self._work(self._tell, self._switch)
        except Exception as error:  # noqa: BLE001 - it is raised by `result`, in the thread that asks
            self.error = str(error)
            self.state = "stopped" if self._switch.pressed else "failed"
            self._found.set_exception(error)
        else:
            self.state = "finished"
            self._found.set_result(found)
        self._on_change(self)

    def _tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        self._on_change(self)


def finalise(
    front: Sequence[Observation],
    history: History,
    tasks: Tasks,
    *,
    seeds: int,
    workers: int,
    tell: Tell | None = None,
    switch: StopSwitch | None = None,
) -> tuple[Final, ...]:
    """Train every network of `front` with each of the seeds, as far as the journal has not got it yet.

    Args:
        front: networks of the run, under their own numbers.
        history: of the run; what is found is added to it.
        tasks: of the run.
        seeds: how many trainings of each network.
        workers: processes.
        tell: called with the trainings that are done and those there are.
        switch: ends it from another thread.

    Raises:
        SettingsError: less than one seed.
        JournalError: another process writes the run.
        TrainingError: a training failed; those that ended before it are kept.
        RunError: it was ended by `switch`.
    """
    check_seeds(seeds)
    missing = [(o, seed) for o in front for seed in range(seeds) if (o.trial_id, seed) not in history.finals]
    total = len(front) * seeds

    def say(left: int) -> None:
        if tell is not None:
            tell(total - left, total)

    say(len(missing))
    if missing:
        log = tasks.folder / LOGS / "finalise.log"
        executor = make_executor(tasks.settings.executor, workers=min(workers, len(missing)), log=log)
        with journal.Journal.reopen(tasks.folder / journal.FILE_NAME) as writer:
            _train(missing, history, tasks, writer, executor, say, switch)
    return in_order(Final(o, _errors(history, o.trial_id, range(seeds))) for o in front)


def finals(history: History) -> tuple[Final, ...]:
    """What was found so far of every network that was trained again at least once, with the seeds that it has.

    Trainings end in any order, so that after a stop these may be any of them.
    """
    seeds: dict[int, list[int]] = {}
    for trial_id, seed in sorted(history.finals.copy()):
        seeds.setdefault(trial_id, []).append(seed)
    known = ((history.networks.shown(trial_id), found) for trial_id, found in seeds.items())
    return in_order(Final(o, _errors(history, o.trial_id, found)) for o, found in known if o is not None)


def in_order(found: Iterable[Final]) -> tuple[Final, ...]:
    """By int8 validation error, the lowest first."""
    return tuple(sorted(found, key=lambda f: (f.mean("int8_val_error"), f.observation.costs.ram_bytes)))


def _train(
    missing: Sequence[tuple[Observation, int]],
    history: History,
    tasks: Tasks,
    writer: journal.Journal,
    executor: Executor,
    tell: Callable[[int], None],
    switch: StopSwitch | None,
) -> None:
    try:
        if switch is not None:
            switch.guard(executor)
        running = _handed_out(missing, tasks, executor, switch)
        trouble = None
        for left, future in zip(range(len(missing) - 1, -1, -1), as_completed(running), strict=True):
            trial_id, seed = running[future]
            try:
                record = {"record": "final", "id": trial_id, "seed": seed, **asdict(_result(future, trial_id))}
            except (TrainingError, RuntimeError) as error:  # RuntimeError: it was cut off
                trouble = trouble or error
                executor.kill()  # those that ended at the same time are still to be written down
                continue
            writer.append(record, durable=True)
            history.apply(record)
            tell(left)
        _refuse_if_pressed(switch)
        if trouble is not None:
            raise trouble
    finally:
        executor.kill()


def _handed_out(
    missing: Sequence[tuple[Observation, int]], tasks: Tasks, executor: Executor, switch: StopSwitch | None
) -> dict[Future[dict[str, Any]], tuple[int, int]]:
    running: dict[Future[dict[str, Any]], tuple[int, int]] = {}
    for observation, seed in missing:
        try:
            running[executor.submit(tasks.finalise(observation.trial, seed))] = (observation.trial_id, seed)
        except ExecutorClosedError:
            _refuse_if_pressed(switch)  # the workers are gone already
            raise
    return running


def _result(future: Future[dict[str, Any]], trial_id: int) -> TrainedAgain:
    try:
        return read_answer(TrainedAgain, future.result(), what=f"the second training of trial {trial_id}")
    except BrokenExecutor as error:
        raise TrainingError(
            f"The worker that trained trial {trial_id} again was ended by the system, most likely for want of memory; "
            f"what was finished is kept: use fewer workers, and finalise again{last_words(error)}."
        ) from None


def _refuse_if_pressed(switch: StopSwitch | None) -> None:
    if switch is not None and switch.pressed:
        raise RunError("Finalising was stopped; what was trained is kept, and Finalise goes on from there.")


def _errors(history: History, trial_id: int, seeds: Iterable[int]) -> dict[str, tuple[float, ...]]:
    found = [history.finals[trial_id, seed] for seed in seeds]
    return {figure: tuple(final[figure] for final in found) for figure in FINAL_FIGURES}
