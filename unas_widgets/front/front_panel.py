"""The live front: error against a resource, with the budget as a dotted line."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import ipywidgets
import traitlets

from search.budget import Budget
from search.errors import SearchError
from search.runs.finalise import Final
from search.runs.run import Run
from search.trial import Observation
from unas_widgets.comparison import folder_of
from unas_widgets.errors import WidgetError
from unas_widgets.front.comparison_view import MOST_OTHERS, others_legend, with_others
from unas_widgets.front.fit import Fit
from unas_widgets.front.front_png import front_png, front_words, picture
from unas_widgets.front.front_view import FrontView, Standing, front_view, with_own, with_spreads
from unas_widgets.front.legend_html import legend_html
from unas_widgets.front.plot_picker import Pick, Picked, Walked
from unas_widgets.live.follow import Runlike
from unas_widgets.quantities.axis import AXES, ERROR, RAM, axis, known_axes
from unas_widgets.quantities.axis_range import AxisEnds, axis_top, log_bottom
from unas_widgets.quantities.bands import Sources, band_words, with_bands
from unas_widgets.quantities.columns import Columns
from unas_widgets.quantities.report_cache import ReportOf, Reports
from unas_widgets.widgets.html import NOTHING, Html, joined, tag
from unas_widgets.widgets.in_turn import Checkbox, Choice, bind
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.page_messages import read
from unas_widgets.widgets.panel import Panel

if TYPE_CHECKING:
    from unas_widgets.front.front_figure import FrontFigure

GL_ABOVE = 2000
_RESOURCES = tuple(a.word for a in AXES if a.of.bound is not None)


class Finalised(Runlike, Protocol):
    """A run whose front may have been trained again, and that knows everything about its trials."""

    def finals(self, recipe: str | None = ...) -> tuple[Final, ...]:
        """The networks that were trained again with other seeds."""

    @property
    def report_of(self) -> ReportOf | None:
        """What gives the full report of a network; None where networks are not built."""


@runtime_checkable
class Overlaid(Protocol):
    """A run whose front may be drawn beside another's."""

    version: int
    folder: Path

    @property
    def validation_size(self) -> int | None:
        """Examples behind each error; None where it is not known yet."""

    def networks(self) -> tuple[Observation, ...]:
        """Every network, trained or failed, once."""


class _Other:
    """Another run, its place among the looks, and its networks, which are read again only where there is news."""

    def __init__(self, run: Overlaid, place: int, *, opened: bool) -> None:
        """Draw `run`; `opened` says that it was opened for this picture, so that nothing tells it what is new."""
        self.run, self.place, self._opened = run, place, opened
        self._read: tuple[int, Columns] | None = None

    def read_again(self) -> None:
        """Open the run anew where it was opened for this picture: somebody else may go on with it.

        Raises:
            JournalError: it cannot be read any more.
        """
        if self._opened:
            self.run, self._read = Run.open(self.run.folder), None

    def networks(self) -> Columns:
        if self._read is None or self._read[0] != self.run.version:
            self._read = (self.run.version, Columns(self.run.networks()))
        return self._read[1]


