"""The whole page on ten thousand networks: a moved budget, a selected network, minutes of new points, memory.

A real JupyterLab in a real browser; nothing is trained. Every figure is of the shared machine that it was taken on:
beside the time of the wall is the processor time of the kernel. `UNAS_BENCH_MINUTES` says how long points are added.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page

from search import Run
from search.runs.tasks import Tasks
from tests.support.browser import (
    KERNEL_IDLE,
    Lab,
    open_notebook,
    press,
    run_first_cell,
    slide_ram,
    wait_for_state,
    write_notebook,
)
from tests.support.kernel import Kernel
from tests.support.recorded_run import ten_thousand
from tests.ui.conftest import ROOT, chromium, lab, page  # noqa: F401 - fixtures
from unas_widgets.budgets.budget_scale import scale

MINUTES = float(os.environ.get("UNAS_BENCH_MINUTES", "10"))
KIB = 1024
CHOICES = 12
DOUBLE_CLICK_MS = 500  # sooner after the last click plotly takes the next one for a double click, and draws all anew

pytestmark = [pytest.mark.bench, pytest.mark.ui, pytest.mark.timeout(1200 + 120 * MINUTES)]

ALL_DRAWN = """(least) => {
    const drawn = document.querySelector(".unas-plot .js-plotly-plot")?.calcdata ?? [];
    return drawn.reduce((sum, points) => sum + (points[0].trace.customdata?.length ?? 0), 0) >= least;
}"""
PLACE = """(share) => {
    const plot = document.querySelector(".unas-plot .js-plotly-plot");
    const box = plot.getBoundingClientRect();
    const { xaxis, yaxis } = plot._fullLayout;
    const front = plot.calcdata.map((points) => points[0].trace).find((trace) => trace.name === "front");
    const i = Math.floor(share * front.x.length);
    return [box.left + xaxis._offset + xaxis.d2p(front.x[i]), box.top + yaxis._offset + yaxis.d2p(front.y[i])];
}"""
MARKED = """() => {
    const shown = document.querySelector(".unas-trial-head").dataset.shown;
    const traces = document.querySelector(".unas-plot .js-plotly-plot").calcdata.map((points) => points[0].trace);
    const ring = traces.find((trace) => trace.name === "selected");
    return traces.some((trace) => {
        const i = Array.from(trace.customdata ?? []).findIndex((trial) => String(trial) === shown);
        return i >= 0 && trace.x[i] === ring.x?.[0];
    });
}"""
AT_REST = """async () => {
    for (let turn = 0; turn < 3; turn += 1) {
        await new Promise((done) => requestAnimationFrame(() => requestIdleCallback(done)));
    }
}"""
AWAIT_NETWORK = """() => {
    const parts = () => Array.from(document.querySelectorAll(".unas-tab-network .unas-markup"), (e) => e.innerHTML);
    const head = () => document.querySelector(".unas-trial-head")?.dataset.shown;
    const [before, old] = [parts(), head()];
    let start = null;
    window.waited = null;
    window.addEventListener("mouseup", () => { start = performance.now(); }, { once: true, capture: true });
    const look = () => {
        const now = parts();
        const done = start && head() !== old && now.length > 1 && now.every((html, i) => html && html !== before[i]);
        requestAnimationFrame(done ? () => { window.waited = performance.now() - start; } : look);
    };
    requestAnimationFrame(look);
}"""
WATCH = """() => {
    window.seen = [];
    window.blocks = [];
    new PerformanceObserver((list) => list.getEntries().forEach((e) => window.blocks.push([Date.now(), e.duration])))
        .observe({ type: "longtask" });
    let newest = 0;
    let last = performance.now();
    window.gaps = [];
    setInterval(() => {
        const now = performance.now();
        window.gaps.push([Date.now(), now - last - 20]);
        last = now;
        const drawn = document.querySelector(".unas-plot .js-plotly-plot").calcdata.map((points) => points[0].trace);
        let most = newest;
        for (const trace of drawn) for (const trial of trace.customdata ?? []) if (trial > most) most = trial;
        if (most > newest) window.seen.push([Date.now(), (newest = most)]);
    }, 20);
}"""
COUNT = """() => document.querySelector(".unas-plot .js-plotly-plot").calcdata
    .reduce((sum, points) => sum + (points[0].trace.customdata?.length ?? 0), 0)"""


class Pretended(Run):
    """A search whose workers need no framework: each training takes a quarter of a second."""

    def _tasks(self) -> Tasks:
        paths = {name: f"tests.support.synthetic_tasks:{name}" for name in ("warm_up", "train_for_a_moment")}
        return Tasks(
            self.settings,
            self._problem.space,
            self.folder,
            warm_up_path=paths["warm_up"],
            train_path=paths["train_for_a_moment"],
        )


@pytest.fixture
def many(lab: Lab) -> Path:  # noqa: F811
    """A run of ten thousand networks in the notebooks' folder."""
    return ten_thousand(Path(tempfile.mkdtemp(prefix="many-", dir=lab.folder))).folder


