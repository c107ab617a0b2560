"""Design your own, and all quantities side by side, in a real JupyterLab."""

import pytest
from playwright.sync_api import expect

from search.runs.handmade import OwnNetworks
from tests.support.browser import (
    look,
    open_run,
    open_workbench,
    plotted,
    press,
    type_budget,
    unfold,
    wait_for_count,
    wait_for_state,
    write_notebook,
)

pytestmark = [pytest.mark.ui, pytest.mark.timeout(900)]


@pytest.mark.tf
@pytest.mark.slow
def test_a_network_is_built_by_hand_trained_and_stands_beside_the_others(page, lab, recorded):
    bench = open_run(page, lab, recorded)
    type_budget(page, "RAM", "5 KiB")
    unfold(bench, "Design your own")
    editor = bench.locator(".unas-editor")
    expect(editor.locator(".unas-layer-row")).to_have_count(2)
    expect(editor.locator(".unas-needs")).to_contain_text("fits")
    filters = editor.locator(".unas-layer-row").first.locator("input[type=number]")
    filters.fill("100")
    filters.press("Enter")
    expect(editor.locator(".unas-needs")).to_contain_text("over by")
    look(page, editor, "design")
    press(page, "Undo")
    expect(editor.locator(".unas-needs")).not_to_contain_text("over by")
    expect(filters).to_have_value("8")
    editor.locator('button[title="Remove it (layer 2)"]').click()
    expect(editor.locator(".unas-layer-row")).to_have_count(1)
    press(page, "Train it")
    expect(editor).to_contain_text("Own network 0: validation error")
    expect(bench.locator(".unas-legend").first).to_contain_text("1 made by hand")
    assert len(plotted(page, least=1, of=("made by hand",))["made by hand"]) == 1
    own = OwnNetworks.open(recorded / "own")
    assert len(own.networks()) == 1
    assert len(own.architecture(0).blocks) == 1


BRUSH = """() => {
    const axes = Array.from(document.querySelectorAll(".unas-parallel .parcoords .y-axis"));
    const axis = axes.find((a) => a.textContent.includes("RAM"));
    const box = axis.querySelector(".axis-brush .background").getBoundingClientRect();
    return [box.x + box.width / 2, box.y, box.height];
}"""


@pytest.mark.slow
def test_brushing_an_axis_filters_front_and_table(page, lab, recorded):
    bench = open_run(page, lab, recorded)
    rows = bench.locator(".unas-foot tr[data-trial]")
    everything = rows.count()
    unfold(bench, "All quantities")
    bench.locator(".unas-parallel .parcoords .y-axis").first.wait_for()
    bench.locator(".unas-parallel").scroll_into_view_if_needed()
    x, top, height = page.evaluate(BRUSH)
    page.mouse.move(x, top + 0.75 * height)
    page.mouse.down()
    page.mouse.move(x, top + 0.9 * height, steps=5)
    page.mouse.move(x, top + height - 3, steps=5)
    page.mouse.up()
    expect(bench).to_contain_text("networks are within what is brushed")
    page.wait_for_function("n => document.querySelectorAll('.unas-foot tr[data-trial]').length < n", arg=everything)
    look(page, bench.locator(".unas-parallel"), "brushed")
    press(page, "Release all")
    expect(rows).to_have_count(everything)


@pytest.mark.tf
@pytest.mark.slow
def test_a_network_that_was_built_before_any_search_stands_beside_what_the_search_finds(page, lab):
    cell = "from unas_widgets import Workbench\n\nWorkbench(base='first', trials=3, algorithm='random')"
    bench = open_workbench(page, lab, notebook=write_notebook(lab, "first", cell))
    type_budget(page, "RAM", "12 KiB")
    unfold(bench, "Design your own")
    editor = bench.locator(".unas-editor")
    expect(editor.locator(".unas-needs")).to_contain_text("fits")
    filters = editor.locator(".unas-layer-row").first.locator("input[type=number]")
    filters.fill("12")
    filters.press("Enter")
    expect(editor.locator(".unas-needs")).to_contain_text("+")
    look(page, editor, "design-first")
    press(page, "Train it")
    expect(editor).to_contain_text("Own network 0: validation error")
    expect(bench.locator(".unas-legend").first).to_contain_text("1 made by hand")
    expect(bench.locator(".unas-empty")).to_be_empty()
    press(page, "Start")
    wait_for_count(page, "trained", 3)
    wait_for_state(page, "finished")
    assert len(plotted(page, least=3)["made by hand"]) == 1
    expect(filters).to_have_value("12")
    (folder,) = (lab.folder / "first" / "runs").iterdir()
    assert len(OwnNetworks.open(folder / "own").networks()) == 1
