"""The selected trial: its figures, and in tabs its network, memory, latency, learning, boards and lineage."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import ipywidgets
import traitlets

from resource_models import Graph, ResourceReport
from search.recipes.named import AS_SEARCHED
from search.runs.protocols import Readable
from search.runs.run import WritableRun
from search.trial import Observation
from unas_widgets.boards.boards_panel import BoardsMatrix
from unas_widgets.network.arena_panel import ArenaMap
from unas_widgets.network.latency_panel import LatencyByLayer
from unas_widgets.network.memory_panel import MemoryPanel
from unas_widgets.network.morphs_panel import PeakMorphs
from unas_widgets.network.network_html import figures_html
from unas_widgets.network.network_panel import NetworkPanel
from unas_widgets.network.network_view import network_view
from unas_widgets.quantities.quantity import Quantity
from unas_widgets.trial.learning_panel import LearningCurve
from unas_widgets.trial.lineage_panel import Lineage
from unas_widgets.trial.run_problem import problem_of
from unas_widgets.widgets.highlight import Highlight
from unas_widgets.widgets.html import NOTHING, Html, joined, tag
from unas_widgets.widgets.in_turn import Button, Choice
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.panel import Panel
from unas_widgets.widgets.tab_row import Tabs

TABS = {
    "network": "Network",
    "memory": "Memory",
    "latency": "Latency",
    "learning": "Learning",
    "boards": "Boards",
    "lineage": "Lineage",
}
_TIMELINE = "timeline"  # the memory over time, which two tabs show
_ELSEWHERE = "The tab Boards says for which boards there is an estimate."
_HOW = joined(
    tag("h3", "Trial"),
    tag(
        "div",
        "Select a point or a row to see its network layer by layer, its memory over time, which boards take it, and to "
        "write it as a file for the board.",
        class_="unas-quiet",
    ),
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the tabs are built from."""

    trial_id: int
    graph: Graph
    report: ResourceReport
    run: Readable | None
    observation: Observation | None


