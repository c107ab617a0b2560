"""A panel that is closed until its title is opened, and is not filled before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets
import traitlets

from unas_widgets.widgets.disclosure import Disclosure
from unas_widgets.widgets.panel import Panel


class Fold(ipywidgets.VBox):
    """A title above a panel.

    Traits:
        opened: whether the panel is seen.
    """

    opened = traitlets.Bool(False)

    def __init__(
        self, title: str, panel: Panel, *, remark: str = "", on_open: Callable[[], None] | None = None
    ) -> None:
        """Put `panel` below `title`; `on_open` is called each time before it is seen."""
        self._panel, self._on_open = panel, on_open
        self._head = Disclosure(title, remark=remark)
        super().__init__((self._head, panel))
        self.add_class("unas-fold")
        panel.remove_class("unas")
        panel.layout.display = "none"
        traitlets.link((self._head, "opened"), (self, "opened"))

    @traitlets.observe("opened")
    def _on_opened(self, change: Any) -> None:
        if change["new"] and self._on_open is not None:
            self._on_open()
        self._panel.layout.display = None if change["new"] else "none"
