"""What a person does in JupyterLab and in the Workbench, as functions. They wait for states, never for seconds."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page

from unas_widgets.budgets.budget_scale import scale

TOKEN = "only-for-this-test"
PATIENCE_MS = 180_000


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    url: str
    folder: Path

    @property
    def home(self) -> Path:
        """The folder of its log, settings and runtime files."""
        return self.folder.parent

    def notebook(self, name: str, *, simple: bool = False) -> str:
        """The address that opens a notebook in a workspace of its own; `simple` without side bars."""
        view = "doc" if simple else "lab"
        return f"{self.url}/{view}/tree/{name}?token={TOKEN}&reset"


KERNEL_IDLE = """() => {
    const session = window.jupyterapp?.shell?.currentWidget?.sessionContext;
    const kernel = session?.session?.kernel;
    return Boolean(session?.isReady && kernel?.connectionStatus === "connected" && kernel?.status === "idle");
}"""


def open_notebook(page: Page, address: str) -> None:
    """Opens a notebook and waits until its kernel is connected and idle: what is run before that is dropped."""
    page.goto(address)
    page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for()
    page.wait_for_function(KERNEL_IDLE, timeout=PATIENCE_MS)


def run_first_cell(page: Page) -> None:
    """Runs the first code cell, by keyboard."""
    page.locator(".jp-CodeCell .jp-Editor").first.click()
    page.keyboard.press("Control+Enter")


def set_theme(page: Page, theme: str) -> None:
    """Changes JupyterLab's theme: "JupyterLab Light" or "JupyterLab Dark"."""
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    light = "true" if theme.endswith("Light") else "false"
    page.locator(f'body[data-jp-theme-light="{light}"]').wait_for(state="attached")
    page.locator("#jupyterlab-splash").wait_for(state="detached")


def open_workbench(page: Page, lab: Lab, *, notebook: str = "00_workbench.ipynb", simple: bool = True) -> Locator:
    """The Workbench of a notebook, displayed."""
    open_notebook(page, lab.notebook(notebook, simple=simple))
    run_first_cell(page)
    bench = page.locator(".unas-workbench")
    bench.locator(".js-plotly-plot .main-svg").first.wait_for()
    return bench


def write_notebook(lab: Lab, name: str, *cells: str) -> str:
    """Writes a notebook of these code cells; returns its file's name."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    nbformat.write(made, lab.folder / f"{name}.ipynb")
    return f"{name}.ipynb"


def open_run(page: Page, lab: Lab, run: Path) -> Locator:
    """The Workbench on a run in the notebooks' folder, displayed."""
    cell = f"from unas_widgets import Workbench\n\nWorkbench({run.name!r})"
    return open_workbench(page, lab, notebook=write_notebook(lab, run.name, cell))


def open_replay(page: Page, lab: Lab) -> Locator:
    """The recorded search on the digits in a notebook of its own, before its first event."""
    cell = "from unas_widgets import Workbench\n\nWorkbench.replay('digits')"
    return open_workbench(page, lab, notebook=write_notebook(lab, "replay", cell))


def unfold(bench: Locator, title: str) -> None:
    """Opens what is below a title that is closed."""
    bench.locator("summary").filter(has_text=title).click()


def type_budget(page: Page, word: str, text: str) -> None:
    """Types an amount into the field of a budget."""
    field = page.get_by_label(f"{word} budget")
    field.fill(text)
    field.press("Enter")


def press(page: Page, name: str) -> None:
    """Presses a button of the Workbench."""
    page.locator(".unas-workbench").get_by_role("button", name=name, exact=True).click()


def wait_for_state(page: Page, *states: str) -> None:
    """Waits until the run is in one of the states."""
    page.locator(", ".join(f'.unas-state[data-state="{state}"]' for state in states)).wait_for()


def wait_for_count(page: Page, word: str, least: int) -> None:
    """Waits until e.g. at least 10 are "trained"."""
    script = """([word, least]) => {
        const text = document.querySelector(`[data-count="${word}"]`)?.textContent ?? "0";
        return parseInt(text.replaceAll(",", ""), 10) >= least;
    }"""
    page.wait_for_function(script, arg=[word, least], timeout=3 * PATIENCE_MS)


NETWORKS = ("front", "dominated", "over budget")


def plotted(page: Page, *, least: int = 0, of: tuple[str, ...] = NETWORKS) -> dict[str, list[float]]:
    """What plotly has drawn, x of the points by name of their trace; waits until some traces have so many points.

    The counts above the plot change before it: a test that has seen ten trained still has to wait for ten points.
    """
    script = """([least, names]) => {
        const traces = document.querySelector(".unas-plot .js-plotly-plot")?.calcdata;
        if (!traces) return null;
        const drawn = Object.fromEntries(traces.map((points) =>
            [points[0].trace.name, points.map((p) => p.x).filter((x) => Number.isFinite(x))]));
        return names.flatMap((name) => drawn[name] ?? []).length >= least ? drawn : null;
    }"""
    return page.wait_for_function(script, arg=[least, of], timeout=3 * PATIENCE_MS).json_value()


