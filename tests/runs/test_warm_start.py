"""Searches that are begun from another one: on another board, stopped in the middle, with the first folder gone."""

import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from search import Budget, Run, RunSettings, RunState, journal
from search.journal.file import read_header
from search.journal.inherited import inherited_of
from search.journal.warm_start import MOST
from search.runs.time_plan import TimePlan
from tests.support.pretended_run import SETTINGS as PRETENDED
from tests.support.pretended_run import PretendedRun
from tests.support.recorded_run import SETTINGS as RECORDED
from tests.support.recorded_run import recorded_run
from tests.support.running import PATIENCE_S, conduct, figures, finish_command

SERIAL = "tests.support.serial_executor:SerialExecutor"
SMALL = Budget.parse(ram="6 KiB", flash="40 KiB")
HALVING = replace(
    PRETENDED, algorithm="pareto_halving", options={"warmup_trials": 2, "eta": 2}, epochs=4, executor=SERIAL
)
REAL = RunSettings(
    dataset="digits",
    board="raspberry-pi-pico",
    budget=SMALL,
    options={"eta": 2},
    train_size=320,
    validation_size=100,
    epochs=2,
    workers=1,
    trials=3,
    seed=4,
)


@pytest.fixture
def first(tmp_path: Path) -> Run:
    """A run on another board, with a larger budget."""
    settings = replace(RECORDED, budget=Budget.parse(ram="16 KiB", flash="64 KiB"))
    return recorded_run(tmp_path / "first", trained=20, settings=settings)


def documents(run: Run) -> list[dict]:
    path = run.folder / journal.FILE_NAME
    return list(inherited_of(read_header(path), path).networks)


def new_ones(run: Run) -> list[dict]:
    """The networks that a run proposed, without promotions, in their order."""
    records = journal.read(run.folder / journal.FILE_NAME)[1]
    return [r["architecture"] for r in records if r["record"] in ("trial", "infeasible") and "promotes" not in r]


def stopped_after(run: Run, observations: int) -> Run:
    """Stop a run once so many trials are over; the folder that it was begun from is gone then."""
    enough = threading.Event()

    def watch(event) -> None:
        if event.kind == "observation" and len(run.observations()) >= observations:
            run.stop()
            enough.set()

    end = run.subscribe(watch)
    run.start()
    assert enough.wait(PATIENCE_S)
    assert run.wait(PATIENCE_S) == RunState.STOPPED
    end()
    shutil.rmtree(run.settings.start_from)
    return type(run).open(run.folder)


@pytest.mark.long
@pytest.mark.parametrize("algorithm", ["aging_evolution", "pareto_halving", "random"])
def test_one_that_is_stopped_among_them_goes_on_as_if_it_never_was(algorithm: str, first: Run, tmp_path: Path) -> None:
    settings = replace(HALVING, algorithm=algorithm, options={}, trials=MOST + 4, start_from=str(first.folder))
    whole = PretendedRun.create(settings, tmp_path / "whole")
    conduct(whole)
    assert whole.state == RunState.FINISHED
    cut = stopped_after(PretendedRun.create(settings, tmp_path / "cut"), 4)
    assert 0 < len(new_ones(cut)) < MOST
    conduct(cut)
    assert cut.state == RunState.FINISHED
    assert figures(cut) == figures(whole)
    assert new_ones(cut)[: len(documents(cut))] == documents(cut) == documents(whole)


def test_with_fewer_trials_than_they_are_the_best_of_them_still_go_on(first: Run, tmp_path: Path) -> None:
    run = PretendedRun.create(replace(HALVING, trials=4, start_from=str(first.folder)), tmp_path / "run")
    events = conduct(run)
    assert run.state == RunState.FINISHED
    assert new_ones(run) == documents(run)[:4]
    assert run.progress().promotions > 0
    notes = [event.payload for event in events if event.kind == "note"]
    assert f"The search begins with {run.begun_from}." in notes
    assert run.begun_from.startswith(f"{MOST} networks of the run first")
    again = PretendedRun.open(run.folder)
    again.extend(replace(again.settings, trials=6))
    notes = [event.payload for event in conduct(again) if event.kind == "note"]
    assert not any("begins with" in note for note in notes)
    assert new_ones(again) == documents(run)[:6]


def test_one_that_would_not_be_trained_in_time_does_not_keep_the_others_from_it(
    first: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(HALVING, algorithm="random", options={}, trials=MOST + 2, start_from=str(first.folder))
    run = PretendedRun.create(settings, tmp_path / "run")
    slow = [run._problem.space.from_json(documents(run)[place]) for place in (1, 3)]
    monkeypatch.setattr(TimePlan, "fitted", lambda _plan, trial: None if trial.architecture in slow else trial)
    conduct(run)
    assert run.state == RunState.FINISHED
    assert new_ones(run)[: MOST - 2] == [d for place, d in enumerate(documents(run)) if place not in (1, 3)]
    assert run.progress().trained == MOST + 2


def test_another_budget_refuses_those_over_it_and_goes_on_with_the_next(first: Run, tmp_path: Path) -> None:
    settings = replace(HALVING, algorithm="random", options={}, trials=MOST, start_from=str(first.folder))
    run = stopped_after(PretendedRun.create(settings, tmp_path / "run"), 2)
    assert any(not SMALL.allows(o.costs) for o in first.front())
    run.change_budget(SMALL)
    conduct(run)
    assert run.state == RunState.FINISHED
    assert new_ones(run)[: len(documents(run))] == documents(run)
    assert any(o.trial.inherited for o in run.infeasible())
    assert all(SMALL.allows(o.costs) for o in run.observations()[3:])


@pytest.mark.long
@pytest.mark.tf
def test_they_are_trained_anew_on_the_new_data(first: Run, tmp_path: Path) -> None:
    run = Run.create(replace(REAL, start_from=str(first.folder)), tmp_path / "run")
    conduct(run)
    assert run.state == RunState.FINISHED
    assert new_ones(run) == documents(run)[:3]
    assert all(o.status == "trained" and SMALL.allows(o.costs) for o in run.networks())
    assert run.progress().promotions > 0
    assert (run.folder / "weights" / f"{run.front()[0].trial_id}.npz").exists()


@pytest.mark.tf
@pytest.mark.slow
def test_digits_to_digits_on_another_board_and_the_first_run_gone(tmp_path: Path) -> None:
    first = Run.create(replace(REAL, board="arduino-nano-33-ble", budget=Budget(), trials=4), tmp_path / "first")
    conduct(first)
    settings = replace(REAL, trials=6, start_from=str(first.folder))
    whole = Run.create(settings, tmp_path / "whole")
    conduct(whole)
    cut = stopped_after(Run.create(settings, tmp_path / "cut"), 2)
    conduct(cut)
    assert figures(cut) == figures(whole)
    assert sum(o.trial.inherited for o in cut.networks()) == len(documents(cut)) > 0


@pytest.mark.tf
@pytest.mark.slow
def test_the_command_begins_from_a_folder_and_goes_on_without_it(tmp_path: Path) -> None:
    first = recorded_run(tmp_path / "first", trained=8)
    asked = ("--start-from", str(first.folder))
    finish_command(tmp_path / "run", "--trials", "2", *asked)
    shutil.rmtree(first.folder)
    answer = finish_command(tmp_path / "run", "--trials", "3", *asked)
    run = Run.open(tmp_path / "run")
    assert answer["trained"] == 3
    assert new_ones(run) == documents(run)[:3]
