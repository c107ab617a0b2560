"""The value that describes one network of the extended space, and the bounds within which the space holds it.

Sources: Liberis, Dudziak, Lane, "μNAS", 2020 (the blocks of the cnn space); Zhang et al., "Hello Edge", 2017
(separable convolutions and average pooling for sound); Sandler et al., "MobileNetV2", 2018 (inverted residuals);
Lin et al., "MCUNet", 2020 (resolution as a variable).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search.spaces.cnn import CnnArchitecture, ConvBlock, FinalPooling
from search.spaces.cnn.architecture import (
    BLOCKS,
    DENSE_UNITS,
    KERNELS,
    STRIDES,
    block_within_bounds,
    pooling_within_bounds,
)

INPUT_POOLING = (1, 2, 4)
FILTERS = range(2, 129)
EXPANSIONS = range(1, 7)
DENSE_LAYERS = range(4)


class BlockKind(StrEnum):
    """The kinds of blocks that keep the size of the map but for their stride."""

    CONV = "conv"
    SEPARABLE = "separable"
    INVERTED_RESIDUAL = "inverted_residual"


@dataclass(frozen=True, slots=True)
class MobileBlock:
    """One step of a mobile network, serial, with "same" padding and batch normalisation throughout.

    conv: convolution, ReLU. separable: depthwise convolution, ReLU, 1×1 convolution, ReLU. inverted_residual: 1×1
    convolution to `expansion` times the channels and ReLU (left out for 1), depthwise convolution, ReLU, 1×1
    convolution.

    Attributes:
        kind: which of them.
        kernel: height and width of the convolution that is not 1×1; along a long input, its length.
        filters: channels of the output.
        stride: of the same convolution, 1 or 2.
        expansion: of an inverted residual; 1 for the other kinds.
        skip: whether the block's input is added to its output, where both have one shape.
    """

    kind: BlockKind
    kernel: int
    filters: int
    stride: int
    expansion: int
    skip: bool


@dataclass(frozen=True, slots=True)
class GlobalPooling:
    """The mean of the whole map: one value per channel is left."""


Block = MobileBlock | ConvBlock
Pooling = FinalPooling | GlobalPooling


@dataclass(frozen=True, slots=True)
class ExtendedArchitecture:
    """Average pooling of the input, blocks, an optional pooling, dense layers, and then the classifier.

    Attributes:
        input_pooling: height and width of the windows whose mean is read instead of the input; 1 for none.
        blocks: mobile ones, and the serial and branched ones of the cnn space, in any order.
        pooling: after the last block, if any.
        dense: units of the dense layers with ReLU before the classifier; there may be none.
    """

    input_pooling: int
    blocks: tuple[Block, ...]
    pooling: Pooling | None
    dense: tuple[int, ...]


def from_cnn(architecture: CnnArchitecture) -> ExtendedArchitecture:
    """The same network in this space."""
    return ExtendedArchitecture(1, architecture.blocks, architecture.pooling, architecture.dense)


_KINDS = frozenset(BlockKind)


def within_bounds(architecture: ExtendedArchitecture) -> bool:
    """Whether every size is in its range, every block is in its one canonical form, and block 0 is serial."""
    blocks, pooling = architecture.blocks, architecture.pooling
    return (
        architecture.input_pooling in INPUT_POOLING
        and len(blocks) in BLOCKS
        and not is_branch(blocks[0])
        and all(_block_within_bounds(block) for block in blocks)
        and (pooling is None or isinstance(pooling, GlobalPooling) or pooling_within_bounds(pooling))
        and len(architecture.dense) in DENSE_LAYERS
        and all(units in DENSE_UNITS for units in architecture.dense)
    )


def is_branch(block: Block) -> bool:
    """Whether the block runs beside the one before it."""
    return isinstance(block, ConvBlock) and block.branch


def _block_within_bounds(block: Block) -> bool:
    if isinstance(block, ConvBlock):
        return block_within_bounds(block)
    return (
        block.kind in _KINDS
        and block.kernel in KERNELS
        and block.filters in FILTERS
        and block.stride in STRIDES
        and (block.expansion in EXPANSIONS if block.kind == BlockKind.INVERTED_RESIDUAL else block.expansion == 1)
    )
