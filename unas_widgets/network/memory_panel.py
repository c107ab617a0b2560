"""The memory of one network over time."""

from __future__ import annotations

from resource_models import Accounting, Graph
from unas_widgets.network.memory_html import memory_html
from unas_widgets.network.memory_view import memory_view
from unas_widgets.widgets.html import NOTHING, Html
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.panel import Panel


class MemoryPanel(Panel):
    """What is in memory at each step, and which step sets the peak."""

    def __init__(
        self, graph: Graph | None = None, accounting: Accounting = "tflm", *, runtime: str = "tflm-reference"
    ) -> None:
        self._html = NOTHING
        self._markup = Markup()
        super().__init__((self._markup,))
        if graph is not None:
            self.show(graph, accounting, runtime=runtime)

    def show(self, graph: Graph, accounting: Accounting = "tflm", *, runtime: str = "tflm-reference") -> None:
        """Show the memory of `graph` by the rules of `accounting`."""
        self._html = memory_html(memory_view(graph, accounting, runtime=runtime))
        self._markup.html = self._html

    def clear(self) -> None:
        """Show nothing."""
        self._markup.html = self._html = NOTHING

    def static_html(self) -> Html:
        """The memory over time as HTML without scripts."""
        return self._html
