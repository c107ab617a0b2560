"""One Workbench seen twice, seen again after a reload, and made again after a restart of its kernel."""

import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browser import (
    KERNEL_IDLE,
    click_point,
    look,
    open_workbench,
    press,
    run_first_cell,
    type_budget,
    wait_for_count,
    wait_for_state,
    write_notebook,
)
from tests.support.recorded_run import recorded_run

pytestmark = [pytest.mark.ui, pytest.mark.slow, pytest.mark.timeout(900)]

DRAWN = """(bench) => Object.fromEntries(bench.querySelector(".unas-plot .js-plotly-plot").calcdata
    .map((points) => [points[0].trace.name, points.map((p) => p.x).filter((x) => Number.isFinite(x)).length]))"""


WORDS = ("front", "dominated", "over budget")

RESTART = """() => {
    window.jupyterapp.commands.execute("kernelmenu:restart").then(() => (window.unasRestarted = true));
}"""


def begin(page, lab, name, trials=200):
    """A search in a folder of its own, with three networks trained."""
    cells = (f"from unas_widgets import Workbench\n\nbench = Workbench(base={name!r})\nbench", "bench")
    bench = open_workbench(page, lab, notebook=write_notebook(lab, name, *cells))
    type_budget(page, "RAM", "12 KiB")
    field = page.get_by_label("Trials")
    field.fill(str(trials))
    field.press("Enter")
    press(page, "Start")
    wait_for_count(page, "trained", 3)
    return bench


def trained(page):
    return int(page.locator('[data-count="trained"]').first.inner_text().split()[0].replace(",", ""))


def rows(bench):
    return bench.locator(".unas-foot tr[data-trial]")


def shows(bench, trial):
    """The view says everywhere that this trial is selected."""
    expect(bench.locator(".unas-trial-head")).to_have_attribute("data-shown", str(trial))
    expect(bench.locator(f'.unas-foot tr[data-trial="{trial}"]')).to_have_attribute("aria-selected", "true")
    bench.page.wait_for_function("(bench) => (" + DRAWN + ")(bench).selected === 1", arg=bench.element_handle())


@pytest.mark.tf
def test_a_search_goes_on_while_its_page_is_loaded_again(page, lab):
    bench = begin(page, lab, "reloaded")
    wait_for_state(page, "running")
    before = trained(page)
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.reload()
    bench.locator(".js-plotly-plot .main-svg").first.wait_for()
    wait_for_state(page, "running")
    wait_for_count(page, "trained", before + 2)
    expect(page.get_by_label("RAM budget")).to_have_value("12 KiB")
    press(page, "Pause")
    wait_for_state(page, "paused")
    expect(rows(bench).first).to_be_visible()
    drawn = bench.evaluate(DRAWN)
    assert drawn["front"] == rows(bench).count()
    assert drawn["front"] + drawn["dominated"] + drawn["over budget"] == trained(page)
    shows(bench, click_point(page, "front"))
    press(page, "Stop")
    wait_for_state(page, "stopped")


def test_two_views_of_one_workbench_show_and_select_the_same(page, lab, recorded):
    cells = (f"from unas_widgets import Workbench\n\nbench = Workbench({recorded.name!r})\nbench", "bench")
    first = open_workbench(page, lab, notebook=write_notebook(lab, recorded.name, *cells), simple=False).first
    before = recoloured(page, first)
    page.evaluate("window.jupyterapp.commands.execute('notebook:create-output-view')")
    view = page.locator(".jp-LinkedOutputView .unas-workbench")
    view.locator(".js-plotly-plot .main-svg").first.wait_for()
    select_in_both(first, view, before)


def test_a_second_cell_shows_the_same_workbench(page, lab, recorded):
    cells = (f"from unas_widgets import Workbench\n\nbench = Workbench({recorded.name!r})\nbench", "bench")
    both = open_workbench(page, lab, notebook=write_notebook(lab, f"{recorded.name}-twice", *cells))
    before = recoloured(page, both)
    both.locator(".unas-foot tr[data-trial]").first.click()
    page.locator(".jp-CodeCell .jp-Editor").nth(1).click()
    page.keyboard.press("Control+Enter")
    expect(both).to_have_count(2)
    both.nth(1).locator(".js-plotly-plot .main-svg").first.wait_for()
    select_in_both(both.nth(0), both.nth(1), before)


