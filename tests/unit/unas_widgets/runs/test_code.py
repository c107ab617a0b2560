"""Copy as code: the lines do what the mouse did."""

import runpy
from dataclasses import replace

import pytest

from search import Budget, Recipe, Run, RunSettings
from search.recipe import Pruning
from tests.support.recorded_run import recorded_run
from unas_widgets import ParetoPlot, WidgetError, Workbench
from unas_widgets.runs.code_view import budget_code, run_code


def executed(text, folder, monkeypatch, *, without=()):
    """The names that the lines leave behind, run in `folder`; lines that begin with one of `without` are left out."""
    monkeypatch.chdir(folder)
    lines = [line for line in text.splitlines() if not line.startswith(tuple(without) or ("\0",))]
    (folder / "lines.py").write_text("\n".join(lines), encoding="utf-8")
    return runpy.run_path(str(folder / "lines.py"))


@pytest.fixture
def bench(tmp_path):
    return Workbench(recorded_run(tmp_path / "runs" / "mine").folder, base=tmp_path)


@pytest.mark.parametrize(
    "settings",
    [
        RunSettings(dataset="digits"),
        RunSettings(
            dataset='table:a "b"\\c.csv?label=x', budget=Budget.parse(ram="8 KiB", latency="20 ms"), minutes=2.5
        ),
        RunSettings(
            dataset="digits", algorithm="random", options={"a": 1}, recipe=Recipe(dropout=0.1, pruning=Pruning())
        ),
    ],
)
def test_settings_come_back_from_their_code(settings, tmp_path, monkeypatch):
    text = run_code(settings)
    found = executed(text, tmp_path, monkeypatch, without=("run = ", "run."))["settings"]
    assert found == settings


def test_the_run_is_made_by_its_code(bench, tmp_path, monkeypatch):
    found = executed(bench.code_of_run(), tmp_path, monkeypatch, without=("run.",))
    assert found["run"].settings == bench.run.settings
    assert Run.open(tmp_path / "runs" / "again").untouched


def test_the_plot_is_drawn_by_its_code(bench, tmp_path, monkeypatch):
    bench.x, bench.budget = "flash", replace(bench.budget, ram_bytes=5000)
    text = bench.code_of_plot().replace("ParetoPlot(run", "plot = ParetoPlot(run")
    plot = executed(text, tmp_path, monkeypatch)["plot"]
    assert isinstance(plot, ParetoPlot)
    assert plot.view() == bench.plot.view()
    plot.close()


def test_the_selected_network_is_found_by_its_code(bench, tmp_path, monkeypatch):
    with pytest.raises(WidgetError, match="Select"):
        bench.code_of_selection()
    bench.selected = bench.table.view().rows[0].trial_id
    text = bench.code_of_selection()
    assert "run.export(" in text
    found = executed(text, tmp_path, monkeypatch, without=("run.export",))
    assert found["run"].observation(bench.selected) == bench.run.observation(bench.selected)


def test_a_replay_is_opened_at_its_moment(tmp_path, monkeypatch):
    bench = Workbench.replay("digits", base=tmp_path)
    bench.position = 80
    bench.selected = bench.table.view().rows[0].trial_id
    text = bench.code_of_selection()
    assert 'recorded_run("digits")' in text
    assert "export" not in text
    assert executed(text, tmp_path, monkeypatch)["run"].position == 80


def test_the_button_shows_all_of_it_and_opening_it_does_the_same(bench):
    bench._buttons["copy_as_code"].click()
    assert bench.code_panel.opened
    assert bench.code_panel.text == f"{bench.code_of_run()}\n\n{bench.code_of_plot()}"
    assert "RunSettings(" in bench.code_panel.html
    bench.code_panel.opened = False
    bench.selected = bench.table.view().rows[0].trial_id
    bench.code_panel.opened = True
    assert bench.code_of_selection() in bench.code_panel.text


def test_without_a_run_it_is_that_of_the_next_search(tmp_path):
    bench = Workbench(base=tmp_path, trials=7)
    assert "trials=7" in bench.copy_as_code()
    with pytest.raises(WidgetError, match="no search yet"):
        bench.code_of_plot()


def test_a_budget_without_bounds():
    assert budget_code(Budget()) == "Budget()"
