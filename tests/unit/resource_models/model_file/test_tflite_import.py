"""Reading `.tflite` files: what they hold, what is refused by name, and what damage does."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import tflite
from flatbuffers import flexbuffers

from resource_models import (
    Add,
    Binary,
    GraphError,
    Lstm,
    ModelFileError,
    ResourceModelError,
    Svdf,
    macs,
    memory_timeline,
    model_bytes,
    plan_arena,
    profile,
    read_tflite,
    weight_bytes,
)
from tests.support.operator_files import lstm, svdf
from tests.support.tflite_files import TfliteWriter, small_network
from tests.support.tflm_models import public_like_models


def test_a_network_is_read_with_its_shapes_macs_and_constants(tmp_path: Path) -> None:
    path = tmp_path / "small.tflite"
    path.write_bytes(small_network())
    graph = read_tflite(path)
    assert graph.name == "small"
    kinds = [type(operator.spec).__name__ for operator in graph.operators]
    assert kinds == ["Pad", "Conv2D", "DepthwiseConv2D", "Add", "MaxPool2D", "Reduce", "Dense", "Softmax"]
    assert isinstance(graph.operators[3].spec, Add)
    assert graph.operators[3].spec.activation == "relu"
    assert macs(graph) == 36 * 4 * 18 + 36 * 4 * 9 + 12
    assert weight_bytes(graph) == 4 * 18 + 36 + 12 + 4 * (4 + 4 + 8 + 2)
    assert model_bytes(graph) == path.stat().st_size
    report = profile(graph)
    assert report.arena_bytes == plan_arena(graph).arena_bytes
    assert len(report.layers) == 8


def one(
    name: str,
    shapes: list[tuple[int, ...]],
    output: tuple[int, ...],
    options: str = "",
    scale: float = 0.1,
    zero_point: int = 0,
    **fields: object,
) -> bytes:
    w = TfliteWriter()
    inputs = [w.tensor(shape) for shape in shapes]
    result = w.tensor(output, scales=[scale], zero_point=zero_point)
    w.operator(name, inputs, [result], options, **fields)
    return w.file(inputs, [result])


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (one("MUL", [(1, 4, 4, 2), (1, 1, 1, 2)], (1, 4, 4, 2), "MulOptions"), "Binary"),
        (one("CONCATENATION", [(1, 4, 2), (1, 4, 3)], (1, 4, 5), "ConcatenationOptions", Axis=2), "Concatenate"),
        (one("RESHAPE", [(1, 4, 4, 2)], (1, 32)), "Reshape"),
        (one("LOGISTIC", [(1, 5)], (1, 5), scale=1 / 256, zero_point=-128), "Unary"),
        (one("QUANTIZE", [(1, 5)], (1, 5)), "Unary"),
        (one("PACK", [(4,), (4,)], (2, 4), "PackOptions", Axis=0), "Stack"),
        (one("AVERAGE_POOL_2D", [(1, 4, 4, 2)], (1, 2, 2, 2), "Pool2DOptions", Padding=1, StrideW=2, StrideH=2,
             FilterWidth=2, FilterHeight=2), "AveragePool2D"),
        (one("SQUEEZE", [(1, 1, 1, 2)], (1, 2)), "Reshape"),
        (one("LOG_SOFTMAX", [(1, 5)], (1, 5), scale=1 / 16, zero_point=127), "Softmax"),
    ],
)  # fmt: skip
def test_common_operators_are_understood(data: bytes, kind: str) -> None:
    graph = read_tflite(data)
    assert type(graph.operators[0].spec).__name__ == kind
    assert profile(graph).arena_bytes > 0


def test_transposes_resizes_and_splits_read_their_constants() -> None:
    w = TfliteWriter()
    x, turned, big = w.tensor((1, 4, 6, 2)), w.tensor((1, 6, 4, 2)), w.tensor((1, 12, 8, 2))
    parts = [w.tensor((1, 12, 8, 1)), w.tensor((1, 12, 8, 1))]
    w.operator("TRANSPOSE", [x, w.numbers([0, 2, 1, 3])], [turned])
    w.operator("RESIZE_BILINEAR", [turned, w.numbers([12, 8])], [big])
    w.operator("SPLIT", [w.numbers([3], ()), big], parts, "SplitOptions", NumSplits=2)
    graph = read_tflite(w.file([x], parts[:1]))  # the second part is never read, as happens in real files
    assert [type(operator.spec).__name__ for operator in graph.operators] == ["Transpose", "Resize", "Split"]
    assert memory_timeline(graph).peak_bytes == 2 * 12 * 8 * 2


def test_huge_shapes_take_no_memory_here() -> None:
    w = TfliteWriter()
    x, y = (w.tensor((1 << 30, 160), dtype=tflite.TensorType.INT16, scales=[]) for _ in range(2))
    w.operator("SignalDelay", [x], [y], custom=bytes(flexbuffers.Dumps({"delay_length": 5})))
    assert profile(read_tflite(w.file([x], [y]))).arena_bytes > 1 << 40


def test_recurrent_operators_keep_state_outside_of_the_weights() -> None:
    graph = read_tflite(svdf(4, 1, 8, 5))
    assert isinstance(graph.operators[0].spec, Svdf)
    assert len(graph.operators[0].states) == 1
    assert macs(graph) == 4 * 8 + 4 * 5
    assert weight_bytes(graph) == 32 + 2 * 20 + 4 * 4
    graph = read_tflite(lstm(6, 1, 4))
    assert isinstance(graph.operators[0].spec, Lstm)
    assert len(graph.operators[0].states) == 2
    assert macs(graph) == 4 * (6 * 4 + 6 * 6)
    assert weight_bytes(graph) == 4 * 24 + 4 * 36 + 4 * 6 * 4
    assert profile(graph).arena_bytes > 0


def test_an_operator_without_a_cost_rule_is_named_and_its_memory_known() -> None:
    report = profile(read_tflite(one("SPACE_TO_DEPTH", [(1, 4, 4, 2)], (1, 2, 2, 8), "SpaceToDepthOptions")))
    assert report.layers[0].operator == "SPACE_TO_DEPTH"
    assert report.arena_bytes > 64
    assert str(report.latency) == "there are no latency measurements of SPACE_TO_DEPTH"


def test_an_operator_that_is_told_its_axes_when_it_runs_is_read() -> None:
    w = TfliteWriter()
    x, axes, y = w.tensor((1, 4, 4, 2)), w.tensor((2,), dtype=tflite.TensorType.INT32), w.tensor((1, 2))
    w.operator("MEAN", [x, axes], [y], "ReducerOptions")
    graph = read_tflite(w.file([x, axes], [y]))
    assert graph.refused == ""
    assert profile(graph).layers[0].operator == "MEAN"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the mark TFL3 is missing"),
        (b"PK\x03\x04" * 20, "the mark TFL3 is missing"),
        (b"\xff\xff\xff\x7fTFL3" + bytes(40), "it points to byte"),
        (small_network()[:300], "damaged|missing|no graph"),
    ],
)
def test_other_files_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ModelFileError, match=reason):
        read_tflite(data)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="cannot be read: No such file"):
        read_tflite(tmp_path / "nothing.tflite")


def test_shapes_that_contradict_each_other_are_found() -> None:
    with pytest.raises(GraphError, match=r"gives \(\(1, 4, 4, 2\),\), but its outputs are \(\(1, 5, 4, 2\),\)"):
        read_tflite(one("MUL", [(1, 4, 4, 2), (1, 1, 1, 2)], (1, 5, 4, 2), "MulOptions"))
    assert isinstance(read_tflite(one("SUB", [(2,), (2,)], (2,))).operators[0].spec, Binary)


def damaged(rng: random.Random, data: bytes) -> bytes:
    """The file cut short, or with some bytes or words changed, removed or copied elsewhere."""
    if rng.random() < 0.2:
        return data[: rng.randrange(len(data))]
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16, 64))):
        place = rng.randrange(len(changed) - 4)
        kinds: list[Callable[[], bytes]] = [
            lambda: bytes([rng.choice((0, 1, 127, 128, 255))]),
            lambda: rng.choice((0, 1, 2**31 - 1, 2**31, 2**32 - 1, rng.randrange(len(data)))).to_bytes(4, "little"),
            lambda: data[(start := rng.randrange(len(data))) : start + 16],
        ]
        new = rng.choice(kinds)()
        changed[place : place + len(new)] = new
    return bytes(changed)


def survive(count: int, seed: int) -> None:
    networks = [small_network(), *public_like_models().values()]
    outcomes: set[str] = set()
    for number in range(count):
        data = damaged(random.Random(seed + number), networks[number % len(networks)])
        outcomes.add(outcome(data))
    sentences = outcomes - {"read"}
    assert "read" in outcomes
    assert len(sentences) > 5
    assert not any("\n" in sentence or len(sentence) > 600 for sentence in sentences)


def outcome(data: bytes) -> str:
    """ "read", or the error's sentence."""
    try:
        graph = read_tflite(data)
        profile(graph)
        memory_timeline(graph)
    except ResourceModelError as error:
        return str(error)
    return "read"


def test_a_thousand_damaged_files_each_give_a_report_or_one_clear_error() -> None:
    survive(1000, 0)


@pytest.mark.slow
def test_twenty_thousand_damaged_files() -> None:
    survive(20_000, 10**6)


def test_a_transposed_convolution_reads_its_shape_before_its_weights() -> None:
    w = TfliteWriter()
    x, y = w.tensor((1, 6, 6, 4)), w.tensor((1, 13, 13, 5))
    kernel, bias = w.weights((5, 3, 3, 4)), w.numbers([0] * 5)
    shape = w.numbers([1, 13, 13, 5])
    valid = {"Padding": 1, "StrideW": 2, "StrideH": 2}
    w.operator("TRANSPOSE_CONV", [shape, kernel, x, bias], [y], "TransposeConvOptions", **valid)
    graph = read_tflite(w.file([x], [y]))
    assert macs(graph) == 36 * 5 * 9 * 4
    assert plan_arena(graph).head_bytes == 144 + 848 + 4 * 13 * 13 * 5 + 12
