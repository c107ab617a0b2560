"""A search is the same on every executor: by path on this machine, and by value where no folder is shared."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search import Budget, Run, RunSettings
from search.errors import SettingsError
from search.recipe import TEACHER_FILE, Distillation, Recipe
from tests.support.running import PATIENCE_S, conduct, figures

PIPES = "tests.support.pipe_executor:PipeExecutor"
SETTINGS = RunSettings(
    dataset="digits",
    budget=Budget.parse(ram="12 KiB", flash="64 KiB"),
    algorithm="successive_halving",
    options={"eta": 2, "min_epochs": 1, "rank": "error"},
    recipe=Recipe(distillation=Distillation(teacher="cnn", epochs=1)),
    train_size=160,
    validation_size=100,
    epochs=2,
    workers=1,
    trials=2,
    seed=3,
)


def files(run: Run) -> dict[str, list[np.ndarray]]:
    """The arrays of the run, by the names of their files."""
    return {path.relative_to(run.folder).as_posix(): list(np.load(path).values()) for path in run.folder.rglob("*.npz")}


@pytest.mark.tf
@pytest.mark.long
@pytest.mark.timeout(900)  # every worker of two executors loads TensorFlow
def test_weights_and_checkpoints_travel_by_value_too(tmp_path: Path) -> None:
    near = Run.create(SETTINGS, tmp_path / "near")
    far = Run.create(replace(SETTINGS, executor=PIPES), tmp_path / "far")
    for run in (near, far):
        conduct(run)
        assert run.error is None
    assert figures(far) == figures(near)
    assert far.progress().promotions == 1  # which went on from a checkpoint
    here, there = files(near), files(far)
    assert there.keys() == here.keys() >= {TEACHER_FILE}
    for name, arrays in here.items():
        assert all(np.array_equal(a, b) for a, b in zip(arrays, there[name], strict=True)), name
    assert not list(far.folder.rglob("*.partial"))

    trained = far.front()[0].trial_id
    exported = [run.export(trained, tmp_path / f"{run.folder.name}.tflite").result(PATIENCE_S) for run in (near, far)]
    assert exported[1].path.read_bytes() == exported[0].path.read_bytes()
    assert replace(exported[1], path=exported[0].path) == exported[0]
    assert [f.errors for f in far.finalise(seeds=1)] == [f.errors for f in near.finalise(seeds=1)]


def test_an_unknown_executor_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no executor 'lokal'; did you mean 'local'"):
        Run.create(replace(SETTINGS, executor="lokal"), tmp_path / "run")
    run = Run.create(replace(SETTINGS, executor="nowhere.at.all:Executor"), tmp_path / "run")
    for _ in range(2):  # the journal is free again
        with pytest.raises(SettingsError, match="there is no module 'nowhere'"):
            run.start()


def test_a_run_goes_on_elsewhere_and_old_ones_are_local(tmp_path: Path) -> None:
    run = Run.create(SETTINGS, tmp_path / "run")
    run.extend(replace(SETTINGS, executor=PIPES))
    assert run.settings.executor == PIPES
    values = json.loads(json.dumps(SETTINGS.to_json()))
    del values["executor"]
    assert RunSettings.from_json(values) == SETTINGS
