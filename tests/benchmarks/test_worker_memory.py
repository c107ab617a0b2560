"""One worker, 300 candidates: its resident memory must not grow."""

import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from resource_models import costs
from search.executors import LocalExecutor, Task
from search.recipe import Recipe
from search.spaces import space

CANDIDATES, SETTLED = 300, 10
SHOWN = (1, 10, 50, 100, 150, 200, 250, 300)
MACS = 1_000_000
MOST_GROWTH_BYTES = 150 * 2**20
SHAPE, CLASSES = (8, 8, 1), 10
DATASET = {"name": "digits", "data_dir": None, "train_size": 96, "validation_size": 64}


@pytest.mark.bench
@pytest.mark.tf
def test_a_worker_stays_as_large_as_after_ten_candidates(tmp_path: Path) -> None:
    task = {"dataset": DATASET, "recipe": Recipe().to_json(), "folder": str(tmp_path)}
    cnn, rng = space("cnn", SHAPE, CLASSES), np.random.default_rng(0)
    began, resident, workers = time.monotonic(), {}, set()
    executor = LocalExecutor(1)
    try:
        executor.submit(Task("search.training.tasks:warm_up", (task,))).result()
        for number in range(1, CANDIDATES + 1):
            executor.submit(Task("search.training.tasks:train_trial", (candidate(task, cnn, rng, number),))).result()
            process = worker_process()
            workers.add(process.pid)
            resident[number] = process.memory_info().rss
            if number in SHOWN:
                print(f"\n{number:4} candidates: {resident[number] / 2**20:5.0f} MiB", end="", flush=True)
        cpu = executor.cpu_seconds()
    finally:
        executor.kill()
    growth = resident[CANDIDATES] - resident[SETTLED]
    most = max(size for number, size in resident.items() if number > SETTLED) - resident[SETTLED]
    print(
        f"\nfrom {SETTLED} to {CANDIDATES}: {growth / 2**20:+.0f} MiB, at most {most / 2**20:+.0f} MiB in between; "
        f"{len(workers)} process, {cpu:.0f} s of processor, {time.monotonic() - began:.0f} s in all"
    )
    assert len(workers) == 1
    assert most <= MOST_GROWTH_BYTES


def candidate(task: dict, cnn, rng: np.random.Generator, seed: int) -> dict:
    """A random network of the space that one core trains in a second or two."""
    while True:
        architecture = cnn.sample(rng)
        if costs(cnn.lower(architecture)).macs <= MACS:
            break
    return {
        **task,
        "space": "cnn",
        "architecture": cnn.to_json(architecture),
        "epochs": 1,
        "seed": seed,
        "weights": str(Path(task["folder"]) / "weights.npz"),
    }


def worker_process() -> psutil.Process:
    """The one worker of this process."""
    (worker,) = (p for p in psutil.Process().children() if "popen_loky" in " ".join(p.cmdline()))
    return worker
