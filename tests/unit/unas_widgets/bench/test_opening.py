"""Another run is shown in place of the one that is shown."""

import pytest

from search import JournalError
from search.runs.events import RunState
from search.runs.replay import Replay
from tests.support.recorded_run import recorded_run
from unas_widgets import WidgetError, Workbench


@pytest.fixture
def runs(tmp_path):
    return [recorded_run(tmp_path / "runs" / name, seed=seed) for seed, name in enumerate(("first", "second"))]


def opened_fold(bench):
    bench._comparison_fold.opened = True
    return bench.comparison


def test_a_run_from_the_list_is_opened_and_no_longer_compared_with(runs, tmp_path):
    bench = Workbench(runs[0].folder, base=tmp_path)
    panel = opened_fold(bench)
    bench.selected = runs[0].front()[0].trial_id
    panel.add(runs[1].folder)
    assert panel.names == ("second",)
    bench.show_run(runs[1].folder)
    assert bench.run.folder == runs[1].folder
    assert bench.selected is None
    assert bench.budget == runs[1].settings.budget
    trained = {o.trial_id for o in runs[1].networks() if o.status == "trained"}
    assert {p.trial_id for p in bench.plot.view().trained()} == trained
    assert panel.names == ()
    assert bench.plot.overlaid == {}
    assert "first" in [label for label, _ in panel._choice.options]


def test_the_button_opens_what_is_chosen(runs, tmp_path):
    bench = Workbench(base=tmp_path)
    panel = opened_fold(bench)
    panel._choice.value = str(runs[0].folder)
    panel._open.click()
    assert bench.run.folder == runs[0].folder
    assert bench.state == RunState.READY
    panel._choice.value = "digits"
    panel._open.click()
    assert isinstance(bench.run, Replay)
    assert panel._open.disabled
    bench.end_replay()
    assert bench.run.folder == runs[0].folder
    assert not panel._open.disabled


def test_what_cannot_be_opened_is_said_and_what_is_shown_stays(runs, tmp_path):
    bench = Workbench(runs[0].folder, base=tmp_path)
    with pytest.raises(JournalError, match="nowhere"):
        bench.show_run(tmp_path / "nowhere")
    assert "nowhere" in bench.message
    assert bench.run.folder == runs[0].folder
    bench.show_replay("digits")
    with pytest.raises(WidgetError, match="A replay is shown; end it first"):
        bench.show_run(runs[1].folder)
    bench.end_replay()
    assert bench.show_run(runs[1]) is runs[1]
    assert bench.message == ""
