"""Budgets in a real JupyterLab: what binds, and a bound that is changed for the search itself."""

import pytest
from playwright.sync_api import expect

from search import Run
from tests.ui.browser import PATIENCE_MS, open_run, press, sideways, type_budget, wait_for_state

pytestmark = [pytest.mark.ui, pytest.mark.timeout(600)]
expect.set_options(timeout=PATIENCE_MS)


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
    assert sideways(page) == []
    press(page, "Search within RAM 6 KiB from now on")
    expect(note).to_be_empty()
    expect(change).to_be_hidden()
    after = Run.open(recorded)
    assert after.settings.budget.ram_bytes == 6144
    assert after.networks() == before.networks()
