"""Random networks of the extended space, and the random parts that morphisms put in.

Most networks drawn are small, as budgets are: numbers of blocks, channels and units are uniform in their logarithm,
channels grow along the network, half of the networks end in a mean over the map. Every network of the space can
come up but those whose channels shrink, or whose blocks of the cnn space stand first; morphisms lead to these.
"""

from __future__ import annotations

from search.spaces.cnn.architecture import BLOCKS, DENSE_UNITS, KERNELS, STRIDES
from search.spaces.cnn.sampling import random_block, random_pooling
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
from search.spaces.draws import Draws

CNN_BLOCK_SHARE = 0.1
REPEAT_SHARE = 0.4
SKIP_SHARE = 0.8
FIRST_STRIDE_SHARE = 0.75
GLOBAL_POOLING_SHARE = 0.5
FINAL_POOLING_SHARE = 0.4
DENSE_SHARE = 0.4

_KINDS = tuple(BlockKind)
_FIRST_KINDS = (BlockKind.CONV, BlockKind.CONV, BlockKind.SEPARABLE, BlockKind.INVERTED_RESIDUAL)


def random_architecture(draws: Draws) -> ExtendedArchitecture:
    """A random network."""
    input_pooling = draws.choice(INPUT_POOLING)
    count = draws.log_uniform(BLOCKS)
    widths = sorted(draws.log_uniform(FILTERS) for _ in range(count))
    blocks: list[Block] = [_first_block(draws, widths[0])]
    for filters in widths[1:]:
        before = blocks[-1]
        if draws.chance(CNN_BLOCK_SHARE):
            blocks.append(random_block(draws, first=False))
        elif isinstance(before, MobileBlock) and draws.chance(REPEAT_SHARE):
            blocks.append(_mobile_block(draws, draws.choice(_KINDS), before.filters, stride=1))
        else:
            blocks.append(_mobile_block(draws, draws.choice(_KINDS), filters, stride=draws.choice(STRIDES)))
    return ExtendedArchitecture(input_pooling, tuple(blocks), _random_head(draws), _random_dense(draws))


def new_block(draws: Draws, *, first: bool) -> Block:
    """A block of any kind, for morphisms; the first of a network is always serial."""
    kind = draws.choice((None, *_KINDS))
    if kind is None:
        return random_block(draws, first=first)
    return _mobile_block(draws, kind, draws.log_uniform(FILTERS), stride=draws.choice(STRIDES))


def random_expansion(draws: Draws, kind: BlockKind) -> int:
    """The expansion of a block of that kind."""
    return draws.choice(EXPANSIONS) if kind == BlockKind.INVERTED_RESIDUAL else 1


def _first_block(draws: Draws, filters: int) -> MobileBlock:
    stride = STRIDES[1] if draws.chance(FIRST_STRIDE_SHARE) else STRIDES[0]
    return _mobile_block(draws, draws.choice(_FIRST_KINDS), filters, stride=stride)


def _mobile_block(draws: Draws, kind: BlockKind, filters: int, *, stride: int) -> MobileBlock:
    return MobileBlock(
        kind=kind,
        kernel=draws.choice(KERNELS),
        filters=filters,
        stride=stride,
        expansion=random_expansion(draws, kind),
        skip=draws.chance(SKIP_SHARE),
    )


def _random_head(draws: Draws) -> Pooling | None:
    if draws.chance(GLOBAL_POOLING_SHARE):
        return GlobalPooling()
    return random_pooling(draws) if draws.chance(FINAL_POOLING_SHARE / (1 - GLOBAL_POOLING_SHARE)) else None


def _random_dense(draws: Draws) -> tuple[int, ...]:
    count = draws.choice(DENSE_LAYERS[1:]) if draws.chance(DENSE_SHARE) else 0
    return tuple(draws.log_uniform(DENSE_UNITS) for _ in range(count))
