"""The table of the front; a row is a trial, and selecting one is selecting its point."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Protocol

import pandas as pd
import traitlets

from search.budget import Budget
from search.runs.finalise import Final
from search.trial import Observation
from unas_widgets.front.front_view import standing_of
from unas_widgets.live.follow import Runlike
from unas_widgets.quantities.axis import AXES, ERROR, RAM, axis
from unas_widgets.quantities.columns import Columns
from unas_widgets.quantities.errors_over_seeds import finals_by_trial, prefix_of
from unas_widgets.quantities.report_cache import ReportOf, Reports
from unas_widgets.trial.table_html import table_html
from unas_widgets.trial.table_view import TableView, table_view
from unas_widgets.widgets.html import Html
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.page_messages import passed_over
from unas_widgets.widgets.panel import Panel

_SORTS = ("trial", *(a.key for a in AXES))


class Reporting(Runlike, Protocol):
    """A run that knows everything about each of its trials."""

    @property
    def report_of(self) -> ReportOf | None:
        """What gives the full report of a network; None where networks are not built."""

    def finals(self, recipe: str | None = ...) -> tuple[Final, ...]:
        """The networks that were trained again with other seeds, by one recipe or, for None, by each."""


class TrialTable(Panel):
    """The trials on the front, sortable by a click on a column's name.

    Traits:
        x, y: words of the axes that decide what is on the front.
        budget: only trials within it can be on the front.
        selected: number of a trial, or None.
        brushed: numbers of the trials that may be shown, as `ParallelPlot` has them; None for all.
        sort, descending: a key of an axis, or "trial".
    """

    x = traitlets.Unicode(RAM.word)
    y = traitlets.Unicode(ERROR.word)
    budget = traitlets.Instance(Budget, args=())
    selected = traitlets.Int(None, allow_none=True)
    brushed: Any = traitlets.Tuple(None, allow_none=True)
    sort = traitlets.Enum(_SORTS, RAM.key)
    descending = traitlets.Bool(False)

    def __init__(self, run: Reporting | None = None, *, budget: Budget | None = None, **traits: Any) -> None:
        self._lock = threading.RLock()
        self._columns = Columns(())
        self._validation_size: int | None = None
        self._finals: Sequence[Final] = ()
        self._reports = Reports()
        self._markup = Markup(sort="")
        super().__init__((self._markup,), **traits)
        traitlets.link((self, "selected"), (self._markup, "selected"))
        self._markup.observe(self._on_sort, "sort")
        self.budget = budget or (run.settings.budget if run is not None else Budget())
        self._draw()
        if run is not None:
            self._follow(run, lambda: self._refresh_from(run))

    def show(
        self,
        observations: Columns | Sequence[Observation],
        *,
        validation_size: int | None = None,
        report_of: ReportOf | None = None,
        finals: Sequence[Final] = (),
    ) -> None:
        """Show these trials.

        `report_of` gives the full report of one; it is asked once for each, and again where its channels have changed.
        `finals` are the networks that were trained again with other seeds; they bring columns of their own.
        """
        with self._lock:
            self._columns = Columns.of(observations)
            self._validation_size, self._finals = validation_size, finals
            self._reports.take(report_of, self._columns)
            self._draw()

    def view(self) -> TableView:
        """What is shown now."""
        kept = (o for o in self._columns.trained if o.trial_id == self.selected or o.trial_id in (self.brushed or ()))
        return table_view(
            self._columns if self.brushed is None else Columns(kept),
            standing_of(self._columns, self.budget, x=axis(self.x), y=axis(self.y)),
            selected=self.selected,
            sort=self.sort,
            descending=self.descending,
            validation_size=self._validation_size,
            report_of=self._reports.report_of,
            finals=self._finals,
        )

    def frame(self) -> pd.DataFrame:
        """The rows that are shown, in their order; errors from 0 to 1, costs in bytes, seconds, MACs and joules.

        Of networks that were trained again also mean and standard deviation over the seeds: `again_val_error` of the
        float network, `test_error` of the int8 file on the test split; of those that were trained by another recipe
        than the search's, its name stands before that, as in `thorough_test_error`.
        """
        view = self.view()
        rows = [(r.trial_id, *(quantity.value for quantity in r.figures), r.epochs, str(r.standing)) for r in view.rows]
        frame = pd.DataFrame(rows, columns=["trial", *(a.key for a in view.axes), "epochs", "standing"])
        for recipe in view.recipes:
            known, prefix = finals_by_trial(self._finals, recipe), prefix_of(recipe)
            found = [known.get(row.trial_id) for row in view.rows]
            for name, figure in (("again_val_error", "val_error"), ("test_error", "int8_test_error")):
                frame[f"{prefix}{name}"] = [None if final is None else final.mean(figure) for final in found]
                frame[f"{prefix}{name}_std"] = [None if final is None else final.std(figure) for final in found]
        return frame

    def static_html(self) -> Html:
        """The table as HTML without scripts."""
        return table_html(self.view())

    @traitlets.observe("x", "y", "budget", "selected", "brushed", "sort", "descending")
    def _on_change(self, _change: Any) -> None:
        self._draw()

    def _on_sort(self, change: Any) -> None:
        key = change["new"]
        if not key:
            return
        if key == self.sort:
            self.descending = not self.descending
        elif key in _SORTS:
            self.sort, self.descending = key, False
        else:
            passed_over({"sort": key}, "there is no such column")
        self._markup.sort = ""  # so that the next click on the same column is news again

    def _refresh_from(self, run: Reporting) -> None:
        self.show(run.networks(), validation_size=run.validation_size, report_of=run.report_of, finals=run.finals(None))

    def _draw(self) -> None:
        with self._lock:
            self._markup.html = table_html(self.view())
