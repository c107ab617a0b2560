"""Above 2,000 networks plotly draws with WebGL, which knows nothing of clicks on single points."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from search import Budget
from tests.support.browser import KERNEL_IDLE, open_run
from tests.support.recorded_run import SETTINGS, recorded_run
from unas_widgets.front.front_panel import GL_ABOVE

pytestmark = [pytest.mark.ui, pytest.mark.slow, pytest.mark.timeout(900)]

PLACES = """() => {
    const plot = document.querySelector(".unas-plot .js-plotly-plot");
    const box = plot.getBoundingClientRect();
    const { xaxis, yaxis } = plot._fullLayout;
    const front = plot.calcdata.map((points) => points[0].trace).find((trace) => trace.name === "front");
    return Array.from(front.x, (x, i) => [
        box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(front.y[i]), front.customdata[i],
    ]).map((place) => [...place, front.type]);
}"""


def test_a_click_picks_a_point_that_webgl_has_drawn(page, lab):
    folder = Path(tempfile.mkdtemp(prefix="many-", dir=lab.folder))
    settings = replace(SETTINGS, budget=Budget.parse(ram="none", flash="none"), trials=5000)
    recorded_run(folder, trained=GL_ABOVE + 100, settings=settings)
    bench = open_run(page, lab, folder)
    bench.locator(".unas-plot .gl-canvas").first.wait_for(state="attached")
    bench.locator(".unas-plot").scroll_into_view_if_needed()
    for number in range(3):
        page.wait_for_function(KERNEL_IDLE)  # the axes are drawn anew until everything is read
        x, y, trial, kind = page.evaluate(PLACES)[number]
        assert kind == "scattergl"
        page.mouse.click(x, y)
        expect(bench.locator(".unas-trial-head")).to_have_attribute("data-shown", str(trial))
