"""Several runs side by side: how good, at what cost, and how good after equal compute.

>>> from unas_widgets.comparison import comparison_frame  # doctest: +SKIP
>>> comparison_frame({"default": "runs/…", "random": "runs/…"})  # doctest: +SKIP
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from data import recorded_run, recorded_runs
from search.budget import Budget
from search.journal import file as journal
from search.journal.inherited import run_name
from search.measures.hypervolume import hypervolume
from search.measures.reached import measured_resource
from search.runs.recorded import RecordedRun
from search.runs.replay import Replay
from search.runs.run import Run
from search.trial import Observation
from unas_widgets.errors import WidgetError
from unas_widgets.quantities.columns import Columns
from unas_widgets.quantities.quantity import percent, significant
from unas_widgets.widgets.html import NOTHING, Html, tag

COLUMNS = (
    "run",
    "trained",
    "cpu_seconds",
    "accuracy",
    "at_cpu_seconds",
    "trained_then",
    "accuracy_then",
    "hypervolume",
)
_HEADS = ("run", "trained", "CPU-seconds", "best accuracy", "trained", "best accuracy", "hypervolume")


class Course:
    """A run as it was after any amount of compute.

    Attributes:
        settings: of the run, as it ended.
        cpu_seconds: that the whole run has spent.
    """

    def __init__(self, source: RecordedRun | Path | str) -> None:
        """Read the journal of a run, of the run in a folder, or of a recorded run.

        Raises:
            JournalError: there is no run, or it is damaged.
        """
        folder = folder_of(source)
        self._replay = Replay.open(folder)
        self._known: dict[int, tuple[Observation, ...]] = {}
        spent: list[float] = []
        for record in journal.read(folder / journal.FILE_NAME)[1][: len(self._replay)]:
            before = spent[-1] if spent else 0.0
            spent.append(max(before, float(record.get("cpu_seconds", before))))
        self._spent = tuple(spent)
        self.cpu_seconds = spent[-1] if spent else 0.0
        self._replay.seek(len(self._replay))
        self.settings = self._replay.settings

    def networks(self, cpu_seconds: float | None = None) -> tuple[Observation, ...]:
        """What was trained within so many processor seconds; by default within all."""
        events = bisect_right(self._spent, self.cpu_seconds if cpu_seconds is None else cpu_seconds)
        if events not in self._known:
            self._replay.seek(events)
            self._known[events] = self._replay.networks()
        return self._known[events]


Source = RecordedRun | Path | str | Course


def folder_of(source: RecordedRun | Path | str) -> Path:
    """The folder of a run, of a run's journal, or of the recorded run of that name."""
    if isinstance(source, RecordedRun):
        return source.folder
    path = Path(source)
    path = path.parent if path.name == journal.FILE_NAME else path
    return recorded_run(str(source)) if not Run.exists(path) and str(source) in recorded_runs() else path


def comparison_frame(
    runs: Mapping[str, Source], *, budget: Budget | None = None, cpu_seconds: float | None = None
) -> pd.DataFrame:
    """One row for each run; all are judged by the same budget, and their hypervolume after the same compute.

    Args:
        runs: by name a run, the folder of one, the name of a recorded one, or a `Course`.
        budget: what counts as feasible, and the reference of the hypervolume: its bound on RAM, or else its first
            bound, and an error of 1. By default that of the first run; without any bound the reference is the most RAM
            that a network of these runs takes.
        cpu_seconds: after how much compute hypervolumes are compared; by default what the shortest run has spent.

    Returns:
        `run`, `trained` networks and `cpu_seconds` of the whole run, its best feasible `accuracy` (0 to 1, NaN without
        one); `at_cpu_seconds`, and at that moment `trained_then`, `accuracy_then` and `hypervolume` (0 to 1).

    Raises:
        JournalError: there is no run, or it is damaged.
        WidgetError: no run is given, or `cpu_seconds` is not above 0.
    """
    if not runs:
        raise WidgetError("There is no run to compare; give at least one.")
    if cpu_seconds is not None and cpu_seconds <= 0:
        raise WidgetError(f"Runs are compared after some compute; {cpu_seconds:g} CPU-seconds are none.")
    courses = {name: _course(source) for name, source in runs.items()}
    every = {name: course.networks() for name, course in courses.items()}
    reference = _reference(budget or next(iter(courses.values())).settings.budget, every)
    objective = measured_resource(reference) or "ram_bytes"
    at = min(course.cpu_seconds for course in courses.values())
    at = at if cpu_seconds is None else cpu_seconds
    rows = []
    for name, course in courses.items():
        then = course.networks(at)
        rows.append(
            (
                name,
                _trained(every[name]),
                course.cpu_seconds,
                _accuracy(every[name], reference),
                at,
                _trained(then),
                _accuracy(then, reference),
                hypervolume(then, budget=reference, objective=objective),
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def comparison_html(frame: pd.DataFrame, *, marks: Mapping[str, Html] | None = None) -> Html:
    """The table of `comparison_frame`; `marks` are signs before the names, by name."""
    if frame.empty:
        return NOTHING
    at = frame["at_cpu_seconds"].iloc[0]
    then = tag("th", f"after {significant(at)} CPU-seconds each", colspan=3)
    groups = tag("tr", tag("th"), tag("th", "whole run", colspan=3), then)
    heads = tag("tr", (tag("th", head, scope="col") for head in _HEADS))
    body = tag("tbody", (_row(row, (marks or {}).get(row["run"])) for _index, row in frame.iterrows()))
    return tag("table", tag("thead", groups, heads), body, aria_label="Comparison of runs")


def differences(runs: Mapping[str, Source]) -> list[str]:
    """Sentences on what makes runs hard to compare: other data, accountings or boards, and what was found before."""
    settings = {name: _course(source).settings for name, source in runs.items()}
    said = []
    for field, word in (("dataset", "data sets"), ("accounting", "accountings"), ("board", "boards")):
        found = {str(getattr(s, field) or "none") for s in settings.values()}
        if len(found) > 1:
            said.append(f"These runs are of different {word}: {', '.join(sorted(found))}.")
    for name, s in settings.items():
        if s.start_from is not None:
            said.append(
                f"{name} began with networks of the run {run_name(s.start_from)}, whose compute is not counted."
            )
    return said


def _row(row: pd.Series, mark: Html | None) -> Html:
    accuracies = ["–" if np.isnan(row[key]) else percent(row[key]) for key in ("accuracy", "accuracy_then")]
    cells = (
        f"{row['trained']:,}",
        significant(row["cpu_seconds"]),
        accuracies[0],
        f"{row['trained_then']:,}",
        accuracies[1],
        f"{row['hypervolume']:.3f}",
    )
    return tag("tr", tag("td", mark, row["run"]), (tag("td", cell) for cell in cells))


def _course(source: Source) -> Course:
    return source if isinstance(source, Course) else Course(source)


def _reference(budget: Budget, every: Mapping[str, tuple[Observation, ...]]) -> Budget:
    if measured_resource(budget) is not None:
        return budget
    most = max((o.costs.ram_bytes for networks in every.values() for o in networks), default=1)
    return replace(budget, ram_bytes=most)


def _trained(networks: tuple[Observation, ...]) -> int:
    return sum(o.status == "trained" for o in networks)


def _accuracy(networks: tuple[Observation, ...], budget: Budget) -> float:
    best = Columns(networks).best(budget)
    return float("nan") if best is None or best.val_error is None else 1.0 - best.val_error
