"""Calibration with a user's own measurements."""

from pathlib import Path

import numpy as np
import pytest

from resource_models import BoardError, Estimate, Graph, GraphBuilder, ResourceModelError, board
from resource_models.boards.board_file import write_board
from resource_models.latency.calibrate import Measurement, calibrate, read_measurements
from resource_models.latency.network_latency import estimate_latency


def network(seed: int) -> Graph:
    rng = np.random.default_rng(seed)
    builder = GraphBuilder(f"network {seed}")
    x = builder.input((int(rng.integers(12, 40)), 28, int(rng.integers(1, 4))))
    for filters in rng.integers(4, 40, int(rng.integers(1, 5))):
        x = builder.conv2d(x, int(filters), (3, 3), padding="same", activation="relu")
        if rng.random() < 0.5:
            x = builder.depthwise_conv2d(x, (3, 3), padding="same")
    return builder.build(builder.dense(builder.flatten(builder.global_average_pool(x)), 10))


def measured(count: int, name: str, runtime: str, factor: float) -> list[Measurement]:
    """As if a board were `factor` times as slow as another one."""
    rows = []
    for seed in range(count):
        graph = network(seed)
        found = estimate_latency(graph, board(name), runtime)
        assert isinstance(found, Estimate)
        rows.append(Measurement(graph.name, graph, found.value * factor))
    return rows


def test_a_slower_board_is_found_exactly():
    report = calibrate(measured(5, "nucleo-f446re", "tflm-cmsis-nn", 1.7), board("nucleo-f411re"))
    assert report.calibration.median_error < 0.01
    assert report.macs_median_error > 0.1
    probe = network(99)
    found = estimate_latency(probe, report.board)
    like = estimate_latency(probe, board("nucleo-f446re"))
    assert isinstance(found, Estimate)
    assert isinstance(like, Estimate)
    assert found.value == pytest.approx(1.7 * like.value, rel=0.02)
    assert "calibrated" in found.method
    assert "5 networks" in report.summary()


def test_a_core_without_data_gets_an_estimate():
    item = board("ek-ra8d1")
    report = calibrate(measured(12, "stm32h747i-disco", "st-edge-ai", 0.5), item)
    assert not isinstance(estimate_latency(network(50), item), Estimate)
    assert isinstance(estimate_latency(network(50), report.board), Estimate)
    assert report.calibration.median_error < report.macs_median_error


def test_calibrated_board_survives_its_file(tmp_path: Path):
    report = calibrate(measured(3, "nucleo-f446re", "tflm-cmsis-nn", 1.2), board("raspberry-pi-pico"))
    path = tmp_path / "mine.json"
    write_board(report.board, path)
    assert board(path) == report.board
    with pytest.raises(BoardError, match="cannot be written"):
        write_board(report.board, tmp_path / "no such folder" / "mine.json")


def test_one_measurement_is_not_enough():
    with pytest.raises(BoardError, match="at least two"):
        calibrate(measured(1, "nucleo-f446re", "tflm-cmsis-nn", 1.0), board("nucleo-f446re"))


def test_measurements_file(tmp_path: Path):
    path = tmp_path / "measured.csv"
    path.write_text('model,milliseconds\na.tflite,"12,5"\nb.tflite,3000 µs\n', encoding="utf-8")
    asked: list[Path] = []

    def load(model: Path) -> Graph:
        asked.append(model)
        return network(len(asked))

    rows = read_measurements(path, load)
    assert [row.seconds for row in rows] == [0.0125, 0.003]
    assert asked == [tmp_path / "a.tflite", tmp_path / "b.tflite"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("model,ms\na,1\n", "columns"),
        ("model,milliseconds\n", "columns"),
        ("model,milliseconds\na,fast\n", "line 2"),
        ("model,milliseconds\na,1\nb,-3\n", "line 3"),
        ("model,milliseconds\na,inf\n", "line 2"),
        ("model,milliseconds\na\n", "line 2"),
        ('model,milliseconds\na,"1,250"\n', "line 2: milliseconds: '1,250' may be 1250 ms or 1.250 ms"),
    ],
)
def test_wrong_measurements_file(tmp_path: Path, text: str, word: str):
    path = tmp_path / "measured.csv"
    path.write_text(text)
    with pytest.raises(ResourceModelError, match=word):
        read_measurements(path, lambda _: network(0))


def test_missing_measurements_file(tmp_path: Path):
    with pytest.raises(ResourceModelError, match="cannot be read"):
        read_measurements(tmp_path / "none.csv", lambda _: network(0))
