"""The clocks of a run: running time without pauses, processor time of every process, and its limits."""

from __future__ import annotations

import time
from collections.abc import Callable

from search.journal.history import History
from search.runs.events import Progress
from search.settings import RunSettings

LEAST_KNOWN = 3
"""Trainings after which it is known how fast this machine is."""


class RunClock:
    """Counts on from what earlier sessions of the run used.

    Args:
        history: where the earlier sessions' sums are.
        worker_cpu_seconds: processor seconds of this session's workers.
        own_cpu_offset: processor seconds that this process had used before the run began; 0 counts all of them.
    """

    def __init__(self, history: History, worker_cpu_seconds: Callable[[], float], *, own_cpu_offset: float) -> None:
        self._elapsed_before = history.elapsed_s
        self._cpu_before = history.cpu_seconds
        self._worker_cpu_seconds = worker_cpu_seconds
        self._own_offset = own_cpu_offset
        self._running_since: float | None = None
        self._session_s = 0.0
        self._cpu_at_end: float | None = None

    def continue_from(self, history: History) -> None:
        """Count on from what this history says, which may have more sessions than was known at first."""
        self._elapsed_before, self._cpu_before = history.elapsed_s, history.cpu_seconds

    def run(self) -> None:
        """Time counts from here on."""
        if self._running_since is None:
            self._running_since = time.monotonic()

    def hold(self) -> None:
        """Time stands still from here on."""
        self._session_s = self._session()
        self._running_since = None

    def elapsed_s(self) -> float:
        """Running time over all sessions, seconds."""
        return self._elapsed_before + self._session()

    def cpu_seconds(self) -> float:
        """Processor time of all processes over all sessions, seconds."""
        if self._cpu_at_end is not None:
            return self._cpu_at_end
        return self._cpu_before + self._worker_cpu_seconds() + time.process_time() - self._own_offset

    def stop_counting(self) -> None:
        """The session's processor time is over; to be called while its workers can still be asked."""
        self._cpu_at_end = self.cpu_seconds()

    def limit_reached(self, settings: RunSettings) -> bool:
        """Whether the run's minutes or CPU-seconds are used up."""
        minutes, cpu = settings.minutes, settings.cpu_seconds
        out_of_time = minutes is not None and self.elapsed_s() >= 60 * minutes
        return out_of_time or (cpu is not None and self.cpu_seconds() >= cpu)

    def _session(self) -> float:
        if self._running_since is None:
            return self._session_s
        return self._session_s + time.monotonic() - self._running_since


def remaining_s(settings: RunSettings, *, done: int, elapsed_s: float, cpu_seconds: float) -> float | None:
    """Seconds until the first limit, from the rates so far; None while there is no rate."""
    guesses = []
    if settings.trials is not None and done > 0:
        guesses.append((settings.trials - done) * elapsed_s / done)
    if settings.minutes is not None:
        guesses.append(60 * settings.minutes - elapsed_s)
    if settings.cpu_seconds is not None and elapsed_s > 0 and cpu_seconds > 0:
        guesses.append((settings.cpu_seconds - cpu_seconds) * elapsed_s / cpu_seconds)
    return max(0.0, min(guesses)) if guesses else None


def expected_networks(settings: RunSettings, progress: Progress) -> int | None:
    """Networks that a search with a limit of time will have trained, from the rate so far.

    None where nothing can be said: without such a limit, before the first few, and once the last part of the time has
    begun, in which hardly any begins.
    """
    done = progress.trained + progress.failed
    if progress.remaining_s is None or done < LEAST_KNOWN or (settings.minutes, settings.cpu_seconds) == (None, None):
        return None
    searching_s = (1 - settings.final_share) * (progress.elapsed_s + progress.remaining_s)
    if progress.elapsed_s >= searching_s:
        return None
    found = round(done * searching_s / progress.elapsed_s)
    return found if settings.trials is None else min(found, settings.trials)


def plan_words(settings: RunSettings, workers: int) -> str:
    """How a limit of time will be spent, in a sentence; empty without one."""
    limits = []
    if settings.minutes is not None:
        limits.append((60 * settings.minutes, "in all"))
    if settings.cpu_seconds is not None:
        limits.append((settings.cpu_seconds, "of the processor"))
    if not limits:
        return ""
    crew = "1 worker" if workers == 1 else f"{workers} workers"
    parts = []
    for seconds, kind in limits:
        last = settings.final_share * seconds
        then = f", the last {_clock(last)} of it for training the best networks to their end" if last else ""
        parts.append(f"{_clock(seconds)} {kind}{then}")
    return f"Time on {crew}: {'; or '.join(parts)}. How many networks that makes is said once three are trained."


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min" if minutes and not rest else f"{minutes}:{rest:02} min" if minutes else f"{rest} s"
