"""The network of one trial, or any graph, layer by layer."""

from __future__ import annotations

from resource_models import Graph, ResourceReport, profile
from unas_widgets.network.network_html import figures_html, network_html
from unas_widgets.network.network_view import network_view
from unas_widgets.widgets.html import NOTHING, Html, joined
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.panel import Panel


class NetworkPanel(Panel):
    """Layers with shapes, bytes and MACs as bars. `NetworkPanel(graph)` profiles the graph itself."""

    def __init__(self, graph: Graph | None = None, report: ResourceReport | None = None) -> None:
        self._html = NOTHING
        self._markup = Markup()
        super().__init__((self._markup,))
        if graph is not None:
            self.show(graph, report)

    def show(self, graph: Graph, report: ResourceReport | None = None, *, totals: bool = True) -> None:
        """Show `graph` with the costs of `report`; `totals` adds the whole network's figures."""
        view = network_view(graph, report or profile(graph))
        self._html = joined(figures_html(view) if totals else None, network_html(view))
        self._markup.html = self._html

    def clear(self) -> None:
        """Show nothing."""
        self._markup.html = self._html = NOTHING

    def static_html(self) -> Html:
        """The layers as HTML without scripts."""
        return self._html
