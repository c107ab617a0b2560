"""The plotly figure of parallel coordinates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import plotly.graph_objects as go

from unas_widgets.front.front_figure import BLUE, PURPLE, SKY, VERMILION
from unas_widgets.front.parallel_view import CLASSES, ParallelView, Ranges
from unas_widgets.widgets.live_figure import LiveFigure

SELECTED = len(CLASSES)  # a class of its own, above all others
_COLOURS = (VERMILION, SKY, BLUE, PURPLE)  # in the order of the classes
_STEPS = [(place / len(_COLOURS), colour) for place, colour in enumerate(_COLOURS)]
_SCALE = [step for start, colour in _STEPS for step in ((start, colour), (start + 1 / len(_COLOURS), colour))]


class ParallelFigure(LiveFigure):
    """The picture of a `ParallelView`; `on_brush` is called after the reader has brushed an axis."""

    def __init__(self, on_brush: Callable[[], None]) -> None:
        line = {"colorscale": _SCALE, "cmin": -0.5, "cmax": SELECTED + 0.5, "showscale": False}
        trace = go.Parcoords(dimensions=[], line=line, labelangle=0, unselected={"line": {"opacity": 0.08}})
        layout = {"height": 260, "margin": {"l": 56, "r": 40, "t": 44, "b": 18}, "paper_bgcolor": "rgba(0,0,0,0)"}
        super().__init__(data=[trace], layout=layout)
        self._config = {"displaylogo": False, "responsive": True, "displayModeBar": False}
        self._on_brush = on_brush
        self._drawing = False
        self._words: tuple[str, ...] = ()
        self.data[0].on_change(self._changed, "dimensions")

    def draw(self, view: ParallelView, *, selected: int | None, ranges: Ranges) -> None:
        """Put `view` into the figure in one message; `ranges` are what is brushed."""
        self._words = tuple(axis.word for axis in view.axes)
        colours = np.where(view.trials == selected, SELECTED, view.standing)
        self._drawing = True
        try:
            with self._changing, self.batch_update():
                self.data[0].dimensions = [
                    _dimension(axis.title, axis.scale == 1, column, list(ranges.get(axis.word, ())))
                    for axis, column in zip(view.axes, view.values, strict=True)
                ]
                self.data[0].line.color = colours
        finally:
            self._drawing = False

    def ranges(self) -> dict[str, tuple[tuple[float, float], ...]]:
        """What is brushed, by the word of the axis, in axis units."""
        found = {}
        for word, dimension in zip(self._words, self.data[0].dimensions, strict=True):
            brushed = dimension.constraintrange
            if brushed is not None and len(brushed):
                parts = brushed if isinstance(brushed[0], (list, tuple)) else (brushed,)
                found[word] = tuple((float(low), float(high)) for low, high in parts)
        return found

    def _changed(self, *_what: Any) -> None:
        if not self._drawing:
            self._on_brush()


def _dimension(title: str, counts: bool, column: Any, brushed: list[tuple[float, float]]) -> dict[str, Any]:
    top = float(column.max()) if len(column) else 1.0
    low = float(column.min()) if len(column) else 0.0
    span = {"range": [low, top if top > low else low + 1.0]}
    return {
        "label": title,
        "values": column,
        "tickformat": ".3~s" if counts else ".3~g",
        "constraintrange": brushed if len(brushed) != 1 else brushed[0],
        **span,
    }
