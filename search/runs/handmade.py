"""Networks made by hand: trained as a search trains its own, beside it or alone, and never told to its algorithm."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import msgspec

from data.files.atomic import atomic_write
from resource_models import Board, Graph, ResourceReport
from resource_models import board as find_board
from search.algorithms import DEFAULT
from search.errors import JournalError, TrainingError
from search.executors import LOGS, Executor, make_executor
from search.journal import file as journal
from search.journal.answers import WarmedUp, read_answer
from search.journal.history import observation_record, trial_record
from search.journal.records import record_of
from search.runs.events import RunEvent
from search.runs.outcome import outcome
from search.runs.protocols import Readable
from search.runs.run import EXPORT_IDLE_S, WritableRun
from search.settings import RunSettings
from search.spaces import Architecture, SearchSpace, SpaceError
from search.trial import Observation, Trial

FOLDER = "own"
_ALIKE = ("dataset", "runtime", "accounting", "space", "recipe", "epochs", "train_size", "validation_size")
"""Settings that decide, beside the board, what a network costs and how it is trained."""


class OwnNetworks(WritableRun):
    """The networks that a person made, in a folder of their own, which is a run's folder without a search.

    Everything that one can ask about a run is answered: `networks`, `graph`, `report`, `trials`. Each is trained by
    itself, with `train`. A budget refuses nothing here; it says what would fit.
    """

    @classmethod
    def beside(cls, run: Readable) -> Self:
        """Those of a run, in its folder; with its data, recipe, epochs and accounting.

        Raises:
            JournalError: they cannot be read or written.
        """
        return cls.at(replace(run.settings, board=run.board_source), run.folder / FOLDER, trust=run.trusted)

    @classmethod
    def at(cls, settings: RunSettings, folder: Path, *, trust: bool = True) -> Self:
        """Those in `folder`, or none yet, with these settings.

        The algorithm of the settings is left out, and the run that they begin from: nothing is searched for here, and
        neither need be there.

        Args:
            settings: of the run whose networks they are like.
            folder: of their own.
            trust: whether code of the user's own that these settings name may be imported.

        Raises:
            JournalError: they cannot be read or written.
            SettingsError, BudgetError, BoardError, DataError: the settings cannot work.
        """
        alike = replace(settings, algorithm=DEFAULT, options={}, start_from=None)
        if not cls.exists(folder):
            found = cls.create(alike, folder, trust=trust)
        else:
            found = cls.open(folder)
            if trust and {**found.settings.own_code, "algorithm": DEFAULT} == alike.own_code:
                found = cls.open(folder, trust=True)
        return found

    def trains_as(self, settings: RunSettings, board: Board | None = None) -> bool:
        """Whether networks of a run with these settings are trained and costed as these are.

        Args:
            settings: of the run.
            board: the one that they name, where it was read already.

        Raises:
            BoardError: there is no such board.
        """
        mine, theirs = self.settings.to_json(), settings.to_json()
        if any(mine[name] != theirs[name] for name in _ALIKE):
            return False
        if board is None and settings.board is not None:
            board = find_board(settings.board)
        return self.board == board

    def copy_beside(self, run: Readable) -> bool:
        """Have a run hold these networks too, if its own are trained alike; whether it holds them now.

        An earlier copy is brought up to date; a run that has other networks of its own keeps those.

        Raises:
            JournalError: they cannot be written.
        """
        there = run.folder / FOLDER
        if there == self.folder or not self.networks() or not self.trains_as(run.settings, run.board):
            return False
        try:
            with self._lock:
                written = (self.folder / journal.FILE_NAME).read_bytes()
                if self.exists(there) and not written.startswith((there / journal.FILE_NAME).read_bytes()):
                    return False
                apart = shutil.ignore_patterns(f"{journal.FILE_NAME}*", "*.partial")
                shutil.copytree(self.folder, there, dirs_exist_ok=True, ignore=apart)
                atomic_write(there / journal.FILE_NAME, written)  # last: what it speaks of is there
        except OSError as error:
            raise JournalError(f"The networks made by hand cannot be copied to {there} ({error.strerror}).") from error
        return True

    @property
    def space(self) -> SearchSpace:
        """Where they are from."""
        return self._problem.space

    def graph_of(self, architecture: Architecture) -> Graph:
        """The network of an architecture, trained or not."""
        return self._problem.graph(architecture)

    def report_of(self, architecture: Architecture) -> ResourceReport:
        """What the network of an architecture needs, layer by layer."""
        return self._problem.report(architecture)

    def train(self, architecture: Architecture, *, epochs: int | None = None) -> Future[Observation]:
        """Train a network in a worker process and keep what came of it; returns at once.

        Args:
            architecture: of the space, within the budget or not.
            epochs: by default those of a full training in the search.

        Raises:
            SpaceError: it is not of the space.
            JournalError: the folder cannot be written.
        """
        self._refuse_strangers()
        if not self.space.contains(architecture):
            raise SpaceError(f"This is not a network of the {self.space.name} space: a size is outside its bounds.")
        tasks, result = self._tasks(), Future[Observation]()
        with self._lock:
            trial = Trial(self._history.next_id, architecture, epochs or self.settings.epochs)
            costs = self._problem.expected_costs(trial)
            self._write(trial_record("trial", trial, costs, self.space))
            log = self.folder / LOGS / "training.log"
            self._trainer = self._trainer or make_executor(
                self.settings.executor, workers=1, idle_s=EXPORT_IDLE_S, log=log
            )
            if self._history.validation_size is None:
                self._trainer.submit(tasks.warm_up()).add_done_callback(self._greeted)
            done = self._trainer.submit(tasks.train(trial))
        done.add_done_callback(lambda future: self._ended(trial, future, result))
        return result

    def stop(self) -> None:
        """End the worker; what it was training has failed."""
        if self._trainer is not None:
            self._trainer.kill()
            self._trainer = None

    _trainer: Executor | None = None

    def _greeted(self, future: Future[Any]) -> None:
        """Note how many validation examples there are; what kept the worker from loading them fails its training."""
        if future.cancelled() or future.exception() is not None:
            return
        found = read_answer(WarmedUp, future.result(), what="the loading of the data set")
        with self._lock:
            self._write({"record": "session", "event": "ready", **msgspec.to_builtins(found), **self._clocks()})

    def _ended(self, trial: Trial, future: Future[Any], result: Future[Observation]) -> None:
        """Keep what came of a training and hand it on.

        Called where nobody catches anything, so what goes wrong here is handed on too.
        """
        try:
            costs = self._history.pending[trial.id][1]
            observation = outcome(trial, costs, future, self._problem)
            with self._lock:
                self._write(observation_record(observation, **self._clocks(observation.seconds)), durable=True)
        except Exception as error:  # noqa: BLE001 - the one who waits for `result` raises it
            result.set_exception(error)
            return
        self._emit(RunEvent("observation", observation))
        if observation.status == "failed":
            result.set_exception(TrainingError(observation.message))
        else:
            result.set_result(observation)

    def _clocks(self, more_s: float = 0.0) -> dict[str, float]:
        cpu = 0.0 if self._trainer is None else self._trainer.cpu_seconds()
        return {"elapsed_s": self._history.elapsed_s + more_s, "cpu_seconds": max(cpu, self._history.cpu_seconds)}

    def _write(self, record: Mapping[str, Any], *, durable: bool = False) -> None:
        typed = record_of(record)
        with journal.Journal.reopen(self.folder / journal.FILE_NAME) as writer:
            writer.append(record, durable=durable)
        self._history.apply(typed)
