import math

import pytest

from resource_models import (
    Graph,
    GraphBuilder,
    board,
    boards,
    minimum_peak_schedule,
    plan_arena,
    profile,
    schedule_in_order,
)
from resource_models.latency.published_measurements import published_layers, published_networks
from unas_widgets import figures
from unas_widgets.graph_drawing import graph_dot, graph_figure


@pytest.fixture
def branching() -> Graph:
    b = GraphBuilder('say "two"')
    stem = b.conv2d(b.input((16, 16, 3)), 8, (3, 3), name="stem")
    ends = [b.max_pool2d(b.conv2d(stem, 12, (1, 1), name="wide"), (7, 7), name="small") for _ in range(2)]
    return b.build(b.dense(b.flatten(b.add(ends, name="sum"), name="flatten"), 10, name="classes"))


def heights(figure) -> list[float]:
    return [sum(bar.y[step] for bar in figure.data) for step in range(len(figure.data[0].y))]


@pytest.mark.parametrize("inplace_add", [False, True])
@pytest.mark.parametrize("count_inputs", [False, True])
def test_memory_bars_add_up_to_the_schedule(branching: Graph, inplace_add: bool, count_inputs: bool):
    schedule = minimum_peak_schedule(branching, inplace_add=inplace_add, count_inputs=count_inputs)
    figure = figures.memory_figure(branching, schedule)
    factor = 1024 if "KiB" in figure.layout.yaxis.title.text else 1
    assert [height * factor for height in heights(figure)] == pytest.approx([step.bytes for step in schedule.steps])
    (note,) = figure.layout.annotations
    assert "peak" in note.text
    assert (note.x, note.y * factor) == (schedule.peak_step, pytest.approx(schedule.peak_bytes))


def test_memory_without_a_schedule_is_in_the_order_of_the_graph(branching: Graph):
    figure = figures.memory_figure(branching)
    assert list(figure.layout.xaxis.ticktext) == [operator.name for operator in branching.operators]


def test_a_tensor_keeps_its_colour_in_another_order(branching: Graph):
    other = schedule_in_order(branching, (0, 3, 4, 1, 2, 5, 6, 7))
    looks = [
        {bar.name: bar.marker.color for bar in figures.memory_figure(branching, schedule).data}
        for schedule in (None, other)
    ]
    assert looks[0] == looks[1]


def test_a_limit_is_inside_the_picture(branching: Graph):
    figure = figures.memory_figure(branching, limit_bytes=64 * 1024)
    assert figure.layout.yaxis.range[1] > 64
    assert figure.layout.shapes[0].y0 == 64


@pytest.mark.parametrize("runtime", ["tflm-reference", "tflm-cmsis-nn"])
def test_arena_rectangles_are_the_plan(branching: Graph, runtime: str):
    plan = plan_arena(branching, runtime=runtime)
    figure = figures.arena_figure(plan)
    factor = 1024 if "KiB" in figure.layout.yaxis.title.text else 1
    *bars, stays = figure.data
    assert len(bars) == len(plan.buffers)
    for bar, buffer in zip(bars, plan.buffers, strict=True):
        assert bar.base[0] * factor == pytest.approx(buffer.offset)
        assert bar.y[0] * factor == pytest.approx(buffer.size)
        assert bar.x[0] - bar.width[0] / 2 == pytest.approx(buffer.first_step - 0.5)
        assert bar.x[0] + bar.width[0] / 2 == pytest.approx(buffer.last_step + 0.5)
        assert bool(bar.marker.pattern.shape) is (buffer.tensor is None)
    assert (stays.base[0] + stays.y[0]) * factor == pytest.approx(plan.arena_bytes)


def test_layers_show_what_the_report_says(branching: Graph):
    report = profile(branching, board=board("nucleo-f446re"))
    with_latency, without = figures.layers_figure(report), figures.layers_figure(profile(branching))
    assert list(with_latency.data[0].x) == [layer.macs for layer in report.layers]
    assert sum(with_latency.data[3].x) == pytest.approx(1e3 * (report.latency_s or 0))
    assert len(without.data) == 3


def test_boards_are_apart_by_what_is_needed():
    known = [item for item in boards() if item.usable_ram_bytes and item.usable_flash_bytes]
    enough, lacking = figures.boards_figure(boards(), ram_bytes=300 * 1024, flash_bytes=900 * 1024).data
    assert len(enough.x) + len(lacking.x) == len(known)
    assert min(enough.y) >= 300
    assert min(enough.x) >= 900
    assert all(x < 900 or y < 300 for x, y in zip(lacking.x, lacking.y, strict=True))


def test_all_boards_and_lines_are_inside_the_picture():
    figure = figures.boards_figure(boards(), ram_bytes=5 * 1024, flash_bytes=80 * 1024, named=["esp32-s3"])
    for axis, values in ((figure.layout.xaxis, figure.data[0].x), (figure.layout.yaxis, figure.data[0].y)):
        assert axis.range[0] < math.log10(min(values))
        assert axis.range[1] > math.log10(max(values))
    assert figure.layout.yaxis.range[0] < math.log10(5)
    assert "ESP32-S3-DevKitC-1" in figure.data[0].text


def test_latency_points_and_line():
    found = published_networks()
    macs, seconds = [item.macs for item in found], [item.latency_ms / 1e3 for item in found]
    groups = [item.board for item in found]
    figure = figures.latency_fit_figure(macs, seconds, groups=groups, seconds_per_mac=2e-8)
    *points, line = figure.data
    assert sum(len(trace.x) for trace in points) == len(found)
    assert len({(trace.marker.color, trace.marker.symbol) for trace in points}) == len(set(groups))
    assert [y / x for x, y in zip(line.x, line.y, strict=True)] == pytest.approx([2e-5, 2e-5])
    assert "20 ms per million" in line.name


def test_errors_are_ratios():
    figure = figures.error_figure([1.0, 2.0], {"twice": [2.0, 4.0], "right": [1.0, 2.0]}, names=["a", "b"])
    assert [list(trace.y) for trace in figure.data] == [[2, 2], [1, 1]]
    assert figure.layout.yaxis.type == "log"


def test_the_drawing_has_a_box_per_operator_and_an_arrow_per_edge(branching: Graph):
    notes = graph_figure(branching, title="net").layout.annotations
    arrows = [note for note in notes if note.showarrow]
    boxes = [note for note in notes if not note.showarrow]
    assert len(boxes) == 1 + len(branching.operators)
    assert len({(box.x, box.y) for box in boxes}) == len(boxes)
    assert len(arrows) == sum(len(operator.inputs) for operator in branching.operators)
    assert all(arrow.ax < arrow.x for arrow in arrows)


def test_dot_names_every_operator_and_edge(branching: Graph):
    text = graph_dot(branching)
    assert text.startswith('digraph "say \\"two\\""')
    assert text.count(" -> ") == sum(len(operator.inputs) for operator in branching.operators) + 1
    assert all(operator.name in text for operator in branching.operators)
    assert text.count("{") == text.count("}") == 1


def test_published_measurements_are_few_positive_and_cited():
    networks, layers = published_networks(), published_layers()
    assert len(networks) + len(layers) <= 60
    assert all(item.macs > 0 and item.latency_ms > 0 for item in networks)
    assert all(item.source.startswith(("arXiv:", "github:")) for item in (*networks, *layers))
    assert {item.board for item in networks} <= {item.id for item in boards()}
    assert {layer.macs > 0 for layer in layers if layer.operator == "conv2d"} == {True}
    assert {layer.macs for layer in layers if layer.operator == "add"} == {0}
