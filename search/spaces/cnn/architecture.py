"""The value that describes one network of the CNN space, and the bounds within which the space holds it.

Source: Liberis, Dudziak, Lane, "μNAS: Constrained Neural Architecture Search for Microcontrollers", 2020.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

BLOCKS = range(1, 11)
LAYERS_PER_BLOCK = range(1, 4)
KERNELS = (3, 5, 7)
STRIDES = (1, 2)
FILTERS = range(1, 129)
POOLING_SIZES = (2, 4, 6)
DENSE_LAYERS = range(1, 4)
DENSE_UNITS = range(10, 257)


class LayerType(StrEnum):
    """The kinds of convolution."""

    CONV = "Conv2D"
    POINTWISE = "1x1Conv2D"
    DEPTHWISE = "DWConv2D"


class PoolingType(StrEnum):
    """The kinds of final pooling."""

    AVERAGE = "average"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class ConvLayer:
    """A convolution with what stands around it: [2×2 max pool →] convolution [→ batch norm] [→ ReLU].

    Padding is "valid". A kernel or pool larger than its input is clipped to it when the network is lowered.

    Attributes:
        type: which convolution.
        kernel: height and width of the kernel; 1 for a 1×1 convolution.
        filters: channels of the output; 0 for a depthwise convolution, which keeps those of its input.
            A branch's last layer follows the path that it joins instead.
        stride: 1 or 2; 1 for a 1×1 convolution.
        batch_norm: whether batch normalisation follows.
        relu: whether a ReLU follows.
        pre_pool: whether a 2×2 max pool comes first.
    """

    type: LayerType
    kernel: int
    filters: int
    stride: int
    batch_norm: bool
    relu: bool
    pre_pool: bool


@dataclass(frozen=True, slots=True)
class ConvBlock:
    """Layers in a row. A `branch` runs beside the block before it, on the same input, and is added to it."""

    layers: tuple[ConvLayer, ...]
    branch: bool


@dataclass(frozen=True, slots=True)
class FinalPooling:
    """Pooling after the last block: `size` × `size`, clipped to the map, without overlap."""

    type: PoolingType
    size: int


@dataclass(frozen=True, slots=True)
class CnnArchitecture:
    """Blocks, an optional pooling, dense layers of the given units with ReLU, and then the classifier."""

    blocks: tuple[ConvBlock, ...]
    pooling: FinalPooling | None
    dense: tuple[int, ...]


_LAYER_TYPES = frozenset(LayerType)
_POOLING_TYPES = frozenset(PoolingType)


def within_bounds(architecture: CnnArchitecture) -> bool:
    """Whether every size is in its range, every layer is in its one canonical form, and block 0 is serial."""
    pooling = architecture.pooling
    return (
        len(architecture.blocks) in BLOCKS
        and not architecture.blocks[0].branch
        and all(block_within_bounds(block) for block in architecture.blocks)
        and (pooling is None or pooling_within_bounds(pooling))
        and len(architecture.dense) in DENSE_LAYERS
        and all(units in DENSE_UNITS for units in architecture.dense)
    )


def block_within_bounds(block: ConvBlock) -> bool:
    """Whether every size of a block is in its range."""
    return len(block.layers) in LAYERS_PER_BLOCK and all(_layer_within_bounds(layer) for layer in block.layers)


def pooling_within_bounds(pooling: FinalPooling) -> bool:
    """Whether the pooling has a type and a size that there is."""
    return pooling.type in _POOLING_TYPES and pooling.size in POOLING_SIZES


def _layer_within_bounds(layer: ConvLayer) -> bool:
    if layer.type not in _LAYER_TYPES:
        return False
    filters_fit = layer.filters == 0 if layer.type == LayerType.DEPTHWISE else layer.filters in FILTERS
    if layer.type == LayerType.POINTWISE:
        return filters_fit and layer.kernel == 1 and layer.stride == 1
    return filters_fit and layer.kernel in KERNELS and layer.stride in STRIDES
