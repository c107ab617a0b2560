"""What the Workbench does when a search is over: the front trained again, a report, and code that does the same."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from search import Run
from search.runs.finalise import DEFAULT_SEEDS, Finalising
from search.runs.replay import Replay
from unas_widgets.bench.replaying import Replaying
from unas_widgets.errors import WidgetError
from unas_widgets.report.run_report import report
from unas_widgets.runs.code_view import plot_code, run_code, selection_code
from unas_widgets.trial.trial_words import short_path


class Concluding(Replaying):
    """The part of the Workbench that gives a search its last word."""

    def finalise(self, seeds: int = DEFAULT_SEEDS) -> Finalising:
        """Train the front again with several seeds and measure it on the test split; returns at once.

        `stop` ends it, and what was trained until then is kept. While it goes on already, nothing more happens.

        Args:
            seeds: trainings of each network.

        Raises:
            SearchError, WidgetError: the search is under way, or there is no front; `message` says why.
        """
        return self._try(lambda: self._finalise(seeds))

    def report(self, path: Path | str | None = None) -> Path:
        """Write one HTML file about the run that is shown, with the selected network or else the most accurate one.

        Args:
            path: the file; by default `report.html` in the run's folder, or for a replay in the folder of the notebook.

        Raises:
            WidgetError: there is no run, or the file cannot be written; `message` says why.
        """
        return self._try(lambda: self._report(path))

    def compare(self, *runs: Run | Path | str) -> pd.DataFrame:
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

    def code_of_run(self) -> str:
        """The Python lines that make the run that is shown, or the one that Start would begin."""
        return run_code(self.run_settings() if self.run is None else self.run.settings)

    def code_of_selection(self) -> str:
        """The Python lines that give the selected network, its costs and its file.

        Raises:
            WidgetError: no run is shown, or no trial is selected.
        """
        if self.run is None or self.selected is None:
            raise WidgetError("Select a trained trial first.")
        return selection_code(self.run, self._base, self.selected)

    def code_of_plot(self) -> str:
        """The Python lines that draw the front as it is drawn here.

        Raises:
            WidgetError: no run is shown.
        """
        if self.run is None:
            raise WidgetError("There is no search yet; press Start.")
        return plot_code(self.run, self._base, self.budget, x=self.x, y=self.y)

    def copy_as_code(self) -> str:
        """Show the Python lines that make the run, the plot and the selection; returns them."""
        parts = [self.code_of_run()]
        if self.run is not None:
            parts.append(self.code_of_plot())
        if self.run is not None and self.selected is not None:
            parts.append(self.code_of_selection())
        text = "\n\n".join(parts)
        self.code_panel.html = (
            f'<pre class="unas-code" tabindex="0" role="region" aria-label="Code">{escape(text)}</pre>'
        )
        self.code_panel.text, self.code_panel.opened = text, True
        return text

    def _on_code(self, change: Any) -> None:
        if change["new"]:
            self._guarded(self.copy_as_code)()

    def _finalise(self, seeds: int) -> Finalising:
        run = self.run
        if run is None or not run.front():
            raise WidgetError("There is no trained network within the budget that could be trained again.")
        going = run.begin_finalise(seeds=seeds)
        if self._unfollow is None:
            self._follow(run, self._refresh)
        return going

    def _report(self, path: Path | str | None) -> Path:
        run = self.run
        if run is None:
            raise WidgetError("There is no search to report on yet; press Start, or open a replay.")
        own = self._base / f"report-{run.folder.name}.html" if isinstance(run, Replay) else run.folder / "report.html"
        written = report(
            run, own if path is None else path, trial=self.selected, budget=self.budget, x=self.x, y=self.y,
            now=datetime.now(),
        )  # fmt: skip
        sentence = f"Report written to {short_path(written, self._base)}."
        self._outcome.html = f"<span>{escape(sentence)}</span>"
        self._live.html = escape(sentence)
        return written
