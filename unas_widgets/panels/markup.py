"""HTML made in Python, with a selection: the widget under the tables and texts of every panel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from unas_widgets.panels.static_state import store_instead

ASSETS = Path(__file__).parent.parent / "assets"
_STORED = "export default { render({ model, el }) { el.innerHTML = model.get('html'); } };"


class Markup(anywidget.AnyWidget):
    """Shows `html`; a click or an arrow key on an element with data-trial sets `selected`."""

    _esm = ASSETS / "markup.js"
    _css = ASSETS / "workbench.css"

    html = traitlets.Unicode("").tag(sync=True)
    selected = traitlets.Int(None, allow_none=True).tag(sync=True)
    sort = traitlets.Unicode("").tag(sync=True)
    attributes: Any = traitlets.Dict({}).tag(sync=True)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        store_instead(self, {"_css": "", "_esm": _STORED})  # dozens of them would store the same style and code
