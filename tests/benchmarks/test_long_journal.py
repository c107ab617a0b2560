"""How long journals are opened, and how soon a start returns: seconds, their ratio to plain JSON, and memory."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from search import RunState
from search.journal import FILE_NAME
from tests.support.long_journal import long_journal
from tests.support.pretended_run import PretendedRun
from tests.support.running import wait_for

pytestmark = pytest.mark.bench

OPENED = """
import sys, time
import psutil
from search import Run
held = psutil.Process().memory_info  # what it holds: a peak would be that of the process that began this one
before, began = held().rss, time.process_time()
run = Run.open(sys.argv[1])
seconds = time.process_time() - began
print(seconds, (held().rss - before) / 2**20, len(run.observations()))
"""


@pytest.mark.parametrize("lines", [20_000, 200_000])
def test_opening(tmp_path: Path, lines: int) -> None:
    folder = long_journal(tmp_path / "run", lines)
    began = time.process_time()
    for line in (folder / FILE_NAME).read_bytes().splitlines():
        json.loads(line)
    plain = time.process_time() - began
    done = subprocess.run([sys.executable, "-c", OPENED, str(folder)], capture_output=True, text=True, check=True)
    seconds, mib, count = map(float, done.stdout.split())
    print(f"\n{lines:,} lines: Run.open {seconds:.2f} s, {seconds / plain:.2f} times json.loads of every line")
    assert mib > 1, "a history takes some memory"
    print(f"{mib:.0f} MiB, {count:,.0f} trainings")


def test_starting(tmp_path: Path) -> None:
    run = PretendedRun.open(long_journal(tmp_path / "run", 20_000))
    began = time.perf_counter()
    run.start()
    returned = time.perf_counter() - began
    wait_for(lambda: run.state != RunState.STARTING, "the end of the replay")
    began_to_train = time.perf_counter() - began
    run.stop()
    run.wait()
    print(f"\nstart returned after {returned:.2f} s, and trained after {began_to_train:.2f} s")
