"""The cheapest networks of the CNN space: they say how small a budget can be met at all.

One filter and few units make a layer cheap; how to shrink the map before the first dense layer depends on the
resource. A large kernel with stride and pooling reads the input once and leaves next to nothing: least memory,
smallest file, for small inputs fewest MACs. Depthwise, it needs less scratch memory and time on some runtimes. A chain
of pooled 1×1 convolutions has the fewest parameters, two for each halving, and for large inputs the fewest MACs. A
ReLU costs nothing but its name in the file.

Descent along the morphisms finds nothing cheaper for images and spectrograms, on three boards and without one; for
maps that are twenty or more times as long as wide it finds up to 3 % fewer MACs.
"""

from __future__ import annotations

from itertools import product

from search.spaces.cnn.architecture import (
    BLOCKS,
    DENSE_UNITS,
    KERNELS,
    POOLING_SIZES,
    STRIDES,
    CnnArchitecture,
    ConvBlock,
    ConvLayer,
    FinalPooling,
    LayerType,
    PoolingType,
)

HALVING = ConvLayer(LayerType.POINTWISE, kernel=1, filters=1, stride=1, batch_norm=False, relu=False, pre_pool=True)


def smallest_family() -> tuple[CnnArchitecture, ...]:
    """Networks of one layer or of a chain that halves the map up to ten times, with each final pooling."""
    chains: list[tuple[ConvLayer, ...]] = [(layer,) for layer in first_layers()]
    chains += [(layer, *[HALVING] * count) for layer in (HALVING, _conv(3, 2, pre_pool=True)) for count in BLOCKS]
    poolings = (None, *(FinalPooling(PoolingType.MAX, size) for size in POOLING_SIZES))
    return tuple(
        CnnArchitecture(
            blocks=tuple(ConvBlock((layer,), branch=False) for layer in chain),
            pooling=pooling,
            dense=(DENSE_UNITS[0],),
        )
        for chain, pooling in product(chains, poolings)
        if len(chain) in BLOCKS
    )


def first_layers() -> list[ConvLayer]:
    """Layers that leave little of an image at once."""
    layers = [HALVING, ConvLayer(LayerType.POINTWISE, 1, 1, 1, batch_norm=False, relu=False, pre_pool=False)]
    for kernel, stride, pre_pool in product(KERNELS, STRIDES, (False, True)):
        layers += [_conv(kernel, stride, pre_pool=pre_pool), _depthwise(kernel, stride, pre_pool=pre_pool)]
    return layers


def _conv(kernel: int, stride: int, *, pre_pool: bool) -> ConvLayer:
    return ConvLayer(LayerType.CONV, kernel, 1, stride, batch_norm=False, relu=False, pre_pool=pre_pool)


def _depthwise(kernel: int, stride: int, *, pre_pool: bool) -> ConvLayer:
    return ConvLayer(LayerType.DEPTHWISE, kernel, 0, stride, batch_norm=False, relu=False, pre_pool=pre_pool)
