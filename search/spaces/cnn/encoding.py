"""Networks of the CNN space as vectors of fixed length, for searches that know nothing of blocks and layers.

A vector has room for the largest network. How many blocks, layers and dense layers of it count are choices too; what is
chosen for those that do not count means nothing, and is 0 in the vector of a network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from search.spaces.base import Choice
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

_TYPES = tuple(LayerType)
_POOLINGS = (None, *(FinalPooling(kind, size) for kind in PoolingType for size in POOLING_SIZES))
_MOST_BLOCKS, _MOST_LAYERS, _MOST_DENSE = BLOCKS[-1], LAYERS_PER_BLOCK[-1], DENSE_LAYERS[-1]
_SWITCHES = ("batch_norm", "relu", "pre_pool")


@cache
def choices() -> tuple[Choice, ...]:
    """All choices that a network is made by, in the order of the vectors."""
    return tuple(_choices())


def encode(architecture: CnnArchitecture) -> tuple[int, ...]:
    """The vector of a network of the space."""
    chosen = {
        "blocks": BLOCKS.index(len(architecture.blocks)),
        "pooling": _POOLINGS.index(architecture.pooling),
        "dense": DENSE_LAYERS.index(len(architecture.dense)),
    }
    for b, block in enumerate(architecture.blocks):
        chosen[f"block_{b}_branch"] = int(block.branch)
        chosen[f"block_{b}_layers"] = LAYERS_PER_BLOCK.index(len(block.layers))
        for n, layer in enumerate(block.layers):
            for name, value in _of_layer(layer):
                chosen[f"block_{b}_layer_{n}_{name}"] = value
    chosen |= {f"units_{n}": DENSE_UNITS.index(units) for n, units in enumerate(architecture.dense)}
    return tuple(chosen.get(choice.name, 0) for choice in choices())


def decode(vector: Sequence[int]) -> CnnArchitecture:
    """The network of a vector whose numbers are all below the sizes of their choices."""
    chosen = {choice.name: value for choice, value in zip(choices(), vector, strict=True)}
    blocks = tuple(_block(chosen, b) for b in range(BLOCKS[chosen["blocks"]]))
    units = tuple(DENSE_UNITS[chosen[f"units_{n}"]] for n in range(DENSE_LAYERS[chosen["dense"]]))
    return CnnArchitecture(blocks, _POOLINGS[chosen["pooling"]], units)


def _choices() -> Iterator[Choice]:
    yield Choice("blocks", len(BLOCKS))
    for b in range(_MOST_BLOCKS):
        if b > 0:  # the first is never a branch
            yield Choice(f"block_{b}_branch", 2)
        yield Choice(f"block_{b}_layers", len(LAYERS_PER_BLOCK))
        for n in range(_MOST_LAYERS):
            place = f"block_{b}_layer_{n}"
            yield Choice(f"{place}_type", len(_TYPES), ordered=False)
            yield Choice(f"{place}_kernel", len(KERNELS))
            yield Choice(f"{place}_filters", len(FILTERS))
            yield Choice(f"{place}_stride", len(STRIDES))
            yield from (Choice(f"{place}_{name}", 2) for name in _SWITCHES)
    yield Choice("pooling", len(_POOLINGS), ordered=False)
    yield Choice("dense", len(DENSE_LAYERS))
    yield from (Choice(f"units_{n}", len(DENSE_UNITS)) for n in range(_MOST_DENSE))


def _of_layer(layer: ConvLayer) -> Iterator[tuple[str, int]]:
    """What is chosen for a layer; the kernel of a 1×1 convolution and the filters of a depthwise one mean nothing."""
    yield "type", _TYPES.index(layer.type)
    if layer.type != LayerType.POINTWISE:
        yield "kernel", KERNELS.index(layer.kernel)
        yield "stride", STRIDES.index(layer.stride)
    if layer.type != LayerType.DEPTHWISE:
        yield "filters", FILTERS.index(layer.filters)
    yield from ((name, int(getattr(layer, name))) for name in _SWITCHES)


def _block(chosen: dict[str, int], b: int) -> ConvBlock:
    layers = LAYERS_PER_BLOCK[chosen[f"block_{b}_layers"]]
    return ConvBlock(
        tuple(_layer(chosen, f"block_{b}_layer_{n}") for n in range(layers)),
        branch=bool(chosen.get(f"block_{b}_branch", 0)),
    )


def _layer(chosen: dict[str, int], place: str) -> ConvLayer:
    kind = _TYPES[chosen[f"{place}_type"]]
    pointwise = kind == LayerType.POINTWISE
    batch_norm, relu, pre_pool = (bool(chosen[f"{place}_{name}"]) for name in _SWITCHES)
    return ConvLayer(
        type=kind,
        kernel=1 if pointwise else KERNELS[chosen[f"{place}_kernel"]],
        filters=0 if kind == LayerType.DEPTHWISE else FILTERS[chosen[f"{place}_filters"]],
        stride=1 if pointwise else STRIDES[chosen[f"{place}_stride"]],
        batch_norm=batch_norm,
        relu=relu,
        pre_pool=pre_pool,
    )
