"""Keeps a panel up to date with a run: at most ten times a second, and once a second while nothing happens.

What takes long to draw is drawn less often: no more than a third of a processor goes into it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from search.runs.events import Progress, RunEvent, RunState
from search.settings import RunSettings
from search.trial import Observation
from unas_widgets.live.unexpected_errors import Report, guard, log_failure

INTERVAL_S = 0.1
HEARTBEAT_S = 1.0
REST = 2.0
"""Rest after each drawing, in times of the processor time that it took: others may have had the processor meanwhile."""


class Runlike(Protocol):
    """The part of `search.runs.run.Run` that panels read."""

    @property
    def state(self) -> RunState:
        """Where the run stands."""

    @property
    def settings(self) -> RunSettings:
        """Of the run."""

    @property
    def validation_size(self) -> int | None:
        """Examples behind each error; None where it is not known yet."""

    def networks(self) -> tuple[Observation, ...]:
        """Every network, trained or failed, once."""

    def infeasible(self) -> tuple[Observation, ...]:
        """Proposals over a hard bound."""

    def progress(self) -> Progress:
        """How far the run is."""

    def subscribe(self, callback: Callable[[RunEvent], None]) -> Callable[[], None]:
        """Have `callback` called with each event; the function returned ends that."""


class Ticker:
    """Calls `refresh` from its own thread after `request`, never more often than every `INTERVAL_S`, and rests between.

    The callers of `request` (a run's coordinator among them) never wait for what is drawn. An error in one drawing is
    reported, and the next one is made all the same.
    """

    def __init__(
        self,
        refresh: Callable[[], None],
        *,
        heartbeat: Callable[[], bool] = lambda: False,
        report: Report = log_failure,
    ) -> None:
        """Begin to wait for requests.

        Args:
            refresh: what is called.
            heartbeat: whether to refresh once a second without a request.
            report: called, from the thread, with what `refresh` or `heartbeat` raised.
        """
        self._refresh, self._heartbeat, self._report = refresh, heartbeat, report
        self._wanted = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="unas-refresh", daemon=True)
        self._thread.start()

    def request(self, _event: Any = None) -> None:
        """Ask for a refresh soon."""
        self._wanted.set()

    def close(self) -> None:
        """End the thread after a last refresh, if one was asked for."""
        self._ended.set()
        self._wanted.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            asked = self._wanted.wait(HEARTBEAT_S)
            self._wanted.clear()
            began = time.thread_time()
            guard(partial(self._tick, asked=asked), self._report)
            self._ended.wait(max(INTERVAL_S, REST * (time.thread_time() - began)))

    def _tick(self, *, asked: bool) -> None:
        if asked or self._heartbeat():
            self._refresh()


def follow(run: Runlike, refresh: Callable[[], None], *, report: Report = log_failure) -> Callable[[], None]:
    """Refresh now and whenever the run has news; the function returned ends it.

    What a refresh raises goes to `report`, and the run is followed all the same.
    """
    ticker = Ticker(refresh, heartbeat=lambda: run.state.active, report=report)
    unsubscribe = run.subscribe(ticker.request)
    guard(refresh, report)

    def end() -> None:
        unsubscribe()
        ticker.close()

    return end
