"""From a trained network to a folder that compiles and says what was verified, through the API and the command."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from resource_models import plan_arena, read_tflite
from search import Run
from search.cli.unas import main
from search.deploy.integer.accuracy import board_accuracy
from search.deploy.project.make import Exported, load_dataset
from search.deploy.proof.host import host_compiler
from search.deploy.proof.tflm import tflm_version
from search.errors import DeployError, JournalError, TrainingError
from tests.support.running import SHORT, conduct

pytestmark = pytest.mark.tf


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = Run.create(replace(SHORT, trials=1), tmp_path_factory.mktemp("export") / "run")
    conduct(run)
    return run


@pytest.fixture(scope="module")
def trial(run: Run) -> int:
    return run.front()[0].trial_id


@pytest.fixture(scope="module")
def exported(run: Run, trial: int) -> tuple[Exported, list[str]]:
    told: list[str] = []
    return run.export_project(trial, run.folder.parent / "out", tell=told.append), told


def held(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_folder_says_what_the_network_is_and_what_was_verified(
    run: Run, trial: int, exported: tuple[Exported, list[str]]
) -> None:
    found, told = exported
    card = json.loads((found.path / "model.json").read_text(encoding="utf-8"))
    validation, model = load_dataset(run).validation, (found.path / "model.tflite").read_bytes()
    assert card["accuracy"]["int8_board"] == pytest.approx(board_accuracy(model, validation.as_float(), validation.y))
    assert card["accuracy"]["float"] == pytest.approx(1 - run.observation(trial).val_error)
    assert card["accuracy"]["n"] == len(validation)
    assert card["source"]["budget"] == run.settings.budget.to_json()
    assert card["source"]["estimates"]["ram_bytes"] == run.observation(trial).costs.ram_bytes
    assert card["resources"]["tflm"]["arena_bytes"] <= plan_arena(run.graph(trial)).arena_bytes
    assert sum(operator["count"] for operator in card["operators"]) == len(read_tflite(model).operators)
    by_c, by_tflm, *by_cores = card["verified"]
    assert by_c["verified"] == (host_compiler() is not None)
    assert by_tflm["verified"] == (tflm_version() is not None)
    assert all(entry["verified"] or entry["reason"] for entry in by_cores)
    assert by_cores
    assert told[0] == "Writing the int8 file and measuring it"
    assert any("validation examples" in words for words in told)
    assert found.archive.is_file()
    readme = (found.path / "README.md").read_text(encoding="utf-8")
    assert all(record.words in readme for record in found.contents.verified)


@pytest.mark.skipif(host_compiler() is None, reason="no C compiler is installed")
def test_the_self_test_of_the_folder_passes_as_the_readme_says(exported: tuple[Exported, list[str]]) -> None:
    folder = exported[0].path
    (line,) = re.findall(r"^gcc .*$", (folder / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    command = line.replace("gcc", str(host_compiler()), 1)
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, check=False)
    (folder / "selftest").unlink(missing_ok=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"ok=1 class=\d", done.stdout)) == 16
    assert " done=16 failed=0 " in done.stdout


@pytest.mark.long
def test_the_command_writes_the_same_bytes_and_leaves_what_was_edited(
    run: Run, trial: int, exported: tuple[Exported, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = ["export", str(run.folder), str(trial), "--to", str(out), "--as", "all"]
    assert main(words) == 0
    assert "on the board" in capsys.readouterr().out
    assert held(out) == held(exported[0].path)
    source = next((out / "c").glob("*_weights.c"))
    source.write_text("mine")
    before = held(out)
    assert main(words) == 2
    assert f"c/{source.name}" in capsys.readouterr().err
    assert held(out) == before
    assert main([*words[:-1], "rust"]) == 2


@pytest.mark.long
def test_weights_that_are_gone_are_one_sentence_and_nothing_is_written(run: Run, trial: int, tmp_path: Path) -> None:
    copy = tmp_path / "run"
    shutil.copytree(run.folder, copy)
    for file in (copy / "weights").iterdir():
        file.unlink()
    with pytest.raises(TrainingError, match="weights"):
        Run.open(copy).export_project(trial, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (record,) = Run.open(copy).verify_front()
    assert "weights" in record.problem
    assert not record.ok


@pytest.mark.long
def test_the_front_is_verified_at_once_and_remembered(run: Run, trial: int) -> None:
    told: list[str] = []
    (record,) = run.verify_front(tell=told.append)
    assert told[0] == f"Trial {trial}, 1 of 1"
    assert record.trial == trial
    assert record.ok == (host_compiler() is not None or tflm_version() is not None)
    assert record.ram_bytes is not None
    assert Run.open(run.folder).verified() == {trial: record}
    (run.folder / "verified.json").write_text("[{}]")
    with pytest.raises(JournalError, match=r"verified\.json cannot be read"):
        run.verified()
    (run.folder / "verified.json").unlink()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that this user may not write")
def test_a_folder_that_may_not_be_written(run: Run, trial: int, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(DeployError, match="cannot be written"):
        run.export_project(trial, tmp_path / "locked" / "out")
