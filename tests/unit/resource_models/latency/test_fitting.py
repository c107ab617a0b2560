"""The shipped coefficients against the measurements they come from; skipped where the measurements are not at hand."""

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resource_models import Estimate, Graph, GraphBuilder, ResourceModelError, board
from resource_models.latency.fitting.__main__ import fit_all, main, write_fits
from resource_models.latency.fitting.measurements import read_layer_lists, read_networks
from resource_models.latency.fitting.st_edge_ai import RECENT
from resource_models.latency.fitting.validation import band, coverage, errors, folds, leave_out
from resource_models.latency.kernel_work import operator_work
from resource_models.latency.network_latency import estimate_latency
from resource_models.latency.published_measurements import published_layers
from resource_models.model_file.tflite_import import read_tflite
from resource_models.runtimes.catalogue import runtime, runtimes
from resource_models.runtimes.latency_fit import LatencyFit, read_fits
from resource_models.runtimes.runtime import FITS

BOARDS = {
    "NUCLEO-F446RE": "nucleo-f446re",
    "NUCLEO-L552ZE-Q": "nucleo-l552ze-q",
    "Arduino Nicla Sense ME": "arduino-nicla-sense-me",
}


@pytest.fixture(scope="module")
def fitted(measurements: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[LatencyFit, ...]]:
    """What a fit to the measurements gives, by the name of the file."""
    folder = tmp_path_factory.mktemp("fits")
    return {path.name: read_fits(path) for path in write_fits(fit_all(measurements), folder)}


def shipped(core: str, name: str, applies_to: tuple[str, ...] = ()) -> dict[str, Any]:
    """How the fit of a runtime to a core fared on what was left out of it."""
    fits = runtime(name).fits
    return next(fit.validation for fit in fits if (fit.core, fit.applies_to) == (core, applies_to))


def test_the_files_are_what_the_fit_gives(fitted: dict[str, tuple[LatencyFit, ...]]):
    assert set(fitted) == {path.name for path in FITS.glob("*.json")}
    for name, fits in fitted.items():
        for new, old in zip(fits, read_fits(FITS / name), strict=True):
            assert (new.core, new.runtime, new.version) == (old.core, old.runtime, old.version)
            for kind, values in old.cycles.items():
                assert new.cycles[kind] == pytest.approx(values, rel=0.02, abs=0.02), (new.core, kind)


@pytest.mark.parametrize(
    ("core", "applies_to", "target"),
    [("Cortex-M4F", ("STM32F446",), 0.10), ("Cortex-M33", (), 0.10), ("Cortex-M4F", ("nRF52",), 0.20)],
)
def test_single_layers_with_their_group_left_out(core: str, applies_to: tuple[str, ...], target: float):
    found = shipped(core, "tflm-cmsis-nn", applies_to)
    assert found["single_layers"]["median"] <= target
    assert found["single_layers"]["median"] < found["macs_times_constant"]["median"] / 3
    assert found["band_holds"] >= 0.85


def test_networks_of_st_edge_ai_with_their_family_left_out():
    found = shipped("Cortex-M7", "st-edge-ai")
    assert found["networks_8.1_and_later"]["cases"] >= 60
    assert found["networks_8.1_and_later"]["median"] <= 0.15
    assert found["networks_8.1_and_later"]["p90"] <= 0.35
    assert found["networks_8.1_and_later"]["p90"] < found["macs_times_constant_8.1_and_later"]["p90"]
    fits = [fit for fit in runtime("st-edge-ai").fits if fit.version in RECENT]
    assert {fit.core for fit in fits} == {"Cortex-M4F", "Cortex-M33", "Cortex-M7"}
    held = sum(fit.validation["band_holds"] * fit.samples for fit in fits)
    assert held / sum(fit.samples for fit in fits) >= 0.85


def test_networks_that_had_no_part_in_the_fit():
    checks = dict(shipped("Cortex-M4F", "tflm-cmsis-nn")["networks"])
    checks |= shipped("Cortex-M7", "tflm-cmsis-nn")["networks"]
    assert len(checks) >= 5
    for name, check in checks.items():
        assert abs(check["error"]) <= 0.25, name


@pytest.mark.parametrize(
    ("model", "name", "seconds"),
    [
        ("mlperf_tiny/kws_ref_model.tflite", "nucleo-l4r5zi", 0.110602),
        ("mlperf_tiny/ad01_int8.tflite", "nucleo-l4r5zi", 0.008919),
        ("tinyengine/vww.tflite", "nucleo-h743zi", 0.097),
    ],
)
def test_files_that_had_no_part_in_the_fit(measured_models: Path, model: str, name: str, seconds: float):
    found = estimate_latency(read_tflite(measured_models / model), board(name), "tflm-cmsis-nn")
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(seconds, rel=0.25)
    assert found.low < seconds < found.high


