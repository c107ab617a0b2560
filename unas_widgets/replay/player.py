"""The thread behind a replay that plays."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial

from unas_widgets.live.follow import INTERVAL_S, REST
from unas_widgets.live.unexpected_errors import Report, guard, log_failure


class Player:
    """Calls `step` with the seconds that have passed, at most ten times a second, until it is stopped.

    What takes long to draw is drawn less often, as a running search is: see `follow`. A step that raises is reported,
    and the next one is made all the same.
    """

    def __init__(self, step: Callable[[float], None], *, report: Report = log_failure) -> None:
        """Begin at once; `report` is called, from the thread, with what a step raised."""
        self._step, self._report = step, report
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
            guard(partial(self._step, passed), self._report)
            rest = max(INTERVAL_S, REST * (time.monotonic() - now))
