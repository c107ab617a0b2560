"""Recorded runs that travel with the project."""

import re

import pytest

from data import DataError, recorded_run, recorded_runs
from search import Run
from search.runs.replay import Replay

LARGEST = 500_000


def test_each_can_be_opened_and_replayed():
    assert "digits" in recorded_runs()
    for name in recorded_runs():
        replay = Replay.open(recorded_run(name))
        replay.seek(len(replay))
        assert replay.progress().trained == replay.settings.trials
        assert replay.front()
        assert {f.trial_id for f in replay.finals()} >= {o.trial_id for o in replay.front()}
        assert replay.networks() == Run.open(recorded_run(name)).networks()


@pytest.mark.parametrize("name", recorded_runs())
def test_each_is_small_and_tells_nothing_of_the_machine_it_was_made_on(name):
    files = [path for path in recorded_run(name).rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"journal.jsonl", "README.md"}
    assert sum(path.stat().st_size for path in files) < LARGEST
    journal = (recorded_run(name) / "journal.jsonl").read_text(encoding="utf-8")
    assert not re.findall(r'"(?:/|[A-Z]:\\\\|~)[^"]*"', journal)
    assert '"data_dir":null' in journal


def test_an_unknown_one_is_named_with_those_there_are():
    with pytest.raises(DataError, match="no recorded run 'mnist'; there is digits"):
        recorded_run("mnist")
