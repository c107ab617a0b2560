"""An invisible companion of the plot that keeps it as wide as its box."""

from __future__ import annotations

from unas_widgets.widgets.in_turn import Live
from unas_widgets.widgets.markup import ASSETS


class Fit(Live):
    """Put beside a plotly figure in a box of class `unas-plot` or `unas-parallel`."""

    _esm = ASSETS / "fit.js"
