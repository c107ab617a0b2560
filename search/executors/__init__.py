"""Where tasks run: `make_executor` alone makes executors, from the name that the settings have."""

from __future__ import annotations

import difflib
import importlib
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.errors import SettingsError
from search.executors.base import Executor, ExecutorClosedError, Slot, Task
from search.executors.capacity import Machine, default_workers
from search.executors.worker_log import LOGS, last_words
from search.own_code import is_own, load_class

if TYPE_CHECKING:
    from search.executors.local import LocalExecutor

__all__ = [
    "DEFAULT",
    "LOGS",
    "Executor",
    "ExecutorClosedError",
    "LocalExecutor",
    "Machine",
    "Slot",
    "Task",
    "check_name",
    "default_workers",
    "last_words",
    "make_executor",
]

DEFAULT = "local"
METHODS = ("submit", "cancel", "resize", "slots", "place", "cpu_seconds", "shutdown", "kill")
"""What a class of one's own needs beside the number of its workers; `search.testing` checks all of it."""
_CLASSES = {DEFAULT: "search.executors.local:LocalExecutor"}


def make_executor(
    name: str = DEFAULT, *, workers: int, idle_s: float | None = None, log: Path | None = None
) -> Executor:
    """A new executor of the kind called `name` or found at `package.module:Class`.

    Args:
        name: of the kind; see `RunSettings.executor`.
        workers: tasks that run side by side.
        idle_s: a worker without a task may end after so many seconds; None keeps it.
        log: file after whose name those are named that get what the workers' libraries print; None for stderr.

    Raises:
        SettingsError: there is no such executor, or it cannot be made so.
    """
    path = check_name(name)
    found = load_class(path, what="executor", methods=METHODS, error=SettingsError)
    try:
        inspect.signature(found).bind(workers, idle_s=idle_s, log=log)
    except TypeError as error:
        raise SettingsError(f"The executor {name!r} cannot be made from workers, idle_s and log: {error}.") from None
    executor: Executor = found(workers, idle_s=idle_s, log=log)
    return executor


def check_name(name: str) -> str:
    """The dotted path of the executor of that name; nothing is imported.

    Raises:
        SettingsError: there is none.
    """
    if name not in _CLASSES and not is_own(name):
        near = difflib.get_close_matches(name, _CLASSES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(_CLASSES)}"
        raise SettingsError(
            f"--executor: there is no executor {name!r}; {hint} (or give your own as package.module:Class)."
        )
    return _CLASSES.get(name, name)


def __getattr__(name: str) -> Any:
    """`LocalExecutor`, loaded when it is asked for: those who only read settings do not wait for its library."""
    if name == "LocalExecutor":
        return importlib.import_module("search.executors.local").LocalExecutor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
