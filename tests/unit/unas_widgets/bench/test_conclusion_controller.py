"""Finalise in the Workbench, in real worker processes that pretend to train."""

import threading
from concurrent.futures import Future
from dataclasses import replace

import pytest

from search import Run, RunError
from search.runs.events import RunEvent
from search.runs.tasks import Tasks
from tests.support.finalised_run import finalised_run
from tests.support.recorded_run import recorded_run
from tests.support.running import PATIENCE_S, wait_for
from unas_widgets import RunControl, WidgetError, Workbench


class Pretending(Run):
    """A run whose workers only pretend to train again."""

    how = "finalise_trial"

    def _tasks(self) -> Tasks:
        return replace(super()._tasks(), finalise_path=f"tests.support.synthetic_tasks:{self.how}")


class Stopped(Pretending):
    how = "finalise_until_stopped"


class Failing(Pretending):
    how = "finalise_to_failure"


def open_bench(kind, folder, tmp_path):
    return Workbench(kind.open(recorded_run(folder).folder), base=tmp_path)


def wait_for_state(bench, state):
    wait_for(lambda: bench.state == state, f"the state {state}, not {bench.state}")


def test_finalising_shows_its_progress_and_then_the_spread_everywhere(tmp_path):
    before = set(threading.enumerate())
    bench = open_bench(Pretending, tmp_path / "run", tmp_path)
    seen = []
    bench.observe(lambda change: seen.append(change["new"]), "state")
    going = bench.finalise(seeds=2)
    assert bench.finalise() is going or not going.running
    going.result(PATIENCE_S)
    wait_for_state(bench, "finalised")
    assert "finalising" in seen
    front = bench.run.front()
    assert {s.trial_id for s in bench.plot.view().spreads} == {o.trial_id for o in front}
    assert "trained again, mean ± standard deviation" in bench.plot._legend.html
    wait_for(lambda: "test error" in bench.table.static_html(), "the columns of the table")
    assert "±" in bench.table.static_html()
    assert "its test error is in the table" in bench.control.status.html
    count = f"{going.total} of {going.total}"
    assert bench.log_panel.entries[0].text == f"Finalising finished: {count} trainings with 2 seeds."
    bench.close()
    ours = {"unas-refresh", "unas-finalise"}
    wait_for(lambda: not ours & {t.name for t in set(threading.enumerate()) - before}, "the end of its threads")


