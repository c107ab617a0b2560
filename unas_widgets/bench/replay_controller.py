"""Recorded runs played back without training, and other runs in place of the one that is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from data import recorded_run, recorded_runs
from search import Budget, Run
from search.runs.replay import Replay
from unas_widgets.bench.choices import Choices
from unas_widgets.bench.search_controller import refuse_in_between
from unas_widgets.bench.stage import Shown, Stage
from unas_widgets.comparison import folder_of
from unas_widgets.errors import WidgetError
from unas_widgets.progress.run_words import busy
from unas_widgets.replay.replay_panel import ReplayControl


class ReplayController:
    """Puts replays and other runs on the stage. Nothing is trained, and no worker is started."""

    def __init__(
        self, stage: Stage, control: ReplayControl, choices: Choices, *, open_run: Callable[[Shown], None]
    ) -> None:
        """Show no replay yet.

        Args:
            stage: where replays are shown.
            control: what moves them.
            choices: the budget, which goes with the replay until it is moved by hand.
            open_run: shows a run with its settings.
        """
        self._stage, self._control, self._choices, self._open_run = stage, control, choices, open_run
        self._before: Shown | None = None
        self._kept = Budget()

    def show_replay(self, source: Replay | Path | str | None) -> Replay:
        """Play back a run: by default the one that is shown, or else one that came with the project.

        Raises:
            WidgetError: a search is under way.
            JournalError: there is no run.
        """
        shown = self._stage.run
        if busy(shown):
            raise WidgetError("The search is under way; stop it before you show a replay.")
        if source is None:
            source = shown.folder if shown is not None else recorded_runs()[0]
        replay = source if isinstance(source, Replay) else open_replay(source)
        if not isinstance(shown, Replay):
            self._before = shown
        self._open_run(replay)
        self._stage.refresh()
        return replay

    def show_run(self, source: Shown | Path | str) -> Shown:
        """Show another run in place of this one; one that came with the project is replayed.

        Raises:
            WidgetError: a search, or a replay, is under way.
            JournalError: there is no run, or it cannot be read.
        """
        if busy(self._stage.run):
            raise WidgetError("The search is under way; stop it before you open another run.")
        refuse_in_between(self._stage.run)
        if not isinstance(source, Run | Replay):
            folder = folder_of(source)
            if folder in map(recorded_run, recorded_runs()):
                return self.show_replay(folder)
            source = Run.open(folder)
        self._open_run(source)
        self._stage.refresh()
        return source

    def check_playable(self) -> None:
        """Refuse to play where no replay is shown.

        Raises:
            WidgetError: none is shown.
        """
        if not isinstance(self._stage.run, Replay):
            raise WidgetError("No replay is shown; open one with show_replay, or press Replay.")

    def end_replay(self) -> None:
        """Show again what was shown before the replay; without effect where there is none."""
        if not isinstance(self._stage.run, Replay):
            return
        self.leave()
        before, self._before = self._before, None
        if before is not None:
            self._open_run(before)
        else:
            self._stage.show(None)
        self._stage.refresh()

    def leave(self) -> None:
        """Stand still, and move no replay any more: another run will be shown."""
        self._control.show(None)

    def enter(self, run: Shown) -> None:
        """A run is shown: if it is a replay, it is what is moved."""
        self._kept = run.settings.budget
        if isinstance(run, Replay):
            self._control.show(run)

    def moved(self) -> None:
        """Another moment of the replay; its budget may be another one."""
        run = self._stage.run
        if not isinstance(run, Replay):
            return
        if run.settings.budget != self._kept:
            if self._choices.budget == self._kept:
                self._choices.budget = run.settings.budget
            self._kept = run.settings.budget
        self._stage.refresh()

    def within(self, position: int) -> int:
        """`position`, or the last one that there is."""
        run = self._stage.run
        return min(position, len(run)) if isinstance(run, Replay) else 0


def open_replay(source: Path | str) -> Replay:
    """The replay of a run's folder, of its journal, or of the recorded run of that name.

    Raises:
        JournalError: there is none.
    """
    return Replay.open(folder_of(source))
