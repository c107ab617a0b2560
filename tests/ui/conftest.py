"""A real JupyterLab on a copy of the notebooks, and a real browser in front of it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support.browser import PATIENCE_MS, TOKEN, Lab
from tests.support.recorded_run import recorded_run

ROOT = Path(__file__).parents[2]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
expect.set_options(timeout=PATIENCE_MS)

_NO_NEWS = '{"fetchNews": "false", "checkForUpdates": false}'


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's chromium, or playwright's own where that is installed."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
        executable = found or (str(own) if own.exists() else None)
        if executable is None:
            pytest.skip(
                "no chromium on this machine: install one (apt-get install chromium, or playwright install chromium)"
            )
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a temporary copy of the notebooks, with settings and workspaces of its own."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder, ignore=shutil.ignore_patterns("runs", ".ipynb_checkpoints"))
    port = free_port()
    with (home / "lab.log").open("wb") as log:
        server = subprocess.Popen(_command(port, folder), env=environment(home), stdout=log, stderr=log, cwd=folder)
        try:
            wait_for_server(f"http://127.0.0.1:{port}/api?token={TOKEN}", server, home / "lab.log")
            yield Lab(f"http://127.0.0.1:{port}", folder)
        finally:
            end(server)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page of 1280 × 800."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture
def recorded(lab: Lab) -> Path:
    """A run with a real journal in the notebooks' folder."""
    return recorded_run(Path(tempfile.mkdtemp(prefix="recorded-", dir=lab.folder))).folder


def end(server: subprocess.Popen[bytes]) -> None:
    """Ends a server and its kernels; by force where it waits for ever for a thread of its own (anyio's), as some do."""
    family = [] if server.poll() is not None else psutil.Process(server.pid).children(recursive=True)
    server.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(timeout=60)
    for process in (server, *family):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    server.wait()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(port: int, folder: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"),
        *("--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={TOKEN}"),
        "--LabApp.expose_app_in_browser=True",
        *(["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []),
    ]


def environment(home: Path) -> dict[str, str]:
    """Settings, workspaces and runtime files below `home`."""
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(_NO_NEWS, encoding="utf-8")
    own = {
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    return os.environ | own


def wait_for_server(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Waits until the address answers; fails with the log where the server ends before."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"The server did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
