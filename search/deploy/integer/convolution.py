"""Convolution, depthwise convolution and fully connected layers, per channel or per tensor.

Sums of products are exact in floating point as long as they stay below 2²⁴ or 2⁵³, so that the matrix products of
BLAS serve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.deploy.integer.rounding import Integers, clamped, scaled, wrapped

Bytes = NDArray[np.int8]
Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Weighted:
    """What layers with weights share.

    Attributes:
        weights: int8; first axis the output channels, but for depthwise convolutions (height, width, channels).
        bias: int32, one per output channel.
        significand, shift: the `Multiplier` of each output channel.
        input_zero, output_zero: zero points.
        low, high: what the activation lets pass.
    """

    weights: Bytes
    bias: NDArray[np.int32]
    significand: NDArray[np.int32]
    shift: NDArray[np.int8]
    input_zero: int
    output_zero: int
    low: int
    high: int

    @property
    def channels(self) -> int:
        """Output channels."""
        return len(self.bias)

    def rescaled(self, sums: Integers) -> Bytes:
        """From sums of products, channels last, to the layer's output."""
        sums = wrapped(sums + self.bias)
        result = scaled(sums, self.significand.astype(np.int64), self.shift.astype(np.int64))
        return clamped(result + self.output_zero, self.low, self.high)


@dataclass(frozen=True, eq=False)
class Dense(Weighted):
    """A fully connected layer over the last axis. Weights: (units, inputs)."""

    def apply(self, x: Bytes) -> Bytes:
        """From (…, inputs) to (…, units)."""
        rows = x.reshape(-1, self.weights.shape[1])
        return self.rescaled(exact_products(rows, self.input_zero, self.weights.T))


@dataclass(frozen=True, eq=False)
class Convolution(Weighted):
    """A convolution, or a depthwise one with `multiplier` output channels for each input channel (0: not depthwise).

    Cells beyond the border count as zero. Weights: (filters, height, width, input channels); depthwise: (height,
    width, channels).
    """

    strides: Pair
    dilations: Pair
    before: Pair
    output_size: Pair
    multiplier: int = 0

    @property
    def kernel(self) -> Pair:
        """Height and width."""
        height, width = self.weights.shape[:2] if self.multiplier else self.weights.shape[1:3]
        return height, width

    def apply(self, x: Bytes) -> Bytes:
        """From (n, height, width, channels) to (n, height, width, output channels)."""
        padded = self._padded(x)
        return self.rescaled(self._depthwise(padded) if self.multiplier else self._full(padded))

    def _padded(self, x: Bytes) -> Bytes:
        """With cells of the zero point around, as many as the windows reach."""
        paddings = [(0, 0)]
        for axis in (0, 1):
            reach = (self.output_size[axis] - 1) * self.strides[axis] + (self.kernel[axis] - 1) * self.dilations[axis]
            after = max(reach + 1 - self.before[axis] - x.shape[axis + 1], 0)
            paddings.append((self.before[axis], after))
        return np.pad(x, [*paddings, (0, 0)], constant_values=self.input_zero)

    def _taps(self, x: Bytes) -> list[Bytes]:
        """For each cell of the kernel the input that it meets: (n, output height, output width, channels)."""
        (rows, columns), (down, right) = self.output_size, self.strides
        return [
            x[:, y : y + (rows - 1) * down + 1 : down, z : z + (columns - 1) * right + 1 : right]
            for y in range(0, self.kernel[0] * self.dilations[0], self.dilations[0])
            for z in range(0, self.kernel[1] * self.dilations[1], self.dilations[1])
        ]

    def _full(self, x: Bytes) -> Integers:
        taps = self._taps(x)
        windows = taps[0] if len(taps) == 1 else np.concatenate(taps, axis=-1)
        matrix = self.weights.reshape(self.channels, -1).T
        sums = exact_products(windows.reshape(-1, matrix.shape[0]), self.input_zero, matrix)
        return sums.reshape(*windows.shape[:3], self.channels)

    def _depthwise(self, x: Bytes) -> Integers:
        weights = self.weights.reshape(-1, self.channels).astype(np.int32)
        sums = np.zeros((len(x), *self.output_size, self.channels), np.int32)
        for tap, row in zip(self._taps(x), weights, strict=True):
            cells = tap.astype(np.int32) - self.input_zero
            sums += (np.repeat(cells, self.multiplier, axis=-1) if self.multiplier > 1 else cells) * row
        return sums.astype(np.int64)


def exact_products(rows: Bytes, zero: int, matrix: Bytes) -> Integers:
    """(rows - zero) @ matrix, without any rounding, in the smallest floating point that is exact."""
    most = 255 * np.abs(matrix.astype(np.int64)).sum(axis=0).max()
    kind = "float32" if most < 2**24 else "float64"
    real: NDArray[Any] = rows.astype(kind)
    real -= zero
    return np.asarray(real @ matrix.astype(kind)).astype(np.int64)
