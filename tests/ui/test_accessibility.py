"""What axe-core, the checker of the W3C's rules for accessible pages, says of the Workbench in a real JupyterLab.

Looked at is the Workbench's own part of the page, in every state that a reader meets. Faults of the impact "serious" or
"critical" are failures.
"""

import tempfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support.browser import (
    open_replay,
    open_run,
    open_workbench,
    press,
    set_theme,
    type_budget,
    unfold,
    wait_for_count,
)
from tests.support.evolved_run import WIDE, evolved_run
from unas_widgets.trial.trial_panel import TABS

pytestmark = [pytest.mark.ui, pytest.mark.slow, pytest.mark.timeout(900)]

BAD = ("serious", "critical")
THEMES = ("JupyterLab Light", "JupyterLab Dark")
FOREIGN: dict[str, str] = {}
"""Faults in the markup of ipywidgets or plotly that nothing here can mend: a selector by the name of axe's rule."""
UNSURE = {"th-has-data-cells": ".unas-boards"}
"""What axe cannot decide and is in order: a head of a group of rows (`scope="rowgroup"`) has its cells below it."""


def faults(page, where):
    """What axe finds wrong in the Workbench, in both themes: lines of theme, state, rule and element."""
    found = []
    for theme in THEMES:
        set_theme(page, theme)
        found += faults_now(page, f"{theme}, {where}")
    return found


def faults_now(page, where):
    """What axe finds wrong, and what it cannot decide."""
    found = Axe().run(page, context=".unas-workbench").response
    assert len(found["passes"]) > 15, "axe has looked at nothing"
    return [
        f"{where}: {rule['id']} ({rule['impact']}) at {node['target'][0]}: {node['html'][:160]}"
        for kind, allowed in (("violations", FOREIGN), ("incomplete", UNSURE))
        for rule in found[kind]
        for node in rule["nodes"]
        if rule["impact"] in BAD and not is_one_of(page, node["target"][0], allowed.get(rule["id"]))
    ]


def is_one_of(page, target, selector):
    return selector is not None and page.locator(target).evaluate("(e, selector) => e.matches(selector)", selector)


@pytest.fixture
def wide(lab):
    """A run with parents, and networks that not every board takes."""
    return evolved_run(Path(tempfile.mkdtemp(prefix="wide-", dir=lab.folder)), settings=WIDE).folder


def choose_first(bench):
    row = bench.locator(".unas-foot tr[data-trial]").first
    row.click()
    expect(bench.locator(".unas-trial-head")).to_have_attribute("data-shown", row.get_attribute("data-trial"))


def test_an_empty_workbench(page, lab):
    open_workbench(page, lab)
    found = faults(page, "empty")
    type_budget(page, "RAM", "12 parsecs")
    expect(page.get_by_label("RAM budget")).to_have_attribute("aria-invalid", "true")
    found += faults(page, "a budget that cannot be read")
    press(page, "Own…")
    press(page, "Use this board")
    expect(page.locator(".unas-board-form .unas-bad")).to_be_visible()
    found += faults(page, "a board that cannot be made")
    press(page, "Cancel")
    type_budget(page, "RAM", "600 B")
    press(page, "Start")
    expect(page.locator(".unas-sentence")).to_contain_text("the smallest needs")
    found += faults(page, "a start that was refused")
    assert not found, "\n".join(found)


def test_a_run_with_all_its_tabs_and_folds(page, lab, wide):
    bench = open_run(page, lab, wide)
    found = faults(page, "nothing selected")
    choose_first(bench)
    for key, title in TABS.items():
        page.get_by_role("tab", name=title, exact=True).click()
        expect(bench.locator(f".unas-tab-{key} h3").first).to_be_visible()
        if key == "boards":
            bench.locator(".unas-groups summary").first.click()
        found += faults(page, title)
    type_budget(page, "RAM", "20 KiB")
    expect(bench.locator(".unas-change-budget")).to_be_visible()
    found += faults(page, "another budget")
    unfold(bench, "All quantities")
    expect(bench.locator(".unas-parallel .parcoords").first).to_be_visible()
    unfold(bench, "Other runs")
    unfold(bench, "Design your own")
    expect(bench.locator(".unas-editor .unas-needs")).to_be_visible()
    unfold(bench, "Code")
    expect(bench.locator(".unas-code")).to_be_visible()
    found += faults(page, "everything unfolded")
    assert not found, "\n".join(found)


def test_a_replay_with_its_log_and_networks_that_were_trained_again(page, lab):
    bench = open_replay(page, lab)
    found = faults(page, "replay at its beginning")
    page.get_by_label("Moment of the run").press("End")
    wait_for_count(page, "trained", 60)
    choose_first(bench)
    unfold(bench, "Log")
    expect(bench.locator(".unas-entries")).to_be_visible()
    found += faults(page, "replay at its end")
    assert not found, "\n".join(found)
