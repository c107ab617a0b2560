"""What can be chosen: algorithms, data sets, spaces and presets, as rows for lists and menus."""

from __future__ import annotations

from typing import Any

import data
from search.algorithms import algorithms
from search.presets import presets
from search.quantities import COLUMNS
from search.spaces import spaces

Row = dict[str, Any]


def algorithm_rows() -> list[Row]:
    """One row per search algorithm, with its options and their defaults."""
    return [
        {
            "name": info.name,
            "available": info.available,
            "title": info.title,
            "options": dict(info.options),
            "reason": info.reason or None,
        }
        for info in algorithms()
    ]


def dataset_rows() -> list[Row]:
    """One row per data set."""
    return [
        {
            "name": info.name,
            "available": info.available,
            "title": info.title,
            "input_shape": list(info.input_shape),
            "num_classes": info.num_classes,
            "reason": info.reason,
        }
        for info in data.datasets()
    ]


def space_rows() -> list[Row]:
    """One row per search space."""
    return [
        {"name": info.name, "available": info.available, "title": info.title, "reason": info.reason}
        for info in spaces()
    ]


def preset_rows() -> list[Row]:
    """One row per ready-made configuration, with its bounds; available where its data set is."""
    reasons = {info.name: info.reason for info in data.datasets()}
    bounded = {resource for p in presets() for resource in p.budget.bounded}
    return [
        {
            "name": p.name,
            "available": reasons[p.dataset.partition("?")[0]] is None,
            "title": p.title,
            "dataset": p.dataset,
            "accounting": p.accounting,
            "error": p.budget.error,
            **{q.key: getattr(p.budget, q.key) for q in COLUMNS if q in bounded},
            "epochs": p.epochs,
            "pruning": p.full_recipe.pruning is not None,
            "reason": reasons[p.dataset.partition("?")[0]],
        }
        for p in presets()
    ]
