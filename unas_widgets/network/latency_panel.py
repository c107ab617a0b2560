"""Where the time of an inference goes."""

from __future__ import annotations

from resource_models import Board, Graph, ResourceReport, profile
from resource_models import board as find_board
from unas_widgets.network.latency_html import latency_html
from unas_widgets.network.latency_view import LatencyView, latency_view
from unas_widgets.widgets.view_panel import ViewPanel


class LatencyByLayer(ViewPanel[LatencyView]):
    """Time of each layer with band and method. `LatencyByLayer(graph, "nucleo-f446re")` profiles the graph itself."""

    def __init__(self, graph: Graph | None = None, board: Board | str | None = None) -> None:
        super().__init__()
        if graph is not None:
            self.show(graph, profile(graph, board=None if board is None else find_board(board)))

    def show(self, graph: Graph, report: ResourceReport, *, hint: str = "") -> None:
        """Show the times that `report` states for `graph`; `hint` follows the reason where there are none."""
        view = latency_view(graph, report)
        self._put(view, latency_html(view, hint=hint))

    def static_text(self) -> str:
        """The latency, its band and its method, in one line."""
        view = self._view
        if view is None:
            return "LatencyByLayer"
        return f"Latency {view.total.text}, {view.band}. {view.method}" if view.rows else f"No estimate. {view.method}"
