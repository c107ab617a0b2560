"""A run goes on with the data that it began with, or says what is different."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from search import Run, RunError, RunSettings
from search.errors import TrainingError
from tests.support.running import SHORT

pytestmark = [pytest.mark.tf, pytest.mark.long]


def saved(path, seed: int, classes: int = 2) -> str:
    rng = np.random.default_rng(seed)
    y = np.arange(60) % classes
    np.savez(path, x=(rng.random((60, 8, 8, 1)) * 0.2 + y[:, None, None, None] * 0.3).astype(np.float32), y=y)
    return f"npz:{path}"


def settings(path) -> RunSettings:
    return replace(SHORT, dataset=saved(path, 0), trials=1, epochs=1)


def test_other_data_are_refused_by_name_and_allowed_on_demand(tmp_path):
    file, folder = tmp_path / "mine.npz", tmp_path / "run"
    run = Run.create(settings(file), folder)
    run.start()
    run.wait()
    known = Run.open(folder)._history.data
    assert sum(known.examples) == 60

    saved(file, 1)
    again = Run.open(folder)
    again.extend(replace(again.settings, trials=2))
    again.start()
    with pytest.raises(RunError, match=r"mine\.npz is no longer what this run was trained on: classes and counts are"):
        again.wait()
    assert len(Run.open(folder).networks()) == 1
    with pytest.raises(TrainingError, match="no longer what this run was trained on"):
        Run.open(folder).export(run.networks()[0].trial_id, tmp_path / "a.tflite").result()

    again.start(allow_changed_data=True)
    again.wait()
    after = Run.open(folder)
    assert len(after.networks()) == 2
    assert after._history.data != known
    after.extend(replace(after.settings, trials=3))
    after.start()
    after.wait()
    assert len(after.networks()) == 3
