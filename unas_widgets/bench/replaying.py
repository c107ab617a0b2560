"""A recorded run in the Workbench, played back without training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import traitlets

from data import recorded_run, recorded_runs
from search import Budget, Observation, Run
from search.runs.replay import Replay
from unas_widgets.bench.base import NO_SEARCH
from unas_widgets.bench.searching import Searching
from unas_widgets.comparison import folder_of
from unas_widgets.errors import WidgetError
from unas_widgets.progress.run_words import busy
from unas_widgets.quantities.columns import Columns


class Replaying(Searching):
    """The part of the Workbench that plays runs back. Nothing is trained, and no worker is started."""

    _before: Run | None
    _kept: Budget
    _seen: Observation | None

    def show_replay(self, source: Replay | Path | str | None = None) -> Replay:
        """Play back a run in this Workbench; by default the one that is shown, or else one that came with the project.

        Raises:
            WidgetError: a search is under way.
            JournalError: there is no run; `message` says why.
        """
        return self._try(lambda: self._show_replay(source))

    def show_run(self, source: Run | Path | str) -> Run:
        """Show another run in place of this one; Resume goes on with it. One that came with the project is replayed.

        Args:
            source: a run, the folder of one, or the name of a recorded one.

        Raises:
            WidgetError: a search, or a replay, is under way.
            JournalError: there is no run, or it cannot be read; `message` says why.
        """
        return self._try(lambda: self._show_run(source))

    def play(self) -> None:
        """Play the replay that is shown, from here or, at its end, from the beginning.

        Raises:
            WidgetError: no replay is shown.
        """
        self._try(self._play)

    def end_replay(self) -> None:
        """Show again what was shown before the replay; without effect where there is none."""
        if not isinstance(self.run, Replay):
            return
        self.replay_control.show(None)
        before, self._before = self._before, None
        if before is not None:
            self._open(before)
        else:
            self._clear()
        self._refresh()

    def _show_run(self, source: Run | Path | str) -> Run:
        if busy(self.run):
            raise WidgetError("The search is under way; stop it before you open another run.")
        self._refuse_in_between()
        if not isinstance(source, Run):
            folder = folder_of(source)
            if folder in map(recorded_run, recorded_runs()):
                return self._show_replay(folder)
            source = Run.open(folder)
        self._open(source)
        self._refresh()
        return source

    def _play(self) -> None:
        if not isinstance(self.run, Replay):
            raise WidgetError("No replay is shown; open one with show_replay, or press Replay.")
        self.playing = True

    def _show_replay(self, source: Replay | Path | str | None) -> Replay:
        if busy(self.run):
            raise WidgetError("The search is under way; stop it before you show a replay.")
        shown = self.run
        if source is None:
            source = shown.folder if shown is not None else recorded_runs()[0]
        replay = source if isinstance(source, Replay) else open_replay(source)
        if not isinstance(shown, Replay):
            self._before = shown
        self._open(replay)
        self._refresh()
        return replay

    def _open(self, run: Run) -> None:
        self.replay_control.show(None)
        self._kept = run.settings.budget
        super()._open(run)
        if isinstance(run, Replay):
            self.plot.empty("<b>Before the first network</b><span>Press Play, or move the slider.</span>")
            self.replay_control.show(run)

    def _clear(self) -> None:
        self._end_following()
        self._listen(None)
        with self._lock:
            self.selected, self.run, self._columns, self._drawn = None, None, Columns(()), -1
            self.plot.empty(NO_SEARCH)
            self.plot.reset()
            self.table.show(())
            self.progress.show(())
            self.budget_panel.prices.show(())
            self.log_panel.read(None)
            self._take_own()
        self._note_budget()

    @traitlets.validate("position")
    def _within(self, proposal: Any) -> int:
        run, wanted = self.run, int(proposal["value"])
        return min(wanted, len(run)) if isinstance(run, Replay) else 0

    @traitlets.validate("playing")
    def _playable(self, proposal: Any) -> bool:
        return bool(proposal["value"]) and isinstance(self.run, Replay)

    def _moved(self) -> None:
        """Another moment of the replay: its budget may be another one, and the selected trial may not be there yet."""
        run = self.run
        if not isinstance(run, Replay):
            return
        if run.settings.budget != self._kept:
            if self.budget == self._kept:
                self.budget = run.settings.budget
            self._kept = run.settings.budget
        if self.selected is not None and self._seen is not None and _known(run, self.selected) is None:
            self._guarded(self._show_selected)()
        self._refresh()
        if self.selected is not None and _known(run, self.selected) != self._seen:
            self._guarded(self._show_selected)()

    def _not_yet(self, run: Run, trial: int) -> bool:
        """Whether the replay is at a moment before the end of that trial's training; the trial's panel says so then."""
        self._seen = _known(run, trial)
        if not isinstance(run, Replay) or self._seen is not None:
            return False
        self.trial_panel.explain(trial, "At this moment of the run it was not trained yet.")
        return True


def _known(run: Run, trial: int) -> Observation | None:
    """What the run knows of a trial at this moment."""
    refused = next((o for o in run.infeasible() if o.trial_id == trial), None)
    return refused or next((o for o in run.networks() if o.trial_id == trial), None)


def open_replay(source: Path | str) -> Replay:
    """The replay of a run's folder, of its journal, or of the recorded run of that name.

    Raises:
        JournalError: there is none.
    """
    return Replay.open(folder_of(source))
