"""Runs that earlier versions wrote open, show what they showed, and go on."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from search import Replay, Run
from search.journal import FILE_NAME
from tests.support.pretended_run import PretendedRun
from tests.support.running import PATIENCE_S

EARLIER = Path(__file__).parents[3] / "support" / "runs_of_earlier_versions"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    shutil.copytree(EARLIER / "promoted", tmp_path / "run")
    return PretendedRun.open(tmp_path / "run")


def test_it_opens_with_its_settings_counts_and_front(run: Run) -> None:
    s, progress = run.settings, run.progress()
    assert (s.dataset, s.board, s.algorithm, s.seed, s.trials) == (
        "digits",
        "arduino-nano-33-ble",
        "pareto_halving",
        0,
        12,
    )
    assert (s.budget.ram_bytes, s.budget.model_bytes) == (8192, 32768)
    assert (progress.trained, progress.failed, progress.infeasible, progress.promotions) == (12, 0, 0, 7)
    assert (progress.epochs, run.validation_size, run.state) == (36, 359, "finished")
    assert progress.elapsed_s == pytest.approx(24.112810493)
    assert [(o.trial_id, o.costs.ram_bytes, o.epochs) for o in run.front()] == [
        (5, 7044, 10),
        (10, 5020, 10),
        (15, 4988, 3),
        (0, 8164, 3),
        (17, 7828, 1),
        (1, 5880, 1),
        (16, 7332, 1),
        (8, 4512, 1),
    ]


def test_it_replays(run: Run) -> None:
    replay = Replay.open(run.folder)
    replay.seek(len(replay))
    assert len(replay) == len((run.folder / FILE_NAME).read_text().splitlines()) - 1
    assert replay.networks() == run.networks()
    assert replay.versions["keras"] == "3.15.1"


def test_opening_says_how_far_it_is(run: Run) -> None:
    told: list[tuple[int, int]] = []
    for kind in (Run, Replay):
        kind.open(run.folder, tell=lambda done, total: told.append((done, total)))
    assert told == [(0, 40), (40, 40)] * 2


def test_it_goes_on(run: Run) -> None:
    before = run.observations()
    run.extend(replace(run.settings, trials=14))
    run.start()
    run.wait(PATIENCE_S)
    assert run.observations()[: len(before)] == before
    assert run.progress().trained == 14
