"""The Workbench: budgets, live front, chosen network and export in one widget."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, Self

import pandas as pd
import traitlets

from resource_models import board as find_board
from search import Budget, ExportResult, Run, RunSettings
from search.problem import left_out_words
from search.recipes.catalogue import NAMES
from search.recipes.named import AS_SEARCHED
from search.runs.events import RunState
from search.runs.finalise import DEFAULT_SEEDS, Finalising
from search.runs.replay import Replay
from unas_widgets.bench.board_controller import BoardController, board_budget
from unas_widgets.bench.conclusion_controller import ConclusionController
from unas_widgets.bench.layout import Arrangement, arranged
from unas_widgets.bench.own_networks_controller import OwnNetworksController
from unas_widgets.bench.replay_controller import ReplayController, open_replay
from unas_widgets.bench.run_display import RunDisplay, RunPanels
from unas_widgets.bench.search_controller import SearchController
from unas_widgets.bench.stage import Shown, Stage
from unas_widgets.boards.board_files import FOLDER as BOARDS
from unas_widgets.boards.board_form import BoardForm
from unas_widgets.budgets.budget_panel import BudgetPanel
from unas_widgets.editor.editor_panel import NetworkEditor
from unas_widgets.front.front_panel import ParetoPlot
from unas_widgets.front.parallel_panel import ParallelPlot
from unas_widgets.live.unexpected_errors import Failure, guard
from unas_widgets.progress.log_panel import LogPanel
from unas_widgets.progress.log_view import LogEntry
from unas_widgets.progress.notify import Notify
from unas_widgets.progress.progress_panel import ProgressPlot
from unas_widgets.progress.run_words import FINALISING, REPLAY, run_facts, shown_state
from unas_widgets.progress.status_panel import ACTIONS, RunControl
from unas_widgets.progress.status_view import ACTIVE, Circumstances
from unas_widgets.replay.replay_panel import ReplayControl
from unas_widgets.report.static_workbench import bench_html, chosen_trial
from unas_widgets.runs.comparison_panel import ComparisonPanel
from unas_widgets.runs.settings_panel import SettingsPanel
from unas_widgets.runs.unfinished_run import Offer, offer_below
from unas_widgets.trial.table_panel import TrialTable
from unas_widgets.trial.trial_panel import TrialPanel
from unas_widgets.trial.trial_words import short_path
from unas_widgets.widgets.disclosure import Disclosure
from unas_widgets.widgets.fold import Fold
from unas_widgets.widgets.guarded import Guarded
from unas_widgets.widgets.html import NOTHING, Html, joined, tag
from unas_widgets.widgets.in_turn import Button
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.tie import tie

LOCKED = ACTIVE | {REPLAY, FINALISING}
"""States in which nothing else can be begun."""
CHANGING = ACTIVE - {str(RunState.PAUSED)} | {FINALISING}
"""States in which what is shown changes by itself."""
BUTTONS = {
    "show_replay": ("Replay", "Play this run back from its beginning; without a run, one that came with the project"),
    "report": ("Save report", "Write one HTML file about this run"),
    "copy_as_code": ("Copy as code", "Show the Python lines that make this run, this plot, and the selected network"),
}
"""Methods that have a button below the table, with its words and its tooltip."""
_SETTINGS = ("board", "dataset", "algorithm", "start_from", "trials", "minutes", "workers", "seed")


class Workbench(Guarded):
    """A search for networks within a budget, from the first slider to the file for the board.

    `Workbench()` is empty, and offers to go on with the last search here if that is not over; `Workbench("runs/…")`
    opens a run that was begun earlier; `Workbench(run)` shows a `Run`; `Workbench.replay("runs/…")` plays one back.
    Everything that a click does is a method or a trait too, and works without a front end.

    Attributes:
        budget: what the sliders say. It decides what is drawn as within budget, and is the next search's budget.
        board, dataset, algorithm, trials, minutes, workers, seed: of the next search; choosing a board fills the
            budget, and no minutes are no limit of time.
        start_from: folder of the run whose front the next search begins with; empty for none.
        x, y: words of the plot's axes.
        recipe: name of the recipe that Finalise trains by, one of `search.recipes.catalogue.NAMES`.
        selected: number of the selected trial, or None.
        state: a `RunState`, "replay", "finalising" or "finalised"; "ready" before the first start.
        position, speed, playing: of a replay: events that are known, seconds of the run in one second, and whether it
            plays.
        message: why the last thing asked for was not done; empty otherwise.
    """

    budget = traitlets.Instance(Budget, args=())
    board = traitlets.Unicode()
    dataset = traitlets.Unicode()
    algorithm = traitlets.Unicode()
    start_from = traitlets.Unicode()
    trials = traitlets.Int()
    minutes = traitlets.Int()
    workers = traitlets.Int()
    seed = traitlets.Int()
    x = traitlets.Unicode()
    y = traitlets.Unicode()
    recipe = traitlets.Enum(NAMES, AS_SEARCHED)
    selected = traitlets.Int(None, allow_none=True)
    state = traitlets.Unicode("ready")
    position = traitlets.Int(0, min=0)
    speed = traitlets.Float(1.0)
    playing = traitlets.Bool(False)

    def __init__(self, source: Shown | Path | str | None = None, *, base: Path | str = ".", **traits: Any) -> None:
        """Open `source`, or begin empty.

        Args:
            source: a run, or the folder of one.
            base: new runs go to `base/runs`.
            traits: first values of any trait.
        """
        self._base = Path(base).resolve()
        self._stage = Stage(
            follow=lambda run: self._follow(run, self._refresh),
            end_following=self._end_following,
            refresh=self._refresh,
        )
        self._make_panels()
        self._make_folds()
        self._make_controllers(Offer() if source is not None else offer_below(self._base))
        super().__init__(self._arranged())
        self.add_class("unas-workbench")
        self._link()
        self._fill_budget()
        for name, value in traits.items():
            setattr(self, name, value)
        if source is not None:
            self._open(source if isinstance(source, Run | Replay) else Run.open(source))
        self._refresh()

    @property
    def run(self) -> Shown | None:
        """The run that is shown, a `Replay` among them; None for none."""
        return self._stage.run

    # ----------------------------------------------------------------------------------------------- the search

    def start(self) -> Run:
        """Begin a new search with the settings and budget of this moment; returns at once.

        Raises:
            SearchError, ResourceModelError, DataError: what is set cannot work; `message` says why.
        """
        before, asked = self.run, self.budget
        run = self._try(lambda: self._search.start(before=self._carry_own))
        if run is not before:
            self._keep_to(run, asked)
        return run

    def pause(self) -> None:
        """Train no further networks for now; those in training are finished. A replay stands still."""
        self.playing, self.message = False, ""
        self._search.pause()

    def resume(self) -> None:
        """Go on after a pause, after a stop, or beyond the end when `trials` or `minutes` have grown.

        An empty Workbench goes on with the last search below its folder, which its status line offers.

        Raises:
            RunError, JournalError: there is nothing to go on with; `message` says why.
        """
        self._try(self._search.resume)

    def stop(self) -> None:
        """End the workers, those of `finalise` too; networks in training are trained again when the search goes on."""
        self.playing, self.message = False, ""
        self._search.stop()

    def change_budget(self, budget: Budget | None = None) -> None:
        """Have the search that is shown keep `budget`, by default what the sliders say, from now on; history is kept.

        Raises:
            SearchError, WidgetError: there is no search, or no network can meet it; `message` says why.
        """
        asked = self.budget if budget is None else budget
        self._keep_to(self._try(lambda: self._search.change_budget(asked)), asked)
        self._display.note_budget()

    def run_settings(self) -> RunSettings:
        """The settings that Start would use.

        Raises:
            SettingsError: they contradict one another.
        """
        return RunSettings(
            dataset=self.dataset,
            board=self.board or None,
            algorithm=self.algorithm,
            start_from=self.start_from or None,
            budget=self.budget,
            board_fills=(),  # the sliders say what it sets, until they are moved
            workers=self.workers,
            seed=self.seed,
            trials=self.trials,
            minutes=self.minutes or None,
        )

    # ----------------------------------------------------------------------------------------------- other runs

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

    def show_replay(self, source: Replay | Path | str | None = None) -> Replay:
        """Play back a run in this Workbench; by default the one that is shown, or else one that came with the project.

        Raises:
            WidgetError: a search is under way.
            JournalError: there is no run; `message` says why.
        """
        return self._try(lambda: self._replays.show_replay(source))

    def show_run(self, source: Shown | Path | str) -> Shown:
        """Show another run in place of this one; Resume goes on with it. One that came with the project is replayed.

        Args:
            source: a run, the folder of one, or the name of a recorded one.

        Raises:
            WidgetError: a search, or a replay, is under way.
            JournalError: there is no run, or it cannot be read; `message` says why.
        """
        return self._try(lambda: self._replays.show_run(source))

    def play(self) -> None:
        """Play the replay that is shown, from here or, at its end, from the beginning.

        Raises:
            WidgetError: no replay is shown.
        """
        self._try(self._replays.check_playable)
        self.playing = True

    def end_replay(self) -> None:
        """Show again what was shown before the replay; without effect where there is none."""
        self._replays.end_replay()

    def compare(self, *runs: Shown | Path | str) -> pd.DataFrame:
        """Draw the fronts of other runs beside this one's, and compare them; see `unas_widgets.comparison`.

        Args:
            runs: runs, folders of them, or names of recorded ones.

        Raises:
            JournalError, WidgetError: there is no such run, or no room for it; `message` says why.
        """
        for run in runs:
            self._try(partial(self.comparison.add, run))
        self.comparison.show(self.run)
        self._comparison_fold.opened = True
        return self.comparison.frame()

    # ----------------------------------------------------------------------------------------------- what was found

    def finalise(self, seeds: int = DEFAULT_SEEDS, recipe: str | None = None) -> Finalising:
        """Train the front again with several seeds and measure it on the test split; returns at once.

        `stop` ends it, and what was trained until then is kept. While it goes on already, nothing more happens.

        Args:
            seeds: trainings of each network.
            recipe: name of the recipe that they are trained by; by default the trait `recipe`.

        Raises:
            SearchError, WidgetError: the search is under way, or there is no front; `message` says why.
        """
        return self._try(lambda: self._conclusion.finalise(seeds, recipe or self.recipe))

    def report(self, path: Path | str | None = None) -> Path:
        """Write one HTML file about the run that is shown, with the selected network or else the most accurate one.

        Args:
            path: the file; by default `report.html` in the run's folder, or for a replay in the folder of the notebook.

        Raises:
            WidgetError: there is no run, or the file cannot be written; `message` says why.
        """
        written = self._try(lambda: self._conclusion.report(path))
        sentence = self._conclusion.report_sentence(written)
        self._outcome.html = tag("span", sentence)
        self._say_news(sentence)
        return written

    def export(
        self, trial: int | None = None, to: Path | str | None = None, *, recipe: str | None = None
    ) -> Future[ExportResult]:
        """Write a trial, by default the selected one, as int8 `.tflite` in a worker process; returns at once.

        Args:
            trial: number of a trained trial.
            to: the file; by default `exports/trial-<number>/model.tflite` in the run's folder.
            recipe: name of the recipe whose weights it has; by default what is chosen beside the button.

        Raises:
            SearchError, WidgetError: no such trial, or it has no such weights; `message` says why.
        """
        return self._try(lambda: self._conclusion.export(trial, to, recipe))

    def code_of_run(self) -> str:
        """The Python lines that make the run that is shown, or the one that Start would begin."""
        return self._conclusion.code_of_run()

    def code_of_selection(self) -> str:
        """The Python lines that give the selected network, its costs and its file.

        Raises:
            WidgetError: no run is shown, or no trial is selected.
        """
        return self._conclusion.code_of_selection()

    def code_of_plot(self) -> str:
        """The Python lines that draw the front as it is drawn here.

        Raises:
            WidgetError: no run is shown.
        """
        return self._conclusion.code_of_plot()

    def copy_as_code(self) -> str:
        """Show the Python lines that make the run, the plot and the selection; returns them."""
        return self._conclusion.copy_as_code()

    # ----------------------------------------------------------------------------------------------- the parts

    def _make_panels(self) -> None:
        own_boards = self._base / BOARDS
        self.settings_panel = SettingsPanel(base=self._base, own_boards=own_boards, on_own=self._turn_board_form)
        self.board_form = BoardForm(own_boards, on_saved=self._take_board)
        self.budget_panel = BudgetPanel(on_apply=self._guarded(self.change_budget))
        self.control = RunControl(on_action={name: self._guarded(getattr(self, name)) for name in ACTIONS})
        self.replay_control = ReplayControl(on_move=self._on_moved, on_end=self._guarded(self.end_replay))
        self.plot, self.table, self.progress = ParetoPlot(), TrialTable(), ProgressPlot()
        self.trial_panel = TrialPanel(on_export=self._guarded(self.export))
        self.parallel = ParallelPlot()
        self.editor = NetworkEditor(on_trained=lambda _observation: self._own_networks.trained())
        self.comparison = ComparisonPanel(self.plot, base=self._base, on_open=self.show_run)
        self.log_panel, self.code_panel, self.notify = LogPanel(), Disclosure("Code"), Notify()
        self._buttons = {name: self._button(name) for name in BUTTONS}
        self._outcome = Markup(attributes={"role": "status"})
        self._news = Markup(attributes={"role": "status", "aria-live": "polite", "aria-label": "News of the search"})
        for part in (self.replay_control, self.trial_panel.morphs, self.editor, self.board_form, self.comparison):
            part.send_failures(self._log_failure)

    def _make_folds(self) -> None:
        self._parallel_fold = Fold(
            "All quantities", self.parallel, remark="parallel coordinates", on_open=self._fill_parallel
        )
        self._comparison_fold = Fold(
            "Other runs",
            self.comparison,
            remark="compare with them, or open one",
            on_open=self._guarded(lambda: self.comparison.show(self.run)),
        )
        self._editor_fold = Fold(
            "Design your own",
            self.editor,
            remark="a network by hand",
            on_open=self._guarded(self._fill_editor),
        )

    def _make_controllers(self, offer: Offer) -> None:
        """In the order in which they hear of another run: what is drawn first, then what is beside it."""
        self._display = RunDisplay(
            self._stage,
            self._run_panels(),
            self,
            attempt=self._attempt,
            report=self.report_failure,
            wants_parallel=lambda: self._parallel_fold.opened,
        )
        self._stage.on_change(self._forget_earlier)
        self._own_networks = OwnNetworksController(
            self._stage,
            self.editor,
            self.plot,
            base=self._base,
            settings=self.run_settings,
            opened=lambda: self._editor_fold.opened,
            guarded=self._guarded,
        )
        self._search = SearchController(
            self._stage, self, base=self._base, settings=self.run_settings, open_run=self._open, offer=offer
        )
        self._replays = ReplayController(self._stage, self.replay_control, self, open_run=self._open)
        self._conclusion = ConclusionController(
            self._stage,
            self,
            base=self._base,
            settings=self.run_settings,
            trial_panel=self.trial_panel,
            code_panel=self.code_panel,
            say=self._say_news,
            attempt=self._attempt,
        )
        self._boards = BoardController(
            self.settings_panel,
            self.board_form,
            self.trial_panel.boards,
            folder=self._base / BOARDS,
            on_chosen=self._guarded(self._fill_budget),
        )

    def _run_panels(self) -> RunPanels:
        return RunPanels(
            plot=self.plot,
            table=self.table,
            progress=self.progress,
            parallel=self.parallel,
            budget=self.budget_panel,
            trial=self.trial_panel,
            log=self.log_panel,
            news=self._news,
        )

    def _arranged(self) -> tuple[Any, ...]:
        folds = (self._parallel_fold, self._comparison_fold, self._editor_fold)
        return arranged(
            Arrangement(
                head=(self.settings_panel, self.board_form, self.control.status, self.replay_control),
                left=(self.budget_panel.controls, self.control.buttons, self.budget_panel.prices),
                middle=(self.plot, self.progress),
                right=self.trial_panel,
                table=self.table,
                actions=(*self._buttons.values(), self.notify, self._outcome),
                foot=(*folds, self.code_panel, self.log_panel),
                news=self._news,
            )
        )

    def _button(self, name: str) -> Any:
        words, tip = BUTTONS[name]
        button, act = Button(description=words, tooltip=tip), self._guarded(getattr(self, name))
        button.on_click(lambda _button: act())
        return button

    def _link(self) -> None:
        for name in _SETTINGS:
            traitlets.link((self.settings_panel, name), (self, name))
        traitlets.link((self.budget_panel, "budget"), (self, "budget"))
        for name in ("position", "speed", "playing"):
            tie((self.replay_control, name), (self, name))  # a thread moves them while it plays
        traitlets.link((self.control, "recipe"), (self, "recipe"))
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
        self.code_panel.observe(self._on_code, "opened")
        self.notify.follow(self, self._display.best)

    # ----------------------------------------------------------------------------------------------- what is shown

    def _open(self, run: Shown) -> None:
        """Show a run, and have the settings and sliders say what it was begun with."""
        self._replays.leave()
        s = run.settings
        self.board, self.dataset, self.algorithm, self.seed = run.board_source or "", s.dataset, s.algorithm, s.seed
        self.trials, self.workers = s.trials or self.trials, s.workers or self.workers
        self.minutes = math.ceil(s.minutes or 0)
        self.start_from = s.start_from or ""
        self.budget = s.budget
        self._stage.show(run, earlier=len(run.networks()))
        self._replays.enter(run)

    def _forget_earlier(self, run: Shown | None) -> None:
        """What was said of the run before is no longer so."""
        self._outcome.html, self.code_panel.html, self.code_panel.text = NOTHING, NOTHING, ""
        self.code_panel.opened = False
        self.settings_panel.look_for_runs()
        if self._comparison_fold.opened:
            self._guarded(lambda: self.comparison.show(run))()

    def _refresh(self) -> None:
        """Bring everything up to date with the run; called from the main thread and from others."""
        with self._stage.lock:
            run = self.run
            state = shown_state(run)
            self._display.draw()
            self._show_status(run, state)
            self.settings_panel.locked = self.comparison.locked = state in LOCKED
            if state in LOCKED:
                self.board_form.opened = False
            self.replay_control.layout.display = None if state == REPLAY else "none"
            self._buttons["show_replay"].disabled = state in LOCKED
            self._buttons["report"].disabled = run is None
            self.state = state

    def _show_status(self, run: Shown | None, state: str) -> None:
        folder = "" if run is None or isinstance(run, Replay) else short_path(run.folder, self._base)
        progress = None if run is None else run.progress()
        self.control.show(
            state,
            progress,
            self._facts(run),
            problem=self.message,
            folder=folder,
            has_run=run is not None,
            forecast=self._conclusion.forecast(state, self.recipe),
        )

    def _facts(self, run: Shown | None) -> Circumstances:
        if run is None:
            return self._search.circumstances()
        return run_facts(run, best=self._display.best(), earlier=self._stage.earlier)

    def _attempt(self, part: str, action: Callable[[], object]) -> bool:
        """Do what concerns one part of the view; returns whether it went well."""
        went_well = guard(action, lambda error: self.report_failure(error, part))
        if went_well:
            self._failures.settle(part)
        return went_well

    def _log_failure(self, failure: Failure) -> None:
        elapsed_s = 0.0 if self.run is None else self.run.progress().elapsed_s
        self.log_panel.add(LogEntry(elapsed_s, failure.sentence, bad=True, details=failure.traceback))

    def _say_news(self, sentence: str) -> None:
        """Tell screen readers."""
        self._news.html = joined(sentence)

    def _fill_parallel(self) -> None:
        self.parallel.show(() if self.run is None else self.run.networks())

    def _fill_budget(self) -> None:
        self._offer_bounds()
        self.budget = board_budget(self.budget, board=self.board, dataset=self.dataset)

    def _keep_to(self, run: Run, asked: Budget) -> None:
        """Show the budget that a search has, and say what it goes without of the one that was asked for."""
        self.budget = run.settings.budget
        self.message = left_out_words(asked, run.settings)

    def _offer_bounds(self) -> None:
        """Have the budgets say which of them cannot be held against anything on the chosen board."""
        self.budget_panel.look_at(find_board(self.board) if self.board else None)

    def _fill_editor(self) -> None:
        self._own_networks.fill_editor()

    def _turn_board_form(self) -> None:
        self._guarded(self._boards.turn_form)()

    def _take_board(self, file: Path) -> None:
        self._boards.take(file)

    def _on_moved(self) -> None:
        self._replays.moved()

    def _carry_own(self, run: Run) -> None:
        self._guarded(lambda: self._own_networks.carry(run))()

    # ----------------------------------------------------------------------------------------------- what changes

    @traitlets.observe("state", "selected", "playing")
    def _on_rest(self, _change: Any) -> None:
        """What is saved with the notebook is renewed where nothing goes on that would soon change it again."""
        if self.state not in CHANGING and not self.playing:
            self._still.request()

    @traitlets.observe("board")
    def _on_board(self, _change: Any) -> None:
        idle = self.run is None or not self.run.state.active
        self._guarded(self._fill_budget if idle else self._offer_bounds)()

    @traitlets.observe("board", "dataset")
    def _on_task(self, _change: Any) -> None:
        self._own_networks.renew_without_run()

    @traitlets.observe("budget")
    def _on_budget(self, _change: Any) -> None:
        self.message = ""
        self._display.note_budget()
        self._display.stand()
        self._refresh()

    @traitlets.observe("selected")
    def _on_selected(self, _change: Any) -> None:
        self._guarded(self._display.show_selected)()

    @traitlets.observe("recipe")
    def _on_recipe(self, _change: Any) -> None:
        self._refresh()

    @traitlets.observe("message")
    def _on_message(self, _change: Any) -> None:
        self._refresh()

    @traitlets.validate("position")
    def _within(self, proposal: Any) -> int:
        return self._replays.within(int(proposal["value"]))

    @traitlets.validate("playing")
    def _playable(self, proposal: Any) -> bool:
        return bool(proposal["value"]) and isinstance(self.run, Replay)

    def _on_code(self, change: Any) -> None:
        if change["new"]:
            self._guarded(self.copy_as_code)()

    # ----------------------------------------------------------------------------------------------- as a widget

    def static_html(self) -> Html:
        """State, budget, front, table and the chosen network, as HTML without scripts."""
        self._refresh()  # the thread that follows a run may be behind it, at the end of a cell that waited for it
        return bench_html(self.run, self.plot, self.table, state=self.state, selected=self.selected)

    def static_png(self) -> bytes:
        """The front as a PNG, with a ring around the chosen network."""
        return self.plot.png(chosen_trial(self.run, self.plot, self.selected))

    def static_text(self) -> str:
        """State, trained networks and budget in one line."""
        trained = 0 if self.run is None else self.run.progress().trained
        return f"Workbench: {self.state}, {trained} trained, budget {self.budget}"

    def live_bundle(self) -> dict[str, Any]:
        """What front ends with widgets get, after the code that draws the front."""
        self.plot.figure.send_plotly()
        return super().live_bundle()

    def close(self) -> None:
        """Also end what keeps it up to date; the search itself goes on."""
        self._display.close()
        self.replay_control.close()
        super().close()
