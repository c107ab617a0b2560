"""The operators of a CNN architecture: the one place where its shapes come about.

Blocks. A serial block continues from the sum of the open paths and becomes the first of the new open paths.
A branch starts where the serial block before it started, ends with as many channels as that block, and joins
the open paths. For that, its last convolution has other filters than the architecture says, and a depthwise
last layer is followed by a 1×1 convolution without ReLU. The architecture itself is never changed.

Sums. Height and width separately: a map that is r times as large as the smallest is max-pooled by r, rounded
to the nearest whole number (halves down). Then all maps are padded with zeros at the bottom and right to the
largest that remains, and added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from resource_models import Graph, GraphBuilder
from resource_models.graph.operators import Activation
from search.spaces.base import logit_count
from search.spaces.cnn.architecture import (
    CnnArchitecture,
    ConvBlock,
    ConvLayer,
    FinalPooling,
    LayerType,
    PoolingType,
)

Size = tuple[int, int]


def lower(architecture: CnnArchitecture, input_shape: tuple[int, int, int], num_classes: int) -> Graph:
    """The network as operators, from an input of (1, height, width, channels) to the logits."""
    builder = GraphBuilder("cnn")
    x = builder.input(input_shape)
    paths = OpenPaths(builder, x)
    for block in architecture.blocks:
        paths.append(block)
    x = paths.join()
    if architecture.pooling is not None:
        x = final_pooling(builder, architecture.pooling, x)
    return builder.build(classifier(builder, architecture.dense, x, num_classes))


def classifier(builder: GraphBuilder, dense: Sequence[int], x: int, num_classes: int) -> int:
    """The map flattened, dense layers of so many units, and the logits."""
    x = builder.flatten(x)
    for units in dense:
        x = builder.dense(x, units, activation="relu")
    return builder.dense(x, logit_count(num_classes))


class OpenPaths:
    """The paths that run side by side from one tensor until the next serial block sums them."""

    def __init__(self, builder: GraphBuilder, x: int) -> None:
        self._builder = builder
        self._start = x
        self._ends = [x]

    def append(self, block: ConvBlock) -> None:
        """A branch opens one more path; a serial block goes on from the sum of those that are open."""
        if block.branch:
            channels = self._builder.shape(self._ends[0])[3]
            self._ends.append(_layers(self._builder, _joining(block.layers, channels), self._start))
        else:
            self.go_on(_layers(self._builder, block.layers, self.join()))

    def join(self) -> int:
        """The sum of the open paths, from which a serial block and the branches beside it start."""
        self._start = _sum(self._builder, self._ends)
        self._ends = [self._start]
        return self._start

    def go_on(self, x: int) -> None:
        """`x`, computed from what `join` gave, is the only path that is open."""
        self._ends = [x]


def _joining(layers: tuple[ConvLayer, ...], channels: int) -> tuple[ConvLayer, ...]:
    """The layers of a branch, made to end with the channels of the path that they run beside."""
    last = layers[-1]
    if last.type != LayerType.DEPTHWISE:
        return (*layers[:-1], replace(last, filters=channels))
    joint = ConvLayer(LayerType.POINTWISE, 1, channels, 1, last.batch_norm, relu=False, pre_pool=False)
    return (*layers, joint)


def _layers(builder: GraphBuilder, layers: Sequence[ConvLayer], x: int) -> int:
    for layer in layers:
        if layer.pre_pool:
            x = _max_pool(builder, x, (2, 2))
        _, height, width, _ = builder.shape(x)
        kernel = (min(layer.kernel, height), min(layer.kernel, width))
        strides = (layer.stride, layer.stride)
        activation: Activation = "relu" if layer.relu else "none"
        if layer.type == LayerType.DEPTHWISE:
            x = builder.depthwise_conv2d(x, kernel, strides=strides, activation=activation, batch_norm=layer.batch_norm)
        else:
            x = builder.conv2d(
                x, layer.filters, kernel, strides=strides, activation=activation, batch_norm=layer.batch_norm
            )
    return x


def _sum(builder: GraphBuilder, paths: Sequence[int]) -> int:
    if len(paths) == 1:
        return paths[0]
    sizes = [builder.shape(path)[1:3] for path in paths]
    smallest = (min(size[0] for size in sizes), min(size[1] for size in sizes))
    pooled = [
        _max_pool(builder, path, (_rounded_ratio(height, smallest[0]), _rounded_ratio(width, smallest[1])))
        for path, (height, width) in zip(paths, sizes, strict=True)
    ]
    sizes = [builder.shape(path)[1:3] for path in pooled]
    largest = (max(size[0] for size in sizes), max(size[1] for size in sizes))
    return builder.add([_padded(builder, path, largest) for path in pooled])


def _rounded_ratio(size: int, smallest: int) -> int:
    """`size / smallest` to the nearest whole number, halves down, so that 5 beside 2 is halved to 2."""
    return -((smallest - 2 * size) // (2 * smallest))


def _max_pool(builder: GraphBuilder, x: int, size: Size) -> int:
    """Max pooling without overlap, `size` clipped to the map; nothing where that leaves 1×1."""
    size = _clipped(builder, x, size)
    return x if size == (1, 1) else builder.max_pool2d(x, size)


def final_pooling(builder: GraphBuilder, pooling: FinalPooling, x: int) -> int:
    """The pooling after the last block, clipped to the map."""
    size = _clipped(builder, x, (pooling.size, pooling.size))
    if size == (1, 1) or pooling.type == PoolingType.MAX:
        return _max_pool(builder, x, size)
    return builder.average_pool2d(x, size)


def _clipped(builder: GraphBuilder, x: int, size: Size) -> Size:
    _, height, width, _ = builder.shape(x)
    return min(size[0], height), min(size[1], width)


def _padded(builder: GraphBuilder, x: int, size: Size) -> int:
    _, height, width, _ = builder.shape(x)
    bottom, right = size[0] - height, size[1] - width
    return builder.pad(x, ((0, bottom), (0, right))) if bottom or right else x
