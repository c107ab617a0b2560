"""The log: states, failures with the worker's last words, budgets; the newest first, and never without end."""

import pytest

from search import Budget, Observation, Run, Trial
from search.journal import FILE_NAME, Journal
from search.journal.history import budget_record
from search.runs.events import RunEvent, RunState
from search.runs.replay import Replay
from tests.support.finalised_run import finalised_run
from tests.support.recorded_run import recorded_run
from unas_widgets import LogPanel, Workbench
from unas_widgets.progress.log_panel import KEPT
from unas_widgets.progress.log_view import LogEntry, entry_of


@pytest.fixture
def run(tmp_path):
    return recorded_run(tmp_path / "run")


def failed(run):
    return next(o for o in run.networks() if o.status == "failed")


def test_a_journal_tells_failures_and_budgets(run):
    with Journal.reopen(run.folder / FILE_NAME) as journal:
        journal.append(budget_record(Budget.parse(ram="6 KiB")))
        journal.append({"record": "session", "event": "stopped", "elapsed_s": 200.0, "cpu_seconds": 1.0})
    log = LogPanel(Run.open(run.folder))
    assert [entry.text for entry in log.entries] == [
        "The search was stopped.",
        "The budget is now RAM 6 KiB.",
        f"Trial {failed(run).trial_id} failed: ValueError: made to fail",
    ]
    assert [entry.bad for entry in log.entries] == [False, False, True]
    assert log.entries[0].time == "3:20"
    assert log.fold.remark == "3 entries, 1 of failures"
    assert not log.fold.opened
    assert "made to fail" in log.static_html()


def test_a_run_that_was_trained_again_says_so(tmp_path):
    entries = LogPanel(finalised_run(tmp_path / "run")).entries
    assert entries[0].text.startswith("Finalised: 9 trainings")


def test_events_are_added_on_top_until_it_is_closed(run):
    log = LogPanel(run)
    run._emit(RunEvent("state", RunState.PAUSED))
    run._emit(RunEvent("budget", Budget.parse(ram="6 KiB")))
    run._emit(RunEvent("infeasible", run.infeasible()[0]))
    assert [entry.text for entry in log.entries[:2]] == ["The budget is now RAM 6 KiB.", "Paused."]
    count = len(log.entries)
    log.close()
    run._emit(RunEvent("state", RunState.RUNNING))
    assert len(log.entries) == count


@pytest.mark.parametrize("state", [s for s in RunState if s is not RunState.READY])
def test_every_state_is_a_sentence(state):
    entry = entry_of(RunEvent("state", state), 3.0, error="The disk is full.")
    assert entry.text.endswith(".")
    assert entry.bad == (state == "failed")
    assert ("The disk is full" in entry.text) == entry.bad


def test_the_last_words_of_a_worker_are_escaped(run):
    broken = Observation(Trial(7, failed(run).trial.architecture, 3), "failed", failed(run).costs, message="<b>no</b>")
    log = LogPanel(run)
    run._emit(RunEvent("observation", broken))
    assert log.entries[0].text == "Trial 7 failed: <b>no</b>"
    assert "&lt;b&gt;no" in log.fold.html


def test_its_length_is_bounded():
    log = LogPanel()
    assert "Nothing has happened yet" in log.static_html()
    for number in range(KEPT + 5):
        log.add(LogEntry(float(number), f"event {number}"))
    assert len(log.entries) == KEPT
    assert log.entries[0].text == f"event {KEPT + 4}"


def test_a_replay_shows_the_log_of_its_moment(run):
    replay = Replay.open(run.folder)
    log = LogPanel(replay)
    assert log.entries == ()
    replay.seek(len(replay))
    assert len(log.entries) == 1
    replay.seek(0)
    assert log.entries == ()


def test_the_workbench_logs_the_run_that_is_shown_and_no_other(run, tmp_path):
    bench = Workbench(run)
    assert len(bench.log_panel.entries) == 1
    bench.change_budget(Budget.parse(ram="6 KiB", flash="64 KiB"))
    assert "RAM 6 KiB" in bench.log_panel.entries[0].text
    bench.show_replay()
    run._emit(RunEvent("state", RunState.PAUSED))
    assert bench.log_panel.entries == ()
    bench.end_replay()
    assert len(bench.log_panel.entries) == 2
