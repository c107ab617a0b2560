"""Networks made by hand in the Workbench: without a run, and taken along by the next search."""

from dataclasses import replace

import numpy as np
import pytest

from search import Budget, Observation, Run, Trial
from search.journal import FILE_NAME, Journal
from search.journal.history import observation_record, trial_record
from search.runs.handmade import FOLDER, OwnNetworks
from tests.support.recorded_run import SETTINGS, recorded_run
from unas_widgets import Workbench
from unas_widgets.bench.own_networks_controller import own_networks


def made(own, number=0, *, error=0.1):
    """`own` with one more network, as if it had been trained."""
    trial = Trial(number, own.space.sample(np.random.default_rng(number)), 3)
    costs = own._problem.costs(trial.architecture)
    outcome = Observation(trial, "trained", costs, val_error=error, epochs=3, seconds=1.0)
    with Journal.reopen(own.folder / FILE_NAME) as journal:
        journal.append(trial_record("trial", trial, costs, own.space))
        journal.append(observation_record(outcome, elapsed_s=1.0, cpu_seconds=1.0))
    return OwnNetworks.open(own.folder)


@pytest.fixture
def bench(tmp_path):
    return Workbench(base=tmp_path)


def test_without_a_run_needs_are_shown_and_training_is_possible(bench, tmp_path):
    bench._editor_fold.opened = True
    assert "RAM" in bench.editor._needs.html
    assert not bench.editor._buttons["train"].disabled
    assert bench._own_networks.networks.folder == tmp_path / FOLDER / "digits-arduino-nano-33-ble"
    before = bench.editor._needs.html
    bench.board = "raspberry-pi-pico"
    assert bench._own_networks.networks.folder == tmp_path / FOLDER / "digits-raspberry-pi-pico"
    assert bench.editor._needs.html != before
    assert bench._own_networks.networks.settings.budget == Budget()


def test_a_data_set_that_is_not_there_is_said(bench):
    bench.settings_panel.dataset = "nowhere"
    bench._editor_fold.opened = True
    assert "nowhere" in bench.message
    assert bench.editor._buttons["train"].disabled


def test_a_replay_has_an_editor_that_writes_nothing_beside_its_run(bench, tmp_path):
    run = recorded_run(tmp_path / "runs" / "old", trained=3)
    files = set(run.folder.rglob("*"))
    bench.show_replay(run.folder)
    bench._editor_fold.opened = True
    assert bench.message == ""
    assert not bench.editor._buttons["train"].disabled
    assert set(run.folder.rglob("*")) == files
    bench.end_replay()
    assert bench._own_networks.networks.folder.parent == tmp_path / FOLDER


def test_the_next_search_takes_them_along_if_it_trains_alike(bench, tmp_path):
    bench._editor_fold.opened = True
    own = bench._own_networks.networks = made(bench._own_networks.networks)
    same = Run.create(bench.run_settings(), tmp_path / "same")
    bench._carry_own(same)
    assert OwnNetworks.beside(same).networks() == own.networks()
    for name, change in (("epochs", {"epochs": 2}), ("board", {"board": "raspberry-pi-pico"})):
        other = Run.create(replace(bench.run_settings(), **change), tmp_path / name)
        bench._carry_own(other)
        assert not OwnNetworks.exists(other.folder / FOLDER)


def test_one_that_was_in_training_follows_and_nothing_is_overwritten(tmp_path):
    own = made(own_networks(SETTINGS, tmp_path / FOLDER))
    run = Run.create(SETTINGS, tmp_path / "run")
    assert own.copy_beside(run)
    own = made(own, 1)
    assert own.copy_beside(run)
    beside = OwnNetworks.beside(run)
    assert len(beside.networks()) == 2
    beside = made(beside, 2, error=0.3)
    assert not made(own, 2, error=0.2).copy_beside(run)
    assert OwnNetworks.beside(run).networks() == beside.networks()
    assert not beside.copy_beside(run)


def test_another_recipe_has_a_folder_of_its_own(tmp_path):
    first = own_networks(SETTINGS, tmp_path)
    assert own_networks(SETTINGS, tmp_path).folder == first.folder
    other = own_networks(replace(SETTINGS, epochs=2), tmp_path)
    assert other.folder == first.folder.with_name(f"{first.folder.name}-2")
    assert own_networks(replace(SETTINGS, epochs=2), tmp_path).folder == other.folder
