"""Budgets in a real JupyterLab: what binds, and a bound that is changed for the search itself."""

import pytest
from playwright.sync_api import expect

from search import Run
from tests.support.browser import (
    look,
    open_run,
    open_workbench,
    plotted,
    press,
    type_budget,
    wait_for_count,
    wait_for_state,
    write_notebook,
)

pytestmark = [pytest.mark.ui, pytest.mark.timeout(600)]


def test_a_search_is_given_another_budget_and_keeps_what_it_found(page, lab, recorded):
    bench = open_run(page, lab, recorded)
    wait_for_state(page, "ready")
    price = bench.locator('[data-price="RAM"]')
    expect(price).to_contain_text("RAM 8 KiB")
    change, before = bench.locator(".unas-change-budget"), Run.open(recorded)
    expect(change).to_be_hidden()

    type_budget(page, "RAM", "600 B")
    expect(price).to_contain_text("RAM 600 B binds: no trained network is within it")
    note = bench.locator('[data-resource="RAM"] .unas-budget-note')
    expect(note).to_have_text("This search keeps 8 KiB.")
    press(page, "Search within RAM 600 B from now on")
    expect(bench.locator(".unas-sentence")).to_contain_text("the smallest needs")
    expect(note).to_have_text("This search keeps 8 KiB.")
    assert Run.open(recorded).settings == before.settings

    type_budget(page, "RAM", "6 KiB")
    expect(price).to_contain_text("RAM 6 KiB")
    expect(bench.locator(".unas-sentence")).not_to_contain_text("the smallest needs")
    look(page, bench.locator(".unas-zones"), "budgets")
    press(page, "Search within RAM 6 KiB from now on")
    expect(note).to_be_empty()
    expect(change).to_be_hidden()
    after = Run.open(recorded)
    assert after.settings.budget.ram_bytes == 6144
    assert after.networks() == before.networks()


def test_a_number_alone_has_the_unit_beside_it_and_energy_is_bounded_where_the_power_is_known(page, lab):
    cell = "from unas_widgets import Workbench\n\nWorkbench(base='units')"
    bench = open_workbench(page, lab, notebook=write_notebook(lab, "units", cell))
    rows = bench.locator(".unas-budget")
    expect(rows.locator(".unas-budget-unit")).to_have_text(["KiB", "KiB", "ms", "mJ"])
    energy, field = bench.locator('[data-resource="energy"]'), page.get_by_label("energy budget")
    expect(energy.locator(".unas-budget-note")).to_contain_text("has no measured source")
    expect(field).to_be_hidden()
    expect(page.get_by_label("energy slider")).to_be_hidden()
    look(page, bench.locator(".unas-zones"), "budgets-without-energy")

    type_budget(page, "RAM", "12,5")
    expect(page.get_by_label("RAM budget")).to_have_value("12.5 KiB")
    latency = page.get_by_label("latency budget")
    expect(latency).to_have_value("1 s, default")
    assert latency.evaluate("field => field.scrollWidth <= field.clientWidth")  # nothing of it is cut off
    expect(page.get_by_label("latency slider")).to_have_attribute("aria-valuetext", "1 s, default")
    type_budget(page, "latency", "1,250")
    error = bench.locator('[data-resource="latency"] .unas-budget-error')
    expect(error).to_have_text("'1,250' may be 1250 ms or 1.250 ms; write one of these.")
    type_budget(page, "latency", "20")
    expect(page.get_by_label("latency budget")).to_have_value("20 ms")

    page.get_by_label("Board", exact=True).select_option(label="NUCLEO-F446RE")
    expect(field).to_be_visible()
    expect(energy.locator(".unas-budget-note")).to_be_empty()
    type_budget(page, "energy", "2")
    expect(field).to_have_value("2 mJ")
    look(page, bench.locator(".unas-zones"), "budgets-with-energy")


@pytest.mark.slow
@pytest.mark.tf
def test_a_search_that_runs_is_given_another_budget_and_runs_on(page, lab):
    cell = "from unas_widgets import Workbench\n\nWorkbench(base='tighter', algorithm='random', trials=500)"
    bench = open_workbench(page, lab, notebook=write_notebook(lab, "tighter", cell))
    type_budget(page, "RAM", "24 KiB")
    press(page, "Start")
    wait_for_count(page, "trained", 6)
    wait_for_state(page, "running")
    folder = next((lab.folder / "tighter" / "runs").iterdir())
    before = Run.open(folder).networks()
    limit = sorted(o.costs.ram_bytes for o in before)[1] + 512
    type_budget(page, "RAM", f"{limit} B")
    note = bench.locator('[data-resource="RAM"] .unas-budget-note')
    expect(note).to_have_text("This search keeps 24 KiB.")
    page.wait_for_function(RECOLOURED, arg=limit / 1024)
    press(page, bench.locator(".unas-change-budget").inner_text())
    expect(note).to_be_empty()
    asked = max(o.trial_id for o in Run.open(folder).networks()) + 4  # of those that were in training by then
    expect(bench.locator('[data-price="RAM"]')).to_be_visible()
    wait_for_state(page, "running")
    wait_for_count(page, "trained", len(before) + 8)
    assert max(plotted(page)["front"]) <= limit / 1024
    press(page, "Stop")
    wait_for_state(page, "stopped")
    after = Run.open(folder)
    assert after.settings.budget.ram_bytes == limit
    assert after.networks()[: len(before)] == before
    assert all(o.costs.ram_bytes <= limit for o in after.networks() if o.trial_id > asked)


RECOLOURED = """(limit) => {
    const drawn = document.querySelector(".unas-plot .js-plotly-plot").calcdata;
    const of = (name) => drawn.find((points) => points[0].trace.name === name).filter((p) => Number.isFinite(p.x));
    return of("over budget").length > 0 && of("over budget").every((p) => p.x > limit)
        && of("front").length > 0 && of("front").every((p) => p.x <= limit);
}"""
