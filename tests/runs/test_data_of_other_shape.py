"""A run whose data have become others is still shown as what it is, and does not go on with what it is not for."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from data import load
from data.fingerprint import fingerprint
from search import Budget, Run, RunError, RunState
from search.runs.tasks import Tasks
from tests.support.pretended_run import SETTINGS, PretendedRun
from tests.support.running import PATIENCE_S


def warm_up(task: dict) -> dict:
    """As `search.training.tasks.warm_up`, of the data as they are now."""
    loaded = load(**task["dataset"])
    return {"validation_size": len(loaded.validation), "data": asdict(fingerprint(loaded))}


class RunOnFiles(PretendedRun):
    """A run whose worker reads the data."""

    def _tasks(self) -> Tasks:
        return replace(super()._tasks(), warm_up_path=f"{__name__}:warm_up")


def save(file: Path, *, shape: tuple[int, int] = (12, 12), classes: int = 3, seed: int = 0) -> None:
    y = np.arange(60) % classes
    np.savez(file, x=np.random.default_rng(seed).random((60, *shape, 1)).astype(np.float32), y=y)


@pytest.fixture
def begun(tmp_path: Path) -> Run:
    save(tmp_path / "mine.npz")
    settings = replace(SETTINGS, dataset=f"npz:{tmp_path / 'mine.npz'}", trials=2, budget=Budget())
    run = RunOnFiles.create(settings, tmp_path / "run")
    run.start()
    assert run.wait(PATIENCE_S) == RunState.FINISHED
    return run


def test_its_networks_are_shown_for_the_data_that_they_were_trained_on(begun: Run) -> None:
    file, before = begun.folder.parent / "mine.npz", begun.report(0)
    for changed in ({"classes": 4}, {"shape": (20, 8)}, None):
        if changed is None:
            file.unlink()
        else:
            save(file, **changed)
        after = Run.open(begun.folder).report(0)
        assert (after.arena_bytes, after.macs) == (before.arena_bytes, before.macs), changed


def test_it_does_not_go_on_with_another_task_even_where_other_data_are_allowed(begun: Run) -> None:
    for changed in ({"classes": 4}, {"shape": (20, 8)}):
        save(begun.folder.parent / "mine.npz", **changed)
        again = RunOnFiles.open(begun.folder)
        again.extend(replace(again.settings, trials=3))
        again.start(allow_changed_data=True)
        with pytest.raises(
            RunError, match=r"mine\.npz is no longer what .* are not for such data: bring back the files"
        ):
            again.wait(PATIENCE_S)
        assert len(Run.open(begun.folder).networks()) == 2


def test_it_goes_on_with_other_values_where_that_is_allowed(begun: Run) -> None:
    save(begun.folder.parent / "mine.npz", seed=1)
    again = RunOnFiles.open(begun.folder)
    again.extend(replace(again.settings, trials=3))
    again.start(allow_changed_data=True)
    assert again.wait(PATIENCE_S) == RunState.FINISHED
    assert len(Run.open(begun.folder).networks()) == 3
