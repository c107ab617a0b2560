"""What can be done with a run, as types: looked at, started, trained again, exported from.

Whoever shows a run asks for `Readable`, which a search, a replay and networks made by hand all are.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

import pandas as pd

from resource_models import Board, Graph, ResourceReport
from search.budget import Budget
from search.measures.shadow_prices import ShadowPrice
from search.recipes.forecast import Forecast
from search.runs.events import Progress, RunEvent, RunState
from search.runs.export_result import ExportResult
from search.runs.finalise import Final, Finalising, Tell
from search.settings import RunSettings
from search.spaces import Architecture
from search.trial import Observation


class Readable(Protocol):
    """What can be asked about a run; `search.runs.recorded.RecordedRun` says what each gives."""

    settings: RunSettings
    folder: Path
    version: int
    error: str | None

    @property
    def board(self) -> Board | None:
        """The board that is searched for."""

    @property
    def board_source(self) -> str | None:
        """Its id, or a file."""

    @property
    def state(self) -> RunState:
        """Where the run stands."""

    @property
    def trusted(self) -> bool:
        """Whether code of the user's own that it names may be imported."""

    @property
    def untouched(self) -> bool:
        """Whether it has not proposed anything yet."""

    @property
    def begun_from(self) -> str:
        """The networks of another run that it began with, in words."""

    @property
    def finalising(self) -> Finalising | None:
        """The `finalise` that goes on, or the last one here."""

    @property
    def validation_size(self) -> int | None:
        """Examples that errors are measured on."""

    @property
    def not_shown(self) -> str:
        """Why networks cannot be built; empty where they can."""

    @property
    def report_of(self) -> Callable[[int], ResourceReport] | None:
        """`report`; None where networks cannot be built."""

    def progress(self) -> Progress:
        """How far it is."""

    def observations(self) -> tuple[Observation, ...]:
        """Trials that are over."""

    def networks(self) -> tuple[Observation, ...]:
        """Networks that are trained or failed."""

    def infeasible(self) -> tuple[Observation, ...]:
        """The newest proposals over the budget."""

    def front(self, objective: str | None = None, budget: Budget | None = None) -> tuple[Observation, ...]:
        """The non-dominated networks."""

    def hypervolume(self) -> float | None:
        """Dominated share of the box of error and RAM."""

    def trials(self) -> pd.DataFrame:
        """One row for each network."""

    def shadow_prices(self) -> tuple[ShadowPrice, ...]:
        """What each bound of the budget is worth."""

    def observation(self, trial_id: int) -> Observation:
        """The network of that number."""

    def architecture(self, trial_id: int) -> Architecture:
        """Its architecture."""

    def graph(self, trial_id: int) -> Graph:
        """Its operators."""

    def report(self, trial_id: int) -> ResourceReport:
        """What it needs."""

    def finals(self, recipe: str | None = ...) -> tuple[Final, ...]:
        """What was trained again with other seeds, by one recipe or, for None, by each."""

    def subscribe(self, watcher: Callable[[RunEvent], None]) -> Callable[[], None]:
        """Have `watcher` called with each event."""


class Exportable(Readable, Protocol):
    """A run whose networks can be written as files."""

    def export(self, trial_id: int, to: Path | str, *, recipe: str = ...) -> Future[ExportResult]:
        """Write a network as an int8 `.tflite` file; returns at once."""

    def weights_of(self, trial_id: int) -> tuple[str, ...]:
        """Names of the recipes by which it has weights that can be exported."""


class Startable(Readable, Protocol):
    """A search that can be conducted."""

    def start(self, *, own_cpu_offset: float | None = None) -> None:
        """Begin or continue."""

    def pause(self) -> None:
        """Hand out no more candidates."""

    def resume(self) -> None:
        """Go on after a pause, or after a stop."""

    def stop(self) -> None:
        """End the workers now."""

    def wait(self, timeout: float | None = None) -> RunState:
        """Block until it is no longer active."""

    def extend(self, settings: RunSettings) -> None:
        """Continue with other limits."""

    def change_budget(self, budget: Budget) -> None:
        """Go on with another budget."""


class Finalisable(Readable, Protocol):
    """A search whose front can be trained again."""

    def finalise(self, *, seeds: int = ..., recipe: str = ..., tell: Tell | None = ...) -> tuple[Final, ...]:
        """Train the front again with several seeds, by a recipe; blocks."""

    def begin_finalise(self, *, seeds: int = ..., recipe: str = ..., tell: Tell | None = ...) -> Finalising:
        """The same, but returns at once."""

    def finalise_forecast(self, *, seeds: int = ..., recipe: str = ...) -> Forecast:
        """How long that will take; an estimate."""
