"""Live tournaments: every entrant and seed is a real run in a folder of its own, read back from its journal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from search.algorithms import create
from search.errors import RunError, SettingsError
from search.journal import file as journal
from search.journal.history import History, first_settings
from search.journal.opening import unchecked_problem
from search.journal.reading import records
from search.problem import Problem
from search.runs.events import RunEvent
from search.runs.run import Run
from search.settings import NO_DEFAULTS, RunSettings
from search.tournament.entrant import Entrant
from search.tournament.result import Meter, Result
from search.trial import Observation

Json = dict[str, Any]

RUNS = "runs"
_OWN = ("algorithm", "options", "seed", "workers", "executor", "data_dir")
"""Settings of a run that are the entrant's own, or change no result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRules:
    """What is the same for all entrants of a live tournament.

    It is held within the bounds that it names and those that its board has; none holds by default.

    Attributes:
        settings: of every run, but for algorithm, options and seed; of its stop criteria `cpu_seconds` or `trials`.
        equivalents: epochs that a run may spend, over `settings.epochs`; None where another criterion ends it.
        imports_cpu_s: CPU-seconds that this process had used before its first run, charged to every run.
    """

    settings: RunSettings
    equivalents: float | None = None
    imports_cpu_s: float = 0.0

    def __post_init__(self) -> None:
        if self.equivalents is not None and not 0 < self.equivalents < float("inf"):
            raise SettingsError(f"--equivalents must be above zero, not {self.equivalents}.")
        fills = tuple(key for key in self.settings.board_fills if key in NO_DEFAULTS)
        budget = self.settings.budget.without_defaults()
        object.__setattr__(self, "settings", replace(self.settings, budget=budget, board_fills=fills))

    @property
    def limit(self) -> tuple[str, float] | None:
        """The axis that compute is limited on, and to how much; None where only trials are counted."""
        if self.equivalents is not None:
            return "equivalents", self.equivalents
        if self.settings.cpu_seconds is not None:
            return "cpu_seconds", self.settings.cpu_seconds
        return None

    @property
    def live(self) -> bool:
        """Whether networks are really trained."""
        return True

    def header(self) -> Json:
        """Everything that decides the results but the entrants and seeds, as plain JSON values."""
        settings = self.settings.with_board_budget()
        shared = {name: value for name, value in settings.to_json().items() if name not in _OWN}
        volume = [resource.key for resource in settings.budget.bounded]
        return {"mode": "live", **shared, "hypervolume": volume, "equivalents": self.equivalents}

    def check(self, entrants: tuple[Entrant, ...]) -> None:
        """Find out whether the tournament can be held.

        Raises:
            SettingsError: an unknown algorithm or option, or a data set that is not available.
            DataError, BoardError, BudgetError: what was asked for cannot work.
        """
        problem = Problem.of(self.settings.with_board_budget())
        for entrant in entrants:
            create(
                entrant.algorithm,
                space=problem.space,
                budget=problem.budget,
                seed=0,
                epochs=self.settings.epochs,
                costs=problem.costs,
                options=entrant.options,
            )

    def play(self, entrant: Entrant, seed: int, folder: Path) -> Result:
        """Search once, or go on with the search that is in the tournament's folder; blocks.

        Raises:
            RunError: the run failed.
            SettingsError, JournalError: the folder holds another run.
        """
        s = self.settings
        settings = replace(s, algorithm=entrant.algorithm, options=dict(entrant.options), seed=seed)
        place = folder / RUNS / f"{entrant.name}-{seed}"
        run = Run.open(place) if Run.exists(place) else None
        if run is None or run.untouched:
            run = Run.create(settings, place)
        else:
            run.extend(settings)
        most = self._most_epochs()
        if run.progress().epochs < most:
            _conduct(run, most, self.imports_cpu_s)
        return self.read(entrant, seed, place)

    def read(self, entrant: Entrant, seed: int, place: Path) -> Result:
        """The result of a run that is over, from its journal."""
        axis, most = self.limit or ("epochs", float("inf"))
        budget = self.settings.with_board_budget().budget
        meter = Meter(budget, self.settings.epochs)
        infeasible = 0
        for history, observation in _journal(place):
            epochs = history.epochs
            spent = history.cpu_seconds if axis == "cpu_seconds" else epochs / self.settings.epochs
            if spent > most:
                break
            infeasible = history.infeasible_count
            meter.take(observation, epochs=epochs, cpu_seconds=history.cpu_seconds)
        return meter.result(entrant, seed, infeasible=infeasible, limit=self.limit)

    def _most_epochs(self) -> float:
        return float("inf") if self.equivalents is None else self.equivalents * self.settings.epochs


def _conduct(run: Run, most_epochs: float, imports_cpu_s: float) -> None:
    """Run to the end, or until so many epochs are spent; an interruption stops the run and goes on upwards."""

    def watch(event: RunEvent) -> None:
        if event.kind == "observation" and run.progress().epochs >= most_epochs:
            run.stop()

    end = run.subscribe(watch)
    try:
        run.start(own_cpu_offset=max(0.0, time.process_time() - imports_cpu_s))
        while run.wait(timeout=0.5).active:  # in short pieces, so that Ctrl-C is heard on every system
            pass
    except KeyboardInterrupt:
        run.stop()
        run.wait()
        raise
    finally:
        end()
    if not run.networks():
        raise RunError(f"The run in {run.folder} trained nothing; give it more compute.")


def _journal(place: Path) -> Iterator[tuple[History, Observation]]:
    """The trainings of a run, each with the history up to it."""
    path = place / journal.FILE_NAME
    history = History(unchecked_problem(first_settings(journal.read_header(path), path), place).space)
    for record in records(path):
        observation = history.apply(record)
        if observation is not None and observation.status != "infeasible":
            yield history, observation
