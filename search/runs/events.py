"""What a run tells those who watch it: states, events, progress."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal


class RunState(StrEnum):
    """Where a run stands."""

    READY = "ready"
    STARTING = "starting"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    FINISHING = "finishing"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"

    @property
    def active(self) -> bool:
        """Whether worker processes are up."""
        return self not in (RunState.READY, RunState.STOPPED, RunState.FINISHED, RunState.FAILED)


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One piece of news: a new state or budget, an observation, an infeasible proposal, a candidate in training.

    Also a training of `finalise` (`final`), another moment of a replay (`replay`), and a sentence that people should
    know of (`note`): what code of the user's own is imported, or that there are fewer workers than were asked for.
    """

    kind: Literal["state", "observation", "infeasible", "trial", "budget", "final", "replay", "note"]
    payload: Any


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        trained, failed: networks whose first training is over; their sum counts against `target_trials`.
        infeasible: proposals over a hard bound, never trained.
        running: trials being trained now.
        target_trials: trials after which the run ends; None without such a limit.
        elapsed_s: wall-clock seconds of running, over all sessions, pauses left out.
        remaining_s: estimate from the rate so far and the limits; None while nothing can be said.
        expected: networks that a limit of time will allow, from the rate so far; None while nothing can be said.
        cpu_seconds: of all processes of the run.
        epochs: sum over all trainings; a promotion adds only what it trained itself.
        promotions: trainings that went on with a network that was trained before.
        phase: what a run does where that is not simply searching, e.g. "replaying 12,000 of 20,000 events" or, while
            its workers load the data, "decoding images: 12,000 of 60,000".
    """

    trained: int
    failed: int
    infeasible: int
    running: int
    target_trials: int | None
    elapsed_s: float
    remaining_s: float | None
    expected: int | None = field(default=None, kw_only=True)
    cpu_seconds: float
    epochs: float
    promotions: int = 0
    phase: str = ""
