"""What a search finds for the motion of a smartwatch on a small board, beside a plain network as large.

Both have the same people to learn from, to validate on and to be tested on, who are three different lots, and the same
CPU-seconds: the search for all its networks, the plain one for a single training. Of the search it is the network with
the lowest validation error whose int8 file is tested, once.

`UNAS_DATA_DIR` names the folder of the data set, `UNAS_BENCH_SECONDS` the CPU-seconds, `UNAS_BENCH_SPACE` the space,
`UNAS_BENCH_SEEDS` the seeds.
"""

import os
from pathlib import Path

import numpy as np
import pytest

import data
from resource_models import Graph, GraphBuilder, board, costs
from search import Run, RunSettings
from tests.support.by_hand import trained_for

DATASET, BOARD = "watch-exercises", "arduino-nano-33-ble"
SECONDS = float(os.environ.get("UNAS_BENCH_SECONDS", "300"))
SPACE = os.environ.get("UNAS_BENCH_SPACE", "cnn-extended")
SEEDS = tuple(map(int, os.environ.get("UNAS_BENCH_SEEDS", "0,1,2").split(",")))


def plain_network(dataset: data.Dataset, filters: int) -> Graph:
    """Three convolutions along the time, each half as long and with more filters, then the mean."""
    builder = GraphBuilder("plain")
    x = builder.input(dataset.input_shape)
    for times in (1, 2, 3):
        kind = {"strides": (2, 1), "padding": "same", "activation": "relu", "batch_norm": True}
        x = builder.conv2d(x, times * filters, (5, 1), **kind)
    _, height, width, _ = builder.shape(x)
    return builder.build(
        builder.dense(builder.flatten(builder.average_pool2d(x, (height, width))), dataset.num_classes)
    )


def as_large(dataset: data.Dataset, model_bytes: int) -> Graph:
    """The plain network whose file is nearest to that size."""
    graphs = [plain_network(dataset, filters) for filters in range(1, 129)]
    return min(graphs, key=lambda graph: abs(costs(graph, board=board(BOARD)).model_bytes - model_bytes))


def line(name: str, graph: Graph, validation: float, test: float) -> str:
    needs = costs(graph, board=board(BOARD))
    latency_ms = 1000 * (needs.latency_s or 0)
    return (
        f"  {name}: test error {100 * test:.2f} % (int8), validation {100 * validation:.2f} %, "
        f"RAM {needs.ram_bytes:,} B, model {needs.model_bytes:,} B, {needs.macs:,} MACs, {latency_ms:.1f} ms"
    )


@pytest.mark.bench
@pytest.mark.tf
@pytest.mark.timeout(7200)
def test_a_search_beside_a_plain_network(tmp_path: Path) -> None:
    from search.training.quantise import int8_error

    try:
        dataset = data.load(DATASET)
    except data.DataError as missing:
        pytest.skip(str(missing))
    parts = {title: len(split) for title, split in dataset.splits().items()}
    print(
        f"\n{DATASET}: {parts}, largest class {max(dataset.test.class_counts(7)) / parts['test']:.1%} of the test part"
    )
    found: list[tuple[float, float]] = []
    for seed in SEEDS:
        settings = RunSettings(dataset=DATASET, board=BOARD, space=SPACE, cpu_seconds=SECONDS, seed=seed)
        run = Run.create(settings.with_board_budget(), tmp_path / f"run{seed}")
        run.start()
        run.wait()
        best = min(run.front(), key=lambda o: o.val_error)
        graph = run.graph(best.trial_id)
        exported = run.export(best.trial_id, tmp_path / f"best{seed}.tflite").result()
        searched = int8_error(Path(exported.path).read_bytes(), dataset.test)
        print(f"seed {seed}, {len(run.networks())} networks in {SECONDS:g} CPU-seconds", flush=True)
        print(line("search", graph, best.val_error, searched), flush=True)
        plain = as_large(dataset, costs(graph, board=board(BOARD)).model_bytes)
        by_hand = trained_for(plain, dataset, SECONDS, seed)
        print(f"  plain: {by_hand.epochs:.0f} epochs in {by_hand.cpu_seconds:.0f} CPU-seconds", flush=True)
        found.append((searched, int8_error(by_hand.model, dataset.test)))
        print(line("plain", plain, by_hand.val_error, found[-1][1]), flush=True)
    for name, errors in zip(("search", "plain"), np.array(found).T, strict=True):
        spread = errors.std(ddof=1) if len(SEEDS) > 1 else 0.0
        print(f"{name}: {100 * errors.mean():.2f} ± {100 * spread:.2f} % over {len(SEEDS)} seeds", flush=True)
