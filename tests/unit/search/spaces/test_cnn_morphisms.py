"""Neighbours of CNN architectures: every morphism of the specification, and none outside the bounds."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spaces.cnn import (
    CnnArchitecture,
    CnnSpace,
    ConvBlock,
    ConvLayer,
    FinalPooling,
    LayerType,
    PoolingType,
)

SPACE = CnnSpace((28, 28, 1), 10)
CONV = ConvLayer(LayerType.CONV, 5, 64, 1, False, True, False)
DEPTHWISE = ConvLayer(LayerType.DEPTHWISE, 3, 0, 2, False, True, False)
POINTWISE = ConvLayer(LayerType.POINTWISE, 1, 2, 1, True, False, True)
AVERAGE_4 = FinalPooling(PoolingType.AVERAGE, 4)


def architecture(*blocks, pooling=AVERAGE_4, dense=(100, 200)):
    return CnnArchitecture(tuple(ConvBlock(tuple(layers), branch) for branch, *layers in blocks), pooling, dense)


def neighbours(start, seed=0):
    return SPACE.neighbours(start, np.random.default_rng(seed))


def layer_variants(layer):
    """The layers that replace `layer` in the neighbours of a network of this layer alone."""
    start = architecture([False, layer])
    single = [n for n in neighbours(start) if len(n.blocks) == 1 and len(n.blocks[0].layers) == 1]
    return [n.blocks[0].layers[0] for n in single if n.pooling == start.pooling and n.dense == start.dense]


def changes(layer):
    """What differs in each variant of the same type, as (field, new value)."""
    fields = ("type", "kernel", "filters", "stride", "batch_norm", "relu", "pre_pool")
    return {
        (field, new)
        for variant in layer_variants(layer)
        if variant.type == layer.type
        for field, old, new in zip(fields, astuple(layer), astuple(variant), strict=True)
        if old != new
    }


def test_every_change_of_a_convolution():
    flags = {("batch_norm", True), ("relu", False), ("pre_pool", True), ("stride", 2)}
    filters = {("filters", n) for n in (59, 61, 63, 65, 67, 69)}
    assert changes(CONV) == flags | filters | {("kernel", 3), ("kernel", 7)}


def test_every_change_of_a_depthwise_convolution():
    flags = {("batch_norm", True), ("relu", False), ("pre_pool", True), ("stride", 1)}
    assert changes(DEPTHWISE) == flags | {("kernel", 5)}


def test_every_change_of_a_pointwise_convolution():
    flags = {("batch_norm", False), ("relu", True), ("pre_pool", False)}
    assert changes(POINTWISE) == flags | {("filters", n) for n in (1, 3, 5, 7)}


def test_filters_that_follow_another_path_are_left_alone():
    start = architecture([False, CONV], [True, POINTWISE, CONV])
    found = [n.blocks[1].layers for n in neighbours(start) if [len(b.layers) for b in n.blocks] == [1, 2]]
    last = {layers[1].filters for layers in found if layers[1].type == LayerType.CONV}
    assert last == {CONV.filters}
    assert {layers[0].filters for layers in found if layers[0].type == LayerType.POINTWISE} == {1, 2, 3, 5, 7}


@pytest.mark.parametrize("layer", [CONV, DEPTHWISE, POINTWISE])
def test_a_layer_turns_into_each_other_type(layer):
    types = [variant.type for variant in layer_variants(layer) if variant.type != layer.type]
    assert sorted(types) == sorted(set(LayerType) - {layer.type})


def test_a_new_type_comes_with_new_random_parameters():
    start = architecture([False, CONV])
    kinds = {n.blocks[0].layers[0] for seed in range(20) for n in neighbours(start, seed) if len(n.blocks) == 1}
    assert len({layer.kernel for layer in kinds if layer.type == LayerType.DEPTHWISE}) == 3


def test_layers_come_and_go():
    start = architecture([False, CONV, DEPTHWISE])
    blocks = [n.blocks[0].layers for n in neighbours(start) if len(n.blocks) == 1]
    assert sum(len(layers) == 1 for layers in blocks) == 1
    assert sum(len(layers) == 3 for layers in blocks) == 1
    places = set()
    for seed in range(40):
        (grown,) = (n.blocks[0].layers for n in neighbours(start, seed) if len(n.blocks[0].layers) == 3)
        places |= {i for i in range(3) if grown[:i] + grown[i + 1 :] == (CONV, DEPTHWISE)}
    assert places == {0, 1, 2}


def test_blocks_come_and_go_and_turn_into_branches():
    start = architecture([False, CONV], [True, DEPTHWISE], [False, POINTWISE])
    found = neighbours(start)
    (grown,) = (n for n in found if len(n.blocks) == 4)
    assert grown.blocks[:3] == start.blocks
    assert len(grown.blocks[3].layers) == 1
    assert sum(len(n.blocks) == 2 for n in found) == 1
    flags = {tuple(b.branch for b in n.blocks) for n in found if len(n.blocks) == 3}
    assert flags == {(False, True, False), (False, False, False), (False, True, True)}


def test_a_branch_that_becomes_the_first_block_turns_serial():
    start = architecture([False, CONV], [True, DEPTHWISE])
    left = {n.blocks for seed in range(20) for n in neighbours(start, seed) if len(n.blocks) == 1}
    assert left == {(ConvBlock((CONV,), False),), (ConvBlock((DEPTHWISE,), False),)}


def test_every_change_of_the_final_pooling():
    start = architecture([False, CONV])
    found = {n.pooling for n in neighbours(start)} - {start.pooling}
    assert found == {
        None,
        FinalPooling(PoolingType.MAX, 4),
        FinalPooling(PoolingType.AVERAGE, 2),
        FinalPooling(PoolingType.AVERAGE, 6),
    }
    without = architecture([False, CONV], pooling=None)
    added = {n.pooling for seed in range(60) for n in neighbours(without, seed)} - {None}
    assert added == {FinalPooling(kind, size) for kind in PoolingType for size in (2, 4, 6)}


def test_every_change_of_the_dense_layers():
    start = architecture([False, CONV], dense=(12, 254))
    found = {n.dense for n in neighbours(start)} - {start.dense}
    assert {dense for dense in found if len(dense) == 2} == {
        (11, 254), (13, 254), (15, 254), (17, 254), (12, 249), (12, 251), (12, 253), (12, 255),
    }  # fmt: skip
    assert sum(len(dense) == 1 for dense in found) == 1
    (grown,) = (dense for dense in found if len(dense) == 3)
    assert grown[:2] == start.dense


def test_nothing_is_removed_from_the_least_network_or_added_to_the_largest():
    least = architecture([False, CONV], dense=(10,))
    assert all(len(n.blocks) >= 1 and n.blocks[0].layers and n.dense for n in neighbours(least))
    full = architecture(*[[False, CONV, CONV, CONV]] * 10, dense=(256, 256, 256))
    assert all(SPACE.contains(n) for n in neighbours(full))
    assert max(len(n.blocks) for n in neighbours(full)) == 10


@given(sample=st.integers(0, 10_000), seed=st.integers(0, 10_000))
def test_neighbours_are_members_and_never_the_network_itself(sample, seed):
    start = SPACE.sample(np.random.default_rng(sample))
    found = neighbours(start, seed)
    assert start not in found
    assert all(SPACE.contains(n) for n in found)
    assert found == neighbours(start, seed)


@given(sample=st.integers(0, 10_000))
def test_changes_without_chance_can_be_taken_back(sample):
    start = SPACE.sample(np.random.default_rng(sample))
    counts = len(start.blocks), [len(block.layers) for block in start.blocks], len(start.dense)
    for neighbour in neighbours(start)[::7]:
        same_form = (
            len(neighbour.blocks), [len(block.layers) for block in neighbour.blocks], len(neighbour.dense)
        ) == counts  # fmt: skip
        types = [[layer.type for layer in b.layers] for b in neighbour.blocks]
        same_types = types == [[layer.type for layer in b.layers] for b in start.blocks]
        if same_form and same_types and (start.pooling is None) == (neighbour.pooling is None):
            assert start in neighbours(neighbour)
