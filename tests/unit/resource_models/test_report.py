"""Reports, costs, the memory timeline and the drawings of a network."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from resource_models import (
    BoardError,
    Estimate,
    GraphBuilder,
    Missing,
    ResourceModelError,
    board,
    costs,
    macs,
    memory_timeline,
    minimum_peak_schedule,
    model_bytes,
    parameters,
    plan_arena,
    profile,
    schedule_in_order,
    to_dot,
    to_svg,
)
from search.spaces.cnn import CnnSpace

SPACE = CnnSpace((28, 28, 1), 10)
GRAPHS = [SPACE.lower(SPACE.sample(np.random.default_rng(seed))) for seed in range(8)]
NANO = board("arduino-nano-33-ble")


@pytest.mark.parametrize("graph", GRAPHS)
def test_costs_and_report_agree(graph) -> None:  # type: ignore[no-untyped-def]
    for accounting in ("tflm", "unas"):
        for chosen in (None, NANO):
            fast, full = (
                costs(graph, board=chosen, accounting=accounting),
                profile(graph, board=chosen, accounting=accounting),
            )
            assert (fast.ram_bytes, fast.model_bytes, fast.macs) == (full.ram_bytes, full.model_bytes, full.macs)
            assert fast.latency_s == full.latency_s
            assert fast.energy_j == full.energy_j
            for estimate in (full.ram, full.model, full.flash, full.latency):
                assert isinstance(estimate, Missing) or estimate.low <= estimate.value <= estimate.high


@pytest.mark.parametrize("graph", GRAPHS)
def test_each_accounting_is_what_it_says(graph) -> None:  # type: ignore[no-untyped-def]
    tflm, unas = costs(graph), costs(graph, accounting="unas")
    assert tflm.ram_bytes == plan_arena(graph).arena_bytes
    assert tflm.model_bytes == model_bytes(graph)
    assert unas.ram_bytes == minimum_peak_schedule(graph, inplace_add=True, count_inputs=False).peak_bytes
    assert unas.model_bytes == parameters(graph)
    assert unas.macs == macs(graph, "unas") >= tflm.macs
    assert profile(graph).peak_ram_bytes == minimum_peak_schedule(graph).peak_bytes


def test_a_report_has_every_layer() -> None:
    report = profile(GRAPHS[0], board=NANO)
    assert [layer.name for layer in report.layers] == [operator.name for operator in GRAPHS[0].operators]
    assert sum(layer.macs for layer in report.layers) == report.macs
    assert isinstance(report.latency, Estimate)
    assert sum(layer.latency_s or 0 for layer in report.layers) == pytest.approx(report.latency.value)
    assert report.runtime == "tflm-cmsis-nn"
    assert report.board == "arduino-nano-33-ble"
    assert isinstance(report.flash, Estimate)
    assert report.flash.value > report.model.value


def test_without_a_board_there_is_no_latency_but_a_reason() -> None:
    report = profile(GRAPHS[0])
    assert report.latency_s is None
    assert report.energy_j is None
    assert "board" in str(report.latency)
    assert costs(GRAPHS[0]).latency_reason == str(report.latency)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ResourceModelError, match="choose tflm or unas"):
        costs(GRAPHS[0], accounting="bytes")  # type: ignore[arg-type]
    with pytest.raises(BoardError, match="no runtime"):
        costs(GRAPHS[0], runtime="tflm-cmsisnn")
    with pytest.raises(BoardError, match="no-such"):
        profile(GRAPHS[0], runtime="no-such")


def test_the_timeline_is_the_schedule_and_says_what_sets_the_peak() -> None:
    for graph in GRAPHS:
        timeline = memory_timeline(graph)
        assert timeline.peak_bytes == schedule_in_order(timeline.graph).peak_bytes
        assert timeline.steps[timeline.peak_step].bytes == timeline.peak_bytes
        assert timeline.steps[timeline.peak_step].operator in timeline.sentence
        assert memory_timeline(graph, "unas").peak_bytes == costs(graph, accounting="unas").ram_bytes


def test_the_sentence_names_a_remedy() -> None:
    builder = GraphBuilder("net")
    x = builder.input((16, 16, 1))
    x = builder.conv2d(x, 32, (3, 3))
    x = builder.max_pool2d(x, (2, 2))
    sentence = memory_timeline(builder.build(builder.dense(builder.flatten(x), 4))).sentence
    assert sentence == (
        "max_pool2d_1 sets the peak of 7.66 KiB: conv2d_1 (6.12 KiB) and its output (1.53 KiB) are in memory together. "
        "Half the filters, or a stride, in conv2d_1 would lower it to 4.59 KiB or less."
    )


def test_a_better_order_is_named() -> None:
    builder = GraphBuilder("net")
    x = builder.input((8, 8, 4))
    ends = [builder.conv2d(builder.conv2d(x, 64, (1, 1)), 2, (1, 1)) for _ in range(2)]
    late = builder.conv2d(builder.conv2d(builder.conv2d(x, 2, (1, 1)), 2, (1, 1)), 2, (1, 1))
    assert "In the best order" not in memory_timeline(builder.build(builder.add([*ends, late])), "unas").sentence


def test_drawings_name_every_operator() -> None:
    for graph in GRAPHS:
        svg = to_svg(graph)
        ET.fromstring(svg)
        dot = to_dot(graph)
        for operator in graph.operators:
            assert operator.name in svg
            assert operator.name in dot
        assert dot.count(" -> ") == sum(map(len, graph.consumers))
