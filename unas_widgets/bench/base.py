"""What the parts of the Workbench share: its traits, its panels, and the run that is shown."""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

import traitlets

from search import Budget, Run, RunSettings
from search.runs.events import RunState
from unas_widgets.budgets.budget_panel import BudgetPanel
from unas_widgets.front.pareto_plot import ParetoPlot
from unas_widgets.progress.control_panel import RunControl
from unas_widgets.progress.log_panel import LogPanel
from unas_widgets.progress.progress_panel import ProgressPlot
from unas_widgets.progress.run_words import FINALISING
from unas_widgets.progress.status_view import ACTIVE
from unas_widgets.quantities.columns import Columns
from unas_widgets.replay.replay_panel import ReplayControl
from unas_widgets.runs.comparison_panel import Comparison
from unas_widgets.runs.settings_panel import SettingsPanel
from unas_widgets.trial.table_panel import TrialTable
from unas_widgets.trial.trial_panel import TrialPanel
from unas_widgets.widgets.disclosure import Disclosure
from unas_widgets.widgets.fold import Fold
from unas_widgets.widgets.guarded import Guarded
from unas_widgets.widgets.markup import Markup

GOING = ACTIVE - {str(RunState.PAUSED)} | {FINALISING}
"""States in which what is shown changes by itself."""
NO_SEARCH = (
    "<b>No search yet</b><span>Set the budgets on the left, then press Start. "
    "Or press Replay, below, to see a recorded one.</span>"
)


class Bench(Guarded):
    """The state of a Workbench; see there for what the traits mean."""

    budget = traitlets.Instance(Budget, args=())
    board = traitlets.Unicode()
    dataset = traitlets.Unicode()
    algorithm = traitlets.Unicode()
    trials = traitlets.Int()
    workers = traitlets.Int()
    seed = traitlets.Int()
    x = traitlets.Unicode()
    y = traitlets.Unicode()
    selected = traitlets.Int(None, allow_none=True)
    state = traitlets.Unicode("ready")
    position = traitlets.Int(0, min=0)
    speed = traitlets.Float(1.0)
    playing = traitlets.Bool(False)

    run: Run | None
    _offered: Run | None
    settings_panel: SettingsPanel
    budget_panel: BudgetPanel
    control: RunControl
    replay_control: ReplayControl
    plot: ParetoPlot
    table: TrialTable
    progress: ProgressPlot
    trial_panel: TrialPanel
    log_panel: LogPanel
    code_panel: Disclosure
    comparison: Comparison
    _comparison_fold: Fold
    _base: Path
    _lock: threading.RLock
    _live: Markup
    _outcome: Markup
    _columns: Columns
    _earlier: int
    _drawn: int
    _announced: int
    _unlisten: Callable[[], None] | None

    @traitlets.observe("state", "selected", "playing")
    def _on_rest(self, _change: Any) -> None:
        """What is saved with the notebook is renewed where nothing goes on that would soon change it again."""
        if self.state not in GOING and not self.playing:
            self._still.request()

    @abstractmethod
    def _refresh(self) -> None:
        """Bring everything up to date with the run; called from the main thread and from others."""

    @abstractmethod
    def _adopt(self, run: Run, *, earlier: int) -> None:
        """Make `run` the one that is shown."""

    @abstractmethod
    def run_settings(self) -> RunSettings:
        """The settings that Start would use."""

    @abstractmethod
    def _show_selected(self) -> None:
        """Show the selected trial in full."""

    @abstractmethod
    def _note_budget(self) -> None: ...
