"""The last word on a run: its front trained again with several seeds, as int8, and measured on the test split, once.

The recipe is the run's own or a named one (`search.recipes`). What each training gave is written into the journal, so
it is never repeated, and a call that is cut off goes on where it was. The order of the result follows the int8
validation error, and so does which seed's weights are kept; the test split ranks nothing.
"""

from __future__ import annotations

import statistics
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import BrokenExecutor, Future, as_completed
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from msgspec.structs import asdict

from search.errors import RunError, TrainingError
from search.executors import LOGS, Executor, ExecutorClosedError, last_words, make_executor
from search.journal import file as journal
from search.journal.answers import TrainedAgain, read_answer
from search.journal.history import FINAL_FIGURES, History
from search.journal.records import LITERT, FinalRecord
from search.limits import check_seeds
from search.recipes.named import AS_SEARCHED, SEARCHED, NamedRecipe
from search.runs.tasks import WEIGHTS, Tasks
from search.trial import Observation

DEFAULT_SEEDS = 3

Tell = Callable[[int, int], None]
_BY_LITERT = ("litert_val_error", "litert_test_error")


@dataclass(frozen=True, slots=True)
class Final:
    """A network of the front after it was trained again.

    Attributes:
        observation: what the search had found of it.
        errors: per figure of `FINAL_FIGURES` one error for each seed: of the float network and of the int8 file, on the
            validation and on the test split.
        recipe: name of the recipe that it was trained by.
        arithmetic: that the int8 errors were measured in: the board's, or LiteRT's.
        litert_val_error, litert_test_error: means of the int8 files, run by LiteRT; None where they are not written
            down, as in runs of earlier versions, whose `arithmetic` is LiteRT's.
    """

    observation: Observation
    errors: dict[str, tuple[float, ...]]
    recipe: str = AS_SEARCHED
    arithmetic: str = LITERT
    litert_val_error: float | None = None
    litert_test_error: float | None = None

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
            "litert_val_error": self.litert_val_error,
            "litert_test_error": self.litert_test_error,
            "arithmetic": self.arithmetic,
            "seeds": self.seeds,
            "recipe": self.recipe,
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
        recipe: name of the recipe.
        done, total: trainings that are over, those of earlier calls included, and those there are.
        state: "running", "finished", "stopped" or "failed".
        error: why it was stopped or failed, in one sentence; empty otherwise.
    """

    def __init__(
        self,
        work: Callable[[Tell, StopSwitch], tuple[Final, ...]],
        *,
        seeds: int,
        recipe: str = AS_SEARCHED,
        on_change: Callable[[Finalising], None],
    ) -> None:
        """Begin at once.

        Args:
            work: trains; is given what tells how far it is, and what ends it.
            seeds: trainings of each network.
            recipe: name of the recipe.
            on_change: called from the thread after each training and at the end.
        """
        self.seeds, self.recipe, self.done, self.total, self.error = seeds, recipe, 0, 0, ""
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
    recipe: NamedRecipe = SEARCHED,
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
        recipe: how they are trained.
        tell: called with the trainings that are done and those there are.
        switch: ends it from another thread.

    Raises:
        SettingsError: less than one seed.
        JournalError: another process writes the run.
        TrainingError: a training failed; those that ended before it are kept.
        RunError: it was ended by `switch`.
    """
    check_seeds(seeds)
    missing = missing_trainings(front, history, seeds=seeds, recipe=recipe)
    total = len(front) * seeds

    def say(left: int) -> None:
        if tell is not None:
            tell(total - left, total)

    say(len(missing))
    if missing:
        with suppress(OSError):  # trainings tell what keeps them from writing
            (tasks.folder / WEIGHTS).mkdir(exist_ok=True)
        log = tasks.folder / LOGS / "finalise.log"
        executor = make_executor(tasks.settings.executor, workers=min(workers, len(missing)), log=log)
        with journal.Journal.reopen(tasks.folder / journal.FILE_NAME) as writer:
            _train(missing, _Notes(recipe, history, tasks, writer), executor, say, switch)
    found = history.finals_of(recipe.name)
    return in_order(_final(o, [found[o.trial_id, seed] for seed in range(seeds)]) for o in front)


