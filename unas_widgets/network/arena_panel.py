"""The arena of one network: which buffer lies where, and for how long."""

from __future__ import annotations

from resource_models import Graph
from unas_widgets.network.arena_html import arena_html
from unas_widgets.network.arena_view import ArenaView, arena_view
from unas_widgets.widgets.view_panel import ViewPanel


class ArenaMap(ViewPanel[ArenaView]):
    """Offsets of the arena's buffers over the steps of an inference, as TFLM plans them."""

    def __init__(self, graph: Graph | None = None, *, runtime: str = "tflm-reference") -> None:
        super().__init__()
        if graph is not None:
            self.show(graph, runtime=runtime)

    def show(self, graph: Graph, *, runtime: str = "tflm-reference") -> None:
        """Show the arena of `graph` with the kernels of `runtime`."""
        view = arena_view(graph, runtime=runtime)
        self._put(view, arena_html(view))

    def static_text(self) -> str:
        """The size of the arena and what is said of it, in one line."""
        return "ArenaMap" if self._view is None else f"Arena of {self._view.arena.text}. {self._view.sentence}"
