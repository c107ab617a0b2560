"""Versions of what decides a run's results."""

from __future__ import annotations

import importlib.metadata

_NAMES = ("unas-workbench", "tensorflow-cpu", "tensorflow", "keras", "numpy")


def versions() -> dict[str, str]:
    """The versions of this program and of its frameworks, as far as they are installed."""
    found = {}
    for name in _NAMES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
