"""An invisible companion of the plot that keeps it as wide as its box."""

from __future__ import annotations

import anywidget

from unas_widgets.panels.markup import ASSETS


class Fit(anywidget.AnyWidget):
    """Put beside a plotly figure in a box of class `unas-plot` or `unas-parallel`."""

    _esm = ASSETS / "fit.js"
