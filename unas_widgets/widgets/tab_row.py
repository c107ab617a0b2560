"""A row of tabs that is reached and walked along by keyboard."""

from __future__ import annotations

from typing import Any

import traitlets

from unas_widgets.widgets.in_turn import Live
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

    @traitlets.validate("chosen")
    def _among_titles(self, proposal: Any) -> str:
        chosen: str = proposal["value"]
        if self.titles and chosen not in self.titles:
            raise traitlets.TraitError(f"There is no tab {chosen!r}.")
        return chosen
