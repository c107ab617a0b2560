"""An invisible companion of the plot that turns clicks and keys into a choice among its trials."""

from __future__ import annotations

from typing import Any, Literal

import traitlets

from unas_widgets.widgets.in_turn import Live
from unas_widgets.widgets.markup import ASSETS
from unas_widgets.widgets.page_messages import Message


class Picked(Message, frozen=True):
    """A click on a point."""

    trial: int


class Walked(Message, frozen=True):
    """A key that leads along the front."""

    way: Literal["next", "previous", "first", "last"]


class Pick(Live):
    """Put beside a plotly figure in a box of class `unas-plot`.

    Traits:
        picked: `trial`, whose point was clicked, and a running number so that the same point counts again.
        walked: `way`, where a key leads along the front, and a running number.
    """

    _esm = ASSETS / "pick.js"

    picked: Any = traitlets.Dict({}).tag(sync=True)
    walked: Any = traitlets.Dict({}).tag(sync=True)
