"""Neighbours of extended architectures: every morphism, the way back, and the cheapest networks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_models import board, costs
from search.spaces.cnn import CnnSpace, ConvBlock, ConvLayer, FinalPooling, LayerType, PoolingType
from search.spaces.cnn_extended import (
    BlockKind,
    CnnExtendedSpace,
    ExtendedArchitecture,
    GlobalPooling,
    MobileBlock,
    from_cnn,
)

SPACE = CnnExtendedSpace((28, 28, 1), 10)
CONV = MobileBlock(BlockKind.CONV, 5, 64, 2, 1, False)
INVERTED = MobileBlock(BlockKind.INVERTED_RESIDUAL, 3, 4, 1, 6, True)
LAYER = ConvLayer(LayerType.POINTWISE, 1, 8, 1, False, True, False)
MEAN = GlobalPooling()
NANO = "arduino-nano-33-ble"


def network(*blocks, input_pooling=2, pooling=MEAN, dense=(100,)):
    return ExtendedArchitecture(input_pooling, tuple(blocks), pooling, dense)


def neighbours(start, seed=0):
    return SPACE.neighbours(start, np.random.default_rng(seed))


def block_variants(block):
    """What takes the place of the only block."""
    start = network(block)
    return {n.blocks[0] for n in neighbours(start) if len(n.blocks) == 1} - {block}


def test_every_change_of_a_mobile_block():
    found = block_variants(CONV)
    assert {b for b in found if b.kind != BlockKind.INVERTED_RESIDUAL} == {
        replace(CONV, kind=BlockKind.SEPARABLE),
        replace(CONV, kernel=3),
        replace(CONV, kernel=7),
        *(replace(CONV, filters=n) for n in (48, 60, 63, 65, 68, 80)),
        replace(CONV, stride=1),
        replace(CONV, skip=True),
    }
    (inverted,) = (b for b in found if b.kind == BlockKind.INVERTED_RESIDUAL)
    assert replace(inverted, expansion=1, kind=BlockKind.CONV) == CONV


def test_every_change_of_an_inverted_residual():
    assert block_variants(INVERTED) == {
        *(replace(INVERTED, kind=kind, expansion=1) for kind in (BlockKind.CONV, BlockKind.SEPARABLE)),
        replace(INVERTED, kernel=5),
        *(replace(INVERTED, filters=n) for n in (3, 5, 8, 20)),
        replace(INVERTED, stride=2),
        replace(INVERTED, expansion=5),
        replace(INVERTED, skip=False),
    }


def test_blocks_of_the_cnn_space_change_as_they_do_there():
    start = network(CONV, ConvBlock((LAYER,), True))
    found = {n.blocks[1] for n in neighbours(start) if len(n.blocks) == 2 and isinstance(n.blocks[1], ConvBlock)}
    cnn = CnnSpace((28, 28, 1), 10)
    as_cnn = replace(from_cnn(cnn.smallest()[0]), blocks=(ConvBlock((LAYER,), False), ConvBlock((LAYER,), True)))
    there = replace(cnn.smallest()[0], blocks=as_cnn.blocks)
    expected = {n.blocks[1] for n in cnn.neighbours(there, np.random.default_rng(0)) if len(n.blocks) == 2}

    def certain(blocks):
        """Without what is drawn: other types, and layers put in."""
        return {b for b in blocks if len(b.layers) == 1 and b.layers[0].type == LAYER.type}

    assert certain(found) == certain(expected)
    assert ConvBlock((LAYER,), False) in found


def test_blocks_of_every_kind_come_in_at_every_place_and_go():
    start = network(CONV, INVERTED)
    grown = [n.blocks for seed in range(300) for n in neighbours(start, seed) if len(n.blocks) == 3]
    new = [(i, blocks[i]) for blocks in grown for i in range(3) if blocks[:i] + blocks[i + 1 :] == start.blocks]
    assert {i for i, _ in new} == {0, 1, 2}
    assert {getattr(block, "kind", "cnn") for _, block in new} == {*BlockKind, "cnn"}
    assert not any(isinstance(block, ConvBlock) and block.branch for i, block in new if i == 0)
    shrunk = {n.blocks for seed in range(30) for n in neighbours(start, seed) if len(n.blocks) == 1}
    assert shrunk == {(CONV,), (INVERTED,)}


def test_a_branch_that_becomes_the_first_block_turns_serial():
    start = network(CONV, ConvBlock((LAYER,), True))
    left = {n.blocks for seed in range(30) for n in neighbours(start, seed) if len(n.blocks) == 1}
    assert left == {(CONV,), (ConvBlock((LAYER,), False),)}


@pytest.mark.parametrize(
    ("pooling", "others"),
    [
        (GlobalPooling(), {None, FinalPooling}),
        (None, {GlobalPooling(), FinalPooling}),
        (FinalPooling(PoolingType.MAX, 4), {None, GlobalPooling(), FinalPooling}),
    ],
)
def test_every_pooling_turns_into_every_other(pooling, others):
    found = {n.pooling for seed in range(60) for n in neighbours(network(CONV, pooling=pooling), seed)} - {pooling}
    assert {FinalPooling if isinstance(p, FinalPooling) else p for p in found} == others
    if not isinstance(pooling, FinalPooling):
        assert sum(isinstance(p, FinalPooling) for p in found) == 6


def test_input_pooling_and_dense_layers_change_step_by_step():
    start = network(CONV)
    assert {n.input_pooling for n in neighbours(start)} == {1, 2, 4}
    assert {n.input_pooling for n in neighbours(replace(start, input_pooling=1))} == {1, 2}
    assert () in {n.dense for n in neighbours(start)}
    assert {len(n.dense) for n in neighbours(replace(start, dense=(10, 20, 30)))} == {2, 3}
    assert {len(n.dense) for n in neighbours(replace(start, dense=()))} == {0, 1}


@given(sample=st.integers(0, 10_000), seed=st.integers(0, 10_000))
def test_neighbours_are_members_and_never_the_network_itself(sample, seed):
    start = SPACE.sample(np.random.default_rng(sample))
    found = neighbours(start, seed)
    assert start not in found
    assert all(SPACE.contains(n) for n in found)
    assert found == neighbours(start, seed)


@given(sample=st.integers(0, 10_000))
def test_morphisms_lead_from_every_network_down_to_one_block_without_dense_layers(sample):
    """Blocks of any kind come in at any place, so the way down can be gone in the other direction too."""
    here = SPACE.sample(np.random.default_rng(sample))
    while len(here.blocks) > 1 or here.dense:
        size = len(here.blocks), len(here.dense)
        smaller = [n for n in neighbours(here) if (len(n.blocks), len(n.dense)) < size]
        assert smaller
        here = smaller[-1]


@pytest.mark.parametrize("accounting", ["tflm", "unas"])
@pytest.mark.parametrize("shape", [(8, 8, 1), (28, 28, 1), (32, 32, 3), (128, 1, 3)])
def test_the_cheapest_are_no_dearer_than_those_of_the_cnn_space(shape, accounting):
    def least(space):
        found = [costs(space.lower(a), accounting=accounting) for a in space.smallest()]
        return [min(getattr(c, key) for c in found) for key in ("ram_bytes", "model_bytes", "macs")]

    here, there = least(CnnExtendedSpace(shape, 10)), least(CnnSpace(shape, 10))
    assert all(a <= b for a, b in zip(here, there, strict=True))


@pytest.mark.parametrize(("resource", "board_id"), [("ram_bytes", None), ("macs", None), ("latency_s", NANO)])
@pytest.mark.parametrize("shape", [(8, 8, 1), (128, 1, 3)])
def test_no_descent_from_the_cheapest_member_finds_a_cheaper_network(shape, resource, board_id):
    space = CnnExtendedSpace(shape, 10)
    chosen = None if board_id is None else board(board_id)

    def cost(architecture):
        return getattr(costs(space.lower(architecture), board=chosen), resource)

    here = min(space.smallest(), key=cost)
    least = cost(here)
    rng = np.random.default_rng(0)
    for _ in range(6):
        found = space.neighbours(here, rng)
        figures = [cost(neighbour) for neighbour in found]
        assert min(figures) >= least
        level = [n for n, figure in zip(found, figures, strict=True) if figure == min(figures)]
        here = level[int(rng.integers(len(level)))]


def test_the_family_is_small_and_of_the_space():
    family = SPACE.smallest()
    assert 10 < len(family) == len(set(family)) < 400
    assert all(SPACE.contains(architecture) for architecture in family)
