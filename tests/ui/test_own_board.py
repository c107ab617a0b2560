"""A board of one's own, from a form to a search for it, in a real JupyterLab."""

import pytest
from playwright.sync_api import expect

from resource_models import board
from search import Run
from tests.support.browser import look, open_workbench, press, wait_for_count, wait_for_state, write_notebook

pytestmark = [pytest.mark.ui, pytest.mark.slow, pytest.mark.tf, pytest.mark.timeout(600)]

FIELDS = {"Name": "My board", "Core": "cortex-m4f", "Clock": "80 MHz", "RAM": "20 KiB", "Flash": "256k"}


def type_into(form, word, text):
    field = form.get_by_label(word, exact=True)
    field.fill(text)
    field.press("Tab")


def test_a_board_is_typed_chosen_searched_for_and_among_those_that_are_looked_at(page, lab):
    cell = "from unas_widgets import Workbench\n\nWorkbench(base='own', trials=3, algorithm='random')"
    bench = open_workbench(page, lab, notebook=write_notebook(lab, "own", cell))
    form = bench.locator(".unas-board-form")
    expect(form).to_be_hidden()
    press(page, "Own…")
    press(page, "Use this board")
    expect(form).to_contain_text("Name is empty")
    for word, text in FIELDS.items():
        type_into(form, word, text)
    type_into(form, "RAM", "12 parsecs")
    press(page, "Use this board")
    expect(form).to_contain_text("RAM: '12 parsecs' is not a number of bytes")
    look(page, form, "own-board")
    page.set_viewport_size({"width": 640, "height": 800})
    look(page, form, "own-board-narrow")
    page.set_viewport_size({"width": 1280, "height": 800})
    type_into(form, "RAM", "512 B")
    type_into(form, "Clock", "240 Hz")
    press(page, "Use this board")
    expect(form).to_contain_text("512 B of RAM and a clock of 240 Hz: is that meant?")
    expect(form.get_by_role("button", name="Yes, use it")).to_be_visible()
    look(page, form, "own-board-asks")
    type_into(form, "RAM", "20")
    expect(form.get_by_label("RAM", exact=True)).to_have_value("20 KiB")
    type_into(form, "Clock", "80")
    expect(form.get_by_label("Clock", exact=True)).to_have_value("80 MHz")
    press(page, "Use this board")
    expect(form).to_be_hidden()
    expect(page.get_by_label("Board", exact=True).locator("option:checked")).to_have_text("My board")
    expect(page.get_by_label("RAM budget")).to_have_value("12 KiB")
    file = lab.folder / "own" / "boards" / "my-board.json"
    assert board(file).core == "Cortex-M4F"

    press(page, "Own…")
    expect(form.get_by_label("Name", exact=True)).to_have_value("My board")
    press(page, "Cancel")
    expect(form).to_be_hidden()
    press(page, "Start")
    wait_for_count(page, "trained", 3)
    wait_for_state(page, "finished")
    run = Run.open(next((lab.folder / "own" / "runs").iterdir()))
    assert run.board == board(file)
    assert all(o.costs.latency_s is not None for o in run.networks())
    bench.locator(".unas-foot tr[data-trial]").first.click()
    bench.get_by_role("tab", name="Boards").click()
    mine = bench.locator('.unas-boards [data-board="my-board"]')
    expect(mine).to_contain_text("this run’s board")
