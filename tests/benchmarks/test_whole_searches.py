"""What a search with all defaults ends with on real boards, beside successive halving and a network drawn by hand.

Per pair of data set and board, and per seed: the lowest validation error and the hypervolume of error and RAM, after
the same CPU-seconds on two workers; the network drawn by hand is trained alone, for the whole time.

`UNAS_DATA_DIR` names the folder of the data sets, `UNAS_BENCH_IMAGES` a folder with a folder of images for each class,
`UNAS_BENCH_SECONDS` the CPU-seconds, `UNAS_BENCH_SEEDS` the seeds, `UNAS_BENCH_SET` options of the default algorithm
("training_share=0 cost_penalty=0"), `UNAS_BENCH_KEEP` a folder that keeps what is done, which is not done again.
"""

import json
import os
from pathlib import Path

import pytest

import data
from resource_models import board, costs
from search import Run, RunSettings
from tests.benchmarks.test_real_boards import named
from tests.support.by_hand import separable_network, trained_for

PAIRS = (
    ("mnist", "raspberry-pi-pico"),
    ("cifar10", "nucleo-f746zg"),
    ("spoken-digits", "esp32-s3"),
    ("watch", "arduino-nano-33-ble"),
    ("images", "esp32-s3"),
    ("spoken-digits", "raspberry-pi-pico"),
)
SECONDS = float(os.environ.get("UNAS_BENCH_SECONDS", "300"))
SEEDS = tuple(map(int, os.environ.get("UNAS_BENCH_SEEDS", "0 1 2").split()))
OPTIONS = dict(pair.split("=") for pair in os.environ.get("UNAS_BENCH_SET", "").split())


def searched(algorithm: str, dataset: str, board_id: str, seed: int, folder: Path) -> dict[str, float | int]:
    options = {name: float(value) for name, value in OPTIONS.items()} if algorithm == "pareto_halving" else {}
    settings = RunSettings(
        dataset=named(dataset), board=board_id, algorithm=algorithm, workers=2, cpu_seconds=SECONDS, seed=seed,
        options=options,
    )  # fmt: skip
    run = Run.create(settings.with_board_budget(), folder)
    run.start()
    run.wait()
    return found_in(run)


def found_in(run: Run) -> dict[str, float | int]:
    errors = [o.val_error for o in run.networks() if o.val_error is not None]
    return {"error": min(errors, default=1.0), "hypervolume": run.hypervolume() or 0.0, "networks": len(errors)}


def by_hand(dataset: str, board_id: str, seed: int) -> dict[str, float | int]:
    there = data.load(named(dataset))
    graph = separable_network(there)
    needs = costs(graph, board=board(board_id))
    trained = trained_for(graph, there, SECONDS, seed)
    bounds = RunSettings(dataset=named(dataset), board=board_id).with_board_budget().budget
    fits = needs.ram_bytes <= (bounds.ram_bytes or 0) and needs.model_bytes <= (bounds.model_bytes or 0)
    return {"error": trained.val_error, "epochs": trained.epochs, "fits": fits, "macs": needs.macs}


@pytest.mark.bench
@pytest.mark.tf
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("dataset", "board_id"), PAIRS)
@pytest.mark.parametrize("way", ["pareto_halving", "successive_halving", "by_hand"])
def test_what_a_search_ends_with(way: str, dataset: str, board_id: str, seed: int, tmp_path: Path) -> None:
    kept = Path(os.environ.get("UNAS_BENCH_KEEP", tmp_path))
    chosen = "".join(f",{name}={value}" for name, value in OPTIONS.items() if way == "pareto_halving")
    file = kept / f"{way}{chosen}-{dataset}-{board_id}-{SECONDS:g}-{seed}.json"
    if not file.exists():
        folder = file.with_suffix("") if kept != tmp_path else tmp_path / "run"
        hand = way == "by_hand"
        found = by_hand(dataset, board_id, seed) if hand else searched(way, dataset, board_id, seed, folder)
        file.write_text(json.dumps(found))
    print(f"\n{way + chosen:20} {dataset:14} {board_id:20} {SECONDS:g} s, seed {seed}: {file.read_text()}", flush=True)
