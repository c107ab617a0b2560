"""Parallel coordinates: every network a line across all quantities; brushing an axis filters."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

from search.budget import Budget
from search.trial import Observation
from unas_widgets.front.fit import Fit
from unas_widgets.front.parallel_view import ParallelView, Ranges, parallel_view
from unas_widgets.live.follow import Runlike
from unas_widgets.quantities.axis import RAM, axis
from unas_widgets.quantities.columns import Columns
from unas_widgets.widgets.html import NOTHING, Html, tag
from unas_widgets.widgets.in_turn import Button
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.panel import Panel

if TYPE_CHECKING:
    from unas_widgets.front.parallel_figure import ParallelFigure

MOST = 5000
"""Lines that are drawn; of more, the newest."""
_HOW = "Drag along an axis to keep only what crosses it there; click the axis to release it."


class ParallelPlot(Panel):
    """All trained networks of a run, one line each.

    Traits:
        budget: what counts as within budget.
        x: the resource over which the front is taken.
        ranges: what is brushed: by the word of an axis a list of (low, high) in axis units (KiB, %, ms, …).
        brushed: numbers of the networks within all of `ranges`; None where nothing is brushed.
        selected: number of the trial that is drawn above the others, or None.
    """

    budget = traitlets.Instance(Budget, args=())
    x = traitlets.Unicode(RAM.word)
    ranges = traitlets.Dict({})
    brushed: Any = traitlets.Tuple(None, allow_none=True)
    selected = traitlets.Int(None, allow_none=True)

    def __init__(self, run: Runlike | None = None, *, budget: Budget | None = None, **traits: Any) -> None:
        self._lock = threading.RLock()
        self._columns = Columns(())
        self._figure: ParallelFigure | None = None
        self._said = Markup(attributes={"role": "status"})
        self._clear = Button(description="Release all", tooltip="Keep every network: nothing is brushed")
        self._clear.on_click(lambda _button: self.release())
        title = Markup(html=tag("h3", "All quantities"))
        title.add_class("unas-title")
        head = ipywidgets.Box((title, self._clear))
        head.add_class("unas-front-head")
        self._box = ipywidgets.Box((Fit(),))
        self._box.add_class("unas-parallel")
        super().__init__((head, self._box, self._said), **traits)
        self.budget = budget or (run.settings.budget if run is not None else Budget())
        if run is not None:
            self._follow(run, lambda: self.show(run.networks()))
        self._draw()

    def show(self, trained: Sequence[Observation]) -> None:
        """Draw these networks, the newest of them where there are very many."""
        with self._lock:
            self._columns = Columns(trained[-MOST:])
            self._draw()

    def view(self) -> ParallelView:
        """What is drawn now."""
        return parallel_view(self._columns, self.budget, x=axis(self.x))

    def release(self) -> None:
        """Brush nothing, so that no network is filtered out."""
        self.ranges = {}

    def let_go(self) -> None:
        """The earlier name of `release`."""
        self.release()

    def static_html(self) -> Html:
        """Nothing: the front and the table say the same without scripts."""
        return NOTHING  # the front and the table say the same without scripts

    @traitlets.observe("budget", "x", "selected")
    def _on_look(self, _change: Any) -> None:
        self._draw()

    @traitlets.observe("ranges")
    def _on_ranges(self, _change: Any) -> None:
        self._draw()

    def _draw(self) -> None:
        with self._lock:
            if not hasattr(self, "_box"):
                return
            view, ranges = self.view(), self._known(self.ranges)
            if len(view.trials):
                self._picture().draw(view, selected=self.selected, ranges=ranges)
            self.brushed = view.within(ranges) if ranges else None
            self._say(view)

    def _known(self, ranges: Ranges) -> Ranges:
        """Without the axes that nothing is known of."""
        words = {a.word for a in self.view().axes}
        return {word: parts for word, parts in ranges.items() if parts and word in words}

    def _picture(self) -> ParallelFigure:
        if self._figure is None:
            from unas_widgets.front.parallel_figure import ParallelFigure  # plotly takes seconds to import

            self._figure = ParallelFigure(self._on_brush)
            self._box.children = (self._figure, *self._box.children)
        return self._figure

    def _on_brush(self) -> None:
        if self._figure is not None:
            self.ranges = self._figure.ranges()

    def _say(self, view: ParallelView) -> None:
        count, total = len(self.brushed or ()), len(view.trials)
        self._clear.disabled = self.brushed is None
        if not total:
            words = "Networks appear here as they are trained."
        elif self.brushed is None:
            words = _HOW
        else:
            words = f"{count} of {total} networks are within what is brushed."
        self._said.html = tag("div", words, class_="unas-quiet")
