"""The Workbench: budgets, live front, chosen network and export in one widget."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import ipywidgets
import traitlets

from search import Budget, ExportResult, Run, RunError, RunSettings
from unas_widgets.errors import WidgetError
from unas_widgets.panels.budget_panel import BudgetPanel
from unas_widgets.panels.follow import follow
from unas_widgets.panels.guarded import Guarded
from unas_widgets.panels.markup import Markup
from unas_widgets.panels.pareto_plot import ParetoPlot
from unas_widgets.panels.progress_plot import ProgressPlot
from unas_widgets.panels.run_control import ACTIONS, RunControl
from unas_widgets.panels.settings_panel import SettingsPanel
from unas_widgets.panels.trial_panel import TrialPanel
from unas_widgets.panels.trial_table import TrialTable
from unas_widgets.run_folder import new_run_folder
from unas_widgets.views.axis import ERROR, axis
from unas_widgets.views.columns import Columns
from unas_widgets.views.front_view import Standing, standing_of
from unas_widgets.views.status_view import Circumstances
from unas_widgets.views.trial_words import announcement, best_words, export_sentence, refusal, short_path

_SETTINGS = ("board", "dataset", "algorithm", "trials", "workers", "seed")


class Workbench(Guarded):
    """A search for networks within a budget, from the first slider to the file for the board.

    `Workbench()` is empty; `Workbench("runs/…")` opens a run that was begun earlier; `Workbench(run)` shows a `Run`.
    Everything that a click does is a method or a trait too, and works without a front end.

    Traits:
        budget: what the sliders say. It decides what is drawn as within budget, and is the next search's budget.
        board, dataset, algorithm, trials, workers, seed: of the next search; choosing a board fills the budget.
        x, y: words of the plot's axes.
        selected: number of the selected trial, or None.
        state: a `RunState`; "ready" before the first start.
        message: why the last thing asked for was not done; empty otherwise.
    """

    budget = traitlets.Instance(Budget, args=())
    board = traitlets.Unicode()
    dataset = traitlets.Unicode()
    algorithm = traitlets.Unicode()
    trials = traitlets.Int()
    workers = traitlets.Int()
    seed = traitlets.Int()
    x = traitlets.Unicode()
    y = traitlets.Unicode()
    selected = traitlets.Int(None, allow_none=True)
    state = traitlets.Unicode("ready")

    def __init__(self, source: Run | Path | str | None = None, *, base: Path | str = ".", **traits: Any) -> None:
        """Open `source`, or begin empty.

        Args:
            source: a run, or the folder of one.
            base: new runs go to `base/runs`.
            traits: first values of any trait.
        """
        self.run: Run | None = None
        self._base = Path(base).resolve()
        self._lock = threading.RLock()
        self._unfollow: Callable[[], None] | None = None
        self._columns = Columns(())
        self._earlier, self._drawn, self._announced = 0, -1, 0
        self.settings_panel = SettingsPanel()
        self.budget_panel = BudgetPanel(on_apply=self._guarded(self.change_budget))
        self.control = RunControl(on_action={name: self._guarded(getattr(self, name)) for name in ACTIONS})
        self.plot, self.table, self.progress = ParetoPlot(), TrialTable(), ProgressPlot()
        self.trial_panel = TrialPanel(on_export=self._guarded(self.export))
        self._live = Markup(attributes={"role": "status", "aria-live": "polite", "aria-label": "News of the search"})
        super().__init__(self._arranged())
        self.add_class("unas-workbench")
        self._link()
        self._fill_budget()
        for name, value in traits.items():
            setattr(self, name, value)
        if source is not None:
            self._open(source if isinstance(source, Run) else Run.open(source))
        self._refresh()

    # ----------------------------------------------------------------------------------------------- what clicks do

    def start(self) -> Run:
        """Begin a new search with the settings and budget of this moment; returns at once.

        Raises:
            SearchError, ResourceModelError, DataError: what is set cannot work; `message` says why.
        """
        if self.run is not None and self.run.state.active:
            return self.run
        run = self._try(lambda: Run.create(self.run_settings(), self._new_folder()))
        self._adopt(run, earlier=0)
        self._begin(run)
        return run

    def pause(self) -> None:
        """Train no further networks for now; those in training are finished."""
        if self.run is not None:
            self.run.pause()

    def resume(self) -> None:
        """Go on after a pause, after a stop, or beyond the end when `trials` has grown.

        Raises:
            RunError, JournalError: there is nothing to go on with; `message` says why.
        """
        self._try(self._resume)

    def stop(self) -> None:
        """End the workers; networks in training are trained again when the search goes on."""
        if self.run is not None:
            self.run.stop()

    def change_budget(self, budget: Budget | None = None) -> None:
        """Have the search that is shown keep `budget`, by default what the sliders say, from now on; history is kept.

        Raises:
            SearchError, WidgetError: there is no search, or no network can meet it; `message` says why.
        """
        self._try(lambda: self._change_budget(self.budget if budget is None else budget))

    def export(self, trial: int | None = None, to: Path | str | None = None) -> Future[ExportResult]:
        """Write a trial, by default the selected one, as int8 `.tflite` in a worker process; returns at once.

        Args:
            trial: number of a trained trial.
            to: the file; by default `exports/trial-<number>/model.tflite` in the run's folder.

        Raises:
            SearchError, WidgetError: no such trial; `message` says why.
        """
        return self._try(lambda: self._export(self.selected if trial is None else trial, to))

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
            workers=self.workers,
            seed=self.seed,
            trials=self.trials,
        )

    def static_html(self) -> str:
        parts = (self.control, self.budget_panel, self.plot, self.progress, self.table, self.trial_panel)
        return "".join(part.static_html() for part in parts)

    def static_text(self) -> str:
        trained = 0 if self.run is None else self.run.progress().trained
        return f"Workbench: {self.state}, {trained} trained, budget {self.budget}"

    # ----------------------------------------------------------------------------------------------- the parts

    def _arranged(self) -> tuple[Any, ...]:
        left = ipywidgets.VBox((self.budget_panel.controls, self.control.buttons, self.budget_panel.prices))
        zones = ipywidgets.Box((left, ipywidgets.VBox((self.plot, self.progress)), self.trial_panel))
        zones.add_class("unas-zones")
        self.table.add_class("unas-foot")
        frame = ipywidgets.VBox((self.settings_panel, self.control.status, zones, self.table))
        frame.add_class("unas-frame")
        self._live.add_class("unas-live")
        for part in (self.settings_panel, self.plot, self.progress, self.table, self.trial_panel):
            part.remove_class("unas")  # the Workbench is the frame of reference for what is narrow
        return (frame, self._live)

    def _link(self) -> None:
        for name in _SETTINGS:
            traitlets.link((self.settings_panel, name), (self, name))
        traitlets.link((self.budget_panel, "budget"), (self, "budget"))
        for name in ("x", "y"):
            traitlets.link((self.plot, name), (self, name))
            traitlets.link((self.plot, name), (self.table, name))
        traitlets.link((self, "budget"), (self.progress, "budget"))
        for part in (self.plot, self.table):
            traitlets.link((self, "budget"), (part, "budget"))
            traitlets.link((self, "selected"), (part, "selected"))
        self.plot.empty("<b>No search yet</b><span>Set the budgets on the left, then press Start.</span>")

    @traitlets.observe("board")
    def _on_board(self, _change: Any) -> None:
        if self.run is None or not self.run.state.active:
            self._guarded(self._fill_budget)()

    @traitlets.observe("budget")
    def _on_budget(self, _change: Any) -> None:
        self.message = ""
        self._note_budget()
        self._stand()
        self._refresh()

    @traitlets.observe("selected")
    def _on_selected(self, _change: Any) -> None:
        self._guarded(self._show_selected)()

    @traitlets.observe("message")
    def _on_message(self, _change: Any) -> None:
        self._refresh()

    def _fill_budget(self) -> None:
        if self.board:
            open_bounds = replace(self.budget, ram_bytes=None, model_bytes=None)
            settings = RunSettings(dataset=self.dataset, board=self.board, budget=open_bounds)
            self.budget = settings.with_board_budget().budget

    # ----------------------------------------------------------------------------------------------- the run

    def _new_folder(self) -> Path:
        return new_run_folder(
            self._base, dataset=self.dataset, algorithm=self.algorithm, seed=self.seed, now=datetime.now()
        )

    def _open(self, run: Run) -> None:
        s = run.settings
        self.board, self.dataset, self.algorithm, self.seed = s.board or "", s.dataset, s.algorithm, s.seed
        self.trials, self.workers = s.trials or self.trials, s.workers or self.workers
        self.budget = s.budget
        self._adopt(run, earlier=len(run.networks()))

    def _adopt(self, run: Run, *, earlier: int) -> None:
        """Make `run` the one that is shown."""
        self._end_following()
        with self._lock:
            self.selected, self._columns = None, Columns(())
            self.run, self._earlier, self._drawn, self._announced = run, earlier, -1, len(run.observations())
            self.plot.empty("<b>No trained network yet</b><span>Points appear here as networks are trained.</span>")
            self.plot.reset()
        self._note_budget()
        if run.state.active:
            self._unfollow = follow(run, self._refresh)

    def _begin(self, run: Run) -> None:
        self._end_following()
        self._try(run.start)
        self._unfollow = follow(run, self._refresh)

    def _end_following(self) -> None:
        if self._unfollow is not None:
            self._unfollow()
            self._unfollow = None

    def _change_budget(self, budget: Budget) -> None:
        if self.run is None:
            raise WidgetError("There is no search whose budget could be changed; press Start.")
        self.run.change_budget(budget)
        self.budget = self.run.settings.budget
        self._note_budget()

    def _resume(self) -> None:
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

    # ----------------------------------------------------------------------------------------------- what is shown

    def _refresh(self) -> None:
        """Bring everything up to date with the run; called from the main thread and from the ticker's."""
        with self._lock:
            run = self.run
            state = "ready" if run is None else str(run.state)
            if run is not None and run.version != self._drawn:
                self._drawn = run.version
                trained, size = run.networks(), run.validation_size
                self._columns = Columns(trained)
                self.progress.show(run.observations())
                self.plot.show(trained, run.infeasible(), validation_size=size)
                self.budget_panel.prices.show(trained, validation_size=size)
                self.table.show(trained, validation_size=size, report_of=run.report)
                self._announce(run)
                self._stand()
                self._note_budget()
            folder = "" if run is None else short_path(run.folder, self._base)
            progress = None if run is None else run.progress()
            facts = self._facts(run)
            has_run = run is not None
            self.control.show(state, progress, facts, problem=self.message, folder=folder, has_run=has_run)
            self.settings_panel.locked = run is not None and run.state.active
            self.state = state

    def _facts(self, run: Run | None) -> Circumstances:
        if run is None:
            return Circumstances(workers=self.workers)
        failures = [o.message for o in run.networks() if o.status == "failed"]
        return Circumstances(
            best=best_words(self._columns, self.budget),
            workers=run.settings.workers or 1,
            earlier=self._earlier,
            failure=failures[-1] if failures else "",
            error=run.error or "",
        )

    def _standings(self) -> dict[int, Standing]:
        return standing_of(self._columns, self.budget, x=axis(self.x), y=axis(self.y))

    def _standing(self, trial: int) -> str:
        standing = self._standings().get(trial, Standing.DOMINATED)
        return "on the front" if standing is Standing.FRONT else str(standing)

    def _stand(self) -> None:
        """Say anew where the selected trial stands: the budget or the front has moved."""
        if self.selected is not None:
            self.trial_panel.stand(self._standing(self.selected))

    def _announce(self, run: Run) -> None:
        """Tell screen readers of the newest trial on the front, be it new or trained further."""
        observations = run.observations()
        fresh, self._announced = observations[self._announced :], len(observations)
        if any(o.trial.promotes is not None and run.observation(o.trial_id).trial_id == self.selected for o in fresh):
            self._guarded(self._show_selected)()  # its network was trained further
        standings = self._standings() if fresh else {}
        for over in reversed(fresh):
            observation = run.observation(over.trial_id)
            if standings.get(observation.trial_id) is Standing.FRONT:
                self._live.html = announcement(observation, Standing.FRONT)
                return

    def _note_budget(self) -> None:
        """Say what the search keeps where the sliders say something else, unless it is over."""
        run = self.run
        over = run is None or run.state == "finished"
        self.budget_panel.note(None if run is None or over else run.settings.budget)

    def _show_selected(self) -> None:
        run, trial = self.run, self.selected
        if run is None or trial is None:
            self.trial_panel.clear()
            return
        refused = next((o for o in run.infeasible() if o.trial_id == trial), None)
        if refused is not None:
            self.trial_panel.explain(trial, refusal(refused, run.settings.budget))
            return
        observation = run.observation(trial)
        standing = self._standings().get(trial, Standing.DOMINATED)
        self.trial_panel.say("")
        self.trial_panel.show(
            trial,
            run.graph(trial),
            run.report(trial),
            error=ERROR.quantity(observation, run.validation_size),
            standing=self._standing(trial),
            remark=f"{observation.epochs} epochs in {observation.seconds:.3g} s",
        )
        self._live.html = announcement(observation, standing)

    def _export(self, trial: int | None, to: Path | str | None) -> Future[ExportResult]:
        if self.run is None or trial is None:
            raise WidgetError("Select a trained trial first, then export it.")
        path = Path(to) if to else self.run.folder / "exports" / f"trial-{trial}" / "model.tflite"
        future = self.run.export(trial, path)
        self.trial_panel.say(f"Writing trial {trial} as int8 and measuring it, about 15 seconds.", busy=True)
        future.add_done_callback(lambda done: self._on_exported(trial, done))
        return future

    def _on_exported(self, trial: int, done: Future[ExportResult]) -> None:
        error = done.exception()
        if error is not None:
            self.trial_panel.say(f"Trial {trial} was not exported: {error}", bad=True)
            return
        sentence = export_sentence(trial, done.result(), self._base)
        self.trial_panel.say(sentence)
        self._live.html = sentence

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        self.plot.renew()
        return super()._repr_mimebundle_(**options)
