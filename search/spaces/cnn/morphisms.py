"""The morphisms of the CNN space: every network that differs from a given one by one small change.

Each function yields the variants of one part; what a change leaves open (which layer goes, what a new layer
is like) is drawn at random. Nothing leaves the bounds, and nothing yielded equals what it was made from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.spaces.cnn.architecture import (
    BLOCKS,
    DENSE_LAYERS,
    DENSE_UNITS,
    FILTERS,
    KERNELS,
    LAYERS_PER_BLOCK,
    POOLING_SIZES,
    CnnArchitecture,
    ConvBlock,
    ConvLayer,
    FinalPooling,
    LayerType,
    PoolingType,
)
from search.spaces.cnn.sampling import random_layer, random_pooling
from search.spaces.draws import Draws, Part

STEPS = (-5, -3, -1, 1, 3, 5)
ABOUT_NUMBER, ABOUT_LAYER, ABOUT_POOLING, ABOUT_UNITS = 2, 12, 4, 6
"""Variants of a part, roughly: by which a part is drawn, so that all morphisms are about as likely."""

Blocks = tuple[ConvBlock, ...]


def parts(architecture: CnnArchitecture, draws: Draws) -> Iterator[Part[CnnArchitecture]]:
    """All networks one morphism away, by the part that differs; a network is made only once it is asked for."""
    blocks, pooling, dense = architecture.blocks, architecture.pooling, architecture.dense
    for about, group in _vary_blocks(blocks, draws):
        yield about, (CnnArchitecture(new, pooling, dense) for new in group)
    yield ABOUT_POOLING, (CnnArchitecture(blocks, new, dense) for new in vary_pooling(pooling, draws))
    units = (CnnArchitecture(blocks, pooling, new) for new in vary_dense(dense, draws, DENSE_LAYERS))
    yield ABOUT_NUMBER + ABOUT_UNITS * len(dense), units


def _vary_blocks(blocks: Blocks, draws: Draws) -> Iterator[Part[Blocks]]:
    yield ABOUT_NUMBER, _vary_number(blocks, draws)
    for i, block in enumerate(blocks):
        if i > 0:
            yield 1, iter([_with_block(blocks, i, block.layers, not block.branch)])
        for about, group in vary_layers(block, draws):
            yield about, _with_layers(blocks, i, group)


def _vary_number(blocks: Blocks, draws: Draws) -> Iterator[Blocks]:
    if len(blocks) - 1 in BLOCKS:
        yield _without_block(blocks, draws.choice(range(len(blocks))))
    if len(blocks) + 1 in BLOCKS:
        yield (*blocks, ConvBlock((random_layer(draws),), draws.chance(0.5)))


def _with_layers(blocks: Blocks, index: int, group: Iterator[tuple[ConvLayer, ...]]) -> Iterator[Blocks]:
    return (_with_block(blocks, index, layers, blocks[index].branch) for layers in group)


def _with_block(blocks: Blocks, index: int, layers: tuple[ConvLayer, ...], branch: bool) -> Blocks:
    return (*blocks[:index], ConvBlock(layers, branch), *blocks[index + 1 :])


def _without_block(blocks: Blocks, index: int) -> Blocks:
    first, *rest = blocks[:index] + blocks[index + 1 :]
    return (ConvBlock(first.layers, False), *rest)


def vary_layers(block: ConvBlock, draws: Draws) -> Iterator[Part[tuple[ConvLayer, ...]]]:
    """Variants of a block's layers: one fewer or more, then for each layer those in which it is changed."""
    yield ABOUT_NUMBER, _vary_layer_number(block.layers, draws)
    for i in range(len(block.layers)):
        yield ABOUT_LAYER, _with_layer_varied(block, i, draws)


def _vary_layer_number(layers: tuple[ConvLayer, ...], draws: Draws) -> Iterator[tuple[ConvLayer, ...]]:
    if len(layers) - 1 in LAYERS_PER_BLOCK:
        gone = draws.choice(range(len(layers)))
        yield layers[:gone] + layers[gone + 1 :]
    if len(layers) + 1 in LAYERS_PER_BLOCK:
        place = draws.choice(range(len(layers) + 1))
        yield (*layers[:place], random_layer(draws), *layers[place:])


def _with_layer_varied(block: ConvBlock, index: int, draws: Draws) -> Iterator[tuple[ConvLayer, ...]]:
    layers = block.layers
    follows_path = block.branch and index == len(layers) - 1
    for new in _vary_layer(layers[index], draws, own_filters=not follows_path):
        yield (*layers[:index], new, *layers[index + 1 :])


def _vary_layer(layer: ConvLayer, draws: Draws, *, own_filters: bool) -> Iterator[ConvLayer]:
    """Variants of one layer; without `own_filters` their number is another path's, and a change would be none."""
    kind, kernel, filters, stride = layer.type, layer.kernel, layer.filters, layer.stride
    norm, relu, pool = layer.batch_norm, layer.relu, layer.pre_pool
    yield ConvLayer(kind, kernel, filters, stride, not norm, relu, pool)
    yield ConvLayer(kind, kernel, filters, stride, norm, not relu, pool)
    yield ConvLayer(kind, kernel, filters, stride, norm, relu, not pool)
    if kind != LayerType.POINTWISE:
        yield ConvLayer(kind, kernel, filters, 3 - stride, norm, relu, pool)
        for new_kernel in moved(kernel, (-2, 2), KERNELS):
            yield ConvLayer(kind, new_kernel, filters, stride, norm, relu, pool)
    if kind != LayerType.DEPTHWISE and own_filters:
        for new_filters in moved(filters, STEPS, FILTERS):
            yield ConvLayer(kind, kernel, new_filters, stride, norm, relu, pool)
    for other in LayerType:
        if other != kind:
            yield random_layer(draws, other)


def vary_pooling(pooling: FinalPooling | None, draws: Draws) -> Iterator[FinalPooling | None]:
    """Variants of the final pooling: none, another type, another size."""
    if pooling is None:
        yield random_pooling(draws)
        return
    yield None
    yield FinalPooling(PoolingType.MAX if pooling.type == PoolingType.AVERAGE else PoolingType.AVERAGE, pooling.size)
    for size in moved(pooling.size, (-2, 2), POOLING_SIZES):
        yield FinalPooling(pooling.type, size)


def vary_dense(dense: tuple[int, ...], draws: Draws, counts: range) -> Iterator[tuple[int, ...]]:
    """Variants of so many dense layers: one fewer, one more, one of other units."""
    if len(dense) - 1 in counts:
        gone = draws.choice(range(len(dense)))
        yield dense[:gone] + dense[gone + 1 :]
    if len(dense) + 1 in counts:
        yield (*dense, draws.choice(DENSE_UNITS))
    for i, units in enumerate(dense):
        for new_units in moved(units, STEPS, DENSE_UNITS):
            yield (*dense[:i], new_units, *dense[i + 1 :])


def moved(value: int, steps: Sequence[int], bounds: Sequence[int]) -> Iterator[int]:
    """The value after each of the steps that stay within the bounds."""
    return (value + step for step in steps if value + step in bounds)
