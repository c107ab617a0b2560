"""What a run is doing, in one word, one sentence and a few counts."""

from __future__ import annotations

from dataclasses import dataclass

from search.recipes.named import AS_SEARCHED
from search.runs.events import Progress, RunState
from search.trial import epochs_text

ACTIVE = frozenset(str(state) for state in RunState if state.active)
_FIRST = "Set the budgets, then press Start. The first network is trained after about 20 seconds."
_AWAITED = "Training; the first network appears in the picture when it is done."
SHUT = ("replay", "finalising")  # states in which no search begins or goes on


@dataclass(frozen=True, slots=True)
class Count:
    """One count with its word, e.g. "37 trained", and what it says on hover."""

    text: str
    hover: str


@dataclass(frozen=True, slots=True)
class StatusView:
    """The status line.

    Attributes:
        state: a `RunState`, "replay", "finalising" or "finalised": the key of the look.
        word: the state as people read it.
        counts: trials done, trained, infeasible, failed; empty before the first start.
        time: elapsed and remaining, e.g. "2:10 elapsed, about 2:50 left".
        fraction: share of the trials that is done; None where the run has no such end.
        sentence: what is going on or what to do next.
        bad: whether the sentence reports a failure.
    """

    state: str
    word: str
    counts: tuple[Count, ...]
    time: str
    fraction: float | None
    sentence: str
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Buttons:
    """Which buttons can be pressed."""

    start: bool
    pause: bool
    resume: bool
    stop: bool
    finalise: bool = False


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the sentence mentions beside the state.

    Attributes:
        best: the lowest error within budget with its trial, in words; empty where there is none.
        workers: processes that train.
        earlier: trials that the run had when it was opened.
        failure: why the last failed trial failed.
        error: why the run failed.
        offer: without a run: the sentence about one that could be gone on with; empty where there is none.
        remark: a sentence before the state's own, e.g. that finalising was stopped.
        name: of the run that is replayed.
        finals: trainings of `finalise` that are over, and those there are.
        seeds: of `finalise`.
        recipe: of `finalise`, by its name.
    """

    best: str = ""
    workers: int = 1
    earlier: int = 0
    failure: str = ""
    error: str = ""
    offer: str = ""
    remark: str = ""
    name: str = ""
    finals: tuple[int, int] = (0, 0)
    seeds: int = 0
    recipe: str = AS_SEARCHED


def buttons(state: str, *, has_run: bool, offered: bool = False) -> Buttons:
    """The buttons that make sense in `state`; `has_run` says whether a run is shown, `offered` whether one could be."""
    active = state in ACTIVE
    idle = not active and state not in SHUT
    return Buttons(
        start=idle,
        pause=state in ("starting", "running"),
        resume=state in ("pausing", "paused") or ((has_run or offered) and idle),
        stop=(active and state != "stopping") or state == "finalising",
        finalise=has_run and idle,
    )


def status_view(state: str, progress: Progress | None, facts: Circumstances) -> StatusView:
    """The status line of a run; `progress` is None before there is one."""
    bad = state == "failed"
    sentence = _sentence(state, progress, facts)
    if progress is None:
        return StatusView(state, state, (), "", None, sentence, bad)
    goal = progress.target_trials
    done = progress.trained + progress.failed
    word = "opened" if state == "ready" else state
    fraction = min(done / goal, 1.0) if goal else None
    if state == "finalising":
        fraction = facts.finals[0] / facts.finals[1] if facts.finals[1] else 0.0
    return StatusView(state, word, _counts(progress, facts), _time(state, progress), fraction, sentence, bad)


def clock(seconds: float) -> str:
    """Seconds as m:ss or h:mm:ss."""
    hours, rest = divmod(max(0, round(seconds)), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def _counts(progress: Progress, facts: Circumstances) -> tuple[Count, ...]:
    goal = "" if progress.target_trials is None else f" of {progress.target_trials:,}"
    failed = f"the last one: {facts.failure}" if facts.failure else "trainings that ended with an error"
    return (
        Count(
            f"{progress.trained:,}{goal} trained",
            f"{epochs_text(progress.epochs)} epochs, {progress.running} in training now",
        ),
        Count(f"{progress.infeasible:,} infeasible", "proposals over a budget of this search; they are never trained"),
        Count(f"{progress.failed:,} failed", failed),
    )


def _time(state: str, progress: Progress) -> str:
    elapsed = f"{clock(progress.elapsed_s)} elapsed"
    if state == "replay":
        return ""  # the slider says it
    if state == "running" and progress.remaining_s is not None:
        networks = f", about {progress.expected:,} networks in all" if progress.expected else ""
        return f"{elapsed}, about {clock(progress.remaining_s)} left{networks}"
    return elapsed


def _sentence(state: str, progress: Progress | None, facts: Circumstances) -> str:
    found = f" Best within budget: {facts.best}." if facts.best else ""
    resumed = f"Resumed after {facts.earlier:,} trials. " if facts.earlier else ""
    crew = "1 worker" if facts.workers == 1 else f"{facts.workers} workers"
    closing = f"{progress.phase.capitalize()}." if progress is not None and progress.phase else ""
    if state == "ready" and progress is not None:
        return f"{facts.remark}Opened with {facts.earlier:,} trials. Resume goes on with the search.{found}"
    if state in ("replay", "finalising", "finalised"):
        return _sentence_around(state, facts, found)
    return {
        "ready": f"{facts.remark}{facts.offer or _FIRST}",
        "starting": resumed + _starting(progress, crew),
        "running": resumed + (closing + found if closing else found.strip() or _AWAITED),
        "pausing": "Pausing: networks in training are finished first.",
        "paused": f"Paused; nothing is lost. Resume goes on from here.{found}",
        "finishing": f"Finishing: the last networks are in training.{found}",
        "stopping": "Stopping the workers.",
        "stopped": f"{facts.remark}Stopped. Resume goes on from here, Start begins a new search.{found}",
        "finished": f"{facts.remark}Finished.{found or ' No network within budget.'} Finalise gives its test error; "
        "with more trials Resume goes on.",
        "failed": facts.error or "The search failed.",
    }[state]


def _starting(progress: Progress | None, crew: str) -> str:
    """How long the start has taken, and how far it is where that is known, e.g. "decoding images: 2 of 3"."""
    seconds = 0 if progress is None else int(progress.elapsed_s)
    if progress is not None and progress.phase:
        return f"Starting {crew}, {seconds} s so far; {progress.phase}."
    return f"Starting {crew} and loading TensorFlow: {seconds} s so far, usually 10 to 20 s."


def _sentence_around(state: str, facts: Circumstances, found: str) -> str:
    """The sentence of a state that is not one of the search itself."""
    done, total = facts.finals
    count = "1 seed" if facts.seeds == 1 else f"{facts.seeds} seeds"
    count += "" if facts.recipe == AS_SEARCHED else f", by the recipe {facts.recipe}"
    return {
        "replay": f"Replay of {facts.name}; nothing is trained. Press Play, or move the slider.{found}",
        "finalising": f"Training the front again with {count}: {done} of {total} trainings done. Stop keeps these.",
        "finalised": f"Finalised: the front was trained again, its test error is in the table.{found}",
    }[state]
