"""Error bars on the front, and other runs in the same picture, in a real JupyterLab."""

import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browser import (
    look,
    open_replay,
    open_workbench,
    plotted,
    press,
    type_budget,
    unfold,
    wait_for_count,
    write_notebook,
)
from tests.support.recorded_run import recorded_run

pytestmark = [pytest.mark.ui, pytest.mark.slow, pytest.mark.timeout(900)]

LENGTHS = """() => {
    const drawn = document.querySelector(".unas-plot .js-plotly-plot").calcdata
        .find((points) => points[0].trace.name === "front")[0].trace;
    const of = (bars) => (bars?.visible ? Array.from(bars.array, (up, i) => up + bars.arrayminus[i]) : []);
    return { x: of(drawn.error_x), y: of(drawn.error_y) };
}"""
"""How long the bars of the front are that plotly has drawn, on each axis."""


def test_bands_of_the_front_are_drawn_explained_and_taken_away(page, lab):
    bench = open_replay(page, lab)
    page.get_by_label("Moment of the run").press("End")
    wait_for_count(page, "trained", 60)
    front = len(plotted(page, least=60)["front"])
    bars = bench.locator(".unas-plot .errorbar path")
    spreads = bars.count()  # of those that were trained again
    tick = bench.get_by_label("bands")
    line = bench.locator(".unas-front-head h3").first.bounding_box()
    box = tick.bounding_box()
    assert line["y"] - line["height"] < box["y"] < line["y"] + line["height"]  # in one line at 1,280 pixels
    tick.check()
    expect(bench).to_contain_text("Bands of the front: RAM within the range of its estimate")
    page.wait_for_function(f"() => ({LENGTHS})().x.length === {front}")
    assert all(length > 0 for length in page.evaluate(LENGTHS)["x"])
    assert bars.count() > spreads

    across = bench.locator(".unas-zones .unas-picker select").first
    across.select_option("MACs")
    expect(bench).to_contain_text("MACs are counted, exact")
    page.wait_for_function(f"() => Math.max(0, ...({LENGTHS})().x) === 0")
    across.select_option("latency")
    expect(bench).to_contain_text("latency within the range of its estimate")
    page.wait_for_function(f"() => Math.min(...({LENGTHS})().x) > 0")
    look(page, bench.locator(".unas-plot"), "bands")

    tick.uncheck()
    expect(bench).not_to_contain_text("Bands of the front")
    page.wait_for_function(f"() => ({LENGTHS})().x.length === 0")


def test_bands_before_the_first_network_say_that_there_is_none(page, lab):
    bench = open_replay(page, lab)
    bench.get_by_label("bands").check()
    expect(bench).to_contain_text("Bands: of the points on the front, of which there is none yet.")
    look(page, bench.locator(".unas-plot"), "bands-empty")


@pytest.fixture
def two_runs(lab):
    """A folder with two runs of the same budget."""
    base = Path(tempfile.mkdtemp(prefix="two-", dir=lab.folder))
    recorded_run(base / "runs" / "first", trained=20, seed=1)
    recorded_run(base / "runs" / "second", trained=30, seed=2)
    return base


def open_comparison(page, lab, base, run):
    """The Workbench on one of the runs in `base`, with its comparison unfolded."""
    source = f"Workbench({f'{base.name}/runs/{run}'!r}, base={base.name!r})"
    bench = open_workbench(
        page, lab, notebook=write_notebook(lab, base.name, f"from unas_widgets import *\n\n{source}")
    )
    unfold(bench, "Other runs")
    fold = bench.locator(".unas-fold", has=page.locator("summary", has_text="Other runs"))
    expect(fold.locator("select")).to_be_visible()
    return bench, fold


def test_another_run_is_drawn_over_this_one_compared_and_removed(page, lab, two_runs):
    bench, fold = open_comparison(page, lab, two_runs, "first")
    expect(fold).to_contain_text("Choose a run, then press Add")
    expect(fold.locator("option")).to_have_text(["second", "recorded: digits"])
    look(page, fold, "compare-empty")
    fold.locator("select").select_option("second")
    press(page, "Add")
    rows = fold.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("this run (first)")
    expect(rows.last).to_contain_text("second")
    expect(bench.locator('[data-standing="other"]')).to_contain_text("second:")
    page.wait_for_function(OVERLAID, arg=1)
    drawn = plotted(page)
    assert drawn["front"] != drawn["other 0"]

    press(page, "Add")  # the recorded one is left
    expect(rows).to_have_count(3)
    page.wait_for_function(OVERLAID, arg=2)
    look(page, fold, "compare-table")
    bench.locator(".unas-plot").scroll_into_view_if_needed()
    look(page, bench.locator(".unas-zones"), "compare-front")

    before = rows.first.text_content()
    type_budget(page, "RAM", "5 KiB")
    expect(rows.first).not_to_have_text(before)
    page.wait_for_function(WITHIN, arg=5)
    press(page, "Remove second")
    expect(rows).to_have_count(2)
    page.wait_for_function(OVERLAID, arg=1)
    press(page, "Remove digits")
    expect(fold).to_contain_text("Choose a run, then press Add")
    page.wait_for_function(OVERLAID, arg=0)
    expect(bench.locator('[data-standing="other"]')).to_have_count(0)

    fold.locator("select").select_option("second")
    press(page, "Open")
    wait_for_count(page, "trained", 30)
    assert len(plotted(page, least=30)["over budget"]) == 0
    expect(fold.locator("option")).to_have_text(["first", "recorded: digits"])
    expect(bench.get_by_role("button", name="Resume", exact=True)).to_be_enabled()


def test_a_run_that_cannot_be_read_is_said_and_nothing_is_drawn(page, lab, two_runs):
    bench, fold = open_comparison(page, lab, two_runs, "first")
    journal = two_runs / "runs" / "second" / "journal.jsonl"
    journal.write_text(journal.read_text(encoding="utf-8").replace("header", "nothing", 1), encoding="utf-8")
    fold.locator("select").select_option("second")
    press(page, "Add")
    expect(fold.locator(".unas-bad")).to_be_visible()
    look(page, fold, "compare-damaged")
    expect(fold.locator("tbody tr")).to_have_count(0)
    expect(bench.locator('[data-standing="other"]')).to_have_count(0)


WITHIN = """(limit) => document.querySelector(".unas-plot .js-plotly-plot").calcdata
    .filter((points) => points[0].trace.name === "front" || points[0].trace.name.startsWith("other"))
    .every((points) => points.every((p) => !(p.x > limit)))"""
"""Whether all fronts that plotly has drawn are within a bound."""

OVERLAID = """(wanted) => document.querySelector(".unas-plot .js-plotly-plot").calcdata
    .filter((points) => points[0].trace.name.startsWith("other") && Number.isFinite(points[0].x)).length === wanted"""
"""Whether plotly has drawn as many other runs."""
