"""What people press, choose and type into: widgets that are served one after the other.

A front end may talk to a kernel over several shells, of which each has a thread of its own, and JupyterLab does: the
first messages of a widget and the later ones of the same widget arrive on two. Left alone, two clicks would then be
acted upon at the same time.
"""

from __future__ import annotations

import threading
from typing import Any

import anywidget
import ipywidgets

TURN = threading.RLock()
"""Held while a message of a page is acted upon, and by nothing else: it may be taken before any other lock."""


class InTurn:
    """Mixed into a widget: what pages say of it is acted upon after what they said of others, never meanwhile."""

    def set_state(self, sync_data: dict[str, Any]) -> None:
        with TURN:
            super().set_state(sync_data)  # type: ignore[misc]


class Live(InTurn, anywidget.AnyWidget):
    """A widget with a script of its own."""


class Button(InTurn, ipywidgets.Button):
    """A button."""

    def click(self) -> None:
        with TURN:
            super().click()


class Choice(InTurn, ipywidgets.Dropdown):
    """A list to choose from, whose entries may have changed while a page still shows the earlier ones."""

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a page says; a place that the list no longer has is not taken, and the page is told so."""
        with TURN:
            place = sync_data.get("index")
            if place is not None and not 0 <= place < len(self.options):
                sync_data = {name: value for name, value in sync_data.items() if name != "index"}
                self.send_state(("_options_labels", "index"))
            super().set_state(sync_data)


class Checkbox(InTurn, ipywidgets.Checkbox):
    """A box to tick."""


class Text(InTurn, ipywidgets.Text):
    """A line to type into."""


class Suggested(InTurn, ipywidgets.Combobox):
    """A line to type into, with suggestions."""


class WholeNumber(InTurn, ipywidgets.BoundedIntText):
    """A whole number to type."""
