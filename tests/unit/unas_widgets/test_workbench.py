"""The Workbench without a front end, on a run with a real journal. Training is in tests/ui."""

import subprocess
import sys
from dataclasses import replace
from datetime import datetime

import pytest

from search import Budget, Run, SearchError
from tests.support.recorded_run import SETTINGS, recorded_run
from unas_widgets import WidgetError, Workbench
from unas_widgets.front.front_view import Standing
from unas_widgets.runs.run_folder import new_run_folder


@pytest.fixture
def folder(tmp_path):
    return recorded_run(tmp_path / "runs" / "earlier").folder


def test_empty(tmp_path):
    bench = Workbench(base=tmp_path)
    assert bench.state == "ready"
    assert bench.budget.ram_bytes == 253952
    assert "press Start" in bench.control.status.html
    assert not list(tmp_path.iterdir())


def test_a_board_fills_the_budgets_and_keeps_the_latency(tmp_path):
    bench = Workbench(base=tmp_path)
    bench.budget = Budget.parse(ram="1 KiB", latency="20 ms")
    bench.board = "nucleo-f446re"
    assert bench.budget.ram_bytes > 100_000
    assert bench.budget.latency_s == 0.02
    filled = bench.budget
    bench.board = ""
    assert bench.budget == filled


def test_energy_is_bounded_where_the_board_has_a_power_and_else_the_field_says_why(tmp_path):
    bench = Workbench(base=tmp_path)
    row = bench.budget_panel.rows["energy_j"]
    assert "no measured source" in row.lacks
    bench.board = "nucleo-f446re"
    assert row.lacks == ""
    bench.budget_panel.type("energy", "2")
    assert bench.run_settings().budget.energy_j == 0.002
    bench.board = ""
    assert row.lacks == "Energy needs a board; choose one."


def test_settings_follow_the_fields(tmp_path):
    bench = Workbench(base=tmp_path, trials=7)
    bench.settings_panel.seed = 5
    bench.budget_panel.type("RAM", "8k")
    settings = bench.run_settings()
    assert (settings.trials, settings.seed, settings.budget.ram_bytes) == (7, 5, 8192)
    assert settings.minutes is None
    bench.settings_panel.minutes = 10
    assert bench.run_settings().minutes == 10


def test_a_run_with_a_limit_of_time_is_shown_with_it(tmp_path):
    settings = replace(SETTINGS, minutes=2.5)
    bench = Workbench(Run.create(settings, tmp_path / "run"), base=tmp_path)
    assert bench.minutes == bench.settings_panel.minutes == 3


def test_a_budget_that_no_network_meets_is_one_sentence_and_loses_nothing(tmp_path):
    bench = Workbench(base=tmp_path)
    bench.budget_panel.type("RAM", "600 B")
    with pytest.raises(SearchError, match="the smallest needs"):
        bench.start()
    assert "the smallest needs" in bench.control.status.html
    assert bench.state == "ready"
    bench.budget_panel.type("RAM", "8 KiB")
    assert bench.message == ""
    bench.control._buttons["resume"].click()
    assert "press Start" in bench.message


def test_opening_a_folder_shows_it_with_its_settings(folder):
    bench = Workbench(folder)
    assert bench.budget == SETTINGS.budget
    assert "12 of 30 trained" in bench.control.status.html
    assert "opened" in bench.control.status.html
    assert len(bench.plot.view().trained()) == 12
    assert not bench.control._buttons["resume"].disabled


def test_one_selection_for_point_row_and_panel(folder):
    bench = Workbench(folder)
    trial = bench.table.view().rows[0].trial_id
    bench.plot._box.children[-1].picked = {"trial": trial, "number": 1}
    assert bench.selected == bench.table.selected == bench.table._markup.selected == trial
    assert f'data-shown="{trial}"' in bench.trial_panel.static_html()
    assert "Memory over time" in bench.trial_panel.static_html()
    bench.table._markup.selected = bench.run.observations()[3].trial_id
    assert bench.plot.selected == bench.run.observations()[3].trial_id
    bench.selected = None
    assert "Select a point" in bench.trial_panel.static_html()


def test_an_infeasible_proposal_says_why_it_was_not_trained(folder):
    bench = Workbench(folder)
    refused = bench.run.infeasible()[0]
    bench.selected = refused.trial_id
    html = bench.trial_panel.static_html()
    assert "never trained" in html
    assert "is over the budget of" in html


def test_moving_a_budget_recolours_everything_at_once(folder):
    bench = Workbench(folder)
    rams = sorted(o.costs.ram_bytes for o in bench.run.observations())
    bench.budget = Budget(ram_bytes=rams[4])
    over = bench.plot.view().points[Standing.OVER_BUDGET]
    bench.selected = over[0].trial_id
    assert f"Trial {over[0].trial_id}, over budget" in bench.trial_panel.static_html()
    bench.budget = Budget()
    assert f"Trial {over[0].trial_id}, over budget" not in bench.trial_panel.static_html()
    bench.selected = None
    bench.budget = Budget(ram_bytes=rams[4])
    assert len(over) >= 6
    assert not {p.trial_id for p in over} & {r.trial_id for r in bench.table.view().rows}


