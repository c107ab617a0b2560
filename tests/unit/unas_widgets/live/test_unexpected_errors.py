"""An error that nobody expected is told where people look, and the view goes on with the next tick."""

import logging
import threading
from concurrent.futures import Future

import pytest

from search import Run, TrainingError
from search.runs.events import RunEvent, RunState
from search.runs.export_result import pass_on
from search.runs.handmade import OwnNetworks
from search.runs.replay import Replay
from tests.support.recorded_run import recorded_run
from unas_widgets import LogPanel, PeakMorphs, ReplayControl, TrialTable, Workbench
from unas_widgets.live.follow import Ticker, follow
from unas_widgets.live.unexpected_errors import Failure
from unas_widgets.network import morphs_panel
from unas_widgets.progress.log_view import LogEntry
from unas_widgets.replay.player import Player
from unas_widgets.widgets.static_output import StillOutput

PATIENCE_S = 60


class Times:
    """A function that raises the first `fail` times, and knows when it went well."""

    def __init__(self, fail=1):
        self.left, self.well = fail, threading.Event()

    def __call__(self, *_arguments, **_options):
        self.left -= 1
        if self.left >= 0:
            raise ZeroDivisionError("made to fail")
        self.well.set()


@pytest.fixture
def run(tmp_path):
    return recorded_run(tmp_path / "runs" / "earlier")


def test_a_drawing_that_raises_is_reported_and_the_next_one_is_made():
    drawing, reported = Times(), threading.Event()
    ticker = Ticker(drawing, report=lambda _error: (ticker.request(), reported.set()))
    ticker.request()
    assert reported.wait(PATIENCE_S)
    assert drawing.well.wait(PATIENCE_S)
    ticker.close()


def test_a_report_that_raises_as_well_ends_nothing(caplog):
    drawing = Times()

    def report(error):
        ticker.request()
        raise RuntimeError("no report either") from error

    ticker = Ticker(drawing, report=report)
    ticker.request()
    assert drawing.well.wait(PATIENCE_S)
    ticker.close()
    assert "made to fail" in caplog.text
    assert "no report either" in caplog.text


def test_a_run_is_followed_even_if_its_first_drawing_raises(run):
    drawing, found = Times(), []
    end = follow(run, drawing, report=found.append)
    assert [str(error) for error in found] == ["made to fail"]
    run._emit(RunEvent("state", RunState.PAUSED))
    assert drawing.well.wait(PATIENCE_S)
    end()


def test_a_panel_says_what_failed_until_it_is_drawn_again(run, monkeypatch, caplog):
    drawing = Times()
    monkeypatch.setattr(TrialTable, "show", drawing)
    table = TrialTable(run)
    assert "ZeroDivisionError: made to fail" in table.children[0].html
    assert "made to fail" in caplog.text
    settled = threading.Event()
    table.children[0].observe(lambda change: None if change["new"] else settled.set(), "html")
    run._emit(RunEvent("state", RunState.PAUSED))
    assert settled.wait(PATIENCE_S)
    table.close()


def test_the_same_failure_again_and_again_is_one_entry_of_the_log(run, caplog):
    table = TrialTable(run)
    fail = Times(fail=3)
    for _ in range(3):
        try:
            fail()
        except ZeroDivisionError as error:
            table.report_failure(error)
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 1
    table.close()


def test_one_part_of_a_workbench_that_fails_is_told_with_its_traceback_and_the_others_are_drawn(run, monkeypatch):
    bench = Workbench(run)
    before = bench.plot.view()
    monkeypatch.setattr(bench.table, "show", Times())
    monkeypatch.setattr(bench.plot, "show", lambda *_a, **_o: bench.plot.reset())
    run._emit(RunEvent("state", RunState.PAUSED))
    bench._refresh()
    assert "ZeroDivisionError: made to fail" in bench.children[0].html
    assert "Traceback" in bench.log_panel.entries[0].details
    assert "test_unexpected_errors.py" in bench.log_panel.fold.html
    assert bench.plot.view() != before, "the parts beside the one that failed are drawn"
    assert "12 of 30 trained" in bench.control.status.html
    bench._refresh()
    assert bench.children[0].html == "", "the next tick draws what failed, though the run has no news"
    assert bench.table.show.well.is_set()
    bench.close()


