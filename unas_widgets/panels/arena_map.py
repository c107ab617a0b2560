"""The arena of one network: which buffer lies where, and for how long."""

from __future__ import annotations

from resource_models import Graph
from unas_widgets.html.arena_html import arena_html
from unas_widgets.panels.markup import Markup
from unas_widgets.panels.panel import Panel
from unas_widgets.views.arena_view import ArenaView, arena_view


class ArenaMap(Panel):
    """Offsets of the arena's buffers over the steps of an inference, as TFLM plans them."""

    def __init__(self, graph: Graph | None = None, *, runtime: str = "tflm-reference") -> None:
        self._view: ArenaView | None = None
        self._markup = Markup()
        super().__init__((self._markup,))
        if graph is not None:
            self.show(graph, runtime=runtime)

    def show(self, graph: Graph, *, runtime: str = "tflm-reference") -> None:
        """Show the arena of `graph` with the kernels of `runtime`."""
        self._view = arena_view(graph, runtime=runtime)
        self._markup.html = arena_html(self._view)

    def view(self) -> ArenaView | None:
        """What is shown now; None where nothing is."""
        return self._view

    def clear(self) -> None:
        """Show nothing."""
        self._view, self._markup.html = None, ""

    def static_html(self) -> str:
        return str(self._markup.html)

    def static_text(self) -> str:
        return "ArenaMap" if self._view is None else f"Arena of {self._view.arena.text}. {self._view.sentence}"
