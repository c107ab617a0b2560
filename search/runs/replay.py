"""A run as it was at any moment of its past, from its journal alone: nothing is trained, started or written."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from search.journal.history import History, read_architecture
from search.journal.opening import open_folder, with_budget_of
from search.journal.reading import Tell, versions_of
from search.journal.records import InfeasibleRecord, Record, TrialRecord, plain
from search.problem import Problem
from search.runs.events import Progress, RunEvent
from search.runs.recorded import RecordedRun
from search.settings import RunSettings
from search.spaces import Architecture, SearchSpace


class Replay(RecordedRun):
    """A recorded run that can be looked at as it was after any number of its events.

    Everything that one can ask about a run is answered for `position`. It begins before the first event.

    Attributes:
        versions: of this program and its frameworks, as the run was begun with.
        position: events of the journal that are known.
        moment_s: running time, in seconds, at which the run is shown.
        times: for each event the running time, in seconds, at which it was known; never falling. Events without a
            clock of their own (a candidate handed out) have the time of the event before them.
    """

    def __init__(self, settings: RunSettings, folder: Path, problem: Problem, records: Sequence[Record]) -> None:
        self._known = _architectures(records, problem.space)
        super().__init__(settings, folder, History(problem.space, known=self._known), problem)
        self._begun = settings
        self._records = tuple(records)
        self._seeking = threading.RLock()
        self.versions: dict[str, str] = {}
        self.position, self.moment_s = 0, 0.0
        self.times = _times(self._records)

    @classmethod
    def open(cls, folder: Path | str, *, trust: bool = False, tell: Tell | None = None) -> Self:
        """The run that is in `folder`, before its first event; `trust` and `tell` are those of `Run.open`.

        Raises:
            JournalError: no run there, or its journal is damaged or of a newer version.
        """
        found: list[Record] = []
        opened = open_folder(folder, trust=trust, keep=found.append, tell=tell)
        problem = replace(opened.problem, settings=opened.begun)
        replay = cls(opened.begun, opened.folder, problem, found)
        replay.versions = versions_of(opened.header)
        return replay

    def __len__(self) -> int:
        """Events in all."""
        return len(self._records)

    def __bool__(self) -> bool:
        return True

    @property
    def duration_s(self) -> float:
        """Running time of the whole run, in seconds."""
        return self.times[-1] if self.times else 0.0

    @property
    def past(self) -> tuple[dict[str, Any], ...]:
        """The events that are known, as the journal has them."""
        return tuple(map(plain, self._records[: self.position]))

    def seek(self, position: int, *, moment_s: float | None = None) -> None:
        """Show the run as it was after `position` events, 0 to `len`; what lies outside is brought inside.

        Args:
            position: events that are known then.
            moment_s: running time that is shown; by default that of the last event.
        """
        position = min(max(position, 0), len(self._records))
        with self._seeking:
            if position != self.position:
                self._go(position)
            at = self.times[position - 1] if position else 0.0
            self.moment_s = at if moment_s is None else moment_s
        self._emit(RunEvent("replay", position))

    def seek_time(self, elapsed_s: float) -> None:
        """Show the run as it was after so many seconds of running time."""
        moment = min(max(elapsed_s, 0.0), self.duration_s)
        self.seek(bisect_right(self.times, moment), moment_s=moment)

    def progress(self) -> Progress:
        """How far the run was."""
        running = len(self._history.pending)
        return replace(super().progress(), running=running, elapsed_s=self.moment_s, remaining_s=None)

    def _go(self, position: int) -> None:
        ahead = position > self.position
        history = self._history if ahead else History(self._problem.space, known=self._known)
        for record in self._records[self.position if ahead else 0 : position]:
            history.apply(record)
        self._history, self.position = history, position
        self._problem = with_budget_of(history, replace(self._problem, settings=self._begun))
        self.settings = self._problem.settings


def _architectures(records: Sequence[Record], space: SearchSpace) -> dict[int, Architecture]:
    """The architecture of each proposal by its number, read once, so that going back and forth is quick."""
    proposals = (record for record in records if isinstance(record, TrialRecord | InfeasibleRecord))
    return {record.id: read_architecture(record, space) for record in proposals}


def _times(records: Sequence[Record]) -> tuple[float, ...]:
    """When each record was known; see `Replay.times`."""
    times: list[float] = []
    for record in records:
        before = times[-1] if times else 0.0
        times.append(max(before, getattr(record, "elapsed_s", before)))
    return tuple(times)
