"""What it is worth to begin from another search: CPU-seconds until the same error, with and without.

The first search is on the digits for one board; the second is for another board, or for MNIST. Per seed, "the same
error" is the higher one of those that the two second searches ended with, so that both have reached it. The first
search's own compute is not counted: it was there anyway.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

import data
from search import Budget, Run, RunSettings
from search.measures.reached import Reached
from search.runs.replay import Replay
from tests.support.running import conduct

BUDGET = Budget.parse(ram="8 KiB", flash="32 KiB")
FIRST = RunSettings(
    dataset="digits", board="arduino-nano-33-ble", budget=BUDGET, workers=1, epochs=30, cpu_seconds=60, trials=10_000
)
SEEDS = tuple(int(seed) for seed in os.environ.get("UNAS_BENCH_SEEDS", "0 1 2").split())


@dataclass(frozen=True)
class Case:
    """The second search."""

    name: str
    settings: RunSettings


CASES = (
    Case("digits, raspberry-pi-pico", replace(FIRST, board="raspberry-pi-pico", cpu_seconds=50)),
    Case("mnist", replace(FIRST, dataset="mnist", train_size=4000, validation_size=1000, epochs=9, cpu_seconds=75)),
)


@dataclass(frozen=True)
class Course:
    """The lowest error so far, and the CPU-seconds at which it was known."""

    steps: tuple[tuple[float, float], ...]
    networks: int

    @property
    def error(self) -> float:
        return self.steps[-1][1]

    def seconds_to(self, error: float) -> float:
        return next(seconds for seconds, reached in self.steps if reached <= error)

    def error_at(self, cpu_seconds: float) -> float:
        return min((error for seconds, error in self.steps if seconds <= cpu_seconds), default=1.0)


def course_of(run: Run) -> Course:
    replay, reached = Replay.open(run.folder), Reached(run.settings.budget)
    replay.seek(len(replay))
    spent = [record["cpu_seconds"] for record in replay.past if record["record"] == "observation"]
    steps = []
    for observation, seconds in zip(replay.observations(), spent, strict=True):
        reached.take(observation)
        steps.append((seconds, reached.error))
    return Course(tuple(steps), len(replay.networks()))


def searched(settings: RunSettings, folder: Path) -> Course:
    run = Run.create(settings, folder)
    conduct(run)
    return course_of(run)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The first search, with each seed."""
    folder = tmp_path_factory.mktemp("first")
    for seed in SEEDS:
        course = searched(replace(FIRST, seed=seed), folder / str(seed))
        print(f"\nfirst search, seed {seed}: {course.networks} networks, lowest error {course.error:.1%}", end="")
    return {seed: folder / str(seed) for seed in SEEDS}


@pytest.mark.bench
@pytest.mark.tf
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cpu_seconds_to_the_same_error(case: Case, first: dict[int, Path], tmp_path: Path) -> None:
    settings = replace(case.settings, data_dir=os.environ.get("UNAS_DATA_DIR"))
    if not data.describe(settings.dataset, data_dir=settings.data_dir).available:
        pytest.skip(f"{settings.dataset} is not here; name a folder of data sets in UNAS_DATA_DIR")
    print(f"\n{case.name}: {BUDGET}, {settings.epochs} epochs, {settings.cpu_seconds:g} CPU-seconds each")
    ratios, half = [], settings.cpu_seconds / 2
    for seed in SEEDS:
        cold = searched(replace(settings, seed=seed), tmp_path / f"cold-{seed}")
        warm = searched(replace(settings, seed=seed, start_from=str(first[seed])), tmp_path / f"warm-{seed}")
        same = max(cold.error, warm.error)
        seconds = [course.seconds_to(same) for course in (cold, warm)]
        ratios.append(seconds[0] / seconds[1])
        print(f"  seed {seed}: {same:.1%} after {seconds[0]:.0f} s without and {seconds[1]:.0f} s with it;", end=" ")
        print(f"after {half:g} s {cold.error_at(half):.1%} and {warm.error_at(half):.1%},", end=" ")
        print(f"at the end {cold.error:.1%} and {warm.error:.1%} ({cold.networks} and {warm.networks} networks)")
    print(f"  as long without it as with it: {np.exp(np.mean(np.log(ratios))):.2f} times (geometric mean)")
