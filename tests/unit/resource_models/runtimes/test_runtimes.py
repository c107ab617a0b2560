"""Runtimes and their versions."""

import csv
import hashlib
from pathlib import Path
from typing import Any

import pytest

from resource_models import (
    BoardError,
    Conv2D,
    Dense,
    Estimate,
    Graph,
    GraphBuilder,
    LatencyFit,
    Missing,
    NotModelledError,
    Reshape,
    ResourceModelError,
    Runtime,
    board,
    boards_that_fit,
    costs,
    plan_arena,
    profile,
    read_tflite,
    runtime_code_bytes,
)
from resource_models.runtimes.catalogue import default_runtime_of, runtime, runtimes
from resource_models.runtimes.tflm import TflmCode
from resource_models.scheduling.peaks import unas_peak_bytes


def test_ids_are_distinct_and_found():
    assert len({item.id for item in runtimes()}) == len(runtimes())
    assert all(runtime(item.id) == item for item in runtimes())


@pytest.mark.parametrize(
    ("text", "name"),
    [("ST-Edge-AI@8.1.0", "st-edge-ai@8.1"), ("st-edge-ai@10.2", "st-edge-ai@10"), ("st-edge-ai@9", "st-edge-ai@9.0")],
)
def test_versions_may_be_written_in_full(text: str, name: str):
    assert runtime(text).id == name


@pytest.mark.parametrize("text", ["st-edge-ai@6", "tflm", "", "st-edge-ai@1"])
def test_unknown_runtime_is_refused(text: str):
    with pytest.raises(BoardError, match="There is no runtime"):
        runtime(text)


def test_every_fit_of_a_version_is_a_runtime_that_people_can_name():
    for item in runtimes():
        for fit in item.fits if item.versions else ():  # one record for each version
            assert runtime(f"{item.id}@{fit.version}").family == item.family


def test_the_default_of_a_core_is_its_makers_kernels():
    found = [default_runtime_of(core) for core in ("Cortex-M4F", "Xtensa LX7 PIE", "RISC-V RV32IMC", "Some DSP", "")]
    assert found == ["tflm-cmsis-nn", "tflm-esp-nn", "tflm-esp-nn", "tflm-reference", "tflm-reference"]


def own_runtime(**changes: Any) -> Runtime:
    """A runtime of somebody's own, with a code size and two latency coefficients, and no RAM."""
    fit = LatencyFit.by_macs(core="Cortex-M7", cycles_per_mac=1.5, cycles_per_element=10.0, measured_on="two boards")
    return Runtime(**{"id": "mine", "name": "My runtime", "code": TflmCode(20_000), "latency": (fit,)} | changes)


def network() -> Graph:
    builder = GraphBuilder("net")
    x = builder.conv2d(builder.input((16, 16, 4)), 8, (3, 3), padding="same")
    return builder.build(builder.dense(builder.flatten(x), 4))


def test_a_runtime_of_ones_own_is_taken_as_a_record_and_what_it_lacks_is_said():
    graph, chosen = network(), board("nucleo-h743zi")
    report = profile(graph, board=chosen, runtime=own_runtime())
    assert report.runtime == "mine"
    assert report.arena == report.ram == Missing("the RAM that My runtime needs is not modelled")
    assert (report.arena_bytes, report.ram_bytes) == (None, None)
    assert isinstance(report.flash, Estimate)
    assert report.flash.value - report.model_bytes == TflmCode(20_000).size_bytes((Conv2D, Reshape, Dense))
    # Products at 1.5 cycles, elements of the reshaped map at 10; a fit without a band of its own has 0.4 to 2.5.
    assert isinstance(report.latency, Estimate)
    assert report.latency.value == pytest.approx(((16 * 16 * 8 * 36 + 2048 * 4) * 1.5 + 2048 * 10) / chosen.clock_hz)
    assert report.latency.high == pytest.approx(2.5 * report.latency.value)
    elsewhere = profile(graph, board=board("nucleo-f446re"), runtime=own_runtime())
    assert isinstance(elsewhere.latency, Missing)