def test_a_moved_budget_and_a_selected_network(page: Page, lab: Lab, many: Path) -> None:  # noqa: F811
    notebook = opened(page, lab, many, f"w = Workbench({many.name!r})")
    with Kernel(lab, notebook) as kernel:
        bounds = [b * KIB for b in (20, 12, 24, 8, 16, 7, 28, 10, 6, 14, 5, 32)]
        slider = scale("ram_bytes")
        told("budget, browser", [slide_ram(page, bound) for bound in bounds])
        page.wait_for_function(KERNEL_IDLE)
        row = "w.budget_panel.rows['ram_bytes']"
        moved = [f"setattr({row}, 'position', {slider.position(bound)})" for bound in bounds]
        told_of_kernel("budget, kernel", kernel, moved)

        page.wait_for_function(KERNEL_IDLE)
        waits = []
        for number in range(CHOICES):
            page.locator(".unas-plot").scroll_into_view_if_needed()
            x, y = page.evaluate(PLACE, number / CHOICES)
            page.evaluate(AWAIT_NETWORK)
            page.mouse.click(x, y)
            waits.append(page.wait_for_function("window.waited").json_value())
            page.wait_for_function(KERNEL_IDLE)
            page.wait_for_function(MARKED)
            page.evaluate(AT_REST)  # people look at a network before they choose another one
            page.wait_for_timeout(DOUBLE_CLICK_MS)
        told("network, browser", waits)
        print("one by one, in ms:", *(f"{wait:.0f}" for wait in waits))
        trials = kernel.ask("[row.trial_id for row in w.table.view().rows]")
        told_of_kernel("network, kernel", kernel, [f"setattr(w, 'selected', {trial})" for trial in trials[:CHOICES]])
        assert not kernel.complaints, kernel.complaints


def test_minutes_of_new_points(page: Page, lab: Lab, many: Path) -> None:  # noqa: F811
    source = f"Pretended.open({many.name!r})"
    notebook = opened(
        page,
        lab,
        many,
        f"import sys, time\n\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from tests.benchmarks.test_page_at_10000 import Pretended\n\n"
        f"w, arrived = Workbench({source}), []\n"
        "note = lambda o: arrived.append((o.trial_id, 1e3 * time.time()))\n"
        "w.run.subscribe(lambda event: note(event.payload) if event.kind == 'observation' else None)",
    )
    with Kernel(lab, notebook) as kernel:
        press(page, "Resume")
        wait_for_state(page, "running")
        page.evaluate(WATCH)
        began, first = time.monotonic(), 0.0
        while time.monotonic() - began < 60 * MINUTES:  # the measure is of minutes: there is no state to wait for
            page.wait_for_timeout(min(60.0, 60 * MINUTES) * 1000)
            resident = kernel.process.memory_info().rss / 2**20
            first = first or resident
            since, cpu = 1e3 * (time.time() - 60), kernel.process.cpu_times()
            blocks, gaps, seen = (page.evaluate(f"() => window.{name}") for name in ("blocks", "gaps", "seen"))
            arrived = kernel.ask("arrived")
            late = [
                next(at - came for at, newest in seen if newest >= trial)
                for trial, came in arrived
                if since < came and seen[0][1] < trial <= seen[-1][1]
            ]
            print(
                f"\nminute {(time.monotonic() - began) / 60:4.1f}: {page.evaluate(COUNT):6d} points, "
                f"lag median {statistics.median(late):4.0f} ms, longest {max(late):4.0f} ms of {len(late)}; longest "
                f"task {max((d for at, d in blocks if at > since), default=0):4.0f} ms, longest gap "
                f"{max(g for at, g in gaps if at > since):4.0f} ms; kernel {resident:4.0f} MiB, "
                f"{cpu.user + cpu.system:5.0f} s of processor time"
            )
        print(f"\nkernel memory: {resident / first:.2f} times that of the first minute")
        told("budget, browser", [slide_ram(page, bound * KIB) for bound in (20, 12, 24, 8, 16, 7, 28, 10, 6, 14)])
        press(page, "Stop")
        wait_for_state(page, "stopped")
        assert not kernel.complaints, kernel.complaints


def opened(page: Page, lab: Lab, many: Path, cell: str) -> str:  # noqa: F811
    """The Workbench that a cell puts into `w`, displayed, with all ten thousand points; the notebook's name."""
    notebook = write_notebook(lab, many.name, f"from unas_widgets import Workbench\n\n{cell}\nw")
    open_notebook(page, lab.notebook(notebook, simple=True))
    began = time.monotonic()
    run_first_cell(page)
    page.wait_for_function(ALL_DRAWN, arg=10_000)
    print(f"\nopened and drawn in {time.monotonic() - began:.1f} s")
    page.wait_for_function(KERNEL_IDLE)
    return notebook


def told_of_kernel(what: str, kernel: Kernel, calls: Sequence[str]) -> None:
    """Prints what calls take in the kernel, until everything is sent: by the wall, and by its processor time."""
    clocks = "[__import__('time').perf_counter(), __import__('time').process_time()]"
    timed = "[" + ", ".join(f"({clocks}, {call}, {clocks})" for call in calls) + "]"
    moments = kernel.ask(timed)
    for place, name in enumerate(("", ", processor")):
        told(what + name, [1e3 * (after[place] - before[place]) for before, _, after in moments])


def told(what: str, times_ms: Sequence[float]) -> None:
    """Prints median and longest of some times."""
    middle, most = statistics.median(times_ms), max(times_ms)
    print(f"{what:26} median {middle:5.0f} ms, longest {most:5.0f} ms of {len(times_ms)}")
