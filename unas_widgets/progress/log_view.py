"""What happened in a run, one entry each: states, failures, budgets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from search.budget import Budget
from search.recipes.named import AS_SEARCHED
from search.runs.events import RunEvent
from search.runs.finalise import Finalising
from search.trial import Observation
from unas_widgets.progress.status_view import clock

_SESSIONS = {
    "ready": "The workers are ready.",
    "finished": "The search finished.",
    "stopped": "The search was stopped.",
    "failed": "The search failed.",
}
_STATES = {
    "starting": "Starting the workers.",
    "running": "Searching.",
    "pausing": "Pausing; networks in training are finished first.",
    "paused": "Paused.",
    "finishing": "Finishing; the last networks are in training.",
    "stopping": "Stopping the workers.",
    "stopped": "Stopped.",
    "finished": "Finished.",
}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing that happened.

    Attributes:
        elapsed_s: running time of the search, in seconds, at which it happened.
        text: what happened, in a sentence.
        bad: whether something failed.
        details: what only helps to find out why, e.g. a traceback; seen when it is opened.
    """

    elapsed_s: float
    text: str
    bad: bool = False
    details: str = ""

    @property
    def time(self) -> str:
        """The running time as m:ss."""
        return clock(self.elapsed_s)


def entries_of(records: Iterable[Mapping[str, Any]]) -> list[LogEntry]:
    """What a journal's records tell, the oldest first."""
    found, elapsed, finals = [], 0.0, Counter[str]()
    for record in records:
        elapsed = float(record.get("elapsed_s", elapsed))
        kind = record["record"]
        if kind == "session":
            event = record.get("event", "")
            found.append(LogEntry(elapsed, _SESSIONS.get(event, f"Session: {event}."), event == "failed"))
        elif kind == "observation" and record["status"] == "failed":
            found.append(LogEntry(elapsed, failure_words(record["id"], record["message"]), bad=True))
        elif kind == "budget":
            found.append(LogEntry(elapsed, budget_words(Budget.from_json(record["budget"]))))
        elif kind == "final":
            finals[record.get("recipe", AS_SEARCHED)] += 1
    for recipe, count in finals.items():
        found.append(LogEntry(elapsed, f"Finalised: {count} {_trainings(count)} with other seeds{_by(recipe)}."))
    return found


def entry_of(event: RunEvent, elapsed_s: float, *, error: str = "") -> LogEntry | None:
    """What a run's event tells; None where it is nothing for the log.

    Args:
        event: of the run.
        elapsed_s: the run's time.
        error: why the run failed.
    """
    payload = event.payload
    if event.kind == "state":
        failed = str(payload) == "failed"
        text = f"The search failed: {error}" if failed else _STATES.get(str(payload), f"{payload}.")
        return LogEntry(elapsed_s, text, failed)
    if event.kind == "note":
        return LogEntry(elapsed_s, str(payload))
    if event.kind == "budget":
        return LogEntry(elapsed_s, budget_words(payload))
    if event.kind == "observation" and isinstance(payload, Observation) and payload.status == "failed":
        return LogEntry(elapsed_s, failure_words(payload.trial_id, payload.message), bad=True)
    return _finalising(payload, elapsed_s) if event.kind == "final" else None


def failure_words(trial_id: int, message: str) -> str:
    """A failed training with the last words of its worker."""
    return f"Trial {trial_id} failed: {message}"


def budget_words(budget: Budget) -> str:
    """Another budget."""
    return f"The budget is now {budget}."


def _finalising(going: Finalising, elapsed_s: float) -> LogEntry | None:
    count = f"{going.done} of {going.total} {_trainings(going.total)}"
    if going.state == "failed":
        return LogEntry(elapsed_s, f"Finalising failed after {count}: {going.error}", bad=True)
    if going.state == "running":
        return None
    return LogEntry(elapsed_s, f"Finalising {going.state}: {count} with {going.seeds} seeds{_by(going.recipe)}.")


def _by(recipe: str) -> str:
    return "" if recipe == AS_SEARCHED else f", by the recipe {recipe}"


def _trainings(count: int) -> str:
    return "training" if count == 1 else "trainings"
