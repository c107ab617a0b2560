"""How everything looks: one style sheet for all panels of a kernel, sent and stored once."""

from __future__ import annotations

import functools

from unas_widgets.widgets.in_turn import Live
from unas_widgets.widgets.markup import ASSETS


class Look(Live):
    """Brings the style sheet to the page of whatever it is part of, and is not seen itself."""

    _esm = "export default { render({ el }) { el.style.display = 'none'; } };"
    _css = ASSETS / "workbench.css"


def look() -> Look:
    """The one that all panels share."""
    shared = _shared()
    shared.open()  # where it was closed, as by `ipywidgets.Widget.close_all`
    return shared


@functools.cache
def _shared() -> Look:
    return Look()
