"""The morphisms of the extended space; each can be taken back by one of the others.

Blocks of the cnn space change as they do there. What a change leaves open is drawn at random.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from search.spaces.cnn import ConvBlock
from search.spaces.cnn.architecture import BLOCKS, KERNELS
from search.spaces.cnn.morphisms import (
    ABOUT_LAYER,
    ABOUT_NUMBER,
    ABOUT_POOLING,
    ABOUT_UNITS,
    moved,
    vary_dense,
    vary_layers,
    vary_pooling,
)
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
from search.spaces.draws import Draws, Part

FILTER_STEPS = (-16, -4, -1, 1, 4, 16)

Blocks = tuple[Block, ...]


def parts(architecture: ExtendedArchitecture, draws: Draws) -> Iterator[Part[ExtendedArchitecture]]:
    """All networks one morphism away, by the part that differs; a network is made only once it is asked for."""
    yield ABOUT_NUMBER, _vary_input(architecture)
    for about, group in _vary_blocks(architecture.blocks, draws):
        yield about, (replace(architecture, blocks=blocks) for blocks in group)
    poolings = (replace(architecture, pooling=pooling) for pooling in _vary_pooling(architecture.pooling, draws))
    yield ABOUT_POOLING, poolings
    units = (replace(architecture, dense=dense) for dense in vary_dense(architecture.dense, draws, DENSE_LAYERS))
    yield ABOUT_NUMBER + ABOUT_UNITS * len(architecture.dense), units


def _vary_input(architecture: ExtendedArchitecture) -> Iterator[ExtendedArchitecture]:
    place = INPUT_POOLING.index(architecture.input_pooling)
    for new_place in moved(place, (-1, 1), range(len(INPUT_POOLING))):
        yield replace(architecture, input_pooling=INPUT_POOLING[new_place])


def _vary_blocks(blocks: Blocks, draws: Draws) -> Iterator[Part[Blocks]]:
    yield ABOUT_NUMBER, _vary_number(blocks, draws)
    for i, block in enumerate(blocks):
        for about, group in _vary_block(block, draws, first=i == 0):
            yield about, _with_block(blocks, i, group)


def _vary_number(blocks: Blocks, draws: Draws) -> Iterator[Blocks]:
    if len(blocks) - 1 in BLOCKS:
        gone = draws.choice(range(len(blocks)))
        yield _begun_serially(blocks[:gone] + blocks[gone + 1 :])
    if len(blocks) + 1 in BLOCKS:
        place = draws.choice(range(len(blocks) + 1))
        yield (*blocks[:place], new_block(draws, first=place == 0), *blocks[place:])


def _with_block(blocks: Blocks, index: int, group: Iterator[Block]) -> Iterator[Blocks]:
    return ((*blocks[:index], new, *blocks[index + 1 :]) for new in group)


def _begun_serially(blocks: Blocks) -> Blocks:
    first = blocks[0]
    return (replace(first, branch=False), *blocks[1:]) if isinstance(first, ConvBlock) else blocks


def _vary_block(block: Block, draws: Draws, *, first: bool) -> Iterator[Part[Block]]:
    if isinstance(block, MobileBlock):
        yield ABOUT_LAYER, _vary_mobile(block, draws)
        return
    if not first:
        yield 1, iter([ConvBlock(block.layers, not block.branch)])
    for about, group in vary_layers(block, draws):
        yield about, (ConvBlock(layers, block.branch) for layers in group)


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
