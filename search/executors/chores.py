"""Small tasks that executors are checked with: `check_executor` of `search.testing` has workers do them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

_LONG_S = 600.0


def give(value: Any) -> Any:
    """The value itself."""
    return value


def fail(message: str) -> None:
    """Raise `ValueError`."""
    raise ValueError(message)


def process() -> int:
    """The number of the worker's process."""
    return os.getpid()


def die() -> None:
    """End the worker's process on the spot, as the system does for want of memory."""
    os._exit(9)


def dawdle() -> None:
    """Take ten minutes."""
    time.sleep(_LONG_S)


def hold(_document: dict[str, Any]) -> None:
    """Take ten minutes over a document."""
    dawdle()


def compute(cpu_seconds: float) -> float:
    """Use so much processor time; returns what was used."""
    began = time.process_time()
    while (used := time.process_time() - began) < cpu_seconds:
        pass
    return used


def copy(document: dict[str, Any]) -> int:
    """Write what the file `source` holds to the file `to`, twice over; returns the bytes of the source."""
    content = Path(document["source"]).read_bytes()
    Path(document["to"]).write_bytes(2 * content)
    return len(content)


def look(document: dict[str, Any]) -> list[str]:
    """The names in the folder `folder`."""
    return sorted(path.name for path in Path(document["folder"]).iterdir())
