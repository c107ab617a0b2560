"""A cell that waits for the search does not take the Workbench's buttons away."""

import pytest
from playwright.sync_api import expect

from search import Run
from tests.support.browser import (
    open_workbench,
    press,
    type_budget,
    wait_for_count,
    wait_for_state,
    write_notebook,
)

pytestmark = [pytest.mark.ui, pytest.mark.slow, pytest.mark.tf, pytest.mark.timeout(900)]

CELLS = ("from unas_widgets import Workbench\n\nbench = Workbench(base='waiting')\nbench", "bench.run.wait()")


def test_a_search_is_paused_resumed_and_stopped_while_a_cell_waits_for_it(page, lab):
    bench = open_workbench(page, lab, notebook=write_notebook(lab, "waiting", *CELLS))
    type_budget(page, "RAM", "12 KiB")
    field = page.get_by_label("Trials")
    field.fill("500")
    field.press("Enter")
    press(page, "Start")
    wait_for_count(page, "trained", 1)
    page.locator(".jp-CodeCell .jp-Editor").nth(1).click()
    page.keyboard.press("Control+Enter")
    prompt = page.locator(".jp-CodeCell .jp-InputPrompt").nth(1)
    expect(prompt).to_have_text("[*]:")

    press(page, "Pause")
    wait_for_state(page, "paused")
    press(page, "Resume")
    wait_for_state(page, "running")
    row = bench.locator("tr[data-trial]").first
    row.click()
    expect(bench.locator(".unas-trial-head")).to_have_attribute("data-shown", row.get_attribute("data-trial"))
    type_budget(page, "RAM", "11 KiB")
    expect(page.get_by_label("RAM budget")).to_have_value("11 KiB")
    expect(prompt).to_have_text("[*]:")
    press(page, "Stop")
    wait_for_state(page, "stopped")
    expect(prompt).to_have_text("[2]:")
    assert len(Run.open(next((lab.folder / "waiting" / "runs").iterdir())).networks()) >= 1
