"""A recorded run in the Workbench and in the control alone: play, pause, slider, speed; nothing is started."""

import threading
from bisect import bisect_right
from pathlib import Path

import pytest
import traitlets

from search import Budget, JournalError, Run
from search.runs.replay import Replay
from tests.support.finalised_run import finalised_run
from tests.support.recorded_run import SETTINGS, recorded_run
from unas_widgets import ProgressPlot, ReplayControl, WidgetError, Workbench
from unas_widgets.replay.player import Player
from unas_widgets.replay.replay_view import good_speed, moment_words

PATIENCE_S = 60


@pytest.fixture
def folder(tmp_path):
    return finalised_run(tmp_path / "runs" / "earlier").folder


def at_the_end(bench):
    """An event that is set once the replay stands at its last event."""
    over = threading.Event()
    bench.observe(lambda change: None if change["new"] else over.set(), "playing")
    return over


def files(folder):
    return {path: path.stat().st_mtime_ns for path in Path(folder).rglob("*")}


@pytest.fixture
def before():
    """The threads that were there before the test: panels of other tests may still follow their runs."""
    return set(threading.enumerate())


def added(before):
    return [t for t in threading.enumerate() if t not in before and t.name in ("unas-replay", "unas-refresh")]


def test_everything_shows_what_was_known_at_the_position(folder):
    bench, run = Workbench.replay(folder), Run.open(folder)
    assert bench.state == "replay"
    assert (bench.position, len(bench.plot.view().trained()), bench.table.view().rows) == (0, 0, ())
    bench.position = len(bench.run)
    assert len(bench.plot.view().trained()) == run.progress().trained
    assert "12 of 30 trained" in bench.control.status.html
    assert len(bench.plot.view().spreads) == len(run.front())
    assert bench.table.view().heads
    bench.position = len(bench.run) // 2
    replay = Replay.open(folder)
    replay.seek(len(replay) // 2)
    assert {p.trial_id for p in bench.plot.view().trained()} == {o.trial_id for o in replay.networks()}
    assert bench.table.view().heads == ()
    assert f"{replay.progress().trained} of 30 trained" in bench.control.status.html
    assert bench.progress.view()[0].values == _courses(replay)
    assert bench.replay_control._scrubber.words == moment_words(
        replay.moment_s, replay.duration_s, replay.position, len(replay)
    )


def _courses(replay):
    plot = ProgressPlot(replay, budget=replay.settings.budget)
    plot.close()
    return plot.view()[0].values


def test_it_plays_to_the_end_by_itself_writes_nothing_and_leaves_no_thread(folder, before):
    written = files(folder)
    bench = Workbench.replay(folder)
    assert bench.speed == good_speed(bench.run.duration_s)
    over, seen = at_the_end(bench), []
    bench.observe(lambda change: seen.append(change["new"]), "position")
    bench.speed = 500.0
    bench.play()
    assert over.wait(PATIENCE_S)
    assert bench.position == len(bench.run) == seen[-1]
    assert seen == sorted(seen)
    assert len(bench.plot.view().trained()) == 12
    bench.close()
    assert added(before) == []
    assert files(folder) == written


def test_it_pauses_where_it_is_and_begins_anew_at_the_end(folder, before):
    bench = Workbench.replay(folder)
    moved = threading.Event()
    bench.observe(lambda _change: moved.set(), "position")
    bench.speed = 50.0
    bench.play()
    assert moved.wait(PATIENCE_S)
    bench.pause()
    stands = bench.position
    assert stands > 0
    assert (bench.playing, added(before)) == (False, [])
    assert bench.replay_control._button.description == "Play"
    bench.position = len(bench.run)
    bench.speed = 0.001
    bench.play()
    assert bench.position == 0
    assert bench.replay_control._button.description == "Pause"
    bench.close()
    assert added(before) == []


def test_a_slider_that_is_moved_while_it_plays_is_followed(folder, before):
    bench = Workbench.replay(folder)
    bench.speed = 0.001
    bench.play()
    times = bench.run.times
    place = bisect_right(times, times[39])  # the last event of its moment, so that the next step adds nothing
    bench.replay_control._scrubber.position = place
    assert bench.position == bench.run.position == place
    assert bench.playing
    bench.end_replay()
    assert added(before) == []


def test_the_selected_trial_waits_for_its_moment(folder):
    bench = Workbench.replay(folder)
    bench.position = len(bench.run)
    last = bench.run.networks()[-2].trial_id
    bench.selected = last
    assert "Network" in bench.trial_panel.static_html()
    bench.position = 1
    assert "not trained yet" in bench.trial_panel.static_html()
    assert (bench.message, bench.selected) == ("", last)
    bench.position = len(bench.run)
    assert "not trained yet" not in bench.trial_panel.static_html()
    assert f'data-shown="{last}"' in bench.trial_panel.static_html()


def test_the_budget_goes_with_the_run_unless_the_reader_moved_it(folder):
    Run.open(folder).change_budget(Budget.parse(ram="6 KiB", flash="64 KiB"))
    bench = Workbench.replay(folder)
    assert bench.budget == SETTINGS.budget
    bench.position = len(bench.run)
    assert bench.budget.ram_bytes == 6144
    bench.position = 3
    assert bench.budget == SETTINGS.budget
    mine = Budget.parse(ram="5 KiB")
    bench.budget = mine
    bench.position = len(bench.run)
    assert bench.budget == mine


def test_nothing_can_be_begun_in_a_replay(folder):
    bench = Workbench.replay(folder)
    assert bench.settings_panel.locked
    assert all(button.disabled for button in bench.control._buttons.values())
    for action in (bench.start, bench.resume):
        with pytest.raises(WidgetError, match="end it first"):
            action()
    bench.position = len(bench.run)
    bench.selected = bench.table.view().rows[0].trial_id
    bench.trial_panel._export.click()
    assert "replay" in bench.message
    bench.stop()
    assert bench.state == "replay"


def test_the_button_replays_what_is_shown_and_comes_back_to_it(folder):
    bench = Workbench(folder)
    bench._buttons["show_replay"].click()
    assert (bench.state, bench.position) == ("replay", 0)
    assert bench.replay_control.layout.display is None
    bench.replay_control._leave.click()
    assert bench.state == "finalised"
    assert bench.replay_control.layout.display == "none"
    assert len(bench.plot.view().trained()) == 12


def test_without_a_run_the_button_replays_one_that_came_with_the_project(tmp_path):
    bench = Workbench(base=tmp_path)
    bench._buttons["show_replay"].click()
    assert "a recorded search on digits" in bench.control.status.html
    bench.end_replay()
    assert bench.state == "ready"
    assert (bench.run, bench.plot.view().trained()) == (None, ())
    assert "No search yet" in bench.plot._empty.html
    assert bench.trials == 60
    assert list(tmp_path.iterdir()) == []


def test_no_replay_nothing_to_play(tmp_path):
    bench = Workbench(base=tmp_path)
    with pytest.raises(WidgetError, match="No replay"):
        bench.play()
    bench.playing = True
    assert not bench.playing
    bench.position = 7
    assert bench.position == 0
    with pytest.raises(JournalError, match="no run"):
        bench.show_replay(tmp_path / "nothing")
    assert "There is no run" in bench.message
    with pytest.raises(JournalError):
        Workbench.replay(tmp_path / "nothing")


def test_the_control_alone_moves_what_shows_the_replay(folder):
    replay, heard = Replay.open(folder), []
    replay.subscribe(heard.append)
    control = ReplayControl(replay)
    control.position = 10**6
    assert control.position == replay.position == len(replay)
    assert heard[-1].payload == len(replay)
    with pytest.raises(traitlets.TraitError, match="above 0"):
        control.speed = 0
    control.speed = 7.0
    assert ("7 ×", 7.0) in control._pace.options
    control.close()


def test_a_player_steps_by_the_time_that_has_passed_and_never_after_stop():
    steps, enough = [], threading.Event()

    def step(seconds):
        steps.append(seconds)
        if len(steps) == 3:
            enough.set()

    player = Player(step)
    assert enough.wait(PATIENCE_S)
    player.stop()
    count = len(steps)
    player.stop()
    assert len(steps) == count
    assert min(steps) >= 0.1


def test_a_journal_and_a_folder_are_the_same_replay(tmp_path):
    folder = recorded_run(tmp_path / "run").folder
    assert Workbench.replay(folder / "journal.jsonl").run.folder == Workbench.replay(str(folder)).run.folder


@pytest.mark.parametrize(("duration", "speed"), [(0, 1), (29, 1), (212, 10), (3600, 200), (10**6, 1000)])
def test_the_first_speed_plays_a_run_in_half_a_minute(duration, speed):
    assert good_speed(duration) == speed