def test_an_error_in_a_click_is_told_and_the_next_click_that_works_takes_it_back(run, monkeypatch):
    bench = Workbench(run)
    monkeypatch.setattr(bench.trial_panel, "show", Times())
    bench.selected = run.front()[0].trial_id
    assert "made to fail" in bench.children[0].html
    bench.selected = run.front()[-1].trial_id
    assert bench.children[0].html == ""
    bench.close()


def test_a_replay_goes_on_after_a_step_that_raised():
    step, found = Times(), []
    player = Player(step, report=found.append)
    assert step.well.wait(PATIENCE_S)
    player.stop()
    assert [str(error) for error in found] == ["made to fail"]


def test_a_replay_whose_every_drawing_raises_ends_at_its_last_event_and_says_so(run):
    control = ReplayControl(Replay.open(run.folder), on_move=Times(fail=10**9))
    over, said = threading.Event(), threading.Event()
    control.observe(lambda change: None if change["new"] else over.set(), "playing")
    control.report_failure(ValueError("an earlier one"), "another part")
    control.children[0].observe(lambda change: said.set() if "made to fail" in change["new"] else None, "html")
    control.speed = 1e6
    control.playing = True
    assert over.wait(PATIENCE_S)
    assert said.wait(PATIENCE_S)
    control.close()


def test_a_still_face_that_raises_is_reported_and_asked_for_again(monkeypatch):
    reported = threading.Event()

    class Broken:
        def live_bundle(self):
            return {}

        still_bundle = Times(fail=10**9)

    still = StillOutput(Broken(), report=lambda _error: reported.set())
    still._names = ["displayed"]
    for _ in range(2):
        still.request()
        assert reported.wait(PATIENCE_S)
        reported.clear()


def test_neighbours_that_cannot_be_costed_leave_no_panel_that_computes_for_ever(run, monkeypatch):
    def morphs(_problem, _trial):
        yield from ()
        raise ZeroDivisionError("made to fail")

    monkeypatch.setattr(morphs_panel, "morphs", lambda problem, trial: slow_then(morphs(problem, trial)))
    panel, over = PeakMorphs(), threading.Event()
    panel.observe(lambda change: None if change["new"] else over.set(), "computing")
    panel.show(run._problem, run.front()[0].trial)
    assert over.wait(PATIENCE_S)
    assert "made to fail" in panel.children[0].html
    panel.clear()
    assert panel.children[0].html == ""


def slow_then(source):
    """A first answer after which the thread takes over, and then `source`."""
    end = threading.Event()
    end.wait(2 * morphs_panel.AT_ONCE_S)
    yield None
    yield from source


def test_the_log_listens_on_after_an_event_that_it_cannot_read(run):
    log = LogPanel(run)
    run._emit(RunEvent("budget", None))
    run._emit(RunEvent("final", "not a Finalising"))
    run._emit(RunEvent("state", RunState.PAUSED))
    assert "AttributeError" in log.children[0].html
    assert log.entries[0].text == "Paused."


def test_details_of_an_entry_are_escaped():
    log = LogPanel()
    log.add(LogEntry(0.0, "Something failed.", bad=True, details="<b>Traceback</b>"))
    assert "&lt;b&gt;Traceback" in log.fold.html


def test_a_failure_is_a_sentence():
    assert "(KeyError: 'x')" in Failure.of(KeyError("x")).sentence
    assert "(ValueError)" in Failure.of(ValueError()).sentence


@pytest.mark.parametrize("answer", [{"nothing": "of use"}, None])
def test_an_export_that_gives_no_proper_answer_is_not_waited_for_for_ever(tmp_path, answer):
    source, result = Future(), Future()
    source.set_result(answer)
    pass_on(source, result, tmp_path)
    with pytest.raises(TrainingError):
        result.result(timeout=0)


def test_an_export_that_was_cancelled_is_not_waited_for_for_ever(tmp_path):
    source, result = Future(), Future()
    source.cancel()
    pass_on(source, result, tmp_path)
    assert result.done()


def test_a_training_by_hand_whose_worker_was_cancelled_has_failed(run):
    own = OwnNetworks.beside(Run.open(run.folder))
    result, cancelled = Future(), Future()
    cancelled.cancel()
    own._ended(run.front()[0].trial, cancelled, result)
    assert result.done()
    assert result.exception() is not None
