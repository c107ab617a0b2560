"""A run for a board of one's own keeps that board, whatever becomes of the file."""

import json
import shutil
from dataclasses import replace

import pytest

from resource_models import BoardError
from search import Run, RunSettings
from search.runs.handmade import OwnNetworks
from search.runs.replay import Replay

MINE = {"name": "My board", "core": "Cortex-M4F", "clock_hz": "80 MHz", "ram_bytes": "40 KiB", "flash_bytes": "256 KiB"}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(MINE), encoding="utf-8")
    return path


def begun(file, tmp_path):
    return Run.create(RunSettings(dataset="digits", board=str(file), trials=1), tmp_path / "run")


def test_a_run_is_opened_and_replayed_without_the_file_of_its_board(file, tmp_path):
    run = begun(file, tmp_path)
    assert run.board.name == "My board"
    assert run.settings.budget.ram_bytes == 32 * 1024
    file.unlink()
    shutil.move(tmp_path / "run", tmp_path / "elsewhere")
    for opened in (Run.open(tmp_path / "elsewhere"), Replay.open(tmp_path / "elsewhere")):
        assert opened.board == run.board
        assert opened.board.id == "mine"
        assert opened.settings == run.settings
        assert OwnNetworks.beside(opened).board == run.board


def test_a_board_that_was_changed_since_is_another_one(file, tmp_path):
    before = begun(file, tmp_path).board
    file.write_text(json.dumps(MINE | {"clock_hz": "1 MHz"}), encoding="utf-8")
    assert Run.open(tmp_path / "run").board == before


def test_a_search_goes_on_without_the_file(file, tmp_path):
    run = begun(file, tmp_path)
    file.unlink()
    run.extend(replace(run.settings, trials=3))
    assert run.settings.trials == 3


def test_a_run_from_before_copies_reads_the_file(file, tmp_path):
    begun(file, tmp_path)
    shutil.rmtree(tmp_path / "run" / "board")
    run = Run.open(tmp_path / "run")
    assert run.board.name == "My board"
    assert run.board_source == str(file)
    file.unlink()
    with pytest.raises(BoardError, match=r"mine\.json' cannot be read"):
        Run.open(tmp_path / "run")


def test_boards_of_the_catalogue_are_not_copied(tmp_path):
    run = Run.create(RunSettings(dataset="digits", board="nucleo-f446re", trials=1), tmp_path / "run")
    assert run.board_source == "nucleo-f446re"
    assert not (tmp_path / "run" / "board").exists()
