"""What is done with what a search has found: the front trained again, a report, an export, code that does the same."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from datetime import datetime
from pathlib import Path

from search import ExportResult, RunSettings
from search.recipes.forecast import Forecast
from search.runs.finalise import Finalising
from search.runs.replay import Replay
from unas_widgets.bench.choices import Choices
from unas_widgets.bench.run_display import Attempt
from unas_widgets.bench.stage import ONLY_SHOWN, Stage
from unas_widgets.errors import WidgetError
from unas_widgets.progress.run_words import forecast_of
from unas_widgets.report.run_report import report
from unas_widgets.runs.code_view import plot_code, run_code, selection_code
from unas_widgets.trial.trial_panel import TrialPanel
from unas_widgets.trial.trial_words import export_folder, export_sentence, short_path
from unas_widgets.widgets.disclosure import Disclosure
from unas_widgets.widgets.html import tag


class ConclusionController:
    """Finalises, reports on, exports from, and gives the code of the run on the stage."""

    def __init__(
        self,
        stage: Stage,
        choices: Choices,
        *,
        base: Path,
        settings: Callable[[], RunSettings],
        trial_panel: TrialPanel,
        code_panel: Disclosure,
        say: Callable[[str], None],
        attempt: Attempt,
    ) -> None:
        """Do nothing yet.

        Args:
            stage: whose run it is.
            choices: budget, axes and selected trial.
            base: paths are shown relative to it, and reports on replays go here.
            settings: of a new search, for the code that makes one.
            trial_panel: where it is said what became of an export.
            code_panel: where code is shown.
            say: tells screen readers.
            attempt: for what happens in a thread of its own.
        """
        self._stage, self._choices, self._base, self._settings = stage, choices, base, settings
        self._trial_panel, self._code_panel, self._say, self._attempt = trial_panel, code_panel, say, attempt
        self._forecast: tuple[object, Forecast | None] = (None, None)

    def finalise(self, seeds: int, recipe: str) -> Finalising:
        """Train the front again with several seeds by the recipe of that name; returns at once.

        Raises:
            SearchError, WidgetError: the search is under way, or there is no front.
        """
        run = self._stage.run
        if isinstance(run, Replay):
            raise WidgetError(ONLY_SHOWN)
        if run is None or not run.front():
            raise WidgetError("There is no trained network within the budget that could be trained again.")
        going = run.begin_finalise(seeds=seeds, recipe=recipe)
        self._stage.follow()
        return going

    def report(self, path: Path | str | None) -> Path:
        """Write one HTML file about the run; see `Workbench.report`.

        Raises:
            WidgetError: there is no run, or the file cannot be written.
        """
        run, choices = self._stage.run, self._choices
        if run is None:
            raise WidgetError("There is no search to report on yet; press Start, or open a replay.")
        own = self._base / f"report-{run.folder.name}.html" if isinstance(run, Replay) else run.folder / "report.html"
        to, budget, now = own if path is None else path, choices.budget, datetime.now()
        return report(run, to, trial=choices.selected, budget=budget, x=choices.x, y=choices.y, now=now)

    def report_sentence(self, written: Path) -> str:
        """Where a report is."""
        return f"Report written to {short_path(written, self._base)}."

    def forecast(self, state: str, recipe: str) -> Forecast | None:
        """How long Finalise would take, reckoned once for each moment of a run; None where it cannot be pressed."""
        run = self._stage.run
        moment = (run, -1 if run is None else run.version, state, recipe)
        if self._forecast[0] != moment:
            self._forecast = moment, forecast_of(run, state, recipe)
        return self._forecast[1]

    def export(self, trial: int | None, to: Path | str | None, recipe: str | None) -> Future[ExportResult]:
        """Write a trial, by default the selected one, as int8 `.tflite` in a worker process; returns at once.

        Its weights are those of the recipe of that name, by default what is chosen beside the button.

        Raises:
            SearchError, WidgetError: no such trial.
        """
        run, trial = self._stage.run, self._choices.selected if trial is None else trial
        if run is None or trial is None:
            raise WidgetError("Select a trained trial first, then export it.")
        if isinstance(run, Replay):
            raise WidgetError(ONLY_SHOWN)
        recipe = recipe or self._trial_panel.weights_for(trial)
        path = Path(to) if to else run.folder / "exports" / export_folder(trial, recipe) / "model.tflite"
        future = run.export(trial, path, recipe=recipe)
        self._trial_panel.say(f"Writing trial {trial} as int8 and measuring it, about 15 seconds.", busy=True)
        future.add_done_callback(lambda done: self._attempt("export", lambda: self._on_exported(trial, recipe, done)))
        return future

    def code_of_run(self) -> str:
        """The Python lines that make the run that is shown, or the one that Start would begin."""
        run = self._stage.run
        return run_code(self._settings() if run is None else run.settings)

    def code_of_selection(self) -> str:
        """The Python lines that give the selected network.

        Raises:
            WidgetError: no run is shown, or no trial is selected.
        """
        run, trial = self._stage.run, self._choices.selected
        if run is None or trial is None:
            raise WidgetError("Select a trained trial first.")
        return selection_code(run, self._base, trial)

    def code_of_plot(self) -> str:
        """The Python lines that draw the front as it is drawn here.

        Raises:
            WidgetError: no run is shown.
        """
        run, choices = self._stage.run, self._choices
        if run is None:
            raise WidgetError("There is no search yet; press Start.")
        return plot_code(run, self._base, choices.budget, x=choices.x, y=choices.y)

    def copy_as_code(self) -> str:
        """Show the Python lines that make the run, the plot and the selection; returns them."""
        parts = [self.code_of_run()]
        if self._stage.run is not None:
            parts.append(self.code_of_plot())
            if self._choices.selected is not None:
                parts.append(self.code_of_selection())
        text, panel = "\n\n".join(parts), self._code_panel
        panel.html = tag("pre", text, class_="unas-code", tabindex=0, role="region", aria_label="Code")
        panel.text, panel.opened = text, True
        return text

    def _on_exported(self, trial: int, recipe: str, done: Future[ExportResult]) -> None:
        error = CancelledError("it was cancelled") if done.cancelled() else done.exception()
        if error is not None:
            self._trial_panel.say(f"Trial {trial} was not exported: {error}", bad=True)
            return
        sentence = export_sentence(trial, done.result(), self._base, recipe=recipe)
        self._trial_panel.say(sentence)
        self._say(sentence)
