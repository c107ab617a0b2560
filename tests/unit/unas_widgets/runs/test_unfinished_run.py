"""An empty Workbench offers to go on with the last search in its folder, and with no other."""

import os
from dataclasses import replace

import pytest

from search import Run
from search.journal import FILE_NAME, Journal
from tests.support.recorded_run import SETTINGS, recorded_run
from unas_widgets import Workbench
from unas_widgets.runs.unfinished_run import unfinished_run


@pytest.fixture
def run(tmp_path):
    return recorded_run(tmp_path / "runs" / "earlier", trained=4)


def test_the_offer_names_the_run_and_its_trials(tmp_path, run):
    bench = Workbench(base=tmp_path)
    assert bench.run is None
    assert "The last search here, earlier, has 5 of 30 trials. Resume goes on with it" in bench.control.status.html
    assert not bench.control._buttons["resume"].disabled
    assert bench.control._buttons["finalise"].disabled
    assert not bench.control._buttons["start"].disabled


def test_resume_takes_the_offered_run_up_with_its_settings(tmp_path, run, monkeypatch):
    begun = []
    monkeypatch.setattr(Run, "start", lambda run: begun.append(run.folder))  # workers are for tests/ui
    bench = Workbench(base=tmp_path)
    bench.control._buttons["resume"].click()
    assert begun == [run.folder]
    assert (bench.budget, bench.trials) == (SETTINGS.budget, 30)
    assert "4 of 30 trained" in bench.control.status.html
    bench.close()


def test_only_the_newest_run_is_offered_and_only_while_it_can_be_gone_on_with(tmp_path, run):
    assert unfinished_run(tmp_path).folder == run.folder
    with Journal.reopen(run.folder / FILE_NAME):
        assert unfinished_run(tmp_path) is None  # somebody writes it
    newer = recorded_run(tmp_path / "runs" / "later", trained=2, settings=replace(SETTINGS, trials=3))
    os.utime(newer.folder / FILE_NAME, (2e9, 2e9))
    assert newer.state == "finished"
    assert unfinished_run(tmp_path) is None
    (newer.folder / FILE_NAME).write_text("{}\n", encoding="utf-8")
    os.utime(newer.folder / FILE_NAME, (2e9, 2e9))
    assert unfinished_run(tmp_path).folder == run.folder  # nobody can read the newer one


def test_nothing_is_offered_beside_a_run_or_where_nothing_was_begun(tmp_path, run):
    assert "The last search here" not in Workbench(run.folder, base=tmp_path).control.status.html
    Run.create(SETTINGS, tmp_path / "empty" / "runs" / "begun")
    assert unfinished_run(tmp_path / "empty") is None
    assert unfinished_run(tmp_path / "nowhere") is None
