"""HTML made in Python, with a selection: the widget under the tables and texts of every panel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import traitlets

from unas_widgets.widgets.html import HtmlTrait
from unas_widgets.widgets.in_turn import Live

ASSETS = Path(__file__).parent.parent / "assets"


class Markup(Live):
    """Shows `html` (nothing but `Html`); a click or an arrow key on an element with data-trial sets `selected`."""

    _esm = ASSETS / "markup.js"

    html = HtmlTrait().tag(sync=True)
    selected = traitlets.Int(None, allow_none=True).tag(sync=True)
    sort = traitlets.Unicode("").tag(sync=True)
    attributes: Any = traitlets.Dict({}).tag(sync=True)
