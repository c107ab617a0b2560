"""Start, pause, resume, stop, another budget: what the Workbench does with a search, and how it takes one up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from search import Budget, Run, RunError, RunSettings
from search.runs.replay import Replay
from unas_widgets.bench.designing import Designing
from unas_widgets.errors import WidgetError
from unas_widgets.progress.run_words import busy, stop
from unas_widgets.quantities.columns import Columns
from unas_widgets.runs.run_folder import new_run_folder


class Searching(Designing):
    """The part of the Workbench that conducts a search."""

    def start(self) -> Run:
        """Begin a new search with the settings and budget of this moment; returns at once.

        Raises:
            SearchError, ResourceModelError, DataError: what is set cannot work; `message` says why.
        """
        if self.run is not None and self.run.state.active:
            return self.run
        self._try(self._refuse_in_between)
        run = self._try(lambda: Run.create(self.run_settings(), self._new_folder()))
        self._guarded(lambda: self._carry_own(run))()
        self._adopt(run, earlier=0)
        self._begin(run)
        return run

    def pause(self) -> None:
        """Train no further networks for now; those in training are finished. A replay stands still."""
        self.playing, self.message = False, ""
        if self.run is not None:
            self.run.pause()

    def resume(self) -> None:
        """Go on after a pause, after a stop, or beyond the end when `trials` has grown.

        An empty Workbench goes on with the last search below its folder, which its status line offers.

        Raises:
            RunError, JournalError: there is nothing to go on with; `message` says why.
        """
        self._try(self._resume)

    def stop(self) -> None:
        """End the workers, those of `finalise` too; networks in training are trained again when the search goes on."""
        self.playing, self.message = False, ""
        if self.run is not None:
            stop(self.run)

    def change_budget(self, budget: Budget | None = None) -> None:
        """Have the search that is shown keep `budget`, by default what the sliders say, from now on; history is kept.

        Raises:
            SearchError, WidgetError: there is no search, or no network can meet it; `message` says why.
        """
        self._try(lambda: self._change_budget(self.budget if budget is None else budget))

    def run_settings(self) -> RunSettings:
        """The settings that Start would use.

        Raises:
            SettingsError: they contradict one another.
        """
        return RunSettings(
            dataset=self.dataset,
            board=self.board or None,
            algorithm=self.algorithm,
            budget=self.budget,
            board_fills=(),  # the sliders say what it sets, until they are moved
            workers=self.workers,
            seed=self.seed,
            trials=self.trials,
        )

    def _new_folder(self) -> Path:
        return new_run_folder(
            self._base, dataset=self.dataset, algorithm=self.algorithm, seed=self.seed, now=datetime.now()
        )

    def _open(self, run: Run) -> None:
        s = run.settings
        self.board, self.dataset, self.algorithm, self.seed = run.board_source or "", s.dataset, s.algorithm, s.seed
        self.trials, self.workers = s.trials or self.trials, s.workers or self.workers
        self.budget = s.budget
        self._adopt(run, earlier=len(run.networks()))

    def _adopt(self, run: Run, *, earlier: int) -> None:
        self._end_following()
        with self._lock:
            self.selected, self._columns = None, Columns(())
            self.run, self._earlier, self._drawn, self._announced = run, earlier, -1, len(run.observations())
            self.plot.empty("<b>No trained network yet</b><span>Points appear here as networks are trained.</span>")
            self.plot.reset()
            self._outcome.html = self.code_panel.html = self.code_panel.text = ""
            self.code_panel.opened = False
            self.log_panel.read(run)
            self._take_own()
        self._listen(run)
        self._note_budget()
        if busy(run):
            self._follow(run, self._refresh)

    def _begin(self, run: Run) -> None:
        self._end_following()
        self._try(run.start)
        self._follow(run, self._refresh)

    def _listen(self, run: Run | None) -> None:
        """Have the log hear of what happens to `run`, and of no other run."""
        if self._unlisten is not None:
            self._unlisten()
        self._unlisten = None if run is None else self.log_panel.listen(run, report=self.report_failure)

    def _change_budget(self, budget: Budget) -> None:
        if self.run is None:
            raise WidgetError("There is no search whose budget could be changed; press Start.")
        self.run.change_budget(budget)
        self.budget = self.run.settings.budget
        self._note_budget()

    def _resume(self) -> None:
        self._refuse_in_between()
        if self.run is None and self._offered is not None:
            self._open(Run.open(self._offered.folder))  # it may have been gone on with elsewhere
        if self.run is None:
            raise RunError("There is no search to go on with; press Start.")
        if self.run.state.active:
            self.run.resume()
            return
        self._earlier = len(self.run.networks())
        settings = replace(self.run.settings, workers=self.workers)
        self.run.extend(settings if settings.trials is None else replace(settings, trials=self.trials))
        if self.run.state == "finished":
            raise RunError("All trials of this search are done; raise the number of trials to go on.")
        self._begin(self.run)

    def _refuse_in_between(self) -> None:
        """Nothing begins while a replay is shown or the front is trained again."""
        if isinstance(self.run, Replay):
            raise WidgetError("A replay is shown; end it first.")
        if self.run is not None and self.run.finalising is not None and self.run.finalising.running:
            raise WidgetError("The search is being finalised; wait for the end of that, or press Stop.")
