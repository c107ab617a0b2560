"""How far workers are with the data is told while a search starts; and the data are decoded once."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import data
from search import Run, RunSettings, RunState
from search.runs.tasks import Tasks
from tests.support.data_files import image_bytes, write_folder
from tests.support.pretended_run import SETTINGS, PretendedRun
from tests.support.running import PATIENCE_S, wait_for
from tests.support.synthetic_tasks import GO_ON

PADDING = bytes(20 << 20)
"""Behind the end of an image, where nobody looks: it makes few files worth to be kept."""


class LoadingRun(PretendedRun):
    """A run whose worker goes on loading once it is let."""

    def _tasks(self) -> Tasks:
        return replace(super()._tasks(), warm_up_path="tests.support.synthetic_tasks:warm_up_when_let")


def test_a_start_says_how_far_the_data_are(tmp_path: Path) -> None:
    run = LoadingRun.create(replace(SETTINGS, trials=1, workers=2), tmp_path / "run")
    run.start()
    wait_for(lambda: run.progress().phase, "the first image")
    assert run.progress().phase == "decoding images: 0 of 60,000"
    assert run.state == RunState.STARTING
    (run.folder / GO_ON).touch()
    assert run.wait(PATIENCE_S) == RunState.FINISHED
    assert run.progress().phase == ""
    assert not list(run.folder.glob("logs/*.json"))


def test_what_a_session_that_was_killed_said_last_is_not_said_again(tmp_path: Path) -> None:
    run = PretendedRun.create(replace(SETTINGS, trials=1), tmp_path / "run")
    left = run.folder / "logs" / "loading-1.json"
    left.parent.mkdir()
    left.write_text('{"words": "decoding images", "done": 3, "total": 9}')
    run.start()
    assert run.wait(PATIENCE_S) == RunState.FINISHED
    assert not left.exists()


@pytest.mark.tf
@pytest.mark.slow
def test_a_worker_waits_for_who_decodes_the_same_already_and_takes_it_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNAS_CACHE_DIR", str(tmp_path / "cache"))
    rng = np.random.default_rng(0)
    files = {f"{c}/{i}.png": image_bytes(rng.integers(0, 255, (8, 8))) for c in "ab" for i in range(10)}
    files["a/0.png"] += PADDING
    files["b/0.png"] += PADDING
    name, sizes = f"folder:{write_folder(tmp_path / 'images', files)}", {"train_size": 10, "validation_size": 4}
    run = Run.create(RunSettings(dataset=name, epochs=1, trials=1, workers=1, **sizes), tmp_path / "run")
    go_on = threading.Event()

    def load_when_let() -> None:
        with data.telling(lambda phase: phase.words != "decoding images" or go_on.wait(PATIENCE_S)):
            data.load(name, **sizes)

    other = threading.Thread(target=load_when_let)
    other.start()
    try:
        run.start()
        wait_for(lambda: run.progress().phase, "a worker that waits")
        assert run.progress().phase == "waiting for another process that is decoding images"
    finally:
        go_on.set()
    other.join(PATIENCE_S)
    assert run.wait(PATIENCE_S) == RunState.FINISHED
    assert run.validation_size == 4
    assert len(list((tmp_path / "cache" / "decoded").glob("*.npy"))) == 3  # their size; all of them, for its own; these
