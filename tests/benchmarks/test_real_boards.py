"""Real data on real boards, all defaults: when the first network is trained, and how many are after two minutes.

`UNAS_DATA_DIR` names the folder of the data sets, `UNAS_BENCH_IMAGES` a folder with a folder of images for each class,
`UNAS_BENCH_SECONDS` how long each search goes on. Both workers want a processor of their own: measure nothing else.
"""

import os
import time
from pathlib import Path

import pytest

import data
from search import Run, RunSettings
from search.runs.events import RunEvent

SECONDS = float(os.environ.get("UNAS_BENCH_SECONDS", "120"))
DATASETS = ("mnist", "cifar10", "spoken-digits", "watch", "images")
WINDOWS = "?label=exercise&columns=ax,ay,az,wx,wy,wz&window=64&group=subject"
BOARDS = ("arduino-nano-33-ble", "nucleo-f746zg", "esp32-s3", "raspberry-pi-pico")


def named(dataset: str) -> str:
    """What `load` knows it by; skips what is not here."""
    folder = os.environ.get("UNAS_DATA_DIR", "")
    own = {
        "watch": f"table:{folder}/watch-exercises.parquet{WINDOWS}",
        "images": f"folder:{os.environ.get('UNAS_BENCH_IMAGES', '')}",
    }
    name = own.get(dataset, dataset)
    try:
        if not data.describe(name).available:
            pytest.skip(f"{name} is not here")
    except data.DataError as error:
        pytest.skip(str(error))
    return name


@pytest.mark.bench
@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("dataset", DATASETS)
def test_the_first_two_minutes(dataset: str, board: str, tmp_path: Path) -> None:
    settings = RunSettings(dataset=named(dataset), board=board, workers=2).with_board_budget()
    run = Run.create(settings, tmp_path / "run")
    handed_out: list[float] = []
    trained: list[float] = []
    began = time.monotonic()

    def watch(event: RunEvent) -> None:
        if event.kind == "trial":
            handed_out.append(time.monotonic() - began)
        elif event.kind == "observation" and event.payload.trial.promotes is None:
            trained.append(time.monotonic() - began)

    run.subscribe(watch)
    run.start()
    run.wait(SECONDS)
    run.stop()
    run.wait(60)
    errors = [o.val_error for o in run.networks() if o.val_error is not None]
    print(f"\n{dataset:14} {board:20} data there {handed_out[0]:5.1f} s, first trained {trained[0]:5.1f} s, ", end="")
    print(f"{len(trained):3} networks and {run.progress().promotions:3} promotions, error {min(errors):.3f}")