class TrialPanel(Panel):
    """One trial in full. `on_export` is what the button does.

    A tab is built when it is first looked at.

    Traits:
        tab: the tab that is shown, a key of `TABS`.
        selected: number of the selected trial; a click in Lineage or Boards changes it.
    """

    tab = traitlets.Enum(tuple(TABS), "network")
    selected = traitlets.Int(None, allow_none=True)

    def __init__(self, on_export: Callable[[], object] | None = None) -> None:
        self._lock = threading.RLock()
        self._head, self._outcome = Markup(html=_HOW), Markup(attributes={"role": "status"})
        self._shown: _Shown | None = None
        self._figures = NOTHING
        self._offered: object = None  # the trial whose weights can be chosen, and which there are
        self._filled: set[str] = set()
        self.network, self.memory, self.arena, self.morphs = NetworkPanel(), MemoryPanel(), ArenaMap(), PeakMorphs()
        self.latency, self.learning = LatencyByLayer(), LearningCurve()
        self.boards, self.lineage = BoardsMatrix(), Lineage()
        self._parts: dict[str, tuple[Any, ...]] = {
            "network": (self.network, self.memory),
            "memory": (self.memory, self.arena, self.morphs),
            "latency": (self.latency,),
            "learning": (self.learning,),
            "boards": (self.boards,),
            "lineage": (self.lineage,),
        }
        self._tabs = Tabs(titles=TABS, chosen="network", label="The selected trial")
        self._boxes = {key: _box(key) for key in TABS}
        self._export = Button(description="Export int8 .tflite", tooltip="Write this network for the board")
        self._export.add_class("unas-export-button")
        self._export.on_click(lambda _button: on_export() if on_export else None)
        self._weights = Choice(options=_weights((AS_SEARCHED,)), description="weights")
        self._weights.tooltip = "Whose weights the file has: the search's, or those that Finalise kept"
        self._weights.add_class("unas-picker")
        self._buttons = ipywidgets.Box((self._export, self._weights))
        self._buttons.add_class("unas-export-row")
        super().__init__((self._head, self._buttons, self._outcome, self._tabs, *self._boxes.values(), Highlight()))
        self.add_class("unas-trial")
        self.add_class("unas-linked")
        self._outcome.add_class("unas-export")
        traitlets.link((self, "tab"), (self._tabs, "chosen"))
        for part in (self.boards, self.lineage):
            traitlets.link((self, "selected"), (part, "selected"))
        self.clear()

    def show(
        self,
        trial_id: int,
        graph: Graph,
        report: ResourceReport,
        *,
        error: Quantity,
        standing: str,
        remark: str = "",
        run: Readable | None = None,
    ) -> None:
        """Show a trained trial; `remark` says how it was trained, `run` is asked for what a tab wants to know."""
        with self._lock:
            self._empty(keep=self._parts[self.tab])
            quiet = tag("div", remark, class_="unas-quiet") if remark else None
            observation = None if run is None else run.observation(trial_id)
            self._shown = _Shown(trial_id, graph, report, run, observation)
            self._offer_weights()
            self._figures = joined(figures_html(network_view(graph, report), error), quiet)
            self.stand(standing)
            self._fill(self.tab)
            self._set_visible()

    def stand(self, standing: str) -> None:
        """Say where the trial that is shown stands now."""
        if self._shown is not None:
            self._head.html = joined(_title(self._shown.trial_id, standing), self._figures)

    def renew(self) -> None:
        """Bring what depends on the other trials of the run up to date, where it is looked at."""
        with self._lock:
            shown = self._shown
            if shown is None or shown.run is None:
                return
            self._offer_weights()
            self._filled -= {"boards", "lineage"}
            if self.tab == "boards":
                self._filled.add("boards")
                self.boards.show_front(shown.run)
            self._fill(self.tab)

    def explain(self, trial_id: int, sentence: str) -> None:
        """Show a sentence about a trial that has no network to show."""
        self.clear()
        self._head.html = joined(_title(trial_id), tag("div", sentence))

    def clear(self) -> None:
        """Show how to select a trial."""
        with self._lock:
            self._shown = None
            self._head.html = _HOW
            self._empty()
            self.say("")
            self._set_visible()

    def say(self, sentence: str, *, bad: bool = False, busy: bool = False) -> None:
        """Say what became of the export; `busy` while it is under way."""
        look = "unas-bad" if bad else "unas-done"
        self._outcome.html = tag("div", sentence, class_=look) if sentence else NOTHING
        self._export.disabled = busy

    def weights_for(self, trial_id: int) -> str:
        """The recipe whose weights are chosen for the export of a trial; for one that is not shown the search's."""
        shown = self._shown
        return str(self._weights.value) if shown is not None and shown.trial_id == trial_id else AS_SEARCHED

    def static_html(self) -> Html:
        """The figures and everything that the tabs have shown, as HTML without scripts."""
        if self._shown is not None:
            self._fill("network")
        parts = dict.fromkeys(part for key in TABS for part in self._parts[key])
        return joined(self._head.html, self._outcome.html, (part.static_html() for part in parts))

    @traitlets.observe("tab")
    def _on_tab(self, _change: Any) -> None:
        if hasattr(self, "_boxes"):
            with self._lock:
                self._fill(self.tab)
                self._set_visible()

    def _offer_weights(self) -> None:
        """Have the list hold the weights that there are; what Finalise kept is chosen when it is new."""
        shown = self._shown
        run = None if shown is None else shown.run
        names = run.weights_of(shown.trial_id) if shown is not None and isinstance(run, WritableRun) else (AS_SEARCHED,)
        known = (None if shown is None else shown.trial_id, names)
        if known != self._offered:
            self._offered = known
            self._weights.offer(_weights(names), names[-1])
        self._weights.layout.display = None if len(names) > 1 else "none"

    def _fill(self, tab: str) -> None:
        """Build a tab for the trial that is shown, unless it is built."""
        shown = self._shown
        if shown is None or tab in self._filled:
            return
        self._filled.add(tab)
        getattr(self, f"_fill_{tab}")(shown)
        if not self._boxes[tab].children:
            self._boxes[tab].children = self._parts[tab]

    def _fill_network(self, shown: _Shown) -> None:
        self.network.show(shown.graph, shown.report, totals=False)
        self._show_memory(shown)

    def _fill_memory(self, shown: _Shown) -> None:
        self._show_memory(shown)
        self.arena.show(shown.graph, runtime=shown.report.runtime)
        if shown.run is not None and shown.observation is not None:
            self.morphs.show(problem_of(shown.run, shown.graph), shown.observation.trial)
        else:
            self.morphs.clear()

    def _show_memory(self, shown: _Shown) -> None:
        if _TIMELINE not in self._filled:
            self._filled.add(_TIMELINE)
            self.memory.show(shown.graph, shown.report.accounting, runtime=shown.report.runtime)

    def _fill_latency(self, shown: _Shown) -> None:
        self.latency.show(shown.graph, shown.report, hint=_ELSEWHERE)

    def _fill_learning(self, shown: _Shown) -> None:
        if shown.observation is not None:
            self.learning.show(shown.observation)
        else:
            self.learning.clear()

    def _fill_boards(self, shown: _Shown) -> None:
        self.boards.show_graph(shown.graph, own=None if shown.run is None else shown.run.board)
        if shown.run is not None:
            self.boards.show_front(shown.run)

    def _fill_lineage(self, shown: _Shown) -> None:
        if shown.run is not None:
            self.lineage.show(shown.run, shown.trial_id, graph=shown.graph)
        else:
            self.lineage.clear()

    def _empty(self, keep: tuple[Any, ...] = ()) -> None:
        """Nothing is built any more; what is in `keep` stays until it is drawn over, so that nothing flickers."""
        self._filled.clear()
        for part in dict.fromkeys(part for parts in self._parts.values() for part in parts):
            if part not in keep:
                part.clear()

    def _set_visible(self) -> None:
        shown = self._shown is not None
        for part in (self._buttons, self._tabs):
            part.layout.display = None if shown else "none"
        for key, box in self._boxes.items():
            box.layout.display = None if shown and key == self.tab else "none"


def _title(trial: int, standing: str = "") -> Html:
    words = f"Trial {trial}, {standing}" if standing else f"Trial {trial}"
    return tag("div", words, class_="unas-trial-head", data_shown=trial)


def _weights(recipes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((recipe, recipe) for recipe in recipes)


def _box(key: str) -> Any:
    box = ipywidgets.VBox(())
    box.add_class("unas-tab")
    box.add_class(f"unas-tab-{key}")
    return box
