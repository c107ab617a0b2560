"""News of the end of a search: a notification of the browser and two tones, as far as they are wanted."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import look, open_workbench, press, wait_for_state, write_notebook

pytestmark = [pytest.mark.ui, pytest.mark.slow, pytest.mark.timeout(900)]

SEEN = """(answer) => {
    window.seen = { notes: [], asked: 0, tones: 0 };
    window.Notification = class extends EventTarget {
        static permission = "default";
        static async requestPermission() {
            window.seen.asked += 1;
            return (this.permission = answer);
        }
        constructor(title, options) {
            super();
            window.seen.notes.push({ title, ...options });
        }
    };
    const own = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () {
        window.seen.tones += 1;
        return own.call(this);
    };
}"""
"""Stands in for the notifications of the browser, as one without a screen has none, and counts tones."""


def open_empty(page, lab, name, answer):
    """An empty Workbench, in a browser whose user answers the question for permission with `answer`."""
    page.add_init_script(f"({SEEN})({answer!r})")
    cell = f"from unas_widgets import Workbench\n\nWorkbench(base={name!r}, trials=3)"
    return open_workbench(page, lab, notebook=write_notebook(lab, name, cell))


@pytest.mark.tf
def test_the_end_of_a_search_is_shown_and_sounded_once(page, lab):
    bench = open_empty(page, lab, "told", "granted")
    shown, heard = bench.get_by_label("Tell me when it ends"), bench.get_by_label("with a sound")
    expect(shown).not_to_be_checked()
    expect(heard).not_to_be_checked()
    shown.check()
    page.wait_for_function("() => window.seen.asked === 1")
    heard.check()
    page.wait_for_function("() => window.seen.tones === 2")  # that is how it will sound
    look(page, bench.locator(".unas-notify"), "notify")
    assert page.evaluate("window.seen.notes") == []
    press(page, "Start")
    wait_for_state(page, "finished")
    page.wait_for_function("() => window.seen.notes.length > 0 && window.seen.tones > 2")
    (note,) = page.evaluate("window.seen.notes")
    assert note["title"] == "The search has finished"
    assert note["body"].startswith("trial ")
    assert page.evaluate("window.seen") == {"notes": [note], "asked": 1, "tones": 4}
    expect(shown).to_be_checked()


def test_a_browser_that_refuses_is_explained_and_the_box_stays_empty(page, lab):
    bench = open_empty(page, lab, "refused", "denied")
    shown = bench.get_by_label("Tell me when it ends")
    shown.click()
    expect(bench.locator(".unas-notify")).to_contain_text("The browser blocks notifications from this page")
    expect(shown).not_to_be_checked()
    look(page, bench.locator(".unas-notify"), "notify-blocked")


@pytest.mark.tf
def test_nothing_is_told_unless_it_is_wanted(page, lab):
    open_empty(page, lab, "untold", "granted")
    press(page, "Start")
    wait_for_state(page, "finished")
    assert page.evaluate("window.seen") == {"notes": [], "asked": 0, "tones": 0}
