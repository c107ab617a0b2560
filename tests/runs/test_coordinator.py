"""The coordinator and its promotions, in real worker processes that pretend to train."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from search import Run, RunSettings, RunState, Trial, journal
from search.algorithms.random import RandomSearch
from search.executors import ExecutorClosedError, LocalExecutor, Task
from search.journal import FILE_NAME, Journal
from search.journal.history import History
from search.problem import Problem
from search.runs.algorithm_handle import Adviser
from search.runs.clock import RunClock
from search.runs.coordinator import Coordinator
from search.runs.events import RunEvent
from search.runs.tasks import Tasks
from tests.support.running import PATIENCE_S

SETTINGS = RunSettings(
    dataset="digits",
    algorithm="successive_halving",
    options={"eta": 2, "min_epochs": 1, "rank": "error"},
    epochs=4,
    trials=8,
    seed=1,
)


class PromotesNothing(RandomSearch):
    """Broken: its second proposal promotes a trial that there is not."""

    def ask(self, trial_id: int) -> Trial:
        return replace(super().ask(trial_id), promotes=77 if trial_id else None)


class PromotesWithoutKeeping(RandomSearch):
    """Trains a network for one epoch, and then, never having asked for a checkpoint, for four."""

    def ask(self, trial_id: int) -> Trial:
        if trial_id % 2:
            return replace(super().ask(trial_id - 1), epochs=1).promoted(trial_id, epochs=4)
        return replace(super().ask(trial_id), epochs=1)


def _number(event: RunEvent) -> int | None:
    """Of the trial that is handed out."""
    return event.payload.id if event.kind == "trial" else None


def conducted(
    folder: Path,
    settings: RunSettings,
    *,
    workers: int = 1,
    stop_at: int | RunState | None = None,
    train: str = "train_trial",
) -> tuple[Coordinator, History, list[RunEvent]]:
    """A session of a run, new or not, to its end, or until it hands out the trial of a number or is in a state."""
    run = Run.open(folder) if Run.exists(folder) else Run.create(settings, folder)
    adviser, executor, events = Adviser(Problem.of(run.settings)), LocalExecutor(workers), []
    history = adviser.recall(journal.read(run.folder / FILE_NAME)[1])
    coordinator = Coordinator(
        adviser=adviser,
        history=history,
        journal=Journal.reopen(run.folder / FILE_NAME),
        executor=executor,
        tasks=Tasks(
            run.settings,
            adviser.problem.space,
            run.folder,
            warm_up_path="tests.support.synthetic_tasks:warm_up",
            train_path=f"tests.support.synthetic_tasks:{train}",
        ),
        clock=RunClock(history, executor.cpu_seconds, own_cpu_offset=0.0),
        emit=lambda event: (
            events.append(event),
            coordinator.send("stop") if stop_at is not None and stop_at in (event.payload, _number(event)) else None,
        ),
    )
    coordinator.start()
    coordinator.join(PATIENCE_S)
    return coordinator, history, events


@pytest.mark.parametrize("workers", [1, 3])
def test_promotions_go_on_when_the_networks_are_enough(tmp_path: Path, workers: int) -> None:
    coordinator, history, _ = conducted(tmp_path / "run", SETTINGS, workers=workers)
    assert (coordinator.state, coordinator.error) == (RunState.FINISHED, None)
    assert history.done == 8
    assert history.exhausted
    rungs = Counter(o.trial.epochs for o in history.observations)
    assert rungs[1] == 8
    assert rungs[2] >= 4
    assert rungs[4] >= 2
    promoted = [o.trial.promotes for o in history.observations if o.trial.promotes is not None]
    assert len(set(promoted)) == len(promoted) == history.networks.promotions()
    assert history.epochs == sum(o.epochs for o in history.networks.all())
    reopened = Run.open(tmp_path / "run")
    assert reopened.state == RunState.FINISHED
    assert reopened.networks() == history.networks.all()
    assert reopened.validation_size == 100


@pytest.mark.parametrize("algorithm", ["random", "bayesian"])
def test_a_search_that_is_stopped_before_its_workers_are_up_is_stopped(tmp_path: Path, algorithm: str) -> None:
    settings = replace(SETTINGS, algorithm=algorithm, options={})
    coordinator, history, _ = conducted(tmp_path / "run", settings, stop_at=RunState.STARTING)
    assert (coordinator.state, coordinator.error) == (RunState.STOPPED, None)
    assert history.done == 0
    assert not (tmp_path / "run" / "error.log").exists()
    with pytest.raises(ExecutorClosedError):
        coordinator._executor.submit(Task("tests.support.synthetic_tasks:warm_up", ({},)))


def test_a_promotion_that_cannot_be_ends_the_search_in_one_sentence(tmp_path: Path) -> None:
    broken = replace(SETTINGS, algorithm="tests.runs.test_coordinator:PromotesNothing", options={})
    coordinator, history, _ = conducted(tmp_path / "run", broken)
    assert coordinator.state == RunState.FAILED
    assert coordinator.error == (
        "The algorithm tests.runs.test_coordinator:PromotesNothing proposed trial 1 as the promotion of trial 77, "
        "which cannot be: trial 77 is not a trained trial of this run."
    )
    assert history.done <= 1


def test_an_error_that_is_no_number_is_a_failure(tmp_path: Path) -> None:
    coordinator, history, _ = conducted(tmp_path / "run", replace(SETTINGS, trials=3), train="train_to_nothing")
    assert [o.status for o in history.observations] == ["failed"] * 3
    assert coordinator.state == RunState.FAILED
    assert coordinator.error == (
        "The first 3 trainings all failed; the last one: its training gave no finite validation error"
    )
    assert Run.open(tmp_path / "run").observations() == tuple(history.observations)


def test_without_a_checkpoint_a_promotion_trains_from_the_beginning(tmp_path: Path) -> None:
    settings = replace(SETTINGS, algorithm="tests.runs.test_coordinator:PromotesWithoutKeeping", options={}, trials=2)
    coordinator, history, _ = conducted(tmp_path / "run", settings)
    assert coordinator.state == RunState.FINISHED
    assert [(o.trial.promotes, o.epochs, o.epochs_spent) for o in history.observations] == [
        (None, 1, 1),
        (0, 4, 4),
        (None, 1, 1),
    ]
    assert history.epochs == 6
    assert not list((tmp_path / "run").rglob("*.checkpoint.npz"))  # nobody asked for any


def test_a_stop_in_a_promotion_leaves_what_it_began_from_and_costs_nothing(tmp_path: Path) -> None:
    _, whole, events = conducted(tmp_path / "whole", SETTINGS)
    first = next(e.payload for e in events if e.kind == "trial" and e.payload.promotes is not None)
    coordinator, cut, _ = conducted(tmp_path / "cut", SETTINGS, stop_at=first.id)
    assert coordinator.state == RunState.STOPPED
    assert [trial for trial, _ in cut.pending.values()] == [first]
    assert (tmp_path / "cut" / "weights" / f"{first.promotes}.checkpoint.npz").exists()
    assert Run.open(tmp_path / "cut").state == RunState.READY
    coordinator, resumed, _ = conducted(tmp_path / "cut", SETTINGS)
    assert coordinator.state == RunState.FINISHED
    assert resumed.observations == whole.observations


def test_what_a_crash_left_behind_is_removed_by_the_next_session(tmp_path: Path) -> None:
    _, history, _ = conducted(tmp_path / "run", SETTINGS)
    folder = tmp_path / "run" / "weights"
    kept = set(folder.iterdir())
    left = folder / f"{history.networks.superseded()[0]}.checkpoint.npz"
    assert left not in kept
    left.write_text("4 1")  # the crash came after the observation was on the disk, and before this file was removed
    coordinator, again, _ = conducted(tmp_path / "run", SETTINGS)
    assert coordinator.state == RunState.FINISHED
    assert again.observations == history.observations
    assert set(folder.iterdir()) == kept
