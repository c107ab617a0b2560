"""Budgets that change while a run goes on, in real worker processes that pretend to train."""

from dataclasses import replace
from pathlib import Path

from search import Budget, Run, RunSettings, RunState, journal
from search.runs.events import RunEvent
from search.runs.tasks import Tasks
from tests.support.running import PATIENCE_S, wait_for

WIDE, TIGHT = Budget.parse(ram="60 KiB", flash="400 KiB"), Budget.parse(ram="12 KiB", flash="100 KiB")
SETTINGS = RunSettings(
    dataset="digits",
    algorithm="aging_evolution",
    options={"population": 3, "tournament": 2},
    budget=WIDE,
    epochs=2,
    workers=1,
    trials=8,
    seed=5,
)


class Pretended(Run):
    """A run whose workers need no framework."""

    def _tasks(self) -> Tasks:
        return replace(
            super()._tasks(),
            warm_up_path="tests.support.synthetic_tasks:warm_up",
            train_path="tests.support.synthetic_tasks:train_trial",
        )


def conducted(run: Run, *, tighten: bool = False, stop_after: int | None = None) -> list[RunEvent]:
    """A session; the budget changes when a network over the new one is in training, first paused and then resumed."""
    events: list[RunEvent] = []

    def watch(event: RunEvent) -> None:
        events.append(event)
        over = event.kind == "trial" and not TIGHT.allows(run._history.pending[event.payload.id][1])
        if tighten and over and run.settings.budget == WIDE:
            run.pause()
            run.change_budget(TIGHT)
            run.resume()
        if event.kind == "observation" and len(run.observations()) == stop_after:
            run.stop()

    run.subscribe(watch)
    run.start()
    run.wait(PATIENCE_S)
    return events


def written(run: Run) -> list[dict]:
    """What must be the same whenever the same run is made."""
    clocks = {"elapsed_s", "cpu_seconds", "seconds"}
    records = journal.read(run.folder / journal.FILE_NAME)[1]
    return [{k: v for k, v in r.items() if k not in clocks} for r in records if r["record"] != "session"]


def test_a_budget_changes_in_mid_run_and_a_resumed_run_is_a_continuous_one(tmp_path: Path) -> None:
    whole = Pretended.create(SETTINGS, tmp_path / "whole")
    events = conducted(whole, tighten=True)
    assert whole.state == RunState.FINISHED
    kinds = [(event.kind, getattr(event.payload, "id", None)) for event in events if event.kind in ("trial", "budget")]
    at = kinds.index(("budget", None))
    in_flight = kinds[at - 1][1]
    assert not TIGHT.allows(whole.observation(in_flight).costs)  # it was finished, and is kept
    later = [o for o in whole.observations() if o.trial_id > in_flight]
    assert len(later) >= 3
    assert all(TIGHT.allows(o.costs) and o.trial.parent != in_flight for o in later)
    assert in_flight not in [o.trial_id for o in whole.front()]
    assert whole.settings.budget == Run.open(whole.folder).settings.budget == TIGHT

    cut = Pretended.create(SETTINGS, tmp_path / "cut")
    conducted(cut, tighten=True, stop_after=at + 2)
    assert cut.state == RunState.STOPPED
    assert len(cut.observations()) < len(whole.observations())
    resumed = Pretended.open(cut.folder)
    conducted(resumed)
    assert written(resumed) == written(whole)


def test_a_finished_run_goes_on_under_a_wider_budget(tmp_path: Path) -> None:
    run = Pretended.create(replace(SETTINGS, budget=TIGHT, trials=2), tmp_path / "run")
    conducted(run)
    assert run.state == RunState.FINISHED
    run.change_budget(WIDE)
    assert run.state == RunState.FINISHED  # its trials are used up
    run.extend(replace(run.settings, trials=4))
    run.start()
    run.pause()
    wait_for(lambda: run.state == RunState.PAUSED, "the pause")
    news: list[RunEvent] = []
    run.subscribe(news.append)
    run.change_budget(replace(WIDE, macs=10**9))
    wait_for(lambda: any(event.kind == "budget" for event in news), "the change")
    run.stop()
    run.wait(PATIENCE_S)
    records = [r["budget"] for r in journal.read(run.folder / journal.FILE_NAME)[1] if r["record"] == "budget"]
    assert [Budget.from_json(r) for r in records] == [WIDE, replace(WIDE, macs=10**9)]
