"""The arena: its planner, what our converter makes of a graph, and the size of the file."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_models import (
    Graph,
    GraphBuilder,
    as_converted,
    model_bytes,
    parameters,
    plan_arena,
    read_tflite,
    weight_bytes,
)
from resource_models.memory.arena import greedy_offsets
from search.spaces.cnn import CnnSpace
from tests.support.operator_files import lstm
from tests.support.tflite_files import TfliteWriter

SPACE = CnnSpace((28, 28, 1), 10)


def network(seed: int) -> Graph:
    return SPACE.lower(SPACE.sample(np.random.default_rng(seed)))


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 9), st.integers(0, 4)), max_size=25))
def test_buffers_of_one_time_never_overlap(draws: list[tuple[int, int, int]]) -> None:
    requests = [(16 * size, first, first + length) for size, first, length in draws]
    offsets, head = greedy_offsets(requests)
    placed = [
        (offset, offset + size, first, last) for offset, (size, first, last) in zip(offsets, requests, strict=True)
    ]
    for index, (start, end, first, last) in enumerate(placed):
        assert start % 16 == 0
        for other_start, other_end, other_first, other_last in placed[:index]:
            assert end <= other_start or other_end <= start or last < other_first or other_last < first
    assert head == max((end for _, end, _, _ in placed), default=0)


def test_the_planner_takes_the_lowest_gap_that_fits() -> None:
    # The largest first; then the other ends of its life; then the gap below a later one.
    assert greedy_offsets([(64, 0, 1), (32, 1, 2), (32, 2, 3), (16, 3, 3)]) == ([0, 64, 0, 32], 96)


@pytest.mark.parametrize("runtime", ["tflm-reference", "tflm-cmsis-nn", "tflm-esp-nn"])
def test_the_plan_adds_up_and_holds_every_tensor(runtime: str) -> None:
    for seed in range(10):
        converted = as_converted(network(seed))
        plan = plan_arena(network(seed), runtime=runtime)
        assert plan.arena_bytes == plan.head_bytes + plan.persistent_bytes
        assert plan.head_bytes == max(buffer.offset + buffer.size for buffer in plan.buffers)
        assert [b.tensor for b in plan.buffers if b.tensor is not None] == list(range(len(converted.tensors)))
        assert len(plan.operators) == len(converted.operators)
        for buffer in plan.buffers:
            assert 0 <= buffer.first_step <= buffer.last_step < len(plan.operators)


@pytest.mark.parametrize(
    ("shape", "filters", "kernel", "strides", "arena"),
    # Measured with TFLM and CMSIS-NN on a NUCLEO-L552ZE-Q and a NUCLEO-F446RE by MicroNas (tk-king/MicroNas).
    [
        ((128, 9, 1), 8, (3, 1), (2, 1), 6452),
        ((128, 9, 1), 12, (3, 1), (2, 1), 8788),
        ((128, 9, 1), 16, (3, 1), (2, 1), 11124),
        ((64, 30, 1), 4, (3, 1), (2, 1), 6420),
        ((16, 5, 8), 8, (1, 1), (1, 1), 1956),
        ((16, 5, 32), 8, (1, 1), (1, 1), 3876),
    ],
)
def test_single_convolutions_with_cmsis_nn_are_as_measured_on_boards(
    shape: tuple[int, int, int], filters: int, kernel: tuple[int, int], strides: tuple[int, int], arena: int
) -> None:
    builder = GraphBuilder()
    x = builder.input(shape)
    graph = builder.build(builder.conv2d(x, filters, kernel, strides=strides, padding="same"))
    assert plan_arena(graph, runtime="tflm-cmsis-nn").arena_bytes == arena


def test_conversion_keeps_the_network_and_is_done_once() -> None:
    for seed in range(40):
        graph = network(seed)
        converted = as_converted(graph).verify()
        assert parameters(converted) == parameters(graph)
        assert [converted.tensors[t].shape for t in converted.outputs] == [
            graph.tensors[t].shape for t in graph.outputs
        ]
        assert {o.name for o in graph.operators if o.constants} == {
            o.name for o in converted.operators if o.constants and o.constants[0].dtype == "int8"
        }


def test_a_branch_is_finished_before_the_next_one_begins() -> None:
    builder = GraphBuilder("net")
    x = builder.input((8, 8, 2))
    first, second = builder.conv2d(x, 4, (1, 1)), builder.conv2d(x, 4, (1, 1))
    total = builder.add([builder.max_pool2d(first, (2, 2)), builder.max_pool2d(second, (2, 2))])
    order = [operator.name for operator in as_converted(builder.build(total)).operators]
    assert order == ["conv2d_1", "max_pool2d_1", "conv2d_2", "max_pool2d_2", "add_1"]


def test_sums_flattening_and_twins_are_rewritten_as_the_converter_does() -> None:
    builder = GraphBuilder("net")
    x = builder.input((4, 4, 2))
    a, b = builder.max_pool2d(x, (4, 4)), builder.max_pool2d(x, (4, 4))
    total = builder.add([builder.conv2d(a, 3, (1, 1)), builder.conv2d(b, 3, (1, 1)), builder.conv2d(a, 3, (1, 1))])
    converted = as_converted(builder.build(builder.dense(builder.flatten(total), 2))).verify()
    kinds = [type(operator.spec).__name__ for operator in converted.operators]
    assert kinds.count("MaxPool2D") == 1
    assert kinds.count("Add") == 2
    assert kinds.count("Reshape") == 2
    assert kinds[-1] == "Dense"


def test_the_file_holds_weights_scales_and_names() -> None:
    graph = network(3)
    assert weight_bytes(graph) < model_bytes(graph) < 3 * weight_bytes(graph) + 20_000


@pytest.mark.parametrize(
    ("units", "steps", "features", "options", "reference"),
    # Head and tail as TFLM's reference kernels report them (mcufit 0.5.2).
    [
        (8, 5, 3, {}, 128 + 3436),
        (16, 28, 28, {}, 1360 + 3452),
        (33, 7, 6, {"batch": 2}, 1136 + 3628),
        (12, 9, 4, {"layers": 2}, 352 + 4492),
        (20, 10, 5, {"batch": 3, "time_major": True}, 1280 + 3596),
        (8, 5, 3, {"dtype": "int16"}, 176 + 3436),
        (8, 5, 3, {"dtype": "float32"}, 352 + 3432),
    ],
)
def test_the_arena_of_an_lstm_is_that_of_tflm(
    units: int, steps: int, features: int, options: dict[str, Any], reference: int
) -> None:
    graph = read_tflite(lstm(units, steps, features, **options))
    assert plan_arena(graph, runtime="tflm-reference").arena_bytes == reference


def test_cmsis_nn_keeps_sums_for_an_lstm_and_borrows_three_buffers_instead_of_four() -> None:
    graph = read_tflite(lstm(10, 5, 3))
    reference, cmsis = (plan_arena(graph, runtime=f"tflm-{name}") for name in ("esp-nn", "cmsis-nn"))
    assert [buffer.size for buffer in reference.buffers if buffer.tensor is None] == [32] * 4
    assert [buffer.size for buffer in cmsis.buffers if buffer.tensor is None] == [32] * 3
    # 224 bytes of parameters, eight sums of ten int32, one handle less.
    assert cmsis.persistent_bytes - reference.persistent_bytes == 224 + 8 * 48


def test_a_tensor_that_nothing_uses_still_takes_a_structure() -> None:
    w = TfliteWriter()
    x, y = w.tensor((1, 8)), w.tensor((1, 8))
    w.operator("RELU", [x], [y])
    lean = read_tflite(w.file([x], [y]))
    w = TfliteWriter()
    x, y, *_ = (w.tensor((1, 8)) for _ in range(6))
    w.operator("RELU", [x], [y])
    full = read_tflite(w.file([x], [y]))
    added = plan_arena(full).persistent_bytes - plan_arena(lean).persistent_bytes
    assert added == 48