def slide_ram(page: Page, ram_bytes: float) -> float:
    """Moves the RAM slider; returns the milliseconds until plotly has painted the points in their new colours.

    The bound is one of the slider's, and the move must change which points are over it.
    """
    script = """([position, limit]) => new Promise((resolve) => {
        const plot = document.querySelector(".unas-plot .js-plotly-plot");
        const slider = document.querySelector('[data-resource="RAM"] .unas-budget-slider');
        const drawn = (name) => plot.calcdata.map((points) => points[0].trace).find((trace) => trace.name === name);
        const beyond = (name) => Array.prototype.some.call(drawn(name)?.x ?? [], (x) => x > limit);
        const over = () => drawn("over budget")?.x?.length ?? 0; // an empty trace has none
        const [start, before] = [performance.now(), over()];
        const look = () => {
            const line = plot._fullLayout.shapes.some((shape) => shape.x0 === limit);
            const done = line && over() !== before && !beyond("front") && !beyond("dominated");
            requestAnimationFrame(done ? () => resolve(performance.now() - start) : look);
        };
        slider.value = position;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        requestAnimationFrame(look);
    })"""
    return float(page.evaluate(script, [scale("ram_bytes").position(ram_bytes), ram_bytes / 1024]))


def click_point(page: Page, trace: str) -> int:
    """Clicks the first point of a trace; returns the number of its trial."""
    page.locator(".unas-plot").scroll_into_view_if_needed()
    script = """(name) => {
        const drawn = Array.from(document.querySelectorAll(".unas-plot .scatterlayer .trace"))
            .find((trace) => trace.__data__[0].trace.name === name);
        const box = drawn.querySelector("path.point").getBoundingClientRect();
        const trial = drawn.__data__[0].trace.customdata[0];
        return [box.x + box.width / 2, box.y + box.height / 2, trial];
    }"""
    x, y, trial = page.evaluate(script, trace)
    page.mouse.move(x - 3, y - 3)
    page.mouse.move(x, y)
    page.mouse.click(x, y)
    return int(trial)


def sideways(page: Page) -> list[str]:
    """Parts of the Workbench, and the page, that would have to be scrolled sideways."""
    script = """() => [document.documentElement, ...document.querySelectorAll(
            ".jp-OutputArea-output:has(.unas-workbench), .unas-workbench, .unas-workbench *:not(.unas-live)")]
        .filter((e) => e.scrollWidth > e.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(e).overflowX))
        .map((e) => `${e.tagName}.${e.className}: ${e.scrollWidth} > ${e.clientWidth}`)"""
    return page.evaluate(script)


def cut(part: Locator) -> list[str]:
    """Lists whose chosen word does not fit beside the arrow, but for those that end it with an ellipsis."""
    script = """(box) => {
        const canvas = new OffscreenCanvas(1, 1).getContext("2d");
        const width = (list, look) => {
            canvas.font = look.font;
            const arrow = look.appearance === "none" ? 0 : 20;
            const frame = ["paddingLeft", "paddingRight", "borderLeftWidth", "borderRightWidth"];
            const word = list.selectedOptions[0]?.label ?? "";
            return frame.reduce((sum, name) => sum + parseFloat(look[name]), canvas.measureText(word).width + arrow);
        };
        return Array.from(box.querySelectorAll("select"), (list) => [list, getComputedStyle(list)])
            .filter(([list, look]) => list.offsetWidth && look.textOverflow !== "ellipsis")
            .map(([list, look]) => [list, width(list, look)])
            .filter(([list, needed]) => needed > list.offsetWidth + 1)
            .map(([list, needed]) => `${list.selectedOptions[0].label}: ${needed} > ${list.offsetWidth}`);
    }"""
    return part.evaluate(script)


def wait_until_plot_fills_its_box(page: Page) -> None:
    """Waits until plotly's picture is as wide as the box around it."""
    script = """() => {
        const box = document.querySelector(".unas-plot").clientWidth;
        const picture = document.querySelector(".unas-plot .main-svg").getBoundingClientRect().width;
        return Math.abs(box - picture) < 2;
    }"""
    page.wait_for_function(script)


def faint(box: Locator) -> list[list[float | str]]:
    """Texts of a part of the page whose contrast to what is behind them is below WCAG's AA, with their ratio.

    Marks that a text says too are passed over, and so is what cannot be used at the moment.
    """
    return box.evaluate(_TOO_FAINT)


def look(page: Page, part: Locator, name: str) -> None:
    """Looks at a part of the Workbench in both of JupyterLab's themes; see `readable`."""
    for theme in ("Light", "Dark"):
        set_theme(page, f"JupyterLab {theme}")
        readable(page, part, f"{name}-{theme.lower()}")


def readable(page: Page, part: Locator, name: str) -> None:
    """Looks at a part of the Workbench: nothing is scrolled sideways or cut, every word can be read.

    Where the variable UNAS_PICTURES names a folder, a picture of the page is left there, for people to look at.
    """
    folder = os.environ.get("UNAS_PICTURES")
    part.scroll_into_view_if_needed()
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")
    wide, pale, short = sideways(page), faint(part), cut(part)
    assert not wide, wide
    assert not pale, pale
    assert not short, short


_TOO_FAINT = """(box) => {
    const numbers = (colour) => {
        const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return Array.from(canvas.getImageData(0, 0, 1, 1).data);
    };
    const over = (top, below) => top.slice(0, 3).map((c, i) => (c * top[3] + below[i] * (255 - top[3])) / 255);
    const light = (rgb) => {
        const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (node) => {
        const layers = [];
        for (let at = node; at; at = at.parentElement) layers.push(numbers(getComputedStyle(at).backgroundColor));
        return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
    };
    return Array.from(box.querySelectorAll("*"))
        .filter((e) => !e.closest('svg, :disabled, [aria-hidden="true"]'))
        .filter((e) => Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.data.trim()))
        .map((e) => {
            const page = behind(e);
            const [one, two] = [light(over(numbers(getComputedStyle(e).color), page)), light(page)];
            return [(Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05), e.textContent.trim().slice(0, 40)];
        })
        .filter(([ratio]) => ratio < 4.5);
}"""