def test_layer_lists_agree_with_the_files(measurements: Path, measured_models: Path):
    lists = read_layer_lists(measurements)
    for model in ("mlperf_tiny/kws_ref_model.tflite", "tinyengine/vww.tflite"):
        path = measured_models / model
        graph = read_tflite(path)
        works = [
            work
            for operator in graph.operators
            for work in operator_work(
                operator.spec, graph.shapes(operator.inputs), graph.tensors[operator.outputs[0]].shape
            )
        ]
        assert tuple(works) == lists[hashlib.sha256(path.read_bytes()).hexdigest()[:12]]


def layer_graphs(folder: Path) -> Iterator[tuple[str, Graph, float]]:
    """Every 7th measured layer as a graph of one operator, with the id of its board and its cycles."""
    with (folder / "op_points.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["board"] in BOARDS and row["op"] in ("conv2d", "add")]
    for row in rows[::7]:
        builder = GraphBuilder("layer")
        if row["op"] == "conv2d":
            kernel, strides = (tuple(map(int, row[key].split("x"))) for key in ("kernel", "stride"))
            x = builder.input(tuple(json.loads(row["in_shape"])[1:]))
            filters = json.loads(row["out_shape"])[3]
            y = builder.conv2d(x, filters, kernel, strides=strides, padding="same", activation="relu")
        else:
            shape = tuple(json.loads(row["out_shape"])[1:])
            y = builder.add([builder.input(shape), builder.input(shape)])
        yield BOARDS[row["board"]], builder.build(y), float(row["op_cycles"])


def test_estimates_of_graphs_meet_the_measured_layers(measurements: Path):
    found: dict[str, list[float]] = {name: [] for name in BOARDS.values()}
    inside = []
    for name, graph, cycles in layer_graphs(measurements):
        item = board(name)
        estimate = estimate_latency(graph, item, "tflm-cmsis-nn")
        assert isinstance(estimate, Estimate)
        found[name].append(abs(estimate.value * item.clock_hz / cycles - 1))
        inside.append(estimate.low * item.clock_hz <= cycles <= estimate.high * item.clock_hz)
    assert len(inside) > 500
    assert np.mean(inside) >= 0.85
    assert {name: float(np.median(error)) < 0.05 for name, error in found.items()} == dict.fromkeys(found, True)


def test_command_writes_the_files_and_refuses_a_wrong_folder(
    measurements: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["--data", str(measurements), "--to", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in FITS.iterdir()}
    assert "tflm-cmsis-nn" in capsys.readouterr().out
    assert main(["--data", str(tmp_path), "--to", str(tmp_path)]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert main(["--data", str(measurements), "--to", str(tmp_path / "none")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_fits_meet_the_layers_that_the_project_holds():
    """Without the measurements: the sixteen layers that are published with it, NUCLEO-F446RE."""
    chosen = board("nucleo-f446re")
    off = []
    for layer in published_layers():
        side = layer.output_pixels
        builder = GraphBuilder("layer")
        if layer.operator == "conv2d":
            x = builder.input((side, 1, layer.input_channels))
            y = builder.conv2d(x, layer.output_channels, layer.kernel, padding="same", activation="relu")
        else:
            shape = (side, 1, layer.output_channels)
            y = builder.add([builder.input(shape), builder.input(shape)])
        found = estimate_latency(builder.build(y), chosen, "tflm-cmsis-nn")
        assert isinstance(found, Estimate)
        off.append(found.value * chosen.clock_hz / layer.cycles - 1)
    assert len(off) == 16
    assert np.median(np.abs(off)) < 0.02
    assert np.max(np.abs(off)) < 0.15


def test_every_file_of_fits_belongs_to_a_runtime():
    held = {item.latency for item in runtimes()}
    assert set(FITS.glob("*.json")) == held
    for item in runtimes():
        assert {fit.runtime for fit in item.fits} <= {item.family}


def test_networks_have_layers_where_the_lists_have_them(measurements: Path):
    networks = read_networks(measurements)
    assert sum(1 for network in networks if network.works) > 400
    without_clock = next(network for network in networks if network.clock_hz is None)
    with pytest.raises(ResourceModelError, match="clock"):
        assert without_clock.cycles


def test_leaving_out_uses_no_member_of_the_group():
    def mean_of_rest(rest: list[tuple[str, float]]) -> Any:
        mean = float(np.mean([value for _, value in rest]))
        return lambda _: mean

    samples = [("a", 1.0), ("a", 3.0), ("b", 10.0)]
    assert leave_out(samples, lambda sample: sample[0], mean_of_rest) == [10.0, 10.0, 2.0]


def test_summaries():
    assert errors([1.1, 2.0], [1.0, 1.0]) == {"cases": 2, "median": 0.55, "p90": 0.91, "largest": 1.0}
    low, high = band([1.0] * 100, [1.1] * 100, floor=0.05)
    assert (low, high) == (pytest.approx(1 / 1.1, rel=1e-3), pytest.approx(1.1, rel=1e-3))
    assert coverage([1.0, 1.0], [1.05, 2.0], [(0.9, 1.1)] * 2) == 0.5
    assert folds(["c", "a", "b", "a"], 2) == {"a": "0", "b": "1", "c": "0"}
