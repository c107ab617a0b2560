"""Widgets for a search under budgets: the Workbench, and the panels that it is made of.

>>> from unas_widgets import Workbench  # doctest: +SKIP
>>> Workbench()  # doctest: +SKIP
"""

from unas_widgets.errors import WidgetError
from unas_widgets.panels.arena_map import ArenaMap
from unas_widgets.panels.board_form import BoardForm
from unas_widgets.panels.boards_matrix import BoardsMatrix
from unas_widgets.panels.budget_panel import BudgetPanel
from unas_widgets.panels.comparison_panel import Comparison
from unas_widgets.panels.latency_by_layer import LatencyByLayer
from unas_widgets.panels.learning_curve import LearningCurve
from unas_widgets.panels.lineage import Lineage
from unas_widgets.panels.log_panel import LogPanel
from unas_widgets.panels.memory_timeline import MemoryTimeline
from unas_widgets.panels.network_editor import NetworkEditor
from unas_widgets.panels.network_view import NetworkView
from unas_widgets.panels.notify import Notify
from unas_widgets.panels.parallel_plot import ParallelPlot
from unas_widgets.panels.pareto_plot import ParetoPlot
from unas_widgets.panels.peak_morphs import PeakMorphs
from unas_widgets.panels.progress_plot import ProgressPlot
from unas_widgets.panels.replay_control import ReplayControl
from unas_widgets.panels.run_control import RunControl
from unas_widgets.panels.shadow_prices import ShadowPrices
from unas_widgets.panels.trial_table import TrialTable
from unas_widgets.run_report import report
from unas_widgets.workbench import Workbench

__all__ = [
    "ArenaMap",
    "BoardForm",
    "BoardsMatrix",
    "BudgetPanel",
    "Comparison",
    "LatencyByLayer",
    "LearningCurve",
    "Lineage",
    "LogPanel",
    "MemoryTimeline",
    "NetworkEditor",
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
