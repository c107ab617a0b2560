"""An invisible companion of the plot that turns a click into the number of the nearest trial."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from unas_widgets.panels.markup import ASSETS


class Pick(anywidget.AnyWidget):
    """Put beside a plotly figure in a box of class `unas-plot`.

    Traits:
        picked: `trial`, whose point was clicked, and a running number so that the same point counts again.
    """

    _esm = ASSETS / "pick.js"

    picked: Any = traitlets.Dict({}).tag(sync=True)
