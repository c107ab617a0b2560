"""The plotly figure of the front: fixed traces whose points are replaced, so that nothing flickers."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

import numpy as np
import plotly.graph_objects as go
import traitlets

from unas_widgets.front.comparison_view import MOST_OTHERS, OTHER_LOOKS
from unas_widgets.front.front_view import Band, FrontView, Standing, step_line
from unas_widgets.quantities.axis import ERROR
from unas_widgets.quantities.axis_range import LOG_TICKS, AxisEnds
from unas_widgets.quantities.points import Points
from unas_widgets.widgets.html import Content, Html, extra, lines, tag
from unas_widgets.widgets.live_figure import LiveFigure

BLUE, SKY, VERMILION, PURPLE, GREEN = "#0072B2", "#56B4E9", "#D55E00", "#CC79A7", "#009E73"  # Okabe and Ito
GREY = "#8C8C8C"
BAND = 0.86  # the share of the height below the band of the infeasible
_LINE, _RING, _SPREAD, _OWN = "step", "selected", "trained again", "made by hand"
_LOOKS: dict[Standing, dict[str, Any]] = {
    Standing.INFEASIBLE: {"symbol": "x-thin", "size": 6, "opacity": 0.7, "line": {"color": GREY, "width": 1.2}},
    Standing.OVER_BUDGET: {"symbol": "x", "size": 8, "color": VERMILION},
    Standing.DOMINATED: {"symbol": "circle", "size": 8, "color": SKY, "line": {"color": BLUE, "width": 0.6}},
    Standing.FRONT: {"symbol": "diamond", "size": 11, "color": BLUE, "line": {"color": "#ffffff", "width": 0.8}},
}
_OTHERS = tuple(f"other {place}" for place in range(MOST_OTHERS))
_SORTS = (Standing.INFEASIBLE, Standing.OVER_BUDGET, Standing.DOMINATED)
_DRAWN = (*_SORTS, _LINE, Standing.FRONT, _SPREAD, _OWN, _RING, *_OTHERS)
_CONFIG = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtons": [["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]],
}


class FrontFigure(LiveFigure):
    """The picture of a `FrontView`.

    Args:
        gl: draw with WebGL, which pays above about 2,000 points.
    """

    def __init__(self, *, gl: bool = False) -> None:
        kind = go.Scattergl if gl else go.Scatter
        super().__init__(data=[_trace(name, kind) for name in _DRAWN], layout=_layout())
        self._config = dict(_CONFIG)
        self._drawn: tuple[list[float], list[float]] = ([0, 1], [0, 100])

    @property
    def gl(self) -> bool:
        """Whether it draws with WebGL."""
        return bool(self.data[0].type == "scattergl")

    def zoomed(self) -> bool:
        """Whether the reader has moved the axes away from where they were drawn; a double click moves them back."""
        shown = (self.layout.xaxis, self.layout.yaxis)
        return any(
            not axis.autorange and axis.range is not None and list(axis.range) != drawn
            for axis, drawn in zip(shown, self._drawn, strict=True)
        )

    def draw(
        self,
        view: FrontView,
        ends: AxisEnds,
        *,
        selected: int | None,
        ranges: bool,
        brushed: Collection[int] | None = None,
    ) -> None:
        """Put `view` into the figure in one message.

        Args:
            view: what to draw.
            ends: where the axes end.
            selected: the trial with the ring around it.
            ranges: whether to set the axes' ranges too (not while the reader has zoomed in).
            brushed: trials that stand out, the others fade; None where all are alike.
        """
        with self._changing, self.batch_update():
            for standing in Standing:
                in_band = standing is Standing.INFEASIBLE and view.apart
                _fill(self._trace_of(standing), view.points[standing], 0.0 if in_band else ends.floor, brushed)
                self._trace_of(standing).hovertemplate = _short_hover(view, standing)
                self._trace_of(standing).yaxis = "y2" if in_band else "y"
            line = self._trace_of(_LINE)
            line.x, ys = step_line(view.points[Standing.FRONT], right=ends.right * 10, top=ends.top * 10)
            line.y = [max(y, ends.floor) for y in ys]
            self._draw_spreads(view, ends.floor)
            self._draw_bands(view, ends.floor)
            drawn = {other.place: other.points for other in view.others}
            for place, name in enumerate(_OTHERS):
                _place(self._trace_of(name), Points.of(drawn.get(place, ())), ends.floor)
            _place(self._trace_of(_OWN), Points.of(view.own), ends.floor)  # no trials to select: no customdata
            self._ring(view, selected, ends.floor)
            self._draw_axes(view, ends, ranges)
            self.layout.shapes = _budget_lines(view)
            self.layout.annotations = _notes(view, ends)

    def mark(self, view: FrontView, ends: AxisEnds, selected: int | None) -> None:
        """Put the ring around the selected trial."""
        with self._changing, self.batch_update():
            self._ring(view, selected, ends.floor)

    def _ring(self, view: FrontView, selected: int | None, floor: float) -> None:
        point = None if selected is None else view.find(selected)
        ring = self._trace_of(_RING)
        in_band = view.apart and point is not None and point in view.points[Standing.INFEASIBLE]
        ring.x, ring.y = ([], []) if point is None else ([point.x], [point.y if in_band else max(point.y, floor)])
        ring.yaxis = "y2" if in_band else "y"

    def _draw_spreads(self, view: FrontView, floor: float) -> None:
        """Bars of one standard deviation up and down; below the floor of a logarithmic axis there is nothing."""
        trace, means = self._trace_of(_SPREAD), [max(s.mean, floor) for s in view.spreads]
        trace.x, trace.y = [s.x for s in view.spreads], means
        trace.customdata = [s.trial_id for s in view.spreads]
        trace.hovertext = [s.hover for s in view.spreads]
        down = [min(s.std, mean - floor) for s, mean in zip(view.spreads, means, strict=True)]
        trace.error_y.array, trace.error_y.arrayminus = [s.std for s in view.spreads], down

    def _draw_bands(self, view: FrontView, floor: float) -> None:
        """Bars to both ends on each axis; what is below the floor of a logarithmic axis is cut off."""
        trace, known = self._trace_of(Standing.FRONT), {band.trial_id: band for band in view.bands}
        exact = [Band(p.trial_id, p.x, p.y, (p.x, p.x), (p.y, p.y)) for p in view.points[Standing.FRONT]]
        bands = [known.get(band.trial_id, band) for band in exact]
        heights = [max(b.at_y, floor) for b in bands]
        for bars in (trace.error_x, trace.error_y):
            bars.visible = bool(known)
        trace.error_x.array = [b.x[1] - b.at_x for b in bands] if known else []
        trace.error_x.arrayminus = [b.at_x - b.x[0] for b in bands] if known else []
        ups = [max(b.y[1] - at, 0.0) for b, at in zip(bands, heights, strict=True)]
        downs = [at - max(b.y[0], floor) for b, at in zip(bands, heights, strict=True)]
        trace.error_y.array, trace.error_y.arrayminus = (ups, downs) if known else ([], [])

    def _draw_axes(self, view: FrontView, ends: AxisEnds, ranges: bool) -> None:
        for axis, model in ((self.layout.xaxis, view.x), (self.layout.yaxis, view.y)):
            axis.title.text = model.title
            axis.tickformat = "~s" if model.unit == "MACs" else None
        self.layout.yaxis.type = "log" if ends.log else "linear"
        self.layout.yaxis.tickvals = list(LOG_TICKS) if ends.log else None
        self.layout.yaxis.ticktext = [f"{tick:g}" for tick in LOG_TICKS] if ends.log else None
        if ranges:
            self._drawn = (
                [0, ends.right],
                [math.log10(ends.floor), math.log10(ends.top)] if ends.log else [0, ends.top],
            )
            self.layout.xaxis.range, self.layout.yaxis.range = self._drawn
        self.layout.yaxis.domain = [0, BAND] if view.apart else [0, 1]

    def _trace_of(self, name: Standing | str) -> Any:
        return self.data[_DRAWN.index(name)]

    @traitlets.observe("_js2py_traceDeltas")
    def _handler_js2py_traceDeltas(self, change: Any) -> None:  # noqa: N802 - plotly's name
        """Drop what the page made of the traces: nobody asks, and plotly stumbles there over arrays."""
        if change["new"] is not None:
            self._js2py_traceDeltas = None


def _trace(name: Standing | str, kind: Any) -> Any:
    if name == _LINE:
        line = {"color": BLUE, "width": 1.6}
        return go.Scatter(name=name, mode="lines", line=line, hoverinfo="skip", x=[], y=[])
    if name == _RING:
        look = {"symbol": "circle-open", "size": 19, "color": PURPLE, "line": {"width": 3, "color": PURPLE}}
        return go.Scatter(name=name, mode="markers", marker=look, hoverinfo="skip", x=[], y=[])
    if name == _SPREAD:
        bars = {"type": "data", "symmetric": False, "array": [], "arrayminus": [], "thickness": 1.8, "width": 5}
        look = {"symbol": "line-ew", "size": 12, "line": {"color": GREEN, "width": 2.4}}
        kept = {"error_y": bars | {"color": GREEN}, "marker": look, "x": [], "y": []}
        return go.Scatter(name=name, mode="markers", hoverinfo="text", **kept)
    if name in _OTHERS:
        other = OTHER_LOOKS[_OTHERS.index(name)]
        line = {"color": other.colour, "dash": other.dash, "width": 1.8, "shape": "hv"}
        look = {"symbol": other.symbol, "size": 10, "color": other.colour, "line": {"color": "#ffffff", "width": 0.8}}
        return go.Scatter(name=name, mode="lines+markers", line=line, marker=look, hoverinfo="text", x=[], y=[])
    if name == _OWN:
        look = {"symbol": "star", "size": 14, "color": "#E69F00", "line": {"color": "#333333", "width": 1}}
        return go.Scatter(name=name, mode="markers", marker=look, hoverinfo="text", x=[], y=[])
    bands = {}
    if name == Standing.FRONT:
        bars = {"type": "data", "symmetric": False, "array": [], "arrayminus": [], "thickness": 1.2, "width": 4}
        bands = {side: bars | {"color": GREY, "visible": False} for side in ("error_x", "error_y")}
    return kind(name=str(name), mode="markers", marker=_LOOKS[Standing(name)], x=[], y=[], hoverinfo="text", **bands)


def _fill(trace: Any, points: Points, floor: float, brushed: Collection[int] | None) -> None:
    kept = None if brushed is None else np.flatnonzero(np.isin(points.trials, tuple(brushed))).tolist()
    trace.selectedpoints = kept
    trace.customdata = points.trials.astype(np.int32)
    _place(trace, points, floor)


def _place(trace: Any, points: Points, floor: float) -> None:
    trace.x, trace.y = points.x, np.maximum(points.y, floor)
    trace.hovertext = points.hovers or None


def _short_hover(view: FrontView, standing: Standing) -> Html | None:
    """What points without a text of their own say, put together in the browser; None where they have one."""
    points = view.points[standing]
    if not points or points.hovers:
        return None
    said: list[Content] = [(tag("b", "trial %{customdata}"), f", {standing}")]
    for name, axis in (("x", view.x), ("y", view.y)):
        if axis is not ERROR or standing is not Standing.INFEASIBLE:  # which has none
            said.append(f"{axis.word} %{{{name}:{'.3~s' if axis.unit == axis.word else ',.3~r'}}} {axis.unit}")
    return lines(*said) + extra()


def _layout() -> dict[str, Any]:
    quiet = {"showline": False, "zeroline": False, "gridcolor": "rgba(128,128,128,0.25)", "automargin": True}
    quiet["ticklabelstandoff"] = 4  # the lowest number of one axis is beside the lowest of the other
    band = {"domain": [BAND + 0.02, 1], "range": [-0.15, 1.15], "visible": False, "fixedrange": True, "anchor": "x"}
    return {
        "height": 470,
        "margin": {"l": 52, "r": 14, "t": 46, "b": 44},
        "showlegend": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": "#333333",
            "bordercolor": "#333333",
            "font": {"color": "#ffffff", "size": 12},
            "align": "left",
        },
        "hoverdistance": 12,
        "uirevision": "front",
        "dragmode": "zoom",
        "xaxis": quiet | {"range": [0, 1], "minallowed": 0},
        "yaxis": quiet | {"range": [0, 100], "domain": [0, BAND]},
        "yaxis2": band,
    }


def _budget_lines(view: FrontView) -> list[dict[str, Any]]:
    dotted = {"dash": "dot", "width": 1.6, "color": GREY}
    lines = []
    if view.x_limit is not None:
        at = view.x_limit
        lines.append(
            {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "line": dotted, "name": "budget"}
        )
    if view.y_limit is not None:
        at = view.y_limit
        lines.append(
            {"type": "line", "y0": at, "y1": at, "x0": 0, "x1": 1, "xref": "paper", "line": dotted, "name": "budget"}
        )
    if view.apart:
        band = {"width": 0.8, "color": GREY}
        lines.append(
            {
                "type": "line",
                "x0": 0,
                "x1": 1,
                "y0": BAND + 0.01,
                "y1": BAND + 0.01,
                "xref": "paper",
                "yref": "paper",
                "line": band,
            }
        )
    return lines


def _notes(view: FrontView, ends: AxisEnds) -> list[dict[str, Any]]:
    above = {"showarrow": False, "font": {"size": 11}, "y": 1, "yref": "paper", "yanchor": "bottom"}
    left = view.x_limit is None or view.x_limit > ends.right / 2
    notes = []
    if view.apart:
        place = {"x": 0, "xanchor": "left"} if left else {"x": 1, "xanchor": "right"}
        notes.append(above | place | {"xref": "paper", "text": "over budget, not trained"})
    if view.x_limit is not None:
        outside = view.x_limit > ends.right
        side = "left" if view.x_limit < 0.12 * ends.right else "center"
        inside_place = {"x": view.x_limit, "xref": "x", "xanchor": side}
        place = {"x": 1, "xref": "paper", "xanchor": "right"} if outside else inside_place
        notes.append(above | place | {"text": view.x_words + (" ▸" if outside else "")})
    if view.y_limit is not None and view.y_limit <= ends.top:
        beside = {"showarrow": False, "font": {"size": 11}, "x": 1, "xref": "paper", "xanchor": "right"}
        notes.append(beside | {"text": view.y_words, "y": view.y_limit, "yref": "y", "yanchor": "bottom"})
    return notes
