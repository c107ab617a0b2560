"""Where a replay is, in words, and how fast it may play."""

from __future__ import annotations

from pathlib import Path

from data import recorded_run, recorded_runs
from unas_widgets.progress.status_view import clock

SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
GOOD_LENGTH_S = 30.0


def moment_words(moment_s: float, duration_s: float, position: int, events: int) -> str:
    """E.g. "1:23 of 3:32, event 87 of 246"."""
    return f"{clock(moment_s)} of {clock(duration_s)}, event {position:,} of {events:,}"


def good_speed(duration_s: float) -> float:
    """The lowest of `SPEEDS` at which a run of `duration_s` seconds plays in about half a minute."""
    return next((speed for speed in SPEEDS if duration_s / speed <= GOOD_LENGTH_S), SPEEDS[-1])


def speed_words(speed: float) -> str:
    """E.g. "10 ×"."""
    return f"{speed:g} ×"


def recorded_name(folder: Path) -> str | None:
    """The name of the recorded run in `folder`; None where that is somebody's own run."""
    return next((name for name in recorded_runs() if recorded_run(name) == folder), None)
