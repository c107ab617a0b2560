"""The part of a run that is only looked at: what its folder holds, and what follows from it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from resource_models import Board, Graph, ResourceReport
from search.budget import Budget
from search.deploy.measure.measured import MeasuredTrial, measured_in
from search.deploy.project.verified import VerifiedTrial, read_verified
from search.errors import RunError
from search.journal import file as journal
from search.journal.board_copy import board_source
from search.journal.history import History
from search.journal.inherited import inherited_of
from search.measures import frames, pareto
from search.measures import hypervolume as volumes
from search.measures.shadow_prices import ShadowPrice, shadow_prices
from search.problem import Problem
from search.recipes.named import AS_SEARCHED
from search.runs.clock import remaining_s
from search.runs.events import Progress, RunEvent, RunState
from search.runs.finalise import Final, Finalising, finals
from search.settings import RunSettings
from search.spaces import Architecture
from search.trial import Observation

Watcher = Callable[[RunEvent], None]


class RecordedRun:
    """What a run's folder holds; nothing here starts, trains or writes anything.

    A search, a replay and networks made by hand are looked at alike; `search.runs.protocols.Readable` is their type.

    Attributes:
        settings: of the run, with the budget that it has now.
        folder: of the run.
        version: grows with each event.
        error: why it failed, in one sentence; None where it has not.
    """

    def __init__(self, settings: RunSettings, folder: Path, history: History, problem: Problem) -> None:
        self.settings = settings
        self.folder = folder
        self.version = 0
        self.error: str | None = None
        self._problem = problem
        self._history = history
        self._watchers: list[Watcher] = []
        self._trusted = True  # whether code of the user's own may be imported

    @staticmethod
    def exists(folder: Path | str) -> bool:
        """Whether there is a run in `folder`; one whose journal has no first line yet is none."""
        return journal.begun(Path(folder) / journal.FILE_NAME)

    @property
    def board(self) -> Board | None:
        """The board that is searched for; None for none in particular."""
        return self._problem.board

    @property
    def board_source(self) -> str | None:
        """What `resource_models.board` takes for it: an id, or a file, of which the run has a copy of its own."""
        return board_source(self.settings, self.folder)

    @property
    def trusted(self) -> bool:
        """Whether code of the user's own that the run names may be imported: it was begun here, or opened so."""
        return self._trusted

    @property
    def untouched(self) -> bool:
        """Whether the run has not proposed anything yet."""
        return self._history.next_id == 0

    @property
    def begun_from(self) -> str:
        """The networks of another run that this one began with, in words; empty where it began with none.

        Raises:
            JournalError: the journal is no longer there, or cannot be read.
        """
        source, path = self.settings.start_from, self.folder / journal.FILE_NAME
        return "" if source is None else inherited_of(journal.read_header(path), path).words(source)

    @property
    def state(self) -> RunState:
        """Where the run stands: "ready" where nothing can be under way."""
        return RunState.READY

    @property
    def finalising(self) -> Finalising | None:
        """The `finalise` that goes on or that was the last one here; None where there was none, or can be none."""
        return None

    @property
    def validation_size(self) -> int | None:
        """Validation examples that errors are measured on; None until a worker has loaded the data set."""
        return self._history.validation_size or self.settings.validation_size

    def progress(self) -> Progress:
        """How far the run is."""
        history = self._history
        done, elapsed, cpu = history.done, history.elapsed_s, history.cpu_seconds
        return Progress(
            trained=history.trained,
            failed=done - history.trained,
            infeasible=history.infeasible_count,
            running=0,
            target_trials=self.settings.trials,
            elapsed_s=elapsed,
            remaining_s=remaining_s(self.settings, done=done, elapsed_s=elapsed, cpu_seconds=cpu),
            cpu_seconds=cpu,
            epochs=history.epochs,
            promotions=history.networks.promotions(),
        )

    def observations(self) -> tuple[Observation, ...]:
        """Trained and failed trials, promotions among them, in the order in which they ended: what algorithms learn."""
        return tuple(self._history.observations)

    def networks(self) -> tuple[Observation, ...]:
        """Trained and failed networks, each once, in the order in which their first trainings ended: what people see.

        A network that was promoted keeps the number of its first trial, and has the figures of its longest training,
        with the seconds and `epochs_spent` of all. A promotion that failed changes nothing.
        """
        return self._history.networks.all()

    def infeasible(self) -> tuple[Observation, ...]:
        """The newest proposals over a hard bound; they have costs and were never trained."""
        return tuple(self._history.infeasible.copy())

    def front(self, objective: str | None = None, budget: Budget | None = None) -> tuple[Observation, ...]:
        """The non-dominated trained networks; see `search.measures.pareto.front`.

        Without a budget, those within the run's own take part, or all of them where its bounds are soft.
        """
        if budget is None and self.settings.budget.bounds == "hard":
            budget = self.settings.budget
        return pareto.front(self.networks(), objective=objective, budget=budget)

    def hypervolume(self) -> float | None:
        """Dominated share of the box of error and RAM; None without a RAM bound."""
        return volumes.hypervolume(self.networks(), budget=self.settings.budget)

    def trials(self) -> pd.DataFrame:
        """One row per trained or failed network: the command `trials` as a data frame, with parents and times.

        `promotions` counts how often its training went on, `epochs_spent` the epochs that all of it took.
        """
        return frames.of_networks(self._history.networks.all(), promotions=self._history.networks.promotions)

    def shadow_prices(self) -> tuple[ShadowPrice, ...]:
        """What each bound of the budget is worth, by what was trained so far; see `search.measures.shadow_prices`."""
        return shadow_prices(self.networks(), self.settings.budget, validation_size=self.validation_size)

    def observation(self, trial_id: int) -> Observation:
        """The trained or failed network of that number, as `networks` has it; a promotion's number is as good.

        Raises:
            RunError: there is none.
        """
        found = self._history.networks.shown(trial_id)
        if found is None:
            raise RunError(f"This run has no finished trial {trial_id}.")
        return found

    def architecture(self, trial_id: int) -> Architecture:
        """The architecture of a finished trial."""
        return self.observation(trial_id).trial.architecture

    def graph(self, trial_id: int) -> Graph:
        """The network of a finished trial, without the channels that were pruned."""
        return self._problem.pruned_graph(self.architecture(trial_id), self.observation(trial_id).channels)

    def report(self, trial_id: int) -> ResourceReport:
        """What the network of a finished trial needs, layer by layer."""
        return self._problem.report(self.architecture(trial_id), self.observation(trial_id).channels)

    @property
    def not_shown(self) -> str:
        """Why networks cannot be built, and so not shown, as they are; empty where they can."""
        if self._problem.is_loaded:
            return ""
        return f"Not shown: of the space {self.settings.space}, which is imported only when the search is started."

    @property
    def report_of(self) -> Callable[[int], ResourceReport] | None:
        """`report`; None where networks cannot be built."""
        return None if self.not_shown else self.report

    def verified(self) -> dict[int, VerifiedTrial]:
        """What `verify_front` found of networks, by their numbers; none where nothing was verified yet.

        Raises:
            JournalError: the file that holds it is damaged.
        """
        return {found.trial: found for found in read_verified(self.folder)}

    def measured(self) -> dict[int, MeasuredTrial]:
        """What boards measured of networks, by their numbers; see `unas measure`.

        Raises:
            DeployError: the file that holds it is damaged.
        """
        return {found.trial: found for found in measured_in(self.folder)}

    def finals(self, recipe: str | None = AS_SEARCHED) -> tuple[Final, ...]:
        """What `finalise` found so far, this time and earlier, the lowest int8 validation error first.

        Args:
            recipe: name of the recipe that networks were trained again by; None for all, one recipe after the other.
        """
        recipes = self._history.finals_by_recipe if recipe is None else (recipe,)
        return tuple(final for name in recipes for final in finals(self._history, name))

    def subscribe(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher` called, from the thread that works, with each event; returns what ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher) if watcher in self._watchers else None

    def _emit(self, event: RunEvent) -> None:
        self.version += 1
        for watcher in tuple(self._watchers):
            try:
                watcher(event)
            except Exception:  # foreign code: whatever it raises is logged whole, and must not end a search of hours
                logging.getLogger(__name__).exception("A watcher of the run failed; the search goes on.")
