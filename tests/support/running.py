"""Real searches for the tests: short ones on digits, as a `Run` or through the command line."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from search import Budget, Run, RunError, RunSettings, journal
from search.runs.events import RunEvent

SHORT = RunSettings(
    dataset="digits",
    board="arduino-nano-33-ble",
    budget=Budget.parse(ram="12 KiB", flash="64 KiB"),
    algorithm="aging_evolution",
    epochs=2,
    workers=1,
    trials=4,
    seed=3,
)
COMMAND = [sys.executable, "-m", "search", "run", "--dataset", "digits", "--board", "arduino-nano-33-ble"]
COMMAND += ["--algorithm", "aging_evolution", "--ram", "12KiB", "--flash", "64KiB", "--epochs", "2", "--seed", "3"]
PATIENCE_S = 240.0


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Wait until the condition holds; a test that waits in vain says for what."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def conduct(run: Run) -> list[RunEvent]:
    """Run to the end; returns every event."""
    events: list[RunEvent] = []
    run.subscribe(events.append)
    run.start()
    with contextlib.suppress(RunError):  # tests look at the state
        run.wait(PATIENCE_S)
    return events


def figures(run: Run) -> list[tuple]:
    """What must be the same whenever the same run is made: the trials, in order, with all that was measured."""
    return [(o.trial, o.status, o.val_error, o.costs, o.epochs, o.history) for o in run.observations()]


def first_observation(run: Run) -> threading.Event:
    """An event that is set once a trial has ended."""
    seen = threading.Event()
    run.subscribe(lambda event: seen.set() if event.kind == "observation" else None)
    return seen


def start_command(folder: Path, *options: str) -> subprocess.Popen[str]:
    """The command line's search in a session of its own, as a shell would start it."""
    return subprocess.Popen(
        [*COMMAND, "--out", str(folder), "--json", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish_command(folder: Path, *options: str) -> dict:
    """Run the command to its end; returns the answer in its last line."""
    process = start_command(folder, *options)
    out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, err
    return json.loads(out.splitlines()[-1])


def finished_trials(folder: Path) -> dict[int, dict]:
    """Records of finished trials in the journal, by number; a trial that ended twice is a failure."""
    path = folder / journal.FILE_NAME
    records = journal.read(path)[1] if path.exists() else []
    ended = [r for r in records if r["record"] == "observation"]
    assert len({r["id"] for r in ended}) == len(ended), "a trial was repeated"
    return {r["id"]: r for r in ended}


def kill(process: subprocess.Popen[str], *, group: bool) -> list[psutil.Process]:
    """Kill the coordinator alone, or its whole group, with no chance to clean up; returns its former children."""
    children = psutil.Process(process.pid).children(recursive=True)
    if group:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait(PATIENCE_S)
    return children


def workers_of(process: psutil.Process) -> list[psutil.Process]:
    """The worker processes below it."""
    found = []
    for child in process.children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it may end while it is looked at
            if any("popen_loky" in part for part in child.cmdline()):
                found.append(child)
    return found


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run; one that only waits to be collected by a parent does not."""
    found = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found