def missing_trainings(
    front: Sequence[Observation], history: History, *, seeds: int, recipe: NamedRecipe
) -> list[tuple[Observation, int]]:
    """The networks and seeds that are not trained yet by a recipe."""
    known = history.finals_of(recipe.name)
    return [(o, seed) for o in front for seed in range(seeds) if (o.trial_id, seed) not in known]


def finals(history: History, recipe: str) -> tuple[Final, ...]:
    """What was found so far by a recipe of every network that was trained again at least once, with all its seeds.

    Trainings end in any order, so that after a stop these may be any of them.
    """
    trainings: dict[int, list[FinalRecord]] = {}
    for (trial_id, _), record in sorted(history.finals_of(recipe).items()):
        trainings.setdefault(trial_id, []).append(record)
    known = ((history.networks.shown(trial_id), found) for trial_id, found in trainings.items())
    return in_order(_final(o, found) for o, found in known if o is not None)


def in_order(found: Iterable[Final]) -> tuple[Final, ...]:
    """By int8 validation error, the lowest first."""
    return tuple(sorted(found, key=lambda f: (f.mean("int8_val_error"), f.observation.costs.ram_bytes)))


@dataclass(frozen=True, slots=True)
class _Notes:
    """Where what came of trainings is written down."""

    recipe: NamedRecipe
    history: History
    tasks: Tasks
    writer: journal.Journal

    def take(self, trial_id: int, seed: int, answer: TrainedAgain) -> None:
        """Write down what a training gave; of the weights that are kept only the best stay."""
        values = asdict(answer)
        if values["channels"] is None:
            del values["channels"]
        named = {} if self.recipe is SEARCHED else {"recipe": self.recipe.name}
        record = {"record": "final", "id": trial_id, "seed": seed, **named, **values}
        self.writer.append(record, durable=True)
        self.history.apply(record)
        best = self.history.best_final(self.recipe.name, trial_id)
        if self.recipe.keeps and best is not None:
            known = self.history.finals_of(self.recipe.name)
            self.tasks.keep_best(self.recipe, best, [other for number, other in known if number == trial_id])


def _train(
    missing: Sequence[tuple[Observation, int]],
    notes: _Notes,
    executor: Executor,
    tell: Callable[[int], None],
    switch: StopSwitch | None,
) -> None:
    try:
        if switch is not None:
            switch.guard(executor)
        running = _handed_out(missing, notes, executor, switch)
        trouble = None
        for left, future in zip(range(len(missing) - 1, -1, -1), as_completed(running), strict=True):
            trial_id, seed = running[future]
            try:
                answer = _result(future, trial_id)
            except (TrainingError, RuntimeError) as error:  # RuntimeError: it was cut off
                trouble = trouble or error
                executor.kill()  # those that ended at the same time are still to be written down
                continue
            notes.take(trial_id, seed, answer)
            tell(left)
        _refuse_if_pressed(switch)
        if trouble is not None:
            raise trouble
    finally:
        executor.kill()


def _handed_out(
    missing: Sequence[tuple[Observation, int]], notes: _Notes, executor: Executor, switch: StopSwitch | None
) -> dict[Future[dict[str, Any]], tuple[int, int]]:
    running: dict[Future[dict[str, Any]], tuple[int, int]] = {}
    for observation, seed in missing:
        try:
            task = notes.tasks.finalise(observation.trial, seed, notes.recipe)
            running[executor.submit(task)] = (observation.trial_id, seed)
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


def _final(observation: Observation, found: Sequence[FinalRecord]) -> Final:
    errors = {figure: tuple(getattr(record, figure) for record in found) for figure in FINAL_FIGURES}
    validation, test = (_mean_of_all([getattr(record, name) for record in found]) for name in _BY_LITERT)
    arithmetic = " and ".join(sorted({record.arithmetic for record in found}))
    return Final(observation, errors, found[0].recipe, arithmetic, validation, test)


def _mean_of_all(errors: Sequence[float | None]) -> float | None:
    known = [error for error in errors if error is not None]
    return statistics.fmean(known) if len(known) == len(errors) else None
