"""The thread behind a replay that plays."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from unas_widgets.widgets.follow import INTERVAL_S, REST


class Player:
    """Calls `step` with the seconds that have passed, at most ten times a second, until it is stopped.

    What takes long to draw is drawn less often, as a running search is: see `follow`.
    """

    def __init__(self, step: Callable[[float], None]) -> None:
        self._step = step
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="unas-replay", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; no step begins after this, and the thread is gone unless it is the one that asks."""
        self._ended.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        before = time.monotonic()
        rest = INTERVAL_S
        while not self._ended.wait(rest):
            now = time.monotonic()
            passed, before = now - before, now
            self._step(passed)
            rest = max(INTERVAL_S, REST * (time.monotonic() - now))
