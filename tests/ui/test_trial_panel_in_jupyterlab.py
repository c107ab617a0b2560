"""The tabs of one trial in a real JupyterLab, by keyboard and by mouse."""

import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browser import look, open_run
from tests.support.evolved_run import evolved_run
from unas_widgets.trial.trial_panel import TABS

pytestmark = [pytest.mark.ui, pytest.mark.timeout(600)]


@pytest.fixture
def evolved(lab):
    """A run with parents in the notebooks' folder."""
    return evolved_run(Path(tempfile.mkdtemp(prefix="evolved-", dir=lab.folder))).folder


def select_first(bench):
    """Selects the first trial of the table of the front; returns its number."""
    row = bench.locator(".unas-foot tr[data-trial]").first
    row.click()
    trial = row.get_attribute("data-trial")
    expect(bench.locator(".unas-trial-head")).to_have_attribute("data-shown", trial)
    return int(trial)


def milliseconds_to_network(page, bench):
    """Clicks the last row of the front's table; returns how long it takes until its network is drawn."""
    script = """() => new Promise((resolve) => {
        const rows = document.querySelectorAll(".unas-foot tr[data-trial]");
        const row = rows[rows.length - 1];
        const start = performance.now();
        const look = () => {
            const shown = document.querySelector(".unas-trial-head")?.dataset.shown === row.dataset.trial;
            if (shown && document.querySelector(".unas-tab-network tr[data-layer]")) resolve(performance.now() - start);
            else requestAnimationFrame(look);
        };
        row.click();
        requestAnimationFrame(look);
    })"""
    return float(page.evaluate(script))


def tab(page, title):
    return page.get_by_role("tab", name=title, exact=True)


@pytest.mark.slow
def test_tabs_are_walked_by_keyboard_and_show_one_part_at_a_time(page, lab, evolved):
    bench = open_run(page, lab, evolved)
    select_first(bench)
    print(f"trial selected: its network after {milliseconds_to_network(page, bench):.0f} ms")
    expect(tab(page, "Network")).to_have_attribute("aria-selected", "true")
    tab(page, "Network").focus()
    shown = {
        "Memory": ".unas-arena",
        "Latency": ".unas-most",
        "Learning": ".unas-learning",
        "Boards": ".unas-matrix",
        "Lineage": ".unas-lineage",
    }
    for title, part in shown.items():
        page.keyboard.press("ArrowRight")
        expect(tab(page, title)).to_be_focused()
        expect(tab(page, title)).to_have_attribute("aria-selected", "true")
        box = page.get_by_role("tabpanel", name=title)
        expect(box.locator(part)).to_be_visible()
        expect(bench.locator(".unas-tab:visible")).to_have_count(1)
        if title == "Memory":
            expect(box.locator(".unas-morphs li").first).to_contain_text("RAM −")
    page.keyboard.press("ArrowRight")
    expect(tab(page, "Network")).to_be_focused()
    page.keyboard.press("End")
    expect(tab(page, "Lineage")).to_be_focused()
    page.keyboard.press("Home")
    expect(bench.locator(".unas-tab-network")).to_be_visible()


@pytest.mark.slow
def test_pointing_at_a_layer_shows_it_everywhere(page, lab, evolved):
    bench = open_run(page, lab, evolved)
    select_first(bench)
    network, memory = bench.locator(".unas-tab-network"), bench.locator(".unas-tab-memory")
    layer = network.locator("tr[data-layer]").first
    name = layer.get_attribute("data-layer")
    step = network.locator(f'.unas-step[data-layer="{name}"]').first
    layer.hover()
    expect(step).to_have_class("unas-step unas-lit")
    other = network.locator(f'.unas-step:not([data-layer="{name}"])').first
    other.hover()
    expect(step).to_have_class("unas-step")
    expect(network.locator(f'tr[data-layer="{other.get_attribute("data-layer")}"]')).to_have_class("unas-lit")
    layer.focus()
    page.keyboard.press("ArrowDown")
    second = network.locator("tr[data-layer]").nth(1)
    expect(second).to_be_focused()
    expect(second).to_have_class("unas-lit")

    tab(page, "Memory").click()
    memory.locator(f'.unas-step[data-layer="{name}"]').first.hover()
    alive = memory.locator(f'.unas-arena g[data-alive*="|{name}|"]')
    lit = memory.locator(".unas-arena g.unas-lit")
    expect(lit).to_have_count(alive.count())
    assert alive.count() >= 2
    page.mouse.move(1, 1)
    expect(lit).to_have_count(0)


@pytest.mark.slow
def test_the_smallest_board_follows_what_is_typed(page, lab, evolved):
    bench = open_run(page, lab, evolved)
    select_first(bench)
    tab(page, "Boards").click()
    box = page.get_by_role("tabpanel", name="Boards")
    expect(box.locator(".unas-boards")).to_contain_text("this run’s board")
    answer, field = box.locator(".unas-answer"), box.get_by_label("At least")
    expect(answer).to_contain_text("Seeeduino XIAO")
    field.fill("100 %")
    field.press("Enter")
    expect(answer).to_contain_text("No trained network reaches 100 %")
    field.fill("often")
    field.press("Enter")
    expect(answer).to_contain_text("'often' is not an accuracy")
    row = box.locator(".unas-matrix tr[data-trial]").last
    row.click()
    expect(bench.locator(".unas-trial-head")).to_have_attribute("data-shown", row.get_attribute("data-trial"))
    expect(box.locator(".unas-boards")).to_be_visible()


@pytest.mark.slow
def test_an_ancestor_is_one_click_away(page, lab, evolved):
    bench = open_run(page, lab, evolved)
    select_first(bench)
    tab(page, "Lineage").click()
    rows = page.get_by_role("tabpanel", name="Lineage").locator("tr[data-trial]")
    expect(rows.last).to_contain_text("first of its line")
    rows.last.click()
    expect(bench.locator(".unas-trial-head")).to_have_attribute("data-shown", "0")
    expect(rows).to_have_count(1)
    child = bench.locator(".unas-link").first
    expect(child).to_be_visible()
    number = child.get_attribute("data-trial")
    child.click()
    expect(bench.locator(".unas-trial-head")).to_have_attribute("data-shown", number)
    expect(rows).to_have_count(2)


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 900])
def test_no_tab_is_scrolled_sideways_and_words_are_readable(page, lab, evolved, width):
    page.set_viewport_size({"width": width, "height": 800})
    bench = open_run(page, lab, evolved)
    select_first(bench)
    for key, title in TABS.items():
        tab(page, title).click()
        box = bench.locator(f".unas-tab-{key}")
        expect(box.locator("h3").first).to_be_visible()
        look(page, box, f"trial-{key}-{width}")