def test_nothing_is_guessed_about_a_runtime_that_is_not_modelled():
    graph = network()
    for chosen in (own_runtime(code=None), "tinymaix"):
        report = profile(graph, runtime=chosen)
        assert isinstance(report.ram, Missing)
        assert isinstance(report.flash, Missing)
        assert profile(graph, runtime=chosen, accounting="unas").ram_bytes == unas_peak_bytes(graph)
        with pytest.raises(NotModelledError, match=r"RAM .* not modelled; choose another runtime"):
            costs(graph, runtime=chosen)
        assert costs(graph, runtime=chosen, accounting="unas").ram_bytes == unas_peak_bytes(graph)
        with pytest.raises(NotModelledError, match="no picture of the arena"):
            plan_arena(graph, runtime=chosen)
        with pytest.raises(NotModelledError, match="state --flash"):
            runtime_code_bytes(chosen)
        (fit,) = boards_that_fit(graph, runtime=chosen, candidates=[board("raspberry-pi-pico")])
        assert (fit.fits, fit.ram_left_bytes, fit.flash_left_bytes) == (None, None, None)
        assert "not modelled" in fit.reason


def test_st_edge_ai_has_a_band_of_its_own_and_no_picture():
    graph = network()
    report = profile(graph, board=board("nucleo-f446re"), runtime="st-edge-ai@8.1")
    assert isinstance(report.ram, Estimate)
    assert report.ram_bytes == round(0.66 * report.peak_ram_bytes) + 6 * 1024
    assert report.ram.low == pytest.approx(0.5 * report.peak_ram_bytes + 300, abs=1)
    assert report.ram.high == pytest.approx(report.peak_ram_bytes + 30 * 1024, abs=1)
    with pytest.raises(NotModelledError, match="where ST Edge AI Core puts its buffers"):
        plan_arena(graph, runtime="st-edge-ai")


def test_ram_of_st_edge_ai_is_that_of_the_model_zoo(measured_models: Path, measurements: Path):
    """The files at hand that ST's generator was measured with."""
    needs = {}
    with (measurements / "latency_points.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["ram_kind"] == "activations+runtime (Total RAM)":
                needs[row["model_sha12"]] = float(row["peak_ram_bytes"])
    checked = 0
    for path in sorted(measured_models.rglob("*.tflite")):
        needed = needs.get(hashlib.sha256(path.read_bytes()).hexdigest()[:12])
        if needed is not None:
            ram = profile(read_tflite(path), runtime="st-edge-ai").ram
            assert isinstance(ram, Estimate)
            assert ram.low <= needed <= ram.high, path.name
            assert ram.value == pytest.approx(needed, rel=0.25), path.name
            checked += 1
    assert checked >= 4


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "truncated"),
        ('{"about": "", "entries": [{"core": "x"}]}', "cycles"),
        ('{"about": "", "entries": [{"core": "x", "cycles": {"conv": [1, 2]}}]}', "'conv' are 2 numbers"),
        ('{"about": "", "entries": [{"core": "x", "cycles": {"fft": [1]}}]}', "no kind of kernel 'fft'"),
        ('{"about": "", "entries": [{"core": "x", "cycles": {"mean": [1, -2]}}]}', ">= 0"),
        ('{"about": "", "entries": [{"core": "x", "cycles": {"mean": [1, 1' + 5_000 * "0" + "]}}]}", "range"),
        ('{"about": "", "entries": [{"core": "x", "cycles": {}, "speed": 3}]}', "unknown field `speed`"),
        ('{"about": "", "entries": ' + 100_000 * "[", "not valid"),
    ],
)
def test_a_wrong_file_of_coefficients_is_refused_in_one_sentence(tmp_path: Path, text: str, word: str):
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(ResourceModelError, match=word) as caught:
        _ = own_runtime(latency=path).fits
    assert "\n" not in str(caught.value)
    with pytest.raises(ResourceModelError, match="cannot be read"):
        _ = own_runtime(latency=tmp_path / "none.json").fits
