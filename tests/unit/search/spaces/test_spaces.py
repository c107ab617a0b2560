"""Search spaces by name, and what they refuse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from search.spaces import SpaceError, space, spaces
from search.spaces.cnn import CnnArchitecture, CnnSpace, ConvBlock, ConvLayer, LayerType


def test_every_listed_space_can_be_made():
    for info in spaces():
        made = space(info.name, (8, 8, 1), 10)
        assert (made.name, made.input_shape, made.num_classes) == (info.name, (8, 8, 1), 10)


def test_an_unknown_space_lists_what_there_is():
    with pytest.raises(SpaceError, match="no search space 'cmm'; there is cnn"):
        space("cmm", (8, 8, 1), 10)


@pytest.mark.parametrize("shape", [(8, 8), (8, 0, 1), (64,)])
def test_inputs_that_are_no_maps_are_refused(shape):
    with pytest.raises(SpaceError, match="height, width, channels"):
        CnnSpace(shape, 10)


@pytest.mark.parametrize("name", ["cnn", "cnn-extended"])
@pytest.mark.parametrize("shape", [(2, 2, 1), (1, 1, 30), (1, 2, 8)])
def test_inputs_smaller_than_a_kernel_are_refused_by_spaces_with_kernels(name, shape):
    words = f"the {name} space needs inputs that are at least 3 high or wide, not {shape[0]}×{shape[1]}; the mlp"
    with pytest.raises(SpaceError, match=words):
        space(name, shape, 10)
    assert space("mlp", shape, 10).input_shape == shape
    assert space(name, (3, 1, 1), 10).input_shape == (3, 1, 1)


def test_one_class_is_refused():
    with pytest.raises(SpaceError, match="at least 2 classes, not 1"):
        CnnSpace((8, 8, 1), 1)


POINTWISE = ConvLayer(LayerType.POINTWISE, 1, 8, 1, False, True, False)
DEPTHWISE = ConvLayer(LayerType.DEPTHWISE, 3, 0, 1, False, True, False)


@pytest.mark.parametrize(
    "layer",
    [
        replace(POINTWISE, kernel=3),
        replace(POINTWISE, stride=2),
        replace(POINTWISE, filters=0),
        replace(POINTWISE, filters=129),
        replace(DEPTHWISE, filters=8),
        replace(DEPTHWISE, kernel=1),
        replace(DEPTHWISE, kernel=9),
        replace(DEPTHWISE, stride=0),
        replace(DEPTHWISE, type="Conv3D", filters=8),
    ],
)
def test_a_layer_outside_the_bounds_or_not_in_its_one_form_is_not_contained(layer):
    made = CnnSpace((8, 8, 1), 10)
    inside = CnnArchitecture((ConvBlock((POINTWISE, DEPTHWISE), False),), None, (10,))
    assert made.contains(inside)
    assert not made.contains(replace(inside, blocks=(ConvBlock((layer,), False),)))


def test_counts_outside_the_bounds_are_not_contained():
    made = CnnSpace((8, 8, 1), 10)
    block = ConvBlock((POINTWISE,), False)
    assert not made.contains(CnnArchitecture((), None, (10,)))
    assert not made.contains(CnnArchitecture((block,) * 11, None, (10,)))
    assert not made.contains(CnnArchitecture((ConvBlock((POINTWISE,) * 4, False),), None, (10,)))
    assert not made.contains(CnnArchitecture((ConvBlock((), False),), None, (10,)))
    assert not made.contains(CnnArchitecture((block,), None, ()))
    assert not made.contains(CnnArchitecture((block,), None, (10,) * 4))
    assert not made.contains(CnnArchitecture((block,), None, (257,)))
    assert not made.contains("cnn")


def test_architectures_of_equal_parts_are_equal_and_hash_alike():
    made = CnnSpace((8, 8, 1), 10)
    first, second = (made.sample(np.random.default_rng(3)) for _ in range(2))
    assert first is not second
    assert len({first, second}) == 1
