"""A whole search by keyboard alone: no mouse, and nothing that a script focuses."""

import re

import pytest
from playwright.sync_api import expect

from search import Run
from tests.support.browser import open_notebook, wait_for_count, wait_for_state, write_notebook

pytestmark = [pytest.mark.ui, pytest.mark.slow, pytest.mark.tf, pytest.mark.timeout(900)]

FAR = 60  # presses of Tab after which it counts as not reachable
FOCUSED = """() => {
    const e = document.activeElement;
    const label = e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent ?? "";
    return `${e.closest(".unas-workbench") ? "" : "outside: "}${label.trim().slice(0, 40)}`;
}"""


def walk_to(page, name, key="Tab"):
    """Presses Tab until what is called `name` has the focus; returns the names on the way."""
    passed = []
    for _ in range(FAR):
        page.keyboard.press(key)
        passed.append(page.evaluate(FOCUSED))
        if re.fullmatch(name, passed[-1]):
            print(" > ".join(passed))
            return passed
    raise AssertionError(f"{name} is not reached by {key}, only {passed}")


def type_over(page, text):
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_a_search_from_the_budget_to_the_exported_file(page, lab):
    notebook = write_notebook(lab, "keys", "from unas_widgets import Workbench\n\nWorkbench(base='keys')")
    open_notebook(page, lab.notebook(notebook, simple=True))
    bench = page.locator(".unas-workbench")
    page.keyboard.press("Control+Enter")
    bench.locator(".js-plotly-plot .main-svg").first.wait_for()

    walk_to(page, "Trials")
    type_over(page, "4")
    walk_to(page, "RAM budget")
    type_over(page, "12 KiB")
    page.keyboard.press("Enter")
    expect(page.get_by_label("RAM budget")).to_have_value("12 KiB")
    walk_to(page, "Start")
    page.keyboard.press("Enter")
    wait_for_state(page, "starting", "running")
    walk_to(page, "Pause")
    page.keyboard.press("Space")
    wait_for_state(page, "paused")
    walk_to(page, "Resume")
    page.keyboard.press("Space")
    wait_for_count(page, "trained", 4)
    wait_for_state(page, "finished")

    walk_to(page, "The front: .*")
    head = bench.locator(".unas-trial-head")
    front = [row.get_attribute("data-trial") for row in bench.locator(".unas-foot tr[data-trial]").all()]
    for key, trial in (("Home", front[0]), ("ArrowRight", front[:2][-1]), ("End", front[-1])):
        page.keyboard.press(key)
        expect(head).to_have_attribute("data-shown", trial)
        expect(bench.locator(".unas-live")).to_contain_text(f"trial {trial}: error")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Network", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Memory", exact=True)).to_be_focused()
    expect(bench.locator(".unas-arena")).to_be_visible()
    walk_to(page, "Export int8 .tflite", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(bench.locator(".unas-export")).to_contain_text("int8 validation accuracy")

    walk_to(page, "Copy as code")
    page.keyboard.press("Space")
    expect(bench.locator(".unas-code")).to_be_visible()
    walk_to(page, r"Log.*")
    walk_to(page, "outside: .*")  # and out again
    run = Run.open(next((lab.folder / "keys" / "runs").iterdir()))
    assert run.settings.budget.ram_bytes == 12 * 1024
    assert page.locator(".jp-CodeCell").count() == 1  # no key was taken for a command of JupyterLab's
