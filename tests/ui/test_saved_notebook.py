"""What a notebook that JupyterLab saves holds of a search, and what is seen of it once it is opened again."""

import json

import nbformat
import pytest
from playwright.sync_api import expect

from search import Run
from tests.support.browser import (
    open_notebook,
    open_workbench,
    plotted,
    press,
    type_budget,
    wait_for_count,
    wait_for_state,
    write_notebook,
)
from tests.support.still_faces import MEGABYTE, cells, colours, faces, pictures

pytestmark = [pytest.mark.ui, pytest.mark.slow, pytest.mark.timeout(900)]

LIVE = "from unas_widgets import Workbench\n\nWorkbench(base={base!r})"
REPLAYED = (
    "from unas_widgets import Workbench\nbench = Workbench.replay('digits')\nbench.position = len(bench.run)\nbench"
)


SET_STATE = """(kept) => window.jupyterapp.serviceManager.settings.save(
    "@jupyter-widgets/jupyterlab-manager:plugin", JSON.stringify({ saveState: kept }))"""
"""Whether JupyterLab keeps the widgets' state in the notebooks that it saves, once its page is loaded again."""


def saved(page, lab, notebook):
    """The notebook as it is on the disk after it was saved, and its size."""
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    text = (lab.folder / notebook).read_text(encoding="utf-8")
    return nbformat.reads(text, as_version=4), len(text.encode())


@pytest.mark.tf
def test_a_search_that_is_over_is_saved_with_front_table_and_network(page, lab):
    notebook = write_notebook(lab, "kept", LIVE.format(base="kept"))
    bench = open_workbench(page, lab, notebook=notebook)
    still = page.locator(".unas-static")
    expect(still).to_be_hidden()
    type_budget(page, "RAM", "12 KiB")
    field = page.get_by_label("Trials")
    field.fill("4")
    field.press("Enter")
    press(page, "Start")
    wait_for_count(page, "trained", 4)
    wait_for_state(page, "finished")
    expect(still).to_contain_text("finished · 4 trained")
    expect(still).to_be_hidden()
    drawn = plotted(page, least=4)
    run = Run.open(next((lab.folder / "kept" / "runs").iterdir()))
    assert len(drawn["front"]) == len(run.front("ram_bytes")) > 0
    assert len(drawn["front"]) + len(drawn["dominated"]) + len(drawn["over budget"]) == 4

    row = bench.locator(".unas-foot tr[data-trial]").last
    trial = int(row.get_attribute("data-trial"))
    row.click()
    expect(still).to_contain_text(f"{trial} (chosen)")
    kept, size = saved(page, lab, notebook)
    face, png = faces(kept)
    assert size < MEGABYTE
    assert len(kept.cells[0].outputs) == 2
    assert "finished · 4 trained" in face
    assert len(pictures(face)) == 1
    for observation in run.front("ram_bytes"):
        name = f"{observation.trial_id} (chosen)" if observation.trial_id == trial else str(observation.trial_id)
        assert name in cells(face)
    assert f"Network of trial {trial}" in face
    assert run.graph(trial).operators[0].name in cells(face)
    assert {(0, 114, 178), (204, 121, 167)} <= colours(png)  # the front, and the ring around the chosen one

    copy = "kept-elsewhere.ipynb"
    (lab.folder / copy).write_text(json.dumps(kept), encoding="utf-8")
    open_notebook(page, lab.notebook(copy, simple=True))
    expect(page.locator(".unas-static")).to_contain_text(f"Network of trial {trial}")
    expect(page.locator(".unas-static h3").first).to_be_visible()
    expect(page.locator(".unas-static img")).to_be_visible()


def test_a_page_that_is_loaded_again_shows_the_live_plot_alone(page, lab):
    notebook = write_notebook(lab, "again", REPLAYED)
    open_workbench(page, lab, notebook=notebook)
    before = plotted(page, least=60)
    assert before["front"]
    saved(page, lab, notebook)
    page.reload()
    page.locator(".unas-workbench .js-plotly-plot .main-svg").first.wait_for()
    assert plotted(page, least=60) == before
    expect(page.locator(".unas-static")).to_be_hidden()


def test_a_page_whose_kernel_is_gone_says_so_where_the_plot_would_be(page, lab):
    notebook = write_notebook(lab, "gone", REPLAYED)
    open_notebook(page, lab.notebook(notebook, simple=True))
    page.evaluate(SET_STATE, True)
    bench = open_workbench(page, lab, notebook=notebook)
    kept, size = saved(page, lab, notebook)
    page.evaluate(SET_STATE, False)
    assert "widgets" in kept.metadata
    assert size < MEGABYTE
    page.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()")
    open_notebook(page, lab.notebook(notebook, simple=True))
    expect(bench.locator(".unas-plot")).to_contain_text("The live plot needs the kernel that made it")
    expect(bench.locator(".unas-foot tr[data-trial]").first).to_be_visible()
    assert bench.locator(".js-plotly-plot").count() == 0


def test_a_plot_is_drawn_while_its_kernel_runs_another_cell(page, lab):
    wait = "from pathlib import Path\nimport time\nwhile not Path('go-on').exists():\n    time.sleep(0.1)"
    open_notebook(page, lab.notebook(write_notebook(lab, "busy", REPLAYED, wait), simple=True))
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    page.locator(".unas-workbench .js-plotly-plot .main-svg").first.wait_for()
    assert plotted(page, least=60)["front"]
    expect(page.locator(".jp-CodeCell .jp-InputPrompt").nth(1)).to_have_text("[*]:")
    (lab.folder / "go-on").touch()
    expect(page.locator(".jp-CodeCell .jp-InputPrompt").nth(1)).to_have_text("[2]:")
