"""The page at ten thousand networks: a moved budget, a chosen one, ten minutes of new points, the kernel's memory."""

import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from search import Budget, Observation, Run, RunSettings, Trial
from search.history import observation_record, trial_record
from search.journal import FILE_NAME, Journal
from search.problem import Problem
from tests.ui.browser import Lab, open_workbench, press, slide_ram, wait_for_state, write_notebook
from tests.ui.conftest import chromium, lab, page  # noqa: F401 - fixtures
from tests.ui.kernel import Kernel

NETWORKS = 10_000
KINDS = 200
"""Different networks among them; their costs are scaled, so that points lie everywhere."""
DURATION_S = 20_000
MINUTES = 10
KIB = 1024

pytestmark = [pytest.mark.bench, pytest.mark.ui, pytest.mark.timeout(3600)]

WATCH = """() => {
    window.lags = [];
    let last = performance.now();
    setInterval(() => { const now = performance.now(); window.lags.push(now - last - 50); last = now; }, 50);
}"""
CHOOSE = """(trial) => new Promise((resolve) => {
    const plot = document.querySelector(".unas-plot .js-plotly-plot");
    const trace = plot._fullData.findIndex((t) => t.name === "front");
    const start = performance.now();
    const look = () => {
        if (document.querySelector(".unas-trial-head")?.dataset.shown === String(trial)
            && document.querySelector(".unas-trial-head")) resolve(performance.now() - start);
        else requestAnimationFrame(look);
    };
    const place = Array.from(plot.calcdata[trace]).findIndex((p) => plot._fullData[trace].customdata[p.i] === trial);
    plot.emit("plotly_click", { points: [{ curveNumber: trace, pointNumber: place, pointIndex: place,
        data: plot.data[trace], fullData: plot._fullData[trace], x: plot._fullData[trace].x[place],
        y: plot._fullData[trace].y[place], customdata: trial }], event: { button: 0 } });
    requestAnimationFrame(look);
})"""


@pytest.fixture(scope="module")
def many(lab: Lab) -> Path:  # noqa: F811
    """A run of ten thousand networks, every one with a journal entry of its own."""
    budget = Budget.parse(ram="64 KiB", flash="256 KiB", latency="200 ms")
    settings = RunSettings(dataset="digits", board="arduino-nano-33-ble", budget=budget, trials=NETWORKS, workers=1)
    run = Run.create(settings, Path(tempfile.mkdtemp(prefix="many-", dir=lab.folder)))
    problem, rng = Problem.of(run.settings), np.random.default_rng(0)
    pool: list[tuple[object, object]] = []
    while len(pool) < KINDS:
        sample = problem.space.sample(rng)
        needs = problem.costs(sample)
        if problem.budget.allows(needs):
            pool.append((sample, needs))
    with Journal.reopen(run.folder / FILE_NAME) as journal:
        for number in range(NETWORKS):
            sample, needs = pool[rng.integers(KINDS)]
            ram, flash = (int(n * rng.uniform(0.5, 1)) for n in (needs.ram_bytes, needs.model_bytes))
            needs = replace(needs, ram_bytes=ram, model_bytes=flash)
            trial = Trial(number, sample, 3)
            journal.append(trial_record("trial", trial, needs, problem.space))
            error = float(np.clip(0.6 * np.exp(-rng.uniform(0, 1) * ram / 8000) + rng.normal(0, 0.03), 0.01, 0.9))
            seen = Observation(trial, "trained", needs, val_error=error, epochs=3, seconds=1.5, history=(0.9, error))
            at = DURATION_S * number / NETWORKS
            journal.append(observation_record(seen, elapsed_s=at, cpu_seconds=1.5 * at))
    return run.folder


def test_a_moved_budget_and_a_chosen_network(page: Page, lab: Lab, many: Path) -> None:  # noqa: F811
    notebook = write_notebook(lab, many.name, f"from unas_widgets import Workbench\n\nw = Workbench({many.name!r})\nw")
    open_workbench(page, lab, notebook=notebook)
    wait_for_state(page, "ready")
    with Kernel(lab, notebook) as kernel:
        bounds = [20 * KIB, 16 * KIB, 12 * KIB, 10 * KIB, 8 * KIB, 7 * KIB, 6 * KIB]
        browser = [slide_ram(page, bound) for bound in bounds]
        clock = "__import__('time').perf_counter"
        timed = (
            f"[(lambda before, _, after: after - before)({clock}(), "
            "setattr(w, 'budget', __import__('dataclasses').replace(w.budget, ram_bytes=b)), "
            f"{clock}()) for b in {[b + 512 for b in bounds]}]"
        )
        inside = [1e3 * seconds for seconds in kernel.ask(timed)]
        fronts = page.evaluate(
            "() => [...document.querySelector('.unas-plot .js-plotly-plot')._fullData"
            ".find((t) => t.name === 'front').customdata]"
        )
        choices = [page.evaluate(CHOOSE, trial) for trial in fronts[:7]]
    for what, values in (("budget, kernel", inside), ("budget, browser", browser), ("choice, browser", choices)):
        middle, most = statistics.median(values), max(values)
        print(f"\n{what:16s} median {middle:4.0f} ms, longest {most:4.0f} ms, {len(values)} times")


def test_ten_minutes_of_new_points(page: Page, lab: Lab, many: Path) -> None:  # noqa: F811
    speed = DURATION_S / (60 * MINUTES)
    cell = (
        f"from unas_widgets import Workbench\n\nw = Workbench.replay({many.name!r})\nw.replay_control.speed = {speed}"
    )
    notebook = write_notebook(lab, f"{many.name}-replay", f"{cell}\nw")
    open_workbench(page, lab, notebook=notebook)
    page.evaluate(WATCH)
    with Kernel(lab, notebook) as kernel:
        press(page, "Play")
        for minute in range(1, MINUTES + 1):
            time.sleep(60)  # the measure is of minutes: there is no state to wait for
            lags = page.evaluate("() => window.lags.splice(0)")
            shown = page.evaluate(
                "() => document.querySelector('.unas-plot .js-plotly-plot')._fullData"
                ".reduce((sum, t) => sum + (t.customdata?.length ?? 0), 0)"
            )
            resident = kernel.process.memory_info().rss / 2**20
            print(
                f"\nminute {minute:2d}: longest lag {max(lags):5.0f} ms, {shown:6d} points, kernel {resident:4.0f} MiB"
            )
