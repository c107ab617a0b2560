"""The Workbench as a page of its own, by Voila: no notebook around it, and no code on it."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.browser import Lab, press, readable, wait_for_count, wait_for_state
from tests.ui.conftest import end, environment, free_port, wait_for_server


@pytest.fixture(params=["light", "dark"])
def theme(request) -> str:
    return request.param


@pytest.fixture
def app(lab: Lab, tmp_path, theme) -> Iterator[str]:
    """The address of the first notebook as a Voila app."""
    port, log = free_port(), tmp_path / "voila.log"
    options = ["--no-browser", f"--port={port}", f"--theme={theme}"]
    command = [sys.executable, "-m", "voila", "00_workbench.ipynb", *options]
    with log.open("wb") as file:
        server = subprocess.Popen(command, env=environment(tmp_path), stdout=file, stderr=file, cwd=lab.folder)
        try:
            wait_for_server(f"http://127.0.0.1:{port}/voila/static/voila.js", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            end(server)


@pytest.mark.slow
def test_a_search_from_start_to_finish(page, app, theme):
    page.goto(app)
    page.locator(".unas-workbench .js-plotly-plot .main-svg").first.wait_for()
    assert page.locator(".jp-InputArea-editor").count() == 0
    page.locator(".unas-trials input").fill("3")
    page.locator(".unas-trials input").press("Enter")
    press(page, "Start")
    wait_for_count(page, "trained", 3)
    wait_for_state(page, "finished")
    page.locator(".unas-plot .scatterlayer path.point").nth(2).wait_for(state="attached")
    assert page.locator(".unas-static").count() == 1
    assert not page.locator(".unas-static").is_visible()  # the still face is for saved notebooks
    page.locator(".unas-foot tr[data-trial]").first.click()
    page.locator(".unas-tab-network .unas-markup").first.wait_for()
    page.evaluate("window.scrollTo(0, 0)")
    readable(page, page.locator(".unas-workbench"), f"voila-{theme}")
    width = page.evaluate("document.querySelector('.unas-workbench').clientWidth")
    assert width > 0.9 * page.viewport_size["width"]
