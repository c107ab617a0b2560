"""A replay shows at each moment what the run knew then, and changes nothing."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from search import Budget, JournalError, Run
from search.journal import FILE_NAME, Journal
from search.journal.history import budget_record
from search.journal.records import TrialRecord
from search.runs.replay import Replay
from tests.support.finalised_run import finalised_run
from tests.support.recorded_run import recorded_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    run = finalised_run(tmp_path_factory.mktemp("replay") / "run")
    with Journal.reopen(run.folder / FILE_NAME) as journal:
        journal.append(budget_record(Budget.parse(ram="6 KiB", flash="64 KiB")))
    return run.folder


def cut(folder, place, count):
    """The run as it would be opened if it had been killed after so many events."""
    place.mkdir()
    lines = (folder / FILE_NAME).read_text(encoding="utf-8").splitlines(keepends=True)
    (place / FILE_NAME).write_text("".join(lines[: count + 1]), encoding="utf-8")
    return Run.open(place)


def known(run):
    progress = replace(run.progress(), running=0, elapsed_s=0.0, remaining_s=None)
    finals = [f.metrics() for f in run.finals()]
    return run.observations(), run.networks(), run.infeasible(), progress, run.front(), finals, run.settings


def test_every_moment_is_as_if_the_run_had_been_opened_then(folder, tmp_path):
    replay = Replay.open(folder)
    for count in (*range(0, len(replay), 7), len(replay)):
        replay.seek(count)
        assert known(replay) == known(cut(folder, tmp_path / str(count), count))


def test_back_and_forth_is_the_same_as_straight_on(folder):
    straight, wild = Replay.open(folder), Replay.open(folder)
    for count in (30, 3, 31, 0, len(wild), 17):
        wild.seek(count)
        straight = Replay.open(folder)
        straight.seek(count)
        assert known(wild) == known(straight)
        assert wild.past == straight.past
        assert len(wild.past) == count


def test_a_time_shows_what_was_known_by_then(folder):
    replay = Replay.open(folder)
    assert list(replay.times) == sorted(replay.times)
    middle = replay.duration_s / 2
    replay.seek_time(middle)
    assert replay.moment_s == replay.progress().elapsed_s == middle
    assert replay.times[replay.position - 1] <= middle < replay.times[replay.position]
    replay.seek_time(-5)
    assert replay.moment_s == 0
    replay.seek_time(1e9)
    assert (replay.position, replay.moment_s) == (len(replay), replay.duration_s)


def test_outside_is_brought_inside_and_watchers_hear_of_each_move(folder):
    replay, heard = Replay.open(folder), []
    replay.subscribe(heard.append)
    replay.seek(-3)
    replay.seek(10**6)
    assert [(e.kind, e.payload) for e in heard] == [("replay", 0), ("replay", len(replay))]


def test_a_candidate_in_training_is_counted(folder):
    replay = Replay.open(folder)
    handed_out = next(i for i, r in enumerate(replay._records) if isinstance(r, TrialRecord))
    replay.seek(handed_out + 1)
    assert replay.progress().running == 1
    replay.seek(handed_out + 2)
    assert replay.progress().running == 0


def test_nothing_is_written(folder):
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    replay = Replay.open(folder)
    replay.seek(len(replay))
    replay.seek_time(0.0)
    assert not replay.state.active
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_damaged_journal_is_told_of_at_once(tmp_path):
    path = recorded_run(tmp_path / "run").folder / FILE_NAME
    lines = path.read_text(encoding="utf-8").splitlines()
    lines.insert(4, json.dumps({"record": "observation", "id": 999}))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(JournalError, match="restore the file"):
        Replay.open(path.parent)


def test_no_framework_is_loaded(folder):
    code = (
        "import sys; from search.runs.replay import Replay; r = Replay.open(sys.argv[1]); r.seek(len(r)); "
        "r.report(r.front()[0].trial_id); print([n for n in ('tensorflow', 'keras') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
