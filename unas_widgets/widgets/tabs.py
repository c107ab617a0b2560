"""A row of tabs that is reached and walked along by keyboard."""

from __future__ import annotations

from typing import Any

import traitlets

from unas_widgets.widgets.inputs import Live
from unas_widgets.widgets.markup import ASSETS


class Tabs(Live):
    """Tabs for boxes of class `unas-tab-<key>` in the same box; showing and hiding those is up to Python.

    Traits:
        titles: the words of the tabs by key, in order.
        chosen: the key of the chosen one.
        label: what the tabs are about, for screen readers.
    """

    _esm = ASSETS / "tabs.js"

    titles: Any = traitlets.Dict({}).tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
