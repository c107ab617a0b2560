"""A bound that holds by default, wherever a budget is shown: marked, moved, switched off."""

from dataclasses import replace

import pytest

from search import Budget, Run
from search.quantities import quantity
from search.runs.events import RunEvent
from tests.support.recorded_run import SETTINGS, recorded_run
from tests.support.slow_board import TOO_SLOW, slow_board
from tests.support.trained import observation
from unas_widgets import BudgetPanel, Workbench, report
from unas_widgets.analysis import front_figure
from unas_widgets.budgets.budget_html import budget_html
from unas_widgets.budgets.budget_words import change_words
from unas_widgets.editor.editor_view import needs_of
from unas_widgets.front.front_view import Standing, front_view
from unas_widgets.progress.log_view import entry_of
from unas_widgets.quantities.axis import LATENCY, RAM
from unas_widgets.quantities.columns import Columns
from unas_widgets.report.report_view import budget_rows
from unas_widgets.runs.code_view import budget_code

PLAIN = Budget.parse(ram="8 KiB", flash="64 KiB")
DEFAULT = replace(PLAIN, default_latency_s=1.0)


def latency_row(panel: BudgetPanel):
    return panel.rows["latency_s"]


def test_the_field_and_the_slider_show_it_as_a_default():
    row = latency_row(BudgetPanel(DEFAULT))
    assert row.text == "1 s, default"
    assert row.position == row.scale.position(1.0) < row.maximum
    assert row.hover.startswith("1000 ms; holds by default")
    assert {r.text for key, r in BudgetPanel(PLAIN).rows.items() if key == "latency_s"} == {"none"}


@pytest.mark.parametrize("text", ["1 s", "1 s, default", "1000"])
def test_the_same_amount_typed_is_a_bound_like_any_other(text):
    panel = BudgetPanel(DEFAULT)
    panel.type("latency", text)
    assert panel.budget == replace(PLAIN, latency_s=1.0)
    assert latency_row(panel).text == "1 s"


def test_it_is_moved_by_typing_and_by_the_slider():
    panel = BudgetPanel(DEFAULT)
    panel.type("latency", "20, default")
    assert panel.budget == replace(PLAIN, latency_s=0.02)
    panel.budget = DEFAULT
    row = latency_row(panel)
    assert row.text == "1 s, default"
    row.position = row.scale.position(0.02)
    assert panel.budget == replace(PLAIN, latency_s=0.02)
    assert row.text == "20 ms"


def test_it_is_switched_off_by_none_and_by_the_end_of_the_slider():
    panel = BudgetPanel(DEFAULT)
    panel.type("latency", "none")
    assert panel.budget == PLAIN
    panel.budget = DEFAULT
    latency_row(panel).position = latency_row(panel).maximum
    assert panel.budget == PLAIN
    assert latency_row(panel).text == "none"


def test_what_cannot_be_read_leaves_it():
    panel = BudgetPanel(DEFAULT)
    panel.type("latency", "soon")
    assert "not a time" in latency_row(panel).error
    assert panel.budget == DEFAULT


def test_another_bound_leaves_it():
    panel = BudgetPanel(DEFAULT)
    panel.type("RAM", "6 KiB")
    assert panel.budget == replace(DEFAULT, ram_bytes=6144)


def test_the_button_and_the_note_tell_it_from_a_bound_that_was_set():
    set_by_hand = replace(PLAIN, latency_s=1.0)
    assert change_words(DEFAULT, DEFAULT) == ""
    assert change_words(DEFAULT, set_by_hand) == "Search within latency 1 s from now on"
    assert change_words(set_by_hand, DEFAULT) == "Search within latency 1 s, default from now on"
    assert change_words(DEFAULT, PLAIN) == "Search without a bound on latency from now on"
    panel = BudgetPanel(PLAIN)
    panel.note(DEFAULT)
    assert latency_row(panel).note == "This search keeps 1 s, default."
    panel.type("latency", "1 s")
    assert latency_row(panel).note == "This search keeps 1 s, default."
    panel.note(PLAIN)
    assert latency_row(panel).note == "This search has no such bound."


def test_every_list_of_bounds_marks_it():
    assert ("latency", "1 s, default") in budget_rows(DEFAULT)
    assert "<td>1 s, default</td>" in str(budget_html(DEFAULT))
    assert BudgetPanel(DEFAULT).static_text() == "Budgets: RAM 8 KiB, flash 64 KiB, latency 1 s, default"
    entry = entry_of(RunEvent("budget", DEFAULT), 1.0)
    assert entry.text == "The budget is now RAM 8 KiB, flash 64 KiB, latency 1 s, default."
    assert budget_code(DEFAULT) == "Budget(ram_bytes=8192, model_bytes=65536, default_latency_s=1.0)"


