"""The selected trial: its figures, its network, its memory, and its export."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import ipywidgets

from resource_models import Graph, ResourceReport
from unas_widgets.html.network_html import figures_html
from unas_widgets.panels.markup import Markup
from unas_widgets.panels.memory_timeline import MemoryTimeline
from unas_widgets.panels.network_view import NetworkView
from unas_widgets.panels.panel import Panel
from unas_widgets.views.network_view import network_view
from unas_widgets.views.quantity import Quantity

_NOTHING = (
    '<h3>Trial</h3><div class="unas-quiet">Select a point or a row to see its network layer by layer, its memory over '
    "time, and to write it as a file for the board.</div>"
)


class TrialPanel(Panel):
    """One trial in full. `on_export` is what the button does."""

    def __init__(self, on_export: Callable[[], object] | None = None) -> None:
        self._head, self._outcome = Markup(html=_NOTHING), Markup(attributes={"role": "status"})
        self._shown: int | None = None
        self._figures = ""
        self.network, self.memory = NetworkView(), MemoryTimeline()
        self._export = ipywidgets.Button(description="Export int8 .tflite", tooltip="Write this network for the board")
        self._export.add_class("unas-export-button")
        self._export.on_click(lambda _button: on_export() if on_export else None)
        self._buttons = ipywidgets.Box((self._export,))
        super().__init__((self._head, self._buttons, self._outcome, self.network, self.memory))
        self.add_class("unas-trial")
        for wide in (self._head, self._buttons, self._outcome):
            wide.add_class("unas-wide")
        self._outcome.add_class("unas-export")
        self.clear()

    def show(
        self, trial_id: int, graph: Graph, report: ResourceReport, *, error: Quantity, standing: str, remark: str = ""
    ) -> None:
        """Show a trained trial; `remark` says how it was trained."""
        quiet = f'<div class="unas-quiet">{escape(remark)}</div>' if remark else ""
        self._shown, self._figures = trial_id, figures_html(network_view(graph, report), error) + quiet
        self.stand(standing)
        self.network.show(graph, report, totals=False)
        self.memory.show(graph, report.accounting, runtime=report.runtime)
        self._set_visible(True)

    def stand(self, standing: str) -> None:
        """Say where the trial that is shown stands now."""
        if self._shown is not None:
            title = f"Trial {self._shown}, {escape(standing)}"
            self._head.html = f'<div class="unas-trial-head" data-shown="{self._shown}">{title}</div>{self._figures}'

    def explain(self, trial_id: int, sentence: str) -> None:
        """Show a sentence about a trial that has no network to show."""
        self.clear()
        title = f'<div class="unas-trial-head" data-shown="{trial_id}">Trial {trial_id}</div>'
        self._head.html = f"{title}<div>{escape(sentence)}</div>"

    def clear(self) -> None:
        """Show how to select a trial."""
        self._shown = None
        self._head.html = _NOTHING
        self.network.clear()
        self.memory.clear()
        self.say("")
        self._set_visible(False)

    def say(self, sentence: str, *, bad: bool = False, busy: bool = False) -> None:
        """Say what became of the export; `busy` while it is under way."""
        look = "unas-bad" if bad else "unas-done"
        self._outcome.html = f'<div class="{look}">{escape(sentence)}</div>' if sentence else ""
        self._export.disabled = busy

    def static_html(self) -> str:
        return f"{self._head.html}{self._outcome.html}{self.network.static_html()}{self.memory.static_html()}"

    def _set_visible(self, visible: bool) -> None:
        for part in (self._buttons, self.network, self.memory):
            part.layout.display = None if visible else "none"