def test_the_budget_of_an_open_search_is_changed_by_a_click_and_nothing_is_lost(folder):
    bench = Workbench(folder)
    button, trained = bench.budget_panel._change, len(bench.run.networks())
    assert button.layout.display == "none"
    bench.budget_panel.type("RAM", "600 B")
    button.click()
    assert "the smallest needs" in bench.message
    assert "the smallest needs" in bench.control.status.html
    assert bench.run.settings.budget == SETTINGS.budget
    bench.budget_panel.type("RAM", "6 KiB")
    assert bench.message == ""
    assert bench.budget_panel.rows["ram_bytes"].note == "This search keeps 8 KiB."
    button.click()
    assert bench.run.settings.budget.ram_bytes == Run.open(folder).settings.budget.ram_bytes == 6144
    assert bench.budget_panel.rows["ram_bytes"].note == ""
    assert button.layout.display == "none"
    assert len(bench.run.networks()) == trained
    bench.change_budget(SETTINGS.budget)
    assert bench.budget == SETTINGS.budget == bench.run.settings.budget


def test_a_budget_that_is_changed_in_code_is_noted_beside_the_sliders(folder):
    bench = Workbench(folder)
    bench.run.change_budget(Budget.parse(ram="6 KiB", flash="64 KiB"))
    bench._refresh()
    assert bench.budget_panel.rows["ram_bytes"].note == "This search keeps 6 KiB."


def test_no_search_no_change_of_its_budget(tmp_path):
    bench = Workbench(base=tmp_path)
    with pytest.raises(WidgetError, match="press Start"):
        bench.change_budget()
    assert "press Start" in bench.message


def test_the_binding_bound_is_named_and_follows_the_sliders(folder):
    bench = Workbench(base=folder.parent.parent)
    assert "No trained network yet" in bench.budget_panel.prices.static_html()
    bench = Workbench(folder)
    assert bench.budget_panel.prices.prices() == bench.run.shadow_prices()
    bench.budget_panel.type("RAM", "2 KiB")
    assert "RAM 2 KiB" in bench.static_html()


def test_export_needs_a_selection_and_a_trained_trial(folder):
    bench = Workbench(folder)
    with pytest.raises(WidgetError, match="Select a trained trial"):
        bench.export()
    failed = next(o for o in bench.run.observations() if o.status == "failed")
    with pytest.raises(SearchError, match="not trained"):
        bench.export(failed.trial_id)


def test_every_button_in_every_state_twice_without_a_run(tmp_path):
    bench = Workbench(base=tmp_path)
    for name in ("pause", "stop", "resume") * 2:
        bench.control._buttons[name].click()
    bench.trial_panel._export.click()
    assert bench.state == "ready"
    assert bench.message.startswith("Select a trained trial")


def test_a_face_without_a_kernel_has_front_table_and_network(folder):
    bench = Workbench(folder)
    bench.selected = bench.table.view().rows[0].trial_id
    html = bench._repr_mimebundle_()["text/html"]
    for part in ("<img", "(chosen)", f"Network of trial {bench.selected}", "Memory over time", "budget: RAM"):
        assert part in html
    assert "<script" not in html


def test_a_second_view_is_of_the_same_figure_and_gets_what_is_drawn(folder):
    bench = Workbench(folder)
    first = bench.plot.figure
    for _ in range(2):
        bench.live_bundle()
    assert bench.plot.figure is first
    bench.budget = Budget(ram_bytes=1)
    drawn = {trace["name"]: trace for trace in first.get_state()["_widget_data"]}
    assert drawn[Standing.OVER_BUDGET]["x"]["shape"] == (12,)


def test_an_unwritable_run_folder_is_one_sentence(tmp_path):
    (tmp_path / "runs").write_text("a file where the folder should be", encoding="utf-8")
    bench = Workbench(base=tmp_path)
    with pytest.raises(SearchError, match="choose another folder"):
        bench.start()
    assert "choose another folder" in bench.control.status.html
    assert bench.state == "ready"


def test_a_program_that_made_one_ends_without_a_word(tmp_path):
    program = "from unas_widgets import Workbench; bench = Workbench.replay('digits'); bench.position = len(bench.run)"
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_in_a_terminal_it_is_one_line(tmp_path):
    script = "from unas_widgets import Workbench; display(Workbench.replay('digits'))"
    command = [sys.executable, "-m", "IPython", "--colors=NoColor", "-c", script]
    ended = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True, timeout=120)
    assert ended.stdout.splitlines() == ["Workbench: replay, 0 trained, budget RAM 16 KiB, flash 64 KiB"]
    assert (ended.returncode, ended.stderr) == (0, "")


def test_run_folders_never_collide(tmp_path):
    options = {"dataset": "folder:a/b", "algorithm": "random", "seed": 3, "now": datetime(2026, 11, 22, 10, 30)}
    first = new_run_folder(tmp_path, **options)
    assert first == tmp_path / "runs" / "20261122-103000-folder-a-b-random-seed3"
    first.mkdir(parents=True)
    assert new_run_folder(tmp_path, **options).name == f"{first.name}-2"


def test_other_runs_are_compared_in_the_same_picture(folder):
    bench = Workbench(folder)
    frame = bench.compare("digits")
    assert list(frame["run"]) == [f"this run ({folder.name})", "digits"]
    assert [other.name for other in bench.plot.view().others] == ["digits"]
    assert bench.comparison.budget == bench.budget == bench.run.settings.budget
    with pytest.raises(SearchError):
        bench.compare(folder / "nothing")
    assert bench.message
