"""Widgets for a search under budgets: the Workbench, and the panels that it is made of.

>>> from unas_widgets import Workbench  # doctest: +SKIP
>>> Workbench()  # doctest: +SKIP
"""

from unas_widgets.boards.board_form import BoardForm
from unas_widgets.boards.boards_panel import BoardsMatrix
from unas_widgets.budgets.budget_panel import BudgetPanel
from unas_widgets.budgets.shadow_prices_panel import ShadowPrices
from unas_widgets.editor.editor_panel import NetworkEditor
from unas_widgets.errors import WidgetError
from unas_widgets.front.front_panel import ParetoPlot
from unas_widgets.front.parallel_panel import ParallelPlot
from unas_widgets.network.arena_panel import ArenaMap
from unas_widgets.network.latency_panel import LatencyByLayer
from unas_widgets.network.memory_panel import MemoryPanel
from unas_widgets.network.morphs_panel import PeakMorphs
from unas_widgets.network.network_panel import NetworkPanel
from unas_widgets.progress.log_panel import LogPanel
from unas_widgets.progress.notify import Notify
from unas_widgets.progress.progress_panel import ProgressPlot
from unas_widgets.progress.status_panel import RunControl
from unas_widgets.replay.replay_panel import ReplayControl
from unas_widgets.report.run_report import report
from unas_widgets.runs.comparison_panel import ComparisonPanel
from unas_widgets.trial.learning_panel import LearningCurve
from unas_widgets.trial.lineage_panel import Lineage
from unas_widgets.trial.table_panel import TrialTable
from unas_widgets.workbench import Workbench

Comparison = ComparisonPanel
MemoryTimeline = MemoryPanel
NetworkView = NetworkPanel
"""Earlier names, which keep working; `search.tournament` and `resource_models` have classes that are called so too."""

__all__ = [
    "ArenaMap",
    "BoardForm",
    "BoardsMatrix",
    "BudgetPanel",
    "Comparison",
    "ComparisonPanel",
    "LatencyByLayer",
    "LearningCurve",
    "Lineage",
    "LogPanel",
    "MemoryPanel",
    "MemoryTimeline",
    "NetworkEditor",
    "NetworkPanel",
    "NetworkView",
    "Notify",
    "ParallelPlot",
    "ParetoPlot",
    "PeakMorphs",
    "ProgressPlot",
    "ReplayControl",
    "RunControl",
    "ShadowPrices",
    "TrialTable",
    "WidgetError",
    "Workbench",
    "report",
]
