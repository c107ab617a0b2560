"""Random networks of the CNN space, and the random parts that morphisms put in."""

from __future__ import annotations

from search.spaces.cnn.architecture import (
    BLOCKS,
    DENSE_LAYERS,
    DENSE_UNITS,
    FILTERS,
    KERNELS,
    LAYERS_PER_BLOCK,
    POOLING_SIZES,
    STRIDES,
    CnnArchitecture,
    ConvBlock,
    ConvLayer,
    FinalPooling,
    LayerType,
    PoolingType,
)
from search.spaces.draws import Draws

RELU_SHARE = 0.9
PRE_POOL_SHARE = 0.25
FINAL_POOLING_SHARE = 0.9

_LAYER_TYPES = tuple(LayerType)
_POOLING_TYPES = tuple(PoolingType)


def random_architecture(draws: Draws) -> CnnArchitecture:
    """Every variable uniform in its range, ends included, but for the three shares above."""
    blocks = tuple(random_block(draws, first=i == 0) for i in range(draws.choice(BLOCKS)))
    pooling = random_pooling(draws) if draws.chance(FINAL_POOLING_SHARE) else None
    dense = tuple(draws.choice(DENSE_UNITS) for _ in range(draws.choice(DENSE_LAYERS)))
    return CnnArchitecture(blocks, pooling, dense)


def random_block(draws: Draws, *, first: bool) -> ConvBlock:
    """A block of one to three random layers; the first of a network is always serial."""
    branch = not first and draws.chance(0.5)
    return ConvBlock(tuple(random_layer(draws) for _ in range(draws.choice(LAYERS_PER_BLOCK))), branch)


def random_layer(draws: Draws, layer_type: LayerType | None = None) -> ConvLayer:
    """A layer of the given type, or of a random one."""
    layer_type = layer_type or draws.choice(_LAYER_TYPES)
    pointwise = layer_type == LayerType.POINTWISE
    return ConvLayer(
        type=layer_type,
        kernel=1 if pointwise else draws.choice(KERNELS),
        filters=0 if layer_type == LayerType.DEPTHWISE else draws.choice(FILTERS),
        stride=1 if pointwise else draws.choice(STRIDES),
        batch_norm=draws.chance(0.5),
        relu=draws.chance(RELU_SHARE),
        pre_pool=draws.chance(PRE_POOL_SHARE),
    )


def random_pooling(draws: Draws) -> FinalPooling:
    """A final pooling of random type and size."""
    return FinalPooling(draws.choice(_POOLING_TYPES), draws.choice(POOLING_SIZES))
