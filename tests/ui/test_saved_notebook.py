"""What a notebook that JupyterLab saves holds of a search, and what is seen of it once it is opened again."""

import json
import shutil
from pathlib import Path

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
    unfold,
    wait_for_count,
    wait_for_state,
    write_notebook,
)
from tests.support.hostile import FOLDER, hostile_run
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


STRANGER = """from unas_widgets import Workbench
bench = Workbench({run!r}, base='at-home')
bench.compare({other!r})
bench.report('stranger.html')
bench"""
POINT = """() => {
    const plot = document.querySelector(".unas-plot .js-plotly-plot");
    const box = plot.getBoundingClientRect();
    const { xaxis, yaxis } = plot._fullLayout;
    const other = plot.calcdata.map((points) => points[0].trace).find((trace) => trace.name === "other 0");
    return [box.left + xaxis._offset + xaxis.c2p(other.x[0]), box.top + yaxis._offset + yaxis.c2p(other.y[0])];
}"""
"""Where the first point of another run's front is."""
FAILED_TO_LOAD = """() => new Promise((done) => {
    const picture = new Image();
    picture.onerror = done;
    picture.src = "x";
})"""
"""Waits until a picture that is not there was looked for; those of the run came before it."""


def no_code_ran(page):
    page.evaluate(FAILED_TO_LOAD)
    assert page.evaluate("window.pwned") is None
    assert page.locator(".canary, #canary, img[src=x]").count() == 0


def test_a_strangers_words_run_nothing_in_the_page_nor_in_the_report(page, lab):
    home = lab.folder / "stranger"
    home.mkdir()
    run = hostile_run(home)
    other = shutil.copytree(run.folder, home / f"other {FOLDER}")
    notebook = write_notebook(lab, "strange", STRANGER.format(run=str(run.folder), other=str(other)))
    bench = open_workbench(page, lab, notebook=notebook)
    expect(bench.locator('[data-standing="other"]')).to_contain_text(f"other {FOLDER}")
    unfold(bench, "Other runs")
    unfold(bench, "Log")
    expect(bench.locator(".unas-entries")).to_contain_text("made to fail\"'><img src=x onerror")
    bench.locator(".unas-foot tr[data-trial]").first.click()
    for tab in bench.get_by_role("tab").all():
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
    press(page, "Copy as code")
    expect(bench.locator(".unas-code").last).to_contain_text("onerror=window.pwned")
    bench.locator(".unas-plot").scroll_into_view_if_needed()
    page.mouse.move(*page.evaluate(POINT))
    expect(bench.locator(".hoverlayer")).to_contain_text(FOLDER)
    no_code_ran(page)

    report = Path(lab.folder / "stranger.html")
    page.goto(report.as_uri())
    expect(page.locator("main")).to_contain_text("made to fail\"'><img src=x onerror")
    no_code_ran(page)
