"""How a worker runs a task: by the dotted path of its function, with errors in words."""

from __future__ import annotations

import importlib
from typing import Any

from data import DataError
from resource_models import ResourceModelError
from search.errors import SearchError, TrainingError


def call(path: str, *args: Any, **kwargs: Any) -> Any:
    """Call the function at `package.module:function`; tasks are named so that no framework loads before its worker.

    Raises:
        TrainingError: whatever the function raised, in words; other errors might not survive the way between
            processes.
    """
    module, _, name = path.partition(":")
    try:
        return getattr(importlib.import_module(module), name)(*args, **kwargs)
    except (SearchError, DataError, ResourceModelError) as error:
        raise TrainingError(str(error)) from error
    except Exception as error:
        raise TrainingError(f"{type(error).__name__}: {error}") from error