class ParetoPlot(Panel):
    """Trials of a run as points; `selected` is the trial that was clicked.

    Traits:
        x, y: words of the axes: x among RAM, flash, latency, MACs, energy; y also error. The lists offer what is known.
        budget: what counts as within budget; changing it re-colours the points at once.
        log_error: whether the error is drawn on a logarithmic axis.
        bands: whether the points of the front have bars to where their numbers may be off.
        selected: number of a trial, or None.
        brushed: numbers of the trials that stand out, as `ParallelPlot` has them; None where all are alike.
    """

    x = traitlets.Enum(_RESOURCES, RAM.word)
    y = traitlets.Enum(tuple(a.word for a in AXES), ERROR.word)
    log_error = traitlets.Bool(True)
    bands = traitlets.Bool(False)
    budget = traitlets.Instance(Budget, args=())
    selected = traitlets.Int(None, allow_none=True)
    brushed: Any = traitlets.Tuple(None, allow_none=True)

    def __init__(self, run: Finalised | None = None, *, budget: Budget | None = None, **traits: Any) -> None:
        self._lock = threading.RLock()
        self._trials: tuple[Columns, Sequence[Observation]] = (Columns(()), ())
        self._validation_size: int | None = None
        self._finals: Sequence[Final] = ()
        self._reports = Reports()
        self._own: Sequence[Observation] = ()
        self._others: dict[str, _Other] = {}
        self._ends: AxisEnds | None = None
        self._had_points = False
        self._picture: tuple[tuple[FrontView, int | None, bool], bytes] | None = None
        self._empty_text = _note("No trial yet", "Trials appear here as they are trained.")
        self.figure = self._new_figure(gl=False)
        self._head, self._box, self._legend = self._parts()
        super().__init__((self._head, self._box, self._legend), **traits)
        self.budget = budget or (run.settings.budget if run is not None else Budget())
        if run is not None:
            self._follow(run, lambda: self._refresh_from(run))

    def show(
        self,
        trained: Columns | Sequence[Observation],
        infeasible: Sequence[Observation],
        *,
        validation_size: int | None = None,
        finals: Sequence[Final] = (),
        report_of: ReportOf | None = None,
    ) -> None:
        """Draw these trials; the axes grow where needed and never shrink.

        `finals` are the networks that were trained again with other seeds; they get a bar of their spread. `report_of`
        gives the full report of a trial, for the ranges of the estimates; it is asked once for each of those on the
        front, and again where its channels have changed.
        """
        with self._lock:
            self._trials = (Columns.of(trained), infeasible)
            self._reports.take(report_of, self._trials[0])
            self._validation_size, self._finals = validation_size, finals
            self._offer()
            self._draw()

    def show_own(self, own: Sequence[Observation]) -> None:
        """Draw these networks too, which were made by hand; see `search.runs.handmade`."""
        with self._lock:
            self._own = own
            self._draw()

    def overlay(self, run: Overlaid | Path | str, name: str | None = None) -> str:
        """Draw the front of another run too, by this budget and over these axes; returns the name in the legend.

        Args:
            run: a run, which is drawn as it is whenever this plot is; the folder of one; or the name of a recorded one.
            name: what the legend calls it; by default the name of its folder. A name that is there already is replaced.

        Raises:
            JournalError: there is no run.
            WidgetError: there is no room for a further one.
        """
        other = run if isinstance(run, Overlaid) else Run.open(folder_of(run))
        called = name or other.folder.name
        with self._lock:
            taken = {o.place for known, o in self._others.items() if known != called}
            free = [place for place in range(MOST_OTHERS) if place not in taken]
            if not free:
                raise WidgetError(f"At most {MOST_OTHERS} other runs are drawn; remove one first.")
            self._others[called] = _Other(other, free[0], opened=other is not run)
            self._draw()
        return called

    def remove(self, name: str | None = None) -> None:
        """Draw that other run no longer; by default none of them. Without effect where there is no such run."""
        with self._lock:
            self._others = {known: o for known, o in self._others.items() if name is not None and known != name}
            self._draw()

    def read_again(self) -> None:
        """Draw the other runs as their folders have them now; one that cannot be read any more stays as it was."""
        with self._lock:
            for other in self._others.values():
                with contextlib.suppress(SearchError):
                    other.read_again()
            if self._others:
                self._draw()

    @property
    def overlaid(self) -> dict[str, Overlaid]:
        """The other runs that are drawn, by name."""
        return {name: other.run for name, other in self._others.items()}

    def reset(self) -> None:
        """Forget trials and axes, for another run."""
        with self._lock:
            self._trials, self._finals, self._own, self._ends = (Columns(()), ()), (), (), None
            self._reports.take(None, self._trials[0])
            self._offer()
            self._draw(ranges=True)

    def view(self) -> FrontView:
        """What is drawn now."""
        view = front_view(
            *self._trials,
            self.budget,
            x=axis(self.x),
            y=axis(self.y),
            validation_size=self._validation_size,
            hovers=len(self._trials[0]) <= GL_ABOVE,
        )
        view = with_own(with_spreads(view, self._finals), self._own, self._validation_size)
        if self.bands:
            view = with_bands(view, {o.trial_id: o for o in self._trials[0].trained}, self._sources())
        others = {name: (other.place, other.networks()) for name, other in self._others.items()}
        return with_others(view, others, self.budget, {name: o.run.validation_size for name, o in self._others.items()})

    def walk(self, way: str) -> None:
        """Select the next or previous network along the front, from left to right, or the first or last of it.

        Args:
            way: "next", "previous", "first" or "last"; from a trial that is not on the front, or none, the first two
                lead to its ends.
        """
        front = [p.trial_id for p in self.view().points[Standing.FRONT]]
        if not front:
            return
        last, at = len(front) - 1, front.index(self.selected) if self.selected in front else None
        places = {"first": 0, "last": last, "next": 0 if at is None else min(at + 1, last)}
        places["previous"] = last if at is None else max(at - 1, 0)
        self.selected = front[places[way]]

    def empty(self, title: str, words: str) -> None:
        """What is said in place of points while there are none."""
        self._empty_text = _note(title, words)
        self._draw()

    def png(self, marked: int | None = None) -> bytes:
        """The front as a PNG picture, with a ring around the trial `marked`; drawn again only where it changed."""
        what = (self.view(), marked, self.log_error)
        if self._picture is None or self._picture[0] != what:
            self._picture = (what, front_png(what[0], selected=marked, log=self.log_error))
        return self._picture[1]

    def static_html(self) -> Html:
        """The picture with its legend as HTML without scripts."""
        return joined(picture(self.png(self.selected), front_words(self.view())), self._legend.html)

    def static_png(self) -> bytes:
        """The picture as a PNG, with a ring around the selected trial."""
        return self.png(self.selected)

    def _parts(self) -> tuple[Any, Any, Any]:
        self._pickers = {name: self._picker(name) for name in ("x", "y")}
        log = Checkbox(value=self.log_error, description="log", indent=False)
        log.tooltip = "Draw the error on a logarithmic axis"
        log.add_class("unas-log")
        traitlets.link((self, "log_error"), (log, "value"))
        bands = Checkbox(value=self.bands, description="bands", indent=False)
        bands.tooltip = "Bars at the front: the ranges of the estimates, and the standard error of the error"
        bands.add_class("unas-log")
        traitlets.link((self, "bands"), (bands, "value"))
        ticks = ipywidgets.Box((log, bands))
        ticks.add_class("unas-front-head")
        head = ipywidgets.Box((Markup(html=tag("h3", "Error and cost")), *self._pickers.values(), ticks))
        head.add_class("unas-front-head")
        self._empty = Markup(html=self._empty_text)
        self._empty.add_class("unas-empty")
        pick = Pick()
        pick.observe(self._on_picked, "picked")
        pick.observe(self._on_walked, "walked")
        box = ipywidgets.Box((self.figure, self._empty, Fit(), pick))
        box.add_class("unas-plot")
        return head, box, Markup()

    def _picker(self, name: str) -> Any:
        words = _RESOURCES if name == "x" else tuple(a.word for a in AXES)
        picker = Choice(options=words, value=getattr(self, name), description=name, tooltip=f"{name} axis")
        picker.add_class("unas-picker")
        bind(self, name, picker)
        return picker

    def _offer(self) -> None:
        """Have the lists hold the axes that are known, and those that are drawn."""
        known = {a.word for a in known_axes(self._trials[0])} | {self.x, self.y}
        for name, picker in self._pickers.items():
            words = tuple(a.word for a in AXES if a.word in known and (name == "y" or a is not ERROR))
            picker.offer(((word, word) for word in words), getattr(self, name))

    def _new_figure(self, *, gl: bool) -> FrontFigure:
        from unas_widgets.front.front_figure import FrontFigure  # plotly takes seconds to import: only who draws waits

        return FrontFigure(gl=gl)

    def _rebuild(self, *, gl: bool) -> None:
        """A fresh figure in the old one's place."""
        with self._lock:
            old, self.figure = self.figure, self._new_figure(gl=gl)
            self._draw(ranges=True)
            self._box.children = (self.figure, *self._box.children[1:])
            old.close()

    def _draw(self, *, ranges: bool = False) -> None:
        with self._lock:
            view = self.view()
            if view.count() > GL_ABOVE and not self.figure.gl:
                self._rebuild(gl=True)
                return
            untouched = ranges or self._ends is None or not self.figure.zoomed()
            self._ends = self._axis_ends(view)
            self.figure.draw(view, self._ends, selected=self.selected, ranges=untouched, brushed=self.brushed)
            self._say(view)

    def _axis_ends(self, view: FrontView) -> AxisEnds:
        (xs, ys), trained = view.places(), view.count() > 0
        if not len(xs) and not view.apart:
            xs, ys = view.points[Standing.INFEASIBLE].x, view.points[Standing.INFEASIBLE].y
        before = self._ends if trained and self._had_points else None
        self._had_points = trained
        right = axis_top(xs, view.x_limit, before.right if before else None)
        if not view.apart:
            return AxisEnds(right, axis_top(ys, view.y_limit, before.top if before else None))
        top = min(axis_top(ys if len(ys) else (100.0,), None, before.top if before else None), 100.0)
        if not self.log_error:
            return AxisEnds(right, top)
        return AxisEnds(right, 100.0, log_bottom(ys, before.floor if before else None), log=True)

    def _say(self, view: FrontView) -> None:
        anything = any(view.points.values()) or bool(view.own) or any(other.points for other in view.others)
        self._empty.html = NOTHING if anything else self._empty_text
        legend = legend_html(view, right=self._ends.right if self._ends else 0.0) if anything else None
        about = band_words(view, self._sources()) if self.bands else ""
        bands = tag("div", tag("span", about), class_="unas-legend") if about else None
        self._legend.html = joined(legend, others_legend(view.others), bands)

    def _on_picked(self, change: Any) -> None:
        picked = read(change["new"], Picked)
        if picked is not None:
            self.selected = picked.trial

    def _on_walked(self, change: Any) -> None:
        walked = read(change["new"], Walked)
        if walked is not None:
            self.walk(walked.way)

    @traitlets.observe("selected")
    def _on_selected(self, _change: Any) -> None:
        with self._lock:
            if self._ends is not None:
                self.figure.mark(self.view(), self._ends, self.selected)

    @traitlets.observe("budget", "brushed", "bands")
    def _on_budget(self, _change: Any) -> None:
        self._draw()

    @traitlets.observe("x", "y")
    def _on_axes(self, change: Any) -> None:
        if self.x == self.y:
            other = "y" if change["name"] == "x" else "x"
            fits = other == "y" or change["old"] in _RESOURCES
            setattr(self, other, change["old"] if fits else next(word for word in _RESOURCES if word != self.y))
            return
        self._ends = None
        self._draw(ranges=True)

    @traitlets.observe("log_error")
    def _on_log(self, _change: Any) -> None:
        self._ends = None
        self._draw(ranges=True)

    def _sources(self) -> Sources:
        return Sources(self._reports.report_of, self._finals, self._validation_size)

    def _refresh_from(self, run: Finalised) -> None:
        size, finals = run.validation_size, run.finals(None)
        self.show(run.networks(), run.infeasible(), validation_size=size, finals=finals, report_of=run.report_of)

    def live_bundle(self) -> dict[str, Any]:
        """What front ends with widgets get, after the code that draws the figure."""
        self.figure.send_plotly()
        return super().live_bundle()


def _note(title: str, words: str) -> Html:
    return joined(tag("b", title), tag("span", words))
