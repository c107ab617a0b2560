"""The kernel calls of a MobileNetV2: networks that were measured without a published layer list."""

from __future__ import annotations

from resource_models.latency.kernel_work import Work, convolution, dense, depthwise, elementwise

_BLOCKS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
"""(expansion, channels, repeats, first stride): Table 2 of arXiv:1801.04381."""


def mobilenet_v2(width: float, size: int, *, classes: int, last: int = 1280) -> tuple[Work, ...]:
    """Kernel calls of a MobileNetV2 of this width multiplier on a ``size`` x ``size`` RGB image."""
    side, channels = (size + 1) // 2, _divisible(32 * width)
    works = [convolution((3, 3), (2, 2), 3, (1, side, side, channels))]
    for expansion, planes, repeats, first_stride in _BLOCKS:
        filters = _divisible(planes * width)
        for index in range(repeats):
            stride = first_stride if index == 0 else 1
            works += _block(side, channels, filters, expansion, stride)
            side, channels = -(-side // stride), filters
    works.append(convolution((1, 1), (1, 1), channels, (1, side, side, last)))
    works += [elementwise("mean", side * side * last), dense(last, classes)]
    return tuple(works)


def _block(side: int, channels: int, filters: int, expansion: int, stride: int) -> list[Work]:
    wide, after = channels * expansion, -(-side // stride)
    works = []
    if expansion > 1:
        works.append(convolution((1, 1), (1, 1), channels, (1, side, side, wide)))
    if stride == 2:
        works.append(elementwise("pad", (side + 1) * (side + 1) * wide))
    works.append(depthwise((3, 3), (1, after, after, wide)))
    works.append(convolution((1, 1), (1, 1), wide, (1, after, after, filters)))
    if stride == 1 and channels == filters:
        works.append(elementwise("add", side * side * filters))
    return works


def _divisible(channels: float) -> int:
    """Nearest multiple of 8, but not below 90 % of what was asked."""
    nearest = max(8, int(channels + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * channels else nearest
