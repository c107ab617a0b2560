"""An invisible companion that points at one layer in every picture of a network at once."""

from __future__ import annotations

from unas_widgets.widgets.in_turn import Live
from unas_widgets.widgets.markup import ASSETS


class Highlight(Live):
    """Put in the same box of class `unas-linked` as the pictures whose parts carry `data-layer`."""

    _esm = ASSETS / "highlight.js"
