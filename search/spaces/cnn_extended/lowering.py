"""The operators of an extended architecture.

Blocks of the cnn space lower as they do there; a mobile block is serial, and branches may run beside it.

Inputs that are at least sixteen times as long as wide (sound, sensors) are read along their length alone: kernels,
strides and the pooling of the input are (k, 1) there. On a small map a kernel loses the rows and columns that could
only ever meet padding.
"""

from __future__ import annotations

from resource_models import Graph, GraphBuilder
from search.spaces.cnn import ConvBlock
from search.spaces.cnn.lowering import OpenPaths, classifier, final_pooling
from search.spaces.cnn_extended.architecture import BlockKind, ExtendedArchitecture, GlobalPooling, MobileBlock

ELONGATED = 16

Size = tuple[int, int]


def lower(architecture: ExtendedArchitecture, input_shape: tuple[int, int, int], num_classes: int) -> Graph:
    """The network as operators, from an input of (1, height, width, channels) to the logits."""
    builder = GraphBuilder("cnn_extended")
    x = builder.input(input_shape)
    axes = _axes(input_shape)
    paths = OpenPaths(builder, _reduced(builder, x, _along(axes, architecture.input_pooling)))
    for block in architecture.blocks:
        if isinstance(block, ConvBlock):
            paths.append(block)
        else:
            paths.go_on(_mobile(builder, block, paths.join(), axes))
    x = _pooled(builder, architecture, paths.join())
    return builder.build(classifier(builder, architecture.dense, x, num_classes))


def _axes(input_shape: tuple[int, int, int]) -> tuple[bool, bool]:
    """Whether kernels extend over height, over width."""
    height, width, _ = input_shape
    return width < ELONGATED * height, height < ELONGATED * width


def _along(axes: tuple[bool, bool], size: int) -> Size:
    return size if axes[0] else 1, size if axes[1] else 1


def _reduced(builder: GraphBuilder, x: int, size: Size) -> int:
    """The mean of each window of the input, clipped to it; nothing where that leaves 1×1."""
    _, height, width, _ = builder.shape(x)
    size = min(size[0], height), min(size[1], width)
    return x if size == (1, 1) else builder.average_pool2d(x, size)


def _mobile(builder: GraphBuilder, block: MobileBlock, source: int, axes: tuple[bool, bool]) -> int:
    _, height, width, channels = builder.shape(source)
    kernel, strides = _along(axes, block.kernel), _along(axes, block.stride)
    kernel = min(kernel[0], 2 * height - 1), min(kernel[1], 2 * width - 1)
    strides = min(strides[0], height), min(strides[1], width)
    if block.kind == BlockKind.CONV:
        x = builder.conv2d(
            source, block.filters, kernel, strides=strides, padding="same", activation="relu", batch_norm=True
        )
    else:
        x = source
        if block.expansion > 1:
            x = builder.conv2d(x, block.expansion * channels, (1, 1), activation="relu", batch_norm=True)
        x = builder.depthwise_conv2d(x, kernel, strides=strides, padding="same", activation="relu", batch_norm=True)
        linear = block.kind == BlockKind.INVERTED_RESIDUAL
        x = builder.conv2d(x, block.filters, (1, 1), activation="none" if linear else "relu", batch_norm=True)
    return builder.add([source, x]) if block.skip and builder.shape(x) == builder.shape(source) else x


def _pooled(builder: GraphBuilder, architecture: ExtendedArchitecture, x: int) -> int:
    if isinstance(architecture.pooling, GlobalPooling):
        _, height, width, _ = builder.shape(x)
        return _reduced(builder, x, (height, width))
    return x if architecture.pooling is None else final_pooling(builder, architecture.pooling, x)
