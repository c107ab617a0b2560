"""A real search on real digits, in real worker processes: states, pause, stop, resume, determinism, dead workers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

import data
from search import Budget, Run, RunSettings, RunState, journal
from search.deploy.integer.accuracy import board_accuracy
from search.deploy.integer.rounding import PROFILE
from search.errors import JournalError, RunError, SettingsError
from search.runs.events import RunEvent
from tests.support.running import PATIENCE_S, SHORT, alive, conduct, figures, first_observation, wait_for, workers_of

pytestmark = pytest.mark.tf


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, list[RunEvent]]:
    run = Run.create(replace(SHORT, epochs=8, workers=2), tmp_path_factory.mktemp("finished"))
    return run, conduct(run)


def test_states_come_in_order(finished: tuple[Run, list[RunEvent]]) -> None:
    states = [e.payload for e in finished[1] if e.kind == "state"]
    assert states[:2] == [RunState.STARTING, RunState.RUNNING]
    assert states[-1] == RunState.FINISHED
    assert finished[0].state == RunState.FINISHED


def test_counts_add_up(finished: tuple[Run, list[RunEvent]]) -> None:
    run, events = finished
    progress = run.progress()
    assert progress.trained + progress.failed == len(run.observations()) == run.settings.trials
    assert progress.infeasible == sum(e.kind == "infeasible" for e in events)
    assert progress.epochs == 8 * progress.trained
    assert progress.running == 0
    assert progress.cpu_seconds > 0


def test_only_what_is_within_budget_was_trained(finished: tuple[Run, list[RunEvent]]) -> None:
    run, _ = finished
    assert all(run.settings.budget.allows(o.costs) for o in run.observations())
    assert not any(run.settings.budget.allows(o.costs) for o in run.infeasible())


def test_training_learns(finished: tuple[Run, list[RunEvent]]) -> None:
    best = finished[0].front()[0]
    assert best.val_error == best.history[-1] < min(0.8, best.history[0])  # nine in ten would be wrong by chance


def test_what_is_kept_can_be_opened_again(finished: tuple[Run, list[RunEvent]]) -> None:
    run, _ = finished
    again = Run.open(run.folder)
    assert figures(again) == figures(run)
    assert again.state == RunState.FINISHED
    assert again.settings == run.settings
    assert again.trials().equals(run.trials())
    assert [o.trial_id for o in again.front()] == [o.trial_id for o in run.front()]
    assert again.progress().cpu_seconds == pytest.approx(run.progress().cpu_seconds)


def test_a_trial_shows_its_network(finished: tuple[Run, list[RunEvent]]) -> None:
    run, _ = finished
    best = run.front()[0]
    report = run.report(best.trial_id)
    assert report.ram_bytes == best.costs.ram_bytes
    assert report.macs == best.costs.macs == sum(layer.macs for layer in report.layers)
    run.graph(best.trial_id).verify()


def test_export_is_what_the_board_and_litert_measure(finished: tuple[Run, list[RunEvent]], tmp_path: Path) -> None:
    from ai_edge_litert.interpreter import Interpreter

    run, _ = finished
    best = run.front()[0]
    result = run.export(best.trial_id, tmp_path / "deep" / "model.tflite").result(PATIENCE_S)
    assert result.model_bytes == result.path.stat().st_size
    assert result.float_val_error == best.val_error

    validation = data.load("digits").validation
    assert result.validation_size == len(validation)
    interpreter = Interpreter(str(result.path))
    interpreter.allocate_tensors()
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    assert source["dtype"] == target["dtype"] == np.int8
    scale, zero = source["quantization"]
    wrong = 0
    for x, y in zip(np.round(validation.x / scale + zero).clip(-128, 127).astype(np.int8), validation.y, strict=True):
        interpreter.set_tensor(source["index"], x[None])
        interpreter.invoke()
        wrong += int(interpreter.get_tensor(target["index"])[0].argmax() != y)
    assert result.litert_val_error == pytest.approx(wrong / len(validation))
    board = board_accuracy(result.path.read_bytes(), validation.as_float(), validation.y)
    assert result.int8_val_error == pytest.approx(1 - board)
    assert result.arithmetic == PROFILE


def test_float_weights_are_those_that_were_measured(finished: tuple[Run, list[RunEvent]]) -> None:
    from search.training.build import build_keras

    run, _ = finished
    best = run.front()[0]
    model = build_keras(run.graph(best.trial_id))
    with np.load(run.folder / "weights" / f"{best.trial_id}.npz") as weights:
        model.set_weights([weights[name] for name in weights.files])
    validation = data.load("digits").validation
    predicted = np.asarray(model(validation.as_float())).argmax(axis=1)
    assert np.mean(predicted != validation.y) == pytest.approx(best.val_error, abs=1e-9)


def test_what_does_not_exist_is_refused(finished: tuple[Run, list[RunEvent]], tmp_path: Path) -> None:
    run, _ = finished
    with pytest.raises(RunError, match="no finished trial 9999"):
        run.graph(9999)
    with pytest.raises(JournalError, match="exists already"):
        Run.create(run.settings, run.folder)
    with pytest.raises(SettingsError, match="--seed 3, not 4"):
        run.extend(replace(run.settings, seed=4))


@pytest.mark.long
def test_a_finished_run_can_be_extended(finished: tuple[Run, list[RunEvent]]) -> None:
    before = finished[0]
    run = Run.open(before.folder)
    run.start()
    assert run.state == RunState.FINISHED  # nothing left to do
    run.extend(replace(run.settings, trials=5))
    assert run.state == RunState.READY
    conduct(run)
    assert figures(run)[:4] == figures(before)
    assert run.progress().trained + run.progress().failed == 5


@pytest.mark.long
def test_pause_stop_and_resume_lose_nothing(tmp_path: Path) -> None:
    others = workers_of(psutil.Process())  # an exporter of another test may be up
    run = Run.create(replace(SHORT, trials=6, workers=2), tmp_path / "run")
    seen = first_observation(run)
    run.start()
    run.start()
    assert seen.wait(PATIENCE_S)
    run.pause()
    run.pause()
    wait_for(lambda: run.state in (RunState.PAUSED, RunState.FINISHED), "the pause")
    paused = figures(run)
    assert run.progress().running == 0
    elapsed = run.progress().elapsed_s
    wait_for(lambda: run.state == RunState.PAUSED, "still paused")
    assert run.progress().elapsed_s == elapsed  # time stands still
    workers = [process for process in workers_of(psutil.Process()) if process not in others]
    assert workers
    run.stop()
    run.stop()
    assert run.wait(PATIENCE_S) == RunState.STOPPED
    wait_for(lambda: not alive(workers), "the workers' end")
    assert figures(run) == paused
    run.resume()
    run.wait(PATIENCE_S)
    assert run.state == RunState.FINISHED
    assert figures(run)[: len(paused)] == paused
    assert len(run.observations()) == 6


@pytest.mark.long
def test_same_seed_same_trials_and_a_resumed_run_is_an_uninterrupted_one(tmp_path: Path) -> None:
    settings = replace(SHORT, algorithm="aging_evolution", options={"population": 2, "tournament": 1})
    whole = Run.create(settings, tmp_path / "whole")
    conduct(whole)
    assert len(whole.observations()) == 4
    assert any(o.trial.parent is not None for o in whole.observations())

    cut = Run.create(settings, tmp_path / "cut")
    seen = first_observation(cut)
    cut.start()
    assert seen.wait(PATIENCE_S)
    cut.stop()
    cut.wait(PATIENCE_S)
    assert 0 < len(cut.observations()) < 4
    resumed = Run.open(tmp_path / "cut")
    conduct(resumed)
    assert figures(resumed) == figures(whole)


@pytest.mark.long
def test_a_killed_worker_costs_one_candidate(tmp_path: Path) -> None:
    run = Run.create(replace(SHORT, epochs=60, trials=3), tmp_path / "run")
    training = []
    run.subscribe(lambda event: training.append(event) if event.kind == "trial" else None)
    seen = first_observation(run)
    run.start()
    assert seen.wait(PATIENCE_S)
    wait_for(lambda: len(training) > 1, "the second candidate")
    for worker in workers_of(psutil.Process()):
        worker.kill()
    run.wait(PATIENCE_S)
    assert run.state == RunState.FINISHED
    assert [o.status for o in run.observations()].count("failed") == 1
    (failed,) = [o for o in run.observations() if o.status == "failed"]
    assert "ended by the system" in failed.message
    assert Run.open(run.folder).progress() == run.progress()


def test_a_set_up_that_cannot_work_says_why_and_leaves_the_folder_free(tmp_path: Path) -> None:
    run = Run.create(replace(SHORT, train_size=10**6), tmp_path / "run")
    conduct(run)
    assert run.state == RunState.FAILED
    assert "1000000" in run.error
    Run.create(SHORT, tmp_path / "run")


@pytest.mark.long
def test_trainings_that_all_fail_end_the_search(tmp_path: Path) -> None:
    run = Run.create(replace(SHORT, trials=20), tmp_path / "run")
    (run.folder / "weights").rmdir()
    (run.folder / "weights").touch()  # no place for weights
    conduct(run)
    assert run.state == RunState.FAILED
    assert "first 3 trainings all failed" in run.error
    assert "cannot be written" in run.error
    assert len(journal.read(run.folder / journal.FILE_NAME)[1]) > 3


def test_settings_are_checked_before_anything_starts(tmp_path: Path) -> None:
    impossible = RunSettings(dataset="digits", budget=Budget(ram_bytes=10))
    with pytest.raises(Exception, match="the smallest needs"):
        Run.create(impossible, tmp_path / "run")
    assert not (tmp_path / "run").exists()
