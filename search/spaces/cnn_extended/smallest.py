"""The cheapest networks of the extended space."""

from __future__ import annotations

from itertools import product

from search.spaces.cnn import ConvBlock, FinalPooling, PoolingType
from search.spaces.cnn.architecture import POOLING_SIZES
from search.spaces.cnn.smallest import first_layers
from search.spaces.cnn_extended.architecture import INPUT_POOLING, ExtendedArchitecture, GlobalPooling, Pooling


def smallest_family() -> tuple[ExtendedArchitecture, ...]:
    """Networks of one layer of the cnn space, with each pooling of the input and of the map."""
    poolings: list[Pooling | None] = [None, GlobalPooling()]
    poolings += [FinalPooling(PoolingType.MAX, size) for size in POOLING_SIZES]
    return tuple(
        ExtendedArchitecture(input_pooling, (ConvBlock((layer,), branch=False),), pooling, ())
        for input_pooling, layer, pooling in product(INPUT_POOLING, first_layers(), poolings)
    )
