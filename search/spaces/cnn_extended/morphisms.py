"""The morphisms of the extended space; each can be taken back by one of the others.

Blocks of the cnn space change as they do there. What a change leaves open is drawn at random.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from search.spaces.cnn import ConvBlock
from search.spaces.cnn.architecture import BLOCKS, KERNELS
from search.spaces.cnn.morphisms import moved, vary_dense, vary_layers, vary_pooling
from search.spaces.cnn.sampling import random_pooling
from search.spaces.cnn_extended.architecture import (
    DENSE_LAYERS,
    EXPANSIONS,
    FILTERS,
    INPUT_POOLING,
    Block,
    BlockKind,
    ExtendedArchitecture,
    GlobalPooling,
    MobileBlock,
    Pooling,
)
from search.spaces.cnn_extended.sampling import new_block, random_expansion
from search.spaces.draws import Draws

FILTER_STEPS = (-16, -4, -1, 1, 4, 16)

Blocks = tuple[Block, ...]


def morphs(architecture: ExtendedArchitecture, draws: Draws) -> Iterator[ExtendedArchitecture]:
    """All networks one morphism away."""
    place = INPUT_POOLING.index(architecture.input_pooling)
    for new_place in moved(place, (-1, 1), range(len(INPUT_POOLING))):
        yield replace(architecture, input_pooling=INPUT_POOLING[new_place])
    for blocks in _vary_blocks(architecture.blocks, draws):
        yield replace(architecture, blocks=blocks)
    for pooling in _vary_pooling(architecture.pooling, draws):
        yield replace(architecture, pooling=pooling)
    for dense in vary_dense(architecture.dense, draws, DENSE_LAYERS):
        yield replace(architecture, dense=dense)


def _vary_blocks(blocks: Blocks, draws: Draws) -> Iterator[Blocks]:
    if len(blocks) - 1 in BLOCKS:
        gone = draws.choice(range(len(blocks)))
        yield _begun_serially(blocks[:gone] + blocks[gone + 1 :])
    if len(blocks) + 1 in BLOCKS:
        place = draws.choice(range(len(blocks) + 1))
        yield (*blocks[:place], new_block(draws, first=place == 0), *blocks[place:])
    for i, block in enumerate(blocks):
        before, after = blocks[:i], blocks[i + 1 :]
        for new in _vary_block(block, draws, first=i == 0):
            yield (*before, new, *after)


def _begun_serially(blocks: Blocks) -> Blocks:
    first = blocks[0]
    return (replace(first, branch=False), *blocks[1:]) if isinstance(first, ConvBlock) else blocks


def _vary_block(block: Block, draws: Draws, *, first: bool) -> Iterator[Block]:
    if isinstance(block, MobileBlock):
        yield from _vary_mobile(block, draws)
        return
    if not first:
        yield ConvBlock(block.layers, not block.branch)
    for layers in vary_layers(block, draws):
        yield ConvBlock(layers, block.branch)


def _vary_mobile(block: MobileBlock, draws: Draws) -> Iterator[MobileBlock]:
    for kind in BlockKind:
        if kind != block.kind:
            yield replace(block, kind=kind, expansion=random_expansion(draws, kind))
    for kernel in moved(block.kernel, (-2, 2), KERNELS):
        yield replace(block, kernel=kernel)
    for filters in moved(block.filters, FILTER_STEPS, FILTERS):
        yield replace(block, filters=filters)
    yield replace(block, stride=3 - block.stride)
    if block.kind == BlockKind.INVERTED_RESIDUAL:
        for expansion in moved(block.expansion, (-1, 1), EXPANSIONS):
            yield replace(block, expansion=expansion)
    yield replace(block, skip=not block.skip)


def _vary_pooling(pooling: Pooling | None, draws: Draws) -> Iterator[Pooling | None]:
    if isinstance(pooling, GlobalPooling):
        yield None
        yield random_pooling(draws)
        return
    yield GlobalPooling()
    yield from vary_pooling(pooling, draws)
