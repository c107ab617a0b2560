"""A panel that shows one view as HTML."""

from __future__ import annotations

from typing import Generic, TypeVar

from unas_widgets.widgets.html import NOTHING, Html
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.panel import Panel

View = TypeVar("View")


class ViewPanel(Panel, Generic[View]):
    """Shows nothing until `_put` gives it something."""

    def __init__(self) -> None:
        self._view: View | None = None
        self._markup = Markup()
        super().__init__((self._markup,))

    def view(self) -> View | None:
        """What is shown now; None where nothing is."""
        return self._view

    def clear(self) -> None:
        """Show nothing."""
        self._view, self._markup.html = None, NOTHING

    def static_html(self) -> Html:
        """What is shown, as HTML without scripts."""
        return self._markup.html

    def _put(self, view: View, html: Html) -> None:
        self._view, self._markup.html = view, html