def test_a_picture_over_the_latency_has_its_line_with_its_word():
    trials = (observation(1, 0.2, latency=0.9), observation(2, 0.1, latency=1.2))
    view = front_view(trials, (), DEFAULT, x=LATENCY)
    assert (view.x_limit, view.x_words) == (1000.0, "budget 1 s, default")
    assert [p.trial_id for p in view.points[Standing.OVER_BUDGET]] == [2]
    assert front_view(trials, (), PLAIN, x=LATENCY).x_words == ""
    assert front_view(trials, (), DEFAULT, x=RAM).x_words == "budget 8 KiB"
    figure = front_figure(trials, DEFAULT, x="latency")
    assert "budget 1 s, default" in {note.text for note in figure.layout.annotations}


def test_what_is_slower_is_over_budget_and_what_is_unknown_is_not():
    trials = [observation(1, 0.3), observation(2, 0.2, latency=0.5), observation(3, 0.1, latency=2.0)]
    columns = Columns(trials)
    assert columns.allowed(DEFAULT).tolist() == [DEFAULT.allows(o.costs) for o in trials] == [True, True, False]
    assert columns.best(DEFAULT).trial_id == 2


def test_an_edited_network_is_held_against_it(tmp_path):
    run = recorded_run(tmp_path / "run", trained=2)
    needs = {need.word: need.verdict for need in needs_of(run.report(run.front()[0].trial_id), None, DEFAULT)}
    assert needs["latency"] == "fits"
    assert {need.word: need.verdict for need in needs_of(run.report(run.front()[0].trial_id), None, PLAIN)}[
        "latency"
    ] == ""


# --------------------------------------------------------------------------------------------------------- Workbench


def test_a_board_brings_it_where_its_latency_is_known(tmp_path):
    bench = Workbench(base=tmp_path)
    assert bench.budget.default_latency_s == 1.0
    assert bench.static_text().endswith(", latency 1 s, default")
    assert "latency 1 s, default" in bench.static_html()
    bench.board = "ek-ra8d1"  # a Cortex-M85, which nobody measured
    assert bench.budget.default_latency_s is None
    bench.board = "nucleo-f446re"
    assert bench.budget.default_latency_s == 1.0
    bench.board = ""
    assert bench.budget.limit(quantity("latency_s")) is None


def test_a_latency_that_was_set_stays_with_every_board(tmp_path):
    bench = Workbench(base=tmp_path)
    bench.budget_panel.type("latency", "1 s")
    bench.board = "nucleo-f446re"
    assert (bench.budget.latency_s, bench.budget.default_latency_s) == (1.0, None)


def test_the_next_search_has_what_the_sliders_say(tmp_path):
    bench = Workbench(base=tmp_path)
    assert bench.run_settings().with_board_budget().budget == bench.budget
    bench.budget_panel.type("latency", "none")
    assert bench.run_settings().with_board_budget().budget.limits.keys() == {
        quantity("ram_bytes"),
        quantity("model_bytes"),
    }


def test_an_earlier_run_shows_none_and_one_of_today_its_default(tmp_path):
    earlier = recorded_run(
        tmp_path / "runs" / "earlier", trained=2, settings=replace(SETTINGS, budget=PLAIN, board_fills=())
    )
    bench = Workbench(earlier.folder, base=tmp_path)
    assert latency_row(bench.budget_panel).text == "none"
    assert bench.budget_panel._change.layout.display == "none"
    bench.show_run(recorded_run(tmp_path / "runs" / "today", trained=2).folder)
    assert latency_row(bench.budget_panel).text == "1 s, default"
    assert "latency 1 s, default" in bench.static_html()
    assert "<td>1 s, default</td>" in report(bench.run, tmp_path / "report.html").read_text(encoding="utf-8")


def test_where_no_network_meets_it_the_search_begins_without_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(Run, "start", lambda *_args, **_options: None)  # workers are for tests/ui
    bench = Workbench(base=tmp_path, board=slow_board(tmp_path, TOO_SLOW))
    assert bench.budget.default_latency_s == 1.0
    run = bench.start()
    assert run.settings.budget == bench.budget == bench.budget.without_defaults()
    assert bench.message.startswith("The latency is not bounded: no network of the cnn space was found within")
    assert bench.message in bench.control.status.html
