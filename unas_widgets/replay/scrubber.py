"""The slider of a replay."""

from __future__ import annotations

import traitlets

from unas_widgets.widgets.in_turn import Live
from unas_widgets.widgets.markup import ASSETS


class Scrubber(Live):
    """A slider over the events of a run.

    Traits:
        position: events that are known, 0 to `maximum`.
        words: where that is, for those who hear it and those who see it.
    """

    _esm = ASSETS / "scrubber.js"

    position = traitlets.Int(0, min=0).tag(sync=True)
    maximum = traitlets.Int(1).tag(sync=True)
    words = traitlets.Unicode("").tag(sync=True)
