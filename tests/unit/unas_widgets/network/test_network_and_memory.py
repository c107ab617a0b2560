"""A network layer by layer, and its memory step by step."""

import pytest

from resource_models import GraphBuilder, board, profile
from unas_widgets.network.arena_html import arena_html
from unas_widgets.network.arena_view import arena_view
from unas_widgets.network.memory_html import memory_html
from unas_widgets.network.memory_view import memory_view
from unas_widgets.network.network_html import figures_html, network_html
from unas_widgets.network.network_view import network_view, operator_words
from unas_widgets.quantities.quantity import error_quantity


@pytest.fixture
def graph():
    b = GraphBuilder("two branches")
    x = b.conv2d(b.input((8, 8, 1)), 12, (3, 3), strides=(2, 2), activation="relu")
    y = b.add([b.conv2d(x, 4, (1, 1)), b.depthwise_conv2d(b.conv2d(x, 4, (1, 1)), (3, 3), padding="same")])
    return b.build(b.dense(b.flatten(b.max_pool2d(y, (2, 2))), 10))


def test_layers_have_shapes_bytes_and_macs_that_add_up(graph):
    report = profile(graph, board=board("arduino-nano-33-ble"))
    view = network_view(graph, report)
    assert view.input_shape == "8×8×1"
    assert len(view.rows) == len(graph.operators)
    assert sum(row.macs.value for row in view.rows) == report.macs == view.macs.value
    first = view.rows[0]
    assert (first.operator, first.activation, first.shape) == ("conv 3×3, stride 2", "relu", "3×3×12")
    assert first.macs.value == 3 * 3 * 12 * 9


def test_bars_are_shares_of_the_largest(graph):
    rows = network_view(graph, profile(graph)).rows
    for name in ("weights", "output", "macs"):
        shares = [getattr(row, f"{name}_share") for row in rows]
        values = [getattr(row, name).value for row in rows]
        assert max(shares) == 1
        assert shares == pytest.approx([value / max(values) for value in values])


@pytest.mark.parametrize("accounting", ["tflm", "unas"])
def test_the_peak_is_the_largest_step_and_is_marked_once(graph, accounting):
    view = memory_view(graph, accounting)
    totals = [step.total.value for step in view.steps]
    assert [step.peak for step in view.steps].count(True) == 1
    peak = next(step for step in view.steps if step.peak)
    assert peak.total.value == max(totals) == view.peak.value
    assert peak.operator in view.sentence
    assert all(0 <= tensor.share <= 1 for step in view.steps for tensor in step.tensors)


def test_words_of_operators(graph):
    words = [operator_words(o.spec, graph.tensors[o.outputs[0]].shape) for o in graph.operators]
    assert {"conv 1×1", "depthwise 3×3", "add", "max pool 2×2", "flatten", "dense, 10 units"} <= set(words)


def test_html_escapes_and_marks(graph):
    html = network_html(network_view(graph, profile(graph)))
    assert html.count("<tr data-layer=") == len(graph.operators)
    assert "◀ peak" in memory_html(memory_view(graph))
    assert memory_html(memory_view(graph)).count('data-peak="true"') == 1
    figures = figures_html(network_view(graph, profile(graph)), error_quantity(0.02))
    assert "error 2 %" in figures
    assert "latency –" in figures


def test_without_a_plan_of_the_arena_there_is_a_sentence(graph):

    for runtime, words in (("tinymaix", "not modelled"), ("st-edge-ai", "where ST Edge AI Core puts its buffers")):
        view = arena_view(graph, runtime=runtime)
        assert words in view.sentence
        assert view.arena.value is None
        assert words in arena_html(view)
        assert words in memory_html(memory_view(graph, runtime=runtime))
