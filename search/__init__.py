"""Searching for networks within a budget: spaces, budgets, algorithms, runs.

>>> from search import Budget, Run, RunSettings
>>> settings = RunSettings(dataset="digits", budget=Budget.parse(ram="8 KiB", flash="32 KiB"), trials=20)
>>> settings.budget.ram_bytes
8192
"""

from search.algorithms import SearchAlgorithm
from search.budget import RESOURCES, Budget, Resource, Violation
from search.errors import BudgetError, JournalError, RunError, SearchError, SettingsError, TrainingError
from search.executors import default_workers
from search.measures.hypervolume import hypervolume
from search.measures.pareto import front
from search.recipe import Recipe
from search.runs.events import Progress, RunEvent, RunState
from search.runs.export_result import ExportResult
from search.runs.replay import Replay
from search.runs.run import Run
from search.settings import RunSettings
from search.spaces import Architecture, SearchSpace
from search.trainer import Trainer, TrainingResult
from search.trial import Observation, Trial

__all__ = [
    "RESOURCES",
    "Architecture",
    "Budget",
    "BudgetError",
    "ExportResult",
    "JournalError",
    "Observation",
    "Progress",
    "Recipe",
    "Replay",
    "Resource",
    "Run",
    "RunError",
    "RunEvent",
    "RunSettings",
    "RunState",
    "SearchAlgorithm",
    "SearchError",
    "SearchSpace",
    "SettingsError",
    "Trainer",
    "TrainingError",
    "TrainingResult",
    "Trial",
    "Violation",
    "default_workers",
    "front",
    "hypervolume",
]
