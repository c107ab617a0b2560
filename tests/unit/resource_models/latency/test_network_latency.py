"""Latency estimates: sums over kernel calls, carried over by clock, with a band or a reason."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_models import Board, Estimate, Graph, GraphBuilder, Missing, board, boards, runtimes
from resource_models.graph.graph import Operator, TensorSpec
from resource_models.graph.operators import Lstm
from resource_models.latency.network_latency import estimate_latency, latency_by_layer


def one_convolution(side: int, channels: int, filters: int, kernel: int = 3) -> Graph:
    builder = GraphBuilder("one")
    return builder.build(builder.conv2d(builder.input((side, side, channels)), filters, (kernel, kernel)))


def small_network() -> Graph:
    builder = GraphBuilder("small")
    x = builder.conv2d(builder.input((28, 28, 1)), 8, (3, 3), strides=(2, 2), activation="relu")
    x = builder.add([builder.conv2d(x, 8, (1, 1)), x, builder.depthwise_conv2d(x, (3, 3), padding="same")])
    x = builder.max_pool2d(builder.pad(x, ((1, 1), (1, 1))), (2, 2))
    return builder.build(builder.dense(builder.flatten(x), 10))


def known(graph: Graph, name: str, runtime: str | None = None) -> Estimate:
    found = estimate_latency(graph, board(name), runtime)
    assert isinstance(found, Estimate)
    return found


@pytest.mark.parametrize("item", boards(), ids=lambda item: item.id)
def test_every_board_has_a_band_or_a_reason(item: Board):
    for runtime in runtimes():
        found = estimate_latency(small_network(), item, runtime.id)
        if isinstance(found, Missing):
            assert found.reason
        else:
            assert 0 < found.low < found.value < found.high < math.inf
            assert found.method.startswith("measured-board")


@pytest.mark.parametrize(
    ("name", "runtime"),
    [
        ("nucleo-f446re", "tflm-cmsis-nn"),
        ("nucleo-l552ze-q", "tflm-cmsis-nn"),
        ("nucleo-f746zg", "tflm-cmsis-nn"),
        ("nucleo-l4r5zi", "st-edge-ai"),
        ("nucleo-u575zi-q", "st-edge-ai"),
        ("stm32h747i-disco", "st-edge-ai"),
        ("stm32h747i-disco", "st-edge-ai@8.1"),
        ("esp32-s3", "tflm-esp-nn"),
        ("raspberry-pi-pico", "tinymaix"),
        ("nucleo-h743zi", "tflm-reference"),
    ],
)
def test_what_is_promised_has_data(name: str, runtime: str):
    assert known(small_network(), name, runtime).value > 0


@pytest.mark.parametrize(
    ("name", "shape", "filters", "kernel", "cycles"),
    [
        ("nucleo-f446re", (16, 15, 16), 8, (1, 15), 1_959_023),
        ("arduino-nicla-sense-me", (16, 8, 8), 64, (7, 1), 1_820_121),
        ("nucleo-l552ze-q", (16, 8, 40), 8, (1, 8), 1_078_118),
    ],
)
def test_measured_layers_are_within_their_band(
    name: str, shape: tuple[int, int, int], filters: int, kernel: tuple[int, int], cycles: int
):
    """Three layers of github:tk-king/MicroNas (TFLM + CMSIS-NN)."""
    builder = GraphBuilder("micronas")
    layer = builder.conv2d(builder.input(shape), filters, kernel, padding="same", activation="relu")
    found = known(builder.build(layer), name)
    assert found.low < cycles / board(name).clock_hz < found.high
    assert found.high / found.low < 1.2


def test_same_core_scales_by_clock_and_says_so():
    graph = small_network()
    slow, fast = known(graph, "nucleo-l476rg"), known(graph, "nucleo-l4r5zi")
    assert slow.value / fast.value == pytest.approx(120 / 80)
    assert "scaled by clock" in slow.method
    assert "80 MHz" in slow.method
    measured = known(graph, "nucleo-f446re")
    assert "scaled" not in measured.method
    assert measured.high / measured.value < slow.high / slow.value


def test_cortex_m7_comes_from_m4_with_a_wider_band():
    graph = one_convolution(16, 16, 16)
    m4, m7 = known(graph, "nucleo-f446re"), known(graph, "nucleo-f746zg")
    assert m7.value * 216e6 < 0.6 * m4.value * 180e6
    assert m7.high / m7.value > m4.high / m4.value


def test_a_board_of_the_same_family_takes_its_chip():
    graph = one_convolution(16, 16, 16)
    assert known(graph, "arduino-nano-33-ble").value == known(graph, "arduino-nicla-sense-me").value


def test_newest_version_is_the_default_and_versions_differ():
    graph = small_network()
    newest = known(graph, "nucleo-l4r5zi", "st-edge-ai")
    assert newest.value == known(graph, "nucleo-l4r5zi", "st-edge-ai@10").value
    assert known(graph, "nucleo-l4r5zi", "st-edge-ai@7.1").value > 1.5 * newest.value


def test_no_data_gives_a_reason_with_what_there_is():
    found = estimate_latency(small_network(), board("raspberry-pi-pico"))
    assert isinstance(found, Missing)
    assert "Cortex-M0+" in found.reason
    assert "tinymaix" in found.reason
    found = estimate_latency(small_network(), board("arduino-nano-33-ble"), "st-edge-ai")
    assert isinstance(found, Missing)
    assert "STM32" in found.reason


def test_operator_without_a_rule_is_named_never_free():
    tensors = (TensorSpec("x", (1, 4, 8)), TensorSpec("y", (1, 4, 6)))
    graph = Graph("lstm", tensors, (Operator("cell", Lstm(6), (0,), (1,)),), (0,), (1,))
    for found in (estimate_latency(graph, board("nucleo-f446re")), latency_by_layer(graph, board("nucleo-f446re"))[0]):
        assert isinstance(found, Missing)
        assert "Lstm" in found.reason


def test_float_networks_get_no_number():
    graph = small_network()
    first = graph.operators[0]
    weights = tuple(dataclasses.replace(constant, dtype="float32") for constant in first.constants)
    changed = dataclasses.replace(first, constants=weights)
    floating = dataclasses.replace(graph, operators=(changed, *graph.operators[1:]))
    found = estimate_latency(floating, board("nucleo-f446re"))
    assert isinstance(found, Missing)
    assert "float32" in found.reason


def test_layers_add_up():
    graph, item = small_network(), board("nucleo-f446re")
    _, layers = latency_by_layer(graph, item)
    assert isinstance(layers, tuple)
    assert len(layers) == len(graph.operators)
    assert min(layers) > 0
    assert sum(layers) == pytest.approx(known(graph, item.id).value)


def test_macs_alone_do_not_decide():
    wide, narrow = one_convolution(10, 64, 1), one_convolution(10, 1, 64)
    assert known(narrow, "nucleo-f446re").value > 1.5 * known(wide, "nucleo-f446re").value


@pytest.mark.parametrize("runtime", ["tflm-cmsis-nn", "st-edge-ai"])
@given(
    side=st.integers(3, 40),
    channels=st.integers(1, 64),
    filters=st.integers(1, 64),
    kernel=st.sampled_from([1, 3]),
)
def test_more_filters_take_longer(runtime: str, side: int, channels: int, filters: int, kernel: int):
    item = board("nucleo-l4r5zi")
    less = estimate_latency(one_convolution(side, channels, filters, kernel), item, runtime)
    more = estimate_latency(one_convolution(side, channels, filters + 1, kernel), item, runtime)
    assert isinstance(less, Estimate)
    assert isinstance(more, Estimate)
    assert less.value < more.value


def test_own_board_of_a_known_core():
    mine = dataclasses.replace(board("nucleo-f446re"), id="mine", mcu="", clock_hz=90_000_000)
    found = estimate_latency(one_convolution(16, 16, 16), mine)
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(2 * known(one_convolution(16, 16, 16), "nucleo-f446re").value)