def recoloured(page, bench):
    """What is drawn after another budget: no longer what the picture began with."""
    before = bench.evaluate(DRAWN)
    type_budget(page, "RAM", "4 KiB")
    page.wait_for_function("([bench, n]) => (" + DRAWN + ")(bench)['over budget'] > n", arg=[bench.element_handle(), 0])
    after = bench.evaluate(DRAWN)
    assert after != before
    return after


def select_in_both(first, second, drawn):
    """Selects and sets a budget in each of two views, and looks at both."""
    for view in (first, second):
        expect(view.locator(".unas-plot .scatterlayer path.point").first).to_be_attached()
        now = view.evaluate(DRAWN)
        assert {word: now[word] for word in WORDS} == {word: drawn[word] for word in WORDS}
    for row in (rows(first).last, rows(second).first):
        row.click()
        trial = row.get_attribute("data-trial")
        shows(first, trial)
        shows(second, trial)
    is_over = "([bench, wanted]) => ((" + DRAWN + ")(bench)['over budget'] > 0) === wanted"
    for view, text in ((second, "3 KiB"), (first, "none")):
        field = view.get_by_label("RAM budget")
        field.fill(text)
        field.press("Enter")
        for other in (first, second):
            expect(other.get_by_label("RAM budget")).to_have_value(text)
            other.page.wait_for_function(is_over, arg=[other.element_handle(), text != "none"])
        assert first.evaluate(DRAWN)["over budget"] == second.evaluate(DRAWN)["over budget"]


def test_an_empty_workbench_offers_the_last_search(page, lab):
    base = Path(tempfile.mkdtemp(prefix="offered-", dir=lab.folder))
    recorded_run(base / "runs" / "last")
    cell = f"from unas_widgets import Workbench\n\nWorkbench(base={base.name!r})"
    bench = open_workbench(page, lab, notebook=write_notebook(lab, base.name, cell))
    offer = "The last search here, last, has 13 of 30 trials. Resume goes on with it; Start begins a new one."
    expect(bench.locator(".unas-sentence")).to_have_text(offer)
    for name in ("Start", "Resume"):
        expect(bench.get_by_role("button", name=name, exact=True)).to_be_enabled()
    expect(bench.get_by_role("button", name="Stop", exact=True)).to_be_disabled()
    look(page, bench.locator(".unas-status"), "offer")


def test_a_new_search_can_begin_from_an_earlier_one(page, lab):
    base = Path(tempfile.mkdtemp(prefix="earlier-", dir=lab.folder))
    cell = f"from unas_widgets import Workbench\n\nWorkbench(base={base.name!r})"
    empty = open_workbench(page, lab, notebook=write_notebook(lab, f"{base.name}-empty", cell))
    field = page.get_by_label("Start from")
    expect(field).to_be_disabled()
    label = field.evaluate("list => list.selectedOptions[0].label")
    assert label.replace("\N{NO-BREAK SPACE}", " ") == "no run here yet"
    look(page, empty.locator(".unas-settings"), "start-from-nothing")
    recorded_run(base / "runs" / "earlier")
    bench = open_workbench(page, lab, notebook=write_notebook(lab, base.name, cell))
    expect(field).to_be_enabled()
    page.get_by_label("Algorithm").focus()
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    field.select_option(label="earlier")
    press(page, "Copy as code")
    expect(bench.locator(".unas-code")).to_contain_text(f'start_from="{base.name}/runs/earlier"')
    look(page, bench.locator(".unas-settings"), "start-from")


@pytest.mark.tf
def test_after_a_restart_of_the_kernel_the_search_is_offered_again(page, lab):
    bench = begin(page, lab, "restarted", trials=40)
    press(page, "Pause")
    wait_for_state(page, "paused")
    before = trained(page)
    run = next((lab.folder / "restarted" / "runs").iterdir()).name
    page.evaluate(RESTART)
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.wait_for_function("window.unasRestarted")
    page.wait_for_function(KERNEL_IDLE)
    run_first_cell(page)
    sentence = bench.locator(".unas-sentence")
    expect(sentence).to_have_text(
        f"The last search here, {run}, has {before} of 40 trials. Resume goes on with it; Start begins a new one."
    )
    press(page, "Resume")
    wait_for_state(page, "running")
    wait_for_count(page, "trained", before + 1)
    expect(page.get_by_label("RAM budget")).to_have_value("12 KiB")
    press(page, "Stop")
    wait_for_state(page, "stopped")
    assert [folder.name for folder in (lab.folder / "restarted" / "runs").iterdir()] == [run]