def test_the_recipe_beside_the_button_trains_thoroughly_and_is_named_everywhere(tmp_path):
    bench = open_bench(Pretending, tmp_path / "run", tmp_path)
    bench.finalise(seeds=1).result(PATIENCE_S)
    wait_for_state(bench, "finalised")
    short = bench.control._forecast.html
    assert "All of it" not in short  # of the three seeds that the button trains two are left
    bench.control._recipe.value = "thorough"
    assert bench.recipe == "thorough"
    count = 3 * len(bench.run.front())
    assert f"{count} trainings of 120 epochs" in bench.control._forecast.html
    assert "An estimate: the seconds that an epoch" in bench.control._forecast.html
    bench.control._buttons["finalise"].click()
    going = bench.run.finalising
    assert (going.recipe, going.seeds) == ("thorough", 3)
    going.result(PATIENCE_S)
    wait_for(lambda: "All of it is trained already" in bench.control._forecast.html, "the end in the sentence")
    wait_for(lambda: len(bench.plot.view().spreads) == 2 * count // 3, "both in the picture")
    assert {s.words for s in bench.plot.view().spreads} == {"trained again", "trained again, thorough"}
    assert bench.table.view().heads == (
        "trained again", "test error", "trained again, thorough", "test error, thorough",
    )  # fmt: skip
    frame = bench.table.frame()
    assert (frame["thorough_test_error"] != frame["test_error"]).any()
    words = f"Finalising finished: {count} of {count} trainings with 3 seeds, by the recipe thorough."
    assert bench.log_panel.entries[0].text == words
    bench.log_panel.read(bench.run)
    assert bench.log_panel.entries[0].text == f"Finalised: {count} trainings with other seeds, by the recipe thorough."
    assert "<td>thorough</td>" in bench.report().read_text(encoding="utf-8")
    bench.close()


def test_weights_that_were_kept_are_offered_beside_the_export(tmp_path):
    bench = open_bench(Pretending, tmp_path / "run", tmp_path)
    bench.selected = bench.run.front()[0].trial_id
    weights = bench.trial_panel._weights
    assert (weights.values(), weights.layout.display) == (("as searched",), "none")
    asked = []

    def export(trial, to, recipe):
        asked.append((trial, to.parent.name, recipe))
        return Future()

    bench.run.export = export
    bench.export()
    bench.finalise(seeds=1, recipe="thorough").result(PATIENCE_S)
    wait_for(lambda: weights.value == "thorough", "the weights in the list")
    assert weights.layout.display is None
    bench.export()
    bench.export(recipe="as searched")
    trial = bench.selected
    plain, thorough = (trial, f"trial-{trial}", "as searched"), (trial, f"trial-{trial}-thorough", "thorough")
    assert asked == [plain, thorough, plain]
    bench.selected = None
    bench.close()


def test_stop_ends_it_keeps_what_there_is_and_the_button_goes_on(tmp_path):
    bench = open_bench(Stopped, tmp_path / "run", tmp_path)
    bench.control._buttons["finalise"].click()
    going = bench.run.finalising
    wait_for(lambda: going.done == 1, "the end of the first training")
    wait_for_state(bench, "finalising")
    wait_for(lambda: "1 of 9 trainings done" in bench.control.status.html, "its progress in the status line")
    enabled = {name for name, button in bench.control._buttons.items() if not button.disabled}
    assert (enabled, bench.settings_panel.locked) == ({"stop"}, True)
    for action in (bench.start, bench.resume, bench.show_replay):
        with pytest.raises(WidgetError):
            action()
    bench.control._buttons["stop"].click()
    with pytest.raises(RunError, match="stopped"):
        going.result(PATIENCE_S)
    wait_for_state(bench, "ready")
    wait_for(lambda: "Finalising was stopped" in bench.control.status.html, "the sentence")
    assert len(bench.run.finals()) == 1
    assert not bench.control._buttons["finalise"].disabled
    bench.close()


def test_a_failure_is_said_in_words_and_can_be_tried_again(tmp_path):
    bench = open_bench(Failing, tmp_path / "run", tmp_path)
    bench.finalise(seeds=1)
    wait_for_state(bench, "failed")
    assert "Finalising failed: ValueError: made to fail" in bench.control.status.html
    assert bench.log_panel.entries[0].bad
    bench.run.how = "finalise_trial"
    bench.finalise(seeds=1)
    wait_for_state(bench, "finalised")
    bench.close()


def test_a_run_that_was_finalised_earlier_says_so(tmp_path):
    bench = Workbench(finalised_run(tmp_path / "run").folder)
    assert bench.state == "finalised"
    assert bench.plot.view().spreads
    bench.y = "flash"
    assert bench.plot.view().spreads == ()


def test_without_a_front_there_is_nothing_to_finalise(tmp_path):
    bench = Workbench(base=tmp_path)
    bench.control._buttons["finalise"].click()
    assert "no trained network within the budget" in bench.message
    assert bench.control._buttons["finalise"].disabled


def test_the_control_alone_finalises_too_and_says_what_it_cannot_do(tmp_path):
    run = Pretending.open(recorded_run(tmp_path / "run").folder)
    control = RunControl(run)
    control._buttons["finalise"].click()
    run.finalising.result(PATIENCE_S)
    wait_for(lambda: 'data-state="finalised"' in control.status.html, "the end in the status line")
    control._actions["start"] = control._said(_refused)
    control._buttons["start"].click()
    assert "not now" in control.status.html
    control.close()


def _refused():
    raise RunError("not now")


def test_more_workers_count_from_the_next_resume_on(tmp_path):
    bench = Workbench(recorded_run(tmp_path / "run").folder, base=tmp_path)
    begun = []
    bench.run.start = lambda: begun.append(bench.run.settings.workers)  # workers would load TensorFlow
    bench.settings_panel.workers = 3
    bench.resume()
    assert begun == [3]
    bench.run._emit(RunEvent("budget", bench.run.settings.budget))
    assert "budget" in bench.log_panel.entries[0].text
    bench.close()
