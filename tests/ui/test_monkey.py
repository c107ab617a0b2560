"""Somebody without a plan presses everything that can be pressed, for minutes, while real searches run.

`UNAS_MONKEY_SECONDS` sets for how long, `UNAS_MONKEY_SEED` in which order.
"""

import itertools
import os
import random
import re
import time
from collections import Counter

import psutil
import pytest
from playwright.sync_api import Error

from tests.support.browser import (
    open_workbench,
    press,
    type_budget,
    wait_for_count,
    wait_for_state,
    write_notebook,
)
from tests.support.kernel import Kernel
from tests.support.running import alive, wait_for

SECONDS = float(os.environ.get("UNAS_MONKEY_SECONDS", "300"))
SEED = int(os.environ.get("UNAS_MONKEY_SEED", "0"))
pytestmark = [pytest.mark.ui, pytest.mark.slow, pytest.mark.tf, pytest.mark.timeout(SECONDS + 1200)]

REACH_MS = 2_000  # what cannot be pressed within this, because it moves or is gone, is left alone
OVER = ("ready", "stopped", "finished", "failed", "finalised")
HEAVY = ("tensorflow", "keras", "torch", "jax", "dragonfly", "optuna")
TEXTS = ("8 KiB", "64k", "none", "600 B", "12 parsecs", "20 ms", "95 %", "1", "", "16, 8")
NUMBERS = ("0", "1", "2", "3", "12", "-5", "99999999999", "")
KEYS = ("ArrowRight", "ArrowLeft", "Home", "End", "PageUp", "PageDown")

CHOICES = """() => {
    const kinds = {
        button: "button:not([role=tab]):not(.unas-copy)", tab: "[role=tab]", select: "select", fold: "summary",
        check: "input[type=checkbox]", number: "input[type=number]", text: "input[type=text]",
        slider: "input[type=range]", row: "[data-trial]", plot: ".unas-plot .nsewdrag",
    };
    const bench = document.querySelector(".unas-workbench");
    const usable = (e) => !e.disabled && e.getClientRects().length > 0;
    window.unasChoices = Object.fromEntries(Object.entries(kinds)
        .map(([kind, selector]) => [kind, Array.from(bench.querySelectorAll(selector)).filter(usable)])
        .filter(([, found]) => found.length));
    return Object.fromEntries(Object.entries(window.unasChoices).map(([kind, found]) => [kind, found.length]));
}"""


OPTIONS = """(select) => Array.from(select.options, (option) => option.label)
    .filter((word) => !select.closest(".unas-dataset") || /digits \\(8|Synthetic/.test(word))"""
"""What a list offers; of the data sets those that need not be fetched first."""


def act(page, rng, tally):
    """One thing that a hand can do, chosen at random: first of what kind, then where."""
    found = page.evaluate(CHOICES)
    kind = rng.choice(sorted([*found, "button", "button"]))
    place = rng.randrange(found[kind])
    part = page.evaluate_handle("([kind, place]) => window.unasChoices[kind][place]", [kind, place]).as_element()
    try:
        word = _do(page, part, kind, rng)
    except Error:  # it went away, or something else lies over it now
        word = f"{kind} (gone)"
    tally[word] += 1


def _do(page, part, kind, rng):
    if kind == "select":
        words = part.evaluate(OPTIONS)
        part.select_option(label=rng.choice(words), timeout=REACH_MS)
    elif kind in ("number", "text"):
        crew = part.evaluate("e => Boolean(e.closest('.unas-workers'))")  # 256 workers would need 200 GB
        part.fill(rng.choice(("1", "2") if crew else NUMBERS if kind == "number" else TEXTS), timeout=REACH_MS)
        part.press(rng.choice(("Enter", "Tab", "Escape")), timeout=REACH_MS)
    elif kind == "slider":
        part.press(rng.choice(KEYS), timeout=REACH_MS)
    elif kind == "plot":
        box = part.bounding_box()
        if box is None:  # the plot was drawn anew
            return f"{kind} (gone)"
        x, y = (box["x"] + rng.random() * box["width"], box["y"] + rng.random() * box["height"])
        page.mouse.click(x, y)
        page.keyboard.press(rng.choice((*KEYS, "Enter")))
    else:
        part.click(timeout=REACH_MS)
        name = part.evaluate("e => e.innerText || e.dataset.title || e.ariaLabel || e.className")
        return f"{kind} {name}" if kind == "button" else kind
    return kind


