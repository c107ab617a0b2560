"""A search that is killed at any moment loses at most the candidate in flight, and leaves no process behind."""

import random
import time
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.support.running import alive, finish_command, finished_trials, kill, start_command, wait_for

pytestmark = pytest.mark.tf


def interrupt_and_resume(folder: Path, *, kills: int, trials: int, seed: int) -> None:
    """Kill the search at random moments, the coordinator alone and its whole group in turn; then let it finish."""
    moments = random.Random(seed)
    known: dict[int, dict] = {}
    for number in range(kills):
        process = start_command(folder, "--trials", str(trials), "--workers", "2")
        wait_for((folder / "journal.jsonl").exists, "the journal")
        more = min(len(known) + moments.choice([0, 1, 2]), trials - 1)
        wait_for(partial(has_trials, folder, more), "more trials")
        time.sleep(moments.uniform(0.0, 3.0))  # the random moment, not a wait for anything
        children = kill(process, group=number % 2 == 1)
        wait_for(partial(all_gone, children), "the end of every worker")
        after = finished_trials(folder)
        assert known.items() <= after.items(), "a finished trial was lost or changed"
        known = after
    answer = finish_command(folder, "--trials", str(trials), "--workers", "2")
    after = finished_trials(folder)
    assert known.items() <= after.items()
    assert answer["trials"] == len(after) == trials


def has_trials(folder: Path, count: int) -> bool:
    return len(finished_trials(folder)) >= count


def all_gone(processes: list[psutil.Process]) -> bool:
    return not alive(processes)


@pytest.mark.long
def test_killed_twice(tmp_path: Path) -> None:
    interrupt_and_resume(tmp_path / "run", kills=2, trials=16, seed=0)


@pytest.mark.slow
def test_killed_ten_times_at_random_moments(tmp_path: Path) -> None:
    interrupt_and_resume(tmp_path / "run", kills=10, trials=40, seed=1)
