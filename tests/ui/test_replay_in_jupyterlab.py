"""A recorded run in a real JupyterLab: played, scrubbed, reported; and the last word on a search, and its end."""

import psutil
import pytest
from playwright.sync_api import expect

from search import Run
from tests.support.browser import (
    look,
    open_replay,
    open_run,
    plotted,
    press,
    set_theme,
    sideways,
    wait_for_count,
    wait_for_state,
    wait_until_plot_fills_its_box,
)
from tests.support.running import workers_of

pytestmark = [pytest.mark.ui, pytest.mark.timeout(900)]


def test_a_recorded_run_is_played_and_scrubbed_without_a_worker(page, lab):
    before = {worker.pid for worker in workers_of(psutil.Process())}  # of other tests, which end when they are idle
    bench = open_replay(page, lab)
    wait_for_state(page, "replay")
    assert plotted(page)["front"] == []
    slider = page.get_by_label("Moment of the run")
    expect(slider).to_have_attribute("aria-valuetext", "0:00 of 3:32, event 0 of 246")
    expect(bench.get_by_role("button", name="Start", exact=True)).to_be_disabled()

    bench.locator(".unas-replay select").select_option("10 ×")
    play = bench.locator(".unas-play")
    play.click()
    wait_for_count(page, "trained", 10)
    expect(play).to_have_text("Pause")
    play.click()
    expect(play).to_have_text("Play")
    stands = slider.input_value()
    assert 0 < int(stands) < 246
    play.click()
    wait_for_count(page, "trained", 60)
    expect(play).to_have_text("Play")  # it ended by itself
    expect(slider).to_have_value("246")
    assert len(plotted(page, least=6, of=("trained again",))["trained again"]) == 6
    expect(bench.locator(".unas-table")).to_contain_text("test error")
    assert {worker.pid for worker in workers_of(psutil.Process())} <= before

    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "0:00 of 3:32, event 0 of 246")
    expect(bench.locator('[data-count="trained"]')).to_have_text("0 of 60 trained")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("2")
    expect(slider).to_be_focused()
    press(page, "End replay")
    wait_for_state(page, "ready")
    expect(slider).to_be_hidden()


@pytest.mark.slow
def test_arrow_keys_walk_along_the_front_and_enter_goes_to_the_trial(page, lab, recorded):
    bench = open_run(page, lab, recorded)
    plot, head = bench.locator(".unas-plot"), bench.locator(".unas-trial-head")
    front = [int(row.get_attribute("data-trial")) for row in bench.locator("tr[data-trial]").all()]
    plot.focus()
    page.keyboard.press("ArrowRight")
    expect(head).to_have_attribute("data-shown", str(front[0]))
    expect(bench.locator(".unas-live")).to_contain_text(f"trial {front[0]}: error")
    expect(plot).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(head).to_have_attribute("data-shown", str(front[1]))
    page.keyboard.press("Home")
    expect(head).to_have_attribute("data-shown", str(front[0]))
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Network", exact=True)).to_be_focused()


@pytest.mark.slow
def test_log_code_and_report_are_opened_by_keyboard_and_fit(page, lab):
    bench = open_replay(page, lab)
    page.get_by_label("Moment of the run").press("End")
    wait_for_count(page, "trained", 60)
    log = bench.locator("summary", has_text="Log")
    expect(bench.locator(".unas-entries")).to_be_hidden()
    log.focus()
    page.keyboard.press("Enter")
    expect(bench.locator(".unas-entries li").first).to_contain_text("Finalised: 18 trainings")
    code = bench.locator("summary", has_text="Code")
    code.focus()
    page.keyboard.press(" ")
    expect(bench.locator(".unas-code")).to_contain_text('Replay.open(recorded_run("digits"))')
    expect(bench.get_by_role("button", name="Copy", exact=True)).to_be_visible()
    press(page, "Save report")
    expect(bench.locator(".unas-actions")).to_contain_text("Report written to report-digits.html")
    for width, theme in ((1280, "JupyterLab Light"), (640, "JupyterLab Dark")):
        page.set_viewport_size({"width": width, "height": 800})
        set_theme(page, theme)
        wait_until_plot_fills_its_box(page)
        assert sideways(page) == []

    look(page, bench.locator(".unas-foot"), "log-and-code")
    page.goto(f"file://{lab.folder / 'report-digits.html'}")
    expect(page.locator("h1")).to_contain_text("Networks for digits")
    assert page.locator("svg circle, svg path").count() > 60
    assert page.locator("script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.slow
@pytest.mark.tf
def test_finalise_shows_its_progress_and_stop_keeps_what_there_is(page, lab, recorded):
    bench = open_run(page, lab, recorded)
    press(page, "Finalise")
    wait_for_state(page, "finalising")
    expect(bench.locator(".unas-sentence")).to_contain_text("1 of 9 trainings done")
    expect(bench.get_by_role("button", name="Resume", exact=True)).to_be_disabled()
    expect(bench.locator('[data-standing="again"]')).to_contain_text("1 trained again")
    press(page, "Stop")
    wait_for_state(page, "ready")
    expect(bench.locator(".unas-sentence")).to_contain_text("Finalising was stopped")
    kept = Run.open(recorded).finals()
    assert len(kept) == 1
    expect(bench.locator(".unas-table")).to_contain_text("test error")
    look(page, bench.locator(".unas-table"), "finalised")
    expect(bench.get_by_role("button", name="Finalise", exact=True)).to_be_enabled()
