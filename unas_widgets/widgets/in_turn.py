"""What people press, choose and type into: widgets that are served one after the other.

A front end may talk to a kernel over several shells, of which each has a thread of its own, and JupyterLab does: the
first messages of a widget and the later ones of the same widget arrive on two. Left alone, two clicks would then be
acted upon at the same time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import anywidget
import ipywidgets
import traitlets

from unas_widgets.widgets.page_messages import fitting

TURN = threading.RLock()
"""Held while a message of a page is acted upon, and by nothing else: it may be taken before any other lock."""


class InTurn:
    """Mixed into a widget: what pages say of it is acted upon after what they said of others, never meanwhile.

    What the widget does not take, a number where it has a text or an entry that its list does not have, is passed over.
    """

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a page says, as far as it fits."""
        with TURN:
            super().set_state(fitting(self, sync_data))  # type: ignore[misc]


class Live(InTurn, anywidget.AnyWidget):
    """A widget with a script of its own."""


class Button(InTurn, ipywidgets.Button):
    """A button."""

    def click(self) -> None:
        """Do what a click does."""
        with TURN:
            super().click()


class Choice(InTurn, ipywidgets.Dropdown):
    """A list to choose from, whose entries may have changed while a page still shows the earlier ones.

    Attributes:
        offering: whether its entries are being replaced, so that what it says meanwhile is nobody's choice.
    """

    offering = False

    def entries(self) -> tuple[tuple[str, Any], ...]:
        """The entries, each with its label and what choosing it means."""
        return tuple(zip(self._options_labels, self._options_values, strict=True))

    def values(self) -> tuple[Any, ...]:
        """What there is to choose from."""
        return tuple(self._options_values)

    def offer(self, options: Iterable[tuple[str, Any]], chosen: Any) -> None:
        """Have these entries, with `chosen` as the value."""
        entries = tuple(options)
        self.offering = True
        try:
            if entries != self.entries():
                self.options = entries  # which chooses the first of them
            self.value = chosen
        finally:
            self.offering = False

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a page says; a place that the list no longer has is not taken, and the page is put right."""
        with TURN:
            place = sync_data.get("index")
            if isinstance(place, int) and not 0 <= place < len(self.values()):
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


def bind(panel: traitlets.HasTraits, name: str, field: Choice) -> None:
    """Have a list and a trait of `panel` say the same from now on.

    A value that the list does not have is added to it, and while other entries are offered nothing is chosen.
    """

    def choose(change: Any) -> None:
        value = change["new"]
        if value not in field.values():
            field.offer((*field.entries(), (str(value), value)), value)
        elif field.value != value:
            field.value = value

    def take(change: Any) -> None:
        if not field.offering:
            setattr(panel, name, change["new"])

    panel.observe(choose, name)
    field.observe(take, "value")
