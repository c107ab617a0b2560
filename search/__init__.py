"""Searching for networks within a budget: spaces, budgets, algorithms, runs.

>>> from search import Budget, Run, RunSettings
>>> settings = RunSettings(dataset="digits", budget=Budget.parse(ram="8 KiB", flash="32 KiB"), trials=20)
>>> settings.budget.ram_bytes
8192

A name is loaded from its module when it is first used, so that what needs one does not wait for all of them: pandas
alone takes half a second.
"""

import importlib.util
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES: dict[str, tuple[str, ...]] = {
    "search.algorithms": ("SearchAlgorithm",),
    "search.budget": (
        "RESOURCES",
        "Budget",
        "Resource",
        "Violation",
    ),
    "search.errors": (
        "BudgetError",
        "JournalError",
        "RunError",
        "SearchError",
        "SettingsError",
        "TrainingError",
    ),
    "search.executors": ("default_workers",),
    "search.measures.hypervolume": ("hypervolume",),
    "search.measures.pareto": ("front",),
    "search.recipe": ("Recipe",),
    "search.runs.events": (
        "Progress",
        "RunEvent",
        "RunState",
    ),
    "search.runs.export_result": ("ExportResult",),
    "search.runs.replay": ("Replay",),
    "search.runs.run": ("Run",),
    "search.settings": ("RunSettings",),
    "search.spaces": (
        "Architecture",
        "SearchSpace",
    ),
    "search.trainer": (
        "Trainer",
        "TrainingResult",
    ),
    "search.trial": (
        "Observation",
        "Trial",
    ),
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """A public name, or a module of this package."""
        home = next((module for module, names in _HOMES.items() if name in names), None)
        if home is not None:
            value = globals()[name] = getattr(importlib.import_module(home), name)
            return value
        if not name.startswith("_") and importlib.util.find_spec(f"{__name__}.{name}") is not None:
            return importlib.import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
