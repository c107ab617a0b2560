"""The Workbench: budgets, live front, chosen network and export in one widget."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any, Self

import ipywidgets
import traitlets

from search import Budget, ExportResult, Run
from search.runs.replay import Replay
from unas_widgets.bench.base import NO_SEARCH
from unas_widgets.bench.concluding import Concluding
from unas_widgets.bench.replaying import open_replay
from unas_widgets.boards.board_files import FOLDER as BOARDS
from unas_widgets.boards.board_form import BoardForm
from unas_widgets.budgets.budget_panel import BudgetPanel
from unas_widgets.editor.editor_panel import NetworkEditor
from unas_widgets.errors import WidgetError
from unas_widgets.front.front_view import Standing, standing_of
from unas_widgets.front.parallel_plot import ParallelPlot
from unas_widgets.front.pareto_plot import ParetoPlot
from unas_widgets.progress.control_panel import ACTIONS, RunControl
from unas_widgets.progress.log_panel import LogPanel
from unas_widgets.progress.log_view import LogEntry
from unas_widgets.progress.notify import Notify
from unas_widgets.progress.progress_panel import ProgressPlot
from unas_widgets.progress.run_words import FINALISING, REPLAY, run_facts, shown_state
from unas_widgets.progress.status_view import ACTIVE, Circumstances
from unas_widgets.quantities.axis import ERROR, axis
from unas_widgets.quantities.columns import Columns
from unas_widgets.replay.replay_panel import ReplayControl
from unas_widgets.report.static_bench import bench_html, chosen_trial
from unas_widgets.runs.comparison_panel import Comparison
from unas_widgets.runs.settings_panel import SettingsPanel
from unas_widgets.runs.unfinished_run import offer_words, unfinished_run
from unas_widgets.trial.table_panel import TrialTable
from unas_widgets.trial.trial_panel import TrialPanel
from unas_widgets.trial.trial_words import announcement, best_words, export_sentence, refusal, short_path
from unas_widgets.widgets.disclosure import Disclosure
from unas_widgets.widgets.failures import Failure, guard
from unas_widgets.widgets.fold import Fold
from unas_widgets.widgets.inputs import Button
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.tie import tie

LOCKED = ACTIVE | {REPLAY, FINALISING}
DEEDS = {
    "show_replay": ("Replay", "Play this run back from its beginning; without a run, one that came with the project"),
    "report": ("Save report", "Write one HTML file about this run"),
    "copy_as_code": ("Copy as code", "Show the Python lines that make this run, this plot, and the selected network"),
}
_SETTINGS = ("board", "dataset", "algorithm", "trials", "workers", "seed")


class Workbench(Concluding):
    """A search for networks within a budget, from the first slider to the file for the board.

    `Workbench()` is empty, and offers to go on with the last search here if that is not over; `Workbench("runs/…")`
    opens a run that was begun earlier; `Workbench(run)` shows a `Run`; `Workbench.replay("runs/…")` plays one back.
    Everything that a click does is a method or a trait too, and works without a front end.

    Traits:
        budget: what the sliders say. It decides what is drawn as within budget, and is the next search's budget.
        board, dataset, algorithm, trials, workers, seed: of the next search; choosing a board fills the budget.
        x, y: words of the plot's axes.
        selected: number of the selected trial, or None.
        state: a `RunState`, "replay", "finalising" or "finalised"; "ready" before the first start.
        position, speed, playing: of a replay: events that are known, seconds of the run in one second, and whether it
            plays.
        message: why the last thing asked for was not done; empty otherwise.
    """

    def __init__(self, source: Run | Path | str | None = None, *, base: Path | str = ".", **traits: Any) -> None:
        """Open `source`, or begin empty.

        Args:
            source: a run, or the folder of one.
            base: new runs go to `base/runs`.
            traits: first values of any trait.
        """
        self.run = self._before = self._unlisten = self._seen = self._own = self._carried = None
        self._base = Path(base).resolve()
        self._lock = threading.RLock()
        self._columns, self._kept = Columns(()), Budget()
        self._offered = unfinished_run(self._base) if source is None else None
        self._earlier, self._drawn, self._announced = 0, -1, 0
        own_boards = self._base / BOARDS
        self.settings_panel = SettingsPanel(own_boards=own_boards, on_own=self._turn_board_form)
        self.board_form = BoardForm(own_boards, on_saved=self._take_board)
        self.budget_panel = BudgetPanel(on_apply=self._guarded(self.change_budget))
        self.control = RunControl(on_action={name: self._guarded(getattr(self, name)) for name in ACTIONS})
        self.plot, self.table, self.progress = ParetoPlot(), TrialTable(), ProgressPlot()
        self.trial_panel = TrialPanel(on_export=self._guarded(self.export))
        self.replay_control = ReplayControl(on_move=self._moved, on_end=self._guarded(self.end_replay))
        self.log_panel, self.code_panel = LogPanel(), Disclosure("Code")
        self.parallel, self.editor = ParallelPlot(), NetworkEditor(on_trained=lambda _observation: self._own_trained())
        self._parallel_fold = Fold(
            "All quantities", self.parallel, remark="parallel coordinates", on_open=self._fill_parallel
        )
        self._editor_fold = Fold(
            "Design your own", self.editor, remark="a network by hand", on_open=self._guarded(self._fill_editor)
        )
        self.comparison = Comparison(self.plot, base=self._base, on_open=self.show_run)
        self.notify = Notify()
        self._comparison_fold = Fold(
            "Other runs",
            self.comparison,
            remark="compare with them, or open one",
            on_open=self._guarded(lambda: self.comparison.show(self.run)),
        )
        self._deeds = self._deed_buttons()
        self._outcome = Markup(attributes={"role": "status"})
        self._live = Markup(attributes={"role": "status", "aria-live": "polite", "aria-label": "News of the search"})
        super().__init__(self._arranged())
        self.add_class("unas-workbench")
        for part in (self.replay_control, self.trial_panel.morphs, self.editor, self.board_form, self.comparison):
            part.send_failures(self._log_failure)
        self._link()
        self._look_at_boards()
        self._fill_budget()
        for name, value in traits.items():
            setattr(self, name, value)
        if source is not None:
            self._open(source if isinstance(source, Run) else Run.open(source))
        self._refresh()

    # ----------------------------------------------------------------------------------------------- what clicks do

    def export(self, trial: int | None = None, to: Path | str | None = None) -> Future[ExportResult]:
        """Write a trial, by default the selected one, as int8 `.tflite` in a worker process; returns at once.

        Args:
            trial: number of a trained trial.
            to: the file; by default `exports/trial-<number>/model.tflite` in the run's folder.

        Raises:
            SearchError, WidgetError: no such trial; `message` says why.
        """
        return self._try(lambda: self._export(self.selected if trial is None else trial, to))

    @classmethod
    def replay(cls, source: Path | str = "digits", **options: Any) -> Self:
        """A Workbench that shows a recorded run from its beginning: press Play, or move the slider.

        Args:
            source: the folder of a run, its journal, or the name of a run that travels with the project; see
                `data.recorded_runs`.
            options: of the Workbench.

        Raises:
            JournalError: there is no run.
        """
        return cls(open_replay(source), **options)

    def static_html(self) -> str:
        self._refresh()  # the thread that follows a run may be behind it, at the end of a cell that waited for it
        return bench_html(self.run, self.plot, self.table, state=self.state, selected=self.selected)

    def static_png(self) -> bytes:
        return self.plot.png(chosen_trial(self.run, self.plot, self.selected))

    def static_text(self) -> str:
        trained = 0 if self.run is None else self.run.progress().trained
        return f"Workbench: {self.state}, {trained} trained, budget {self.budget}"

    # ----------------------------------------------------------------------------------------------- the parts

    def _arranged(self) -> tuple[Any, ...]:
        left = ipywidgets.VBox((self.budget_panel.controls, self.control.buttons, self.budget_panel.prices))
        zones = ipywidgets.Box((left, ipywidgets.VBox((self.plot, self.progress)), self.trial_panel))
        zones.add_class("unas-zones")
        deeds = ipywidgets.Box((*self._deeds.values(), self.notify, self._outcome))
        deeds.add_class("unas-deeds")
        folds = (self._parallel_fold, self._comparison_fold, self._editor_fold)
        foot = ipywidgets.VBox((self.table, deeds, *folds, self.code_panel, self.log_panel))
        foot.add_class("unas-foot")
        frame = ipywidgets.VBox(
            (self.settings_panel, self.board_form, self.control.status, self.replay_control, zones, foot)
        )
        frame.add_class("unas-frame")
        self._live.add_class("unas-live")
        parts = (
            self.settings_panel,
            self.board_form,
            self.plot,
            self.progress,
            self.table,
            self.trial_panel,
            self.replay_control,
            self.log_panel,
        )
        for part in parts:
            part.remove_class("unas")  # the Workbench is the frame of reference for what is narrow
        return (frame, self._live)

    def _link(self) -> None:
        for name in _SETTINGS:
            traitlets.link((self.settings_panel, name), (self, name))
        traitlets.link((self.budget_panel, "budget"), (self, "budget"))
        for name in ("position", "speed", "playing"):
            tie((self.replay_control, name), (self, name))  # a thread moves them while it plays
        for name in ("x", "y"):
            traitlets.link((self.plot, name), (self, name))
            traitlets.link((self.plot, name), (self.table, name))
        traitlets.link((self, "budget"), (self.progress, "budget"))
        traitlets.link((self, "selected"), (self.trial_panel, "selected"))
        for part in (self.plot, self.table, self.parallel):
            traitlets.link((self, "budget"), (part, "budget"))
            traitlets.link((self, "selected"), (part, "selected"))
        traitlets.dlink((self, "budget"), (self.editor, "budget"))
        traitlets.link((self.plot, "x"), (self.parallel, "x"))
        for part in (self.plot, self.table):
            traitlets.dlink((self.parallel, "brushed"), (part, "brushed"))
        self.plot.empty(NO_SEARCH)
        self.code_panel.observe(self._on_code, "opened")
        self.notify.follow(self, lambda: best_words(self._columns, self.budget))

    def _deed_buttons(self) -> dict[str, Any]:
        made = {}
        for name, (words, tip) in DEEDS.items():
            made[name] = Button(description=words, tooltip=tip)
            act = self._guarded(getattr(self, name))
            made[name].on_click(lambda _button, act=act: act())
        return made

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

    # ----------------------------------------------------------------------------------------------- what is shown

    def _refresh(self) -> None:
        """Bring everything up to date with the run; called from the main thread and from the ticker's."""
        with self._lock:
            run = self.run
            state = shown_state(run)
            if run is not None and run.version != self._drawn:
                self._attempt("run", lambda: self._draw(run))
            folder = "" if run is None or isinstance(run, Replay) else short_path(run.folder, self._base)
            progress = None if run is None else run.progress()
            facts = self._facts(run)
            has_run = run is not None
            self.control.show(state, progress, facts, problem=self.message, folder=folder, has_run=has_run)
            self.settings_panel.locked = self.comparison.locked = state in LOCKED
            if state in LOCKED:
                self.board_form.opened = False
            self.replay_control.layout.display = None if state == REPLAY else "none"
            self._deeds["show_replay"].disabled = state in LOCKED
            self._deeds["report"].disabled = run is None
            self.state = state

    def _draw(self, run: Run) -> None:
        """Draw the run in every part; one that fails is reported and tried again, and the others are drawn."""
        version = run.version
        trained, size, finals = run.networks(), run.validation_size, run.finals()
        columns = self._columns = Columns(trained, before=self._columns)
        parts: dict[str, Callable[[], object]] = {
            "front": lambda: self.plot.show(
                columns, run.infeasible(), validation_size=size, finals=finals, report_of=run.report
            ),
            "progress": lambda: self.progress.show(run.observations()),
            "parallel": lambda: self.parallel.show(trained) if self._parallel_fold.opened else None,
            "prices": lambda: self.budget_panel.prices.show(columns, validation_size=size),
            "table": lambda: self.table.show(columns, validation_size=size, report_of=run.report, finals=finals),
            "news": lambda: self._announce(run),
            "standing": self._stand,
            "trial": self._guarded(self.trial_panel.renew),
            "budget": self._note_budget,
        }
        drawn = [self._attempt(part, draw) for part, draw in parts.items()]
        self._drawn = version if all(drawn) else -1

    def _attempt(self, part: str, action: Callable[[], object]) -> bool:
        """Do what concerns one part of the view; returns whether it went well."""
        went_well = guard(action, lambda error: self.report_failure(error, part))
        if went_well:
            self._failures.settle(part)
        return went_well

    def _log_failure(self, failure: Failure) -> None:
        elapsed_s = 0.0 if self.run is None else self.run.progress().elapsed_s
        self.log_panel.add(LogEntry(elapsed_s, failure.sentence, bad=True, details=failure.traceback))

    def _fill_parallel(self) -> None:
        self.parallel.show(() if self.run is None else self.run.networks())

    def _facts(self, run: Run | None) -> Circumstances:
        if run is None:
            offer = "" if self._offered is None else offer_words(self._offered)
            return Circumstances(workers=self.workers, offer=offer)
        return run_facts(run, best=best_words(self._columns, self.budget), earlier=self._earlier)

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
        over = run is None or run.state == "finished" or isinstance(run, Replay)
        self.budget_panel.note(None if run is None or over else run.settings.budget)

    def _show_selected(self) -> None:
        run, trial = self.run, self.selected
        if run is None or trial is None:
            self.trial_panel.clear()
            return
        if self._not_yet(run, trial):
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
            run=run,
        )
        self._live.html = announcement(observation, standing)

    def _export(self, trial: int | None, to: Path | str | None) -> Future[ExportResult]:
        if self.run is None or trial is None:
            raise WidgetError("Select a trained trial first, then export it.")
        path = Path(to) if to else self.run.folder / "exports" / f"trial-{trial}" / "model.tflite"
        future = self.run.export(trial, path)
        self.trial_panel.say(f"Writing trial {trial} as int8 and measuring it, about 15 seconds.", busy=True)
        future.add_done_callback(lambda done: self._attempt("export", lambda: self._on_exported(trial, done)))
        return future

    def _on_exported(self, trial: int, done: Future[ExportResult]) -> None:
        error = CancelledError("it was cancelled") if done.cancelled() else done.exception()
        if error is not None:
            self.trial_panel.say(f"Trial {trial} was not exported: {error}", bad=True)
            return
        sentence = export_sentence(trial, done.result(), self._base)
        self.trial_panel.say(sentence)
        self._live.html = sentence

    def close(self) -> None:
        """Also end what keeps it up to date; the search itself goes on."""
        self._listen(None)
        self.replay_control.close()
        super().close()

    def live_bundle(self) -> dict[str, Any]:
        self.plot.figure.send_plotly()
        return super().live_bundle()