def calm(page, kernel):
    """Out of whatever state it is in: a replay is ended, workers are stopped, and nothing pressed is still to come.

    A kernel acts upon clicks in their order, on a busy machine seconds after them. What is typed now it reads last.
    """
    for turn in itertools.count(1):
        for name in ("End replay", "Stop"):
            button = page.locator(".unas-workbench").get_by_role("button", name=name, exact=True)
            if button.is_visible() and button.is_enabled():
                button.click()
        wait_for_state(page, *OVER)
        mark = 1_000_000 + turn
        try:
            field = page.get_by_label("Seed", exact=True)
            field.fill(str(mark), timeout=REACH_MS)
            field.press("Enter", timeout=REACH_MS)
        except Error:  # something that was pressed before has begun a search, which locks the field
            continue
        wait_for(lambda mark=mark: kernel.ask("bench.seed") == mark, "what was pressed before the seed was typed")
        if kernel.ask("str(bench.state)") in OVER:
            return


def search_again(page):
    """Sets what surely works, and searches until two networks are trained."""
    for name, choice in (("Board", "no board"), ("Data set", "Digits"), ("Algorithm", "Random search")):
        field = page.get_by_label(name, exact=True)
        label = field.locator("option").filter(has_text=choice).first.inner_text()
        field.select_option(label=label)
    for name, text in (("Trials", "1000"), ("Workers", "1"), ("Seed", "1")):
        field = page.get_by_label(name, exact=True)
        field.fill(text)
        field.press("Enter")
    for word, text in (("RAM", "6 KiB"), ("flash", "48 KiB"), ("latency", "none")):
        type_budget(page, word, text)  # small networks are trained soon
    press(page, "Start")
    try:
        wait_for_state(page, "running")
        wait_for_count(page, "trained", 2)
    except Error:
        log = page.locator(".unas-workbench details").last.inner_text()
        raise AssertionError(f"{page.locator('.unas-status').inner_text()}\n{log}") from None
    press(page, "Stop")
    wait_for_state(page, "stopped")


def test_whatever_is_pressed_nothing_breaks(page, lab):
    thrown = []
    page.on("pageerror", lambda error: thrown.append(str(error.stack or error)))
    notebook = write_notebook(lab, "monkey", "from unas_widgets import Workbench\n\nbench = Workbench()\nbench")
    bench = open_workbench(page, lab, notebook=notebook)
    rng, tally = random.Random(SEED), Counter()
    with Kernel(lab, notebook) as kernel:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            act(page, rng, tally)
        print(f"{sum(tally.values())} things done in {SECONDS:g} s, seed {SEED}: {dict(tally.most_common())}")
        calm(page, kernel)
        search_again(page)

        rows = [int(row.get_attribute("data-trial")) for row in bench.locator(".unas-foot tr[data-trial]").all()]
        assert sorted(rows) == sorted(kernel.ask("[row.trial_id for row in bench.table.view().rows]"))
        assert kernel.ask(f"[name for name in {HEAVY} if name in __import__('sys').modules]") == []
        assert page.locator(".jp-OutputArea-output").filter(has_text="Traceback").count() == 0
        started = kernel.process.children(recursive=True)
        kernel.shut_down()
        wait_for(lambda: not alive([kernel.process, *started]), "the workers to end with their kernel")
        assert not kernel.complaints, re.sub(r"\x1b\[[0-9;]*m", "", "\n\n".join(kernel.complaints))
        assert "Traceback" not in kernel.log()
    assert thrown == []
    assert psutil.Process().children()  # the server itself goes on
