"""Reading networks: what is refused, and that it is named."""

from __future__ import annotations

import numpy as np
import pytest
from tflite import TensorType

from resource_models import ModelFileError
from search.deploy.c.program import program
from search.deploy.integer.accuracy import board_accuracy
from search.deploy.integer.model_file import read_network
from search.errors import DeployError
from tests.support import integer_operators as files
from tests.support.integer_operators import RandomWriter


def two_unknown(seed: int) -> bytes:
    w = RandomWriter(seed)
    x, y, z = w.codes((1, 4)), w.codes((1, 4)), w.codes((1, 4))
    w.operator("FLOOR", [x], [y])
    w.operator("ABS", [y], [z])
    return w.file([x], [z])


def of_floats(seed: int) -> bytes:
    w = RandomWriter(seed)
    x, y = (w.tensor((1, 4), dtype=TensorType.FLOAT32) for _ in range(2))
    w.operator("RELU", [x], [y])
    return w.file([x], [y])


def with_pool_of_other_codes(seed: int) -> bytes:
    w = RandomWriter(seed)
    x, y = w.codes((1, 4, 4, 1)), w.codes((1, 2, 2, 1))
    options = {"Padding": 1, "StrideH": 2, "StrideW": 2, "FilterHeight": 2, "FilterWidth": 2}
    w.operator("MAX_POOL_2D", [x], [y], "Pool2DOptions", **options)
    return w.file([x], [y])


def softmax_of_other_codes(seed: int) -> bytes:
    w = RandomWriter(seed)
    x, y = w.codes((1, 4)), w.codes((1, 4), 1 / 128, -128)
    w.operator("SOFTMAX", [x], [y], "SoftmaxOptions", Beta=1.0)
    return w.file([x], [y])


def two_outputs(seed: int) -> bytes:
    w = RandomWriter(seed)
    x, y, z = w.codes((1, 4)), w.codes((1, 4)), w.codes((1, 4))
    w.operator("RELU", [x], [y])
    w.operator("RELU", [y], [z])
    return w.file([x], [y, z])


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (two_unknown, "^ABS, FLOOR cannot be exported"),
        (of_floats, "is float32; only int8 networks"),
        (with_pool_of_other_codes, "MAX_POOL_2D .* other scales"),
        (softmax_of_other_codes, "SOFTMAX .* not of scale 1/256"),
        (two_outputs, "1 inputs and 2 outputs"),
    ],
)
def test_what_is_refused_is_named(write, words: str) -> None:
    with pytest.raises(DeployError, match=words):
        read_network(write(0))


def test_no_model_is_no_network() -> None:
    with pytest.raises(ModelFileError):
        read_network(b"no model at all")


def test_sums_beyond_32_bits_are_refused_before_anything_is_written() -> None:
    network = read_network(files.dense(70_000, 2, per_channel=True)(0))
    with pytest.raises(DeployError, match="fully_connected_0 sums 70000 products"):
        program(network, "wide")


def test_accuracy_counts_the_first_of_classes_that_tie() -> None:
    model = files.softmax(3)(1)
    network = read_network(model)
    scale, zero = float(network.source.codes.scale), network.source.codes.zero
    codes = np.array([[[5, 5, 5]], [[1, 9, 9]], [[3, 2, 1]]])
    examples = (codes - zero) * scale
    assert board_accuracy(model, examples, np.array([0, 1, 0])) == 1.0
    assert board_accuracy(model, examples, np.array([1, 2, 0])) == pytest.approx(1 / 3)
    with pytest.raises(ValueError, match="one label for each"):
        board_accuracy(model, examples, np.array([0]))
    with pytest.raises(ValueError, match="the network reads"):
        board_accuracy(model, np.zeros((1, 5)), np.array([0]))


def test_many_examples_give_the_same_as_few() -> None:
    network = read_network(files.convolution((5, 5), 8, shape=(1, 64, 64, 16))(0))
    inputs = np.random.default_rng(0).integers(-128, 128, (9, 64, 64, 16), np.int8)
    together = network.outputs(inputs)
    assert len(list(network._chunks(inputs))) > 1
    assert (together == np.concatenate([network.outputs(one[None]) for one in inputs])).all()
    assert network.outputs(inputs[:0]).shape == (0, 64 * 64 * 8)
