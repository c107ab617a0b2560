"""Real successive halving on digits: trainings that go on, their files, and a stop in the middle of one."""

import shutil
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import data
from search import Budget, Run, RunSettings, RunState, journal
from tests.support.running import PATIENCE_S, conduct, figures

pytestmark = [pytest.mark.tf, pytest.mark.long]

SETTINGS = RunSettings(
    dataset="digits",
    budget=Budget.parse(ram="12 KiB", flash="64 KiB"),
    algorithm="successive_halving",
    options={"eta": 2, "min_epochs": 1, "rank": "error"},
    train_size=320,
    validation_size=100,
    epochs=2,
    workers=1,
    trials=2,
    seed=3,
)
LONGER = replace(SETTINGS, epochs=4, trials=4)


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A search that was ended, workers killed, in its first promotion, and then opened and conducted to its end."""
    cut = Run.create(SETTINGS, tmp_path_factory.mktemp("search"))
    promoting = threading.Event()
    cut.subscribe(lambda e: promoting.set() if e.kind == "trial" and e.payload.promotes is not None else None)
    cut.start()
    assert promoting.wait(PATIENCE_S)
    cut.stop()
    assert cut.wait(PATIENCE_S) == RunState.STOPPED
    assert not promotions(cut)
    (pending,) = [trial for trial, _ in cut._history.pending.values() if trial.promotes is not None]
    assert (cut.folder / "weights" / f"{pending.promotes}.checkpoint.npz").exists()
    resumed = Run.open(cut.folder)
    conduct(resumed)
    assert resumed.observations()[: len(cut.observations())] == cut.observations()
    return resumed


def promotions(run: Run) -> list[tuple[int, int]]:
    return [(o.trial.promotes, o.epochs) for o in run.observations() if o.trial.promotes is not None]


def test_promotions_do_not_use_up_the_trials(search: Run) -> None:
    assert search.state == RunState.FINISHED
    progress = search.progress()
    assert progress.trained == len(search.networks()) == 2
    assert progress.promotions == len(promotions(search)) == 1
    assert sorted(o.epochs for o in search.networks()) == [1, 2]
    assert progress.epochs == search.trials().epochs_spent.sum() == 3
    assert search.validation_size == 100


def check_curves(run: Run) -> None:
    """Every promotion goes on where the shorter training ended."""
    over = {o.trial_id: o for o in run.observations()}
    for o in over.values():
        assert len(o.history) == len(o.losses) == o.epochs == o.trial.epochs
        if o.trial.promotes is not None:
            before = over[o.trial.promotes]
            assert o.history[: before.epochs] == before.history
            assert o.losses[: before.epochs] == before.losses
            assert o.epochs_spent == o.epochs - before.epochs


def check_checkpoints(run: Run) -> None:
    """Only checkpoints that a promotion may yet begin from are on the disk."""
    kept = {int(path.name.partition(".")[0]) for path in (run.folder / "weights").glob("*.checkpoint.npz")}
    promoted = {number for number, _ in promotions(run)}
    highest = {o.trial_id for o in run.observations() if o.epochs == run.settings.epochs}
    assert kept == {o.trial_id for o in run.observations()} - promoted - highest
    assert promoted
    assert highest


def test_a_promotion_goes_on_where_the_shorter_training_ended(search: Run) -> None:
    check_curves(search)
    check_checkpoints(search)


def test_the_weights_of_a_promoted_network_are_those_that_were_measured(search: Run) -> None:
    from search.training.build import build_keras

    promotion = next(o for o in search.observations() if o.trial.promotes is not None)
    model = build_keras(search.graph(promotion.trial.promotes))
    with np.load(search.folder / "weights" / f"{promotion.trial_id}.npz") as weights:
        model.set_weights([weights[name] for name in weights.files])
    validation = data.load("digits", train_size=320, validation_size=100).validation
    predicted = np.asarray(model(validation.as_float())).argmax(axis=1)
    assert np.mean(predicted != validation.y) == pytest.approx(promotion.val_error, abs=1e-9)
    assert search.observation(promotion.trial.promotes).val_error == promotion.val_error


@pytest.mark.slow
def test_three_rungs_and_the_export_of_the_longest_training(tmp_path: Path) -> None:
    run = Run.create(LONGER, tmp_path / "run")
    conduct(run)
    assert run.progress().trained == 4
    check_curves(run)
    check_checkpoints(run)
    longest = max(run.networks(), key=lambda o: o.epochs)
    assert longest.epochs == 4
    result = run.export(longest.trial_id, tmp_path / "model.tflite").result(PATIENCE_S)
    assert result.float_val_error == longest.val_error
    assert abs(result.int8_val_error - longest.val_error) < 0.1


@pytest.mark.slow
def test_an_interrupted_run_is_an_uninterrupted_one(search: Run, tmp_path: Path) -> None:
    whole = Run.create(SETTINGS, tmp_path / "whole")
    conduct(whole)
    assert figures(search) == figures(whole)
    assert [o.epochs_spent for o in search.observations()] == [o.epochs_spent for o in whole.observations()]


@pytest.mark.slow
def test_without_its_checkpoint_a_promotion_trains_from_the_beginning(search: Run, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(search.folder, folder)
    path = folder / journal.FILE_NAME
    lines = path.read_text().splitlines(keepends=True)
    last = max(i for i, line in enumerate(lines) if '"promotes"' in line)
    path.write_text("".join(lines[: last + 1]))  # as if the power had failed before the outcome was on the disk
    run = Run.open(folder)
    assert run.state == RunState.READY
    conduct(run)
    promotion = next(o for o in run.observations() if o.trial_id == search.observations()[-1].trial_id)
    assert promotion.status == "trained"
    assert promotion.epochs_spent == promotion.epochs == len(promotion.losses)
    assert run.progress().epochs > search.progress().epochs


@pytest.mark.slow
def test_several_workers_promote_nothing_twice(tmp_path: Path) -> None:
    run = Run.create(replace(LONGER, workers=3, trials=8), tmp_path / "run")
    conduct(run)
    assert run.state == RunState.FINISHED
    assert len({number for number, _ in promotions(run)}) == len(promotions(run)) >= 4
    assert run.progress().trained + run.progress().failed == 8
