"""Figures and tables of `unas_widgets.analysis` in a notebook: plain plotly, which JupyterLab draws itself."""

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.support.browser import look, open_notebook, write_notebook

pytestmark = [pytest.mark.ui, pytest.mark.slow, pytest.mark.timeout(900)]

READ = """from data import recorded_run
from search import Run
from unas_widgets.analysis import *
run = Run.open(recorded_run("digits"))
frame = progress_frame(run.observations(), run.settings.budget)
"""
CELLS = (
    f"{READ}best_accuracy_figure(frame)",
    "latency_against_macs_figure(run.trials())",
    "progress_figure(frame, over='epochs').update_layout(title='Restyled', template='plotly_white')",
    "front_figure(run.networks(), run.settings.budget, title='The front')",
    "save_table(run.trials(), 'tables/trials.csv'), save_table(run.trials(), 'tables/trials.parquet')",
)
FIGURES = {"best-accuracy": 0, "latency-macs": 1, "progress": 2, "front": 3}


def test_figures_are_drawn_and_tables_are_written(page, lab):
    open_notebook(page, lab.notebook(write_notebook(lab, "analysis", *CELLS), simple=True))
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    cells = page.locator(".jp-CodeCell")
    expect(cells.last.locator(".jp-OutputArea-output")).to_contain_text("trials.parquet")
    for name, place in FIGURES.items():
        output = cells.nth(place).locator(".jp-OutputArea-output").first
        cells.nth(place).scroll_into_view_if_needed()
        expect(output.locator(".main-svg").first).to_be_visible()
        assert output.locator(".scatterlayer path.js-line, .scatterlayer path.point").count() > 0
        look(page, output, f"analysis-{name}")

    text = cells.nth(1).locator(".gtitle").text_content()
    assert text.startswith("Latency against MACs: R² = 0.")
    expect(cells.nth(2).locator(".gtitle")).to_have_text("Restyled")
    expect(cells.nth(0).locator(".ytitle")).to_have_text("best accuracy in budget (%)")
    csv = pd.read_csv(lab.folder / "tables" / "trials.csv")
    parquet = pd.read_parquet(lab.folder / "tables" / "trials.parquet")
    assert len(csv) == len(parquet) >= 60
    assert list(csv) == list(parquet)


def test_what_cannot_be_drawn_is_said_in_a_sentence(page, lab):
    cell = READ.replace("run.observations()", "()") + "best_accuracy_figure(frame)"
    open_notebook(page, lab.notebook(write_notebook(lab, "nothing", cell), simple=True))
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    error = page.locator(".jp-CodeCell .jp-OutputArea-output")
    expect(error).to_contain_text("There is no trained network yet, so there is nothing to draw.")
