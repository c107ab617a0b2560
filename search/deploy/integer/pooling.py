"""Pooling of windows, and means and sums over whole axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.deploy.integer.rounding import Integers, Multiplier, clamped, scaled

Bytes = NDArray[np.int8]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pool:
    """The largest value or the mean of each window; cells beyond the border do not count.

    Means are those of the codes, rounded half away from zero; input and output have one scale.
    """

    largest: bool
    size: Pair
    strides: Pair
    before: Pair
    output_size: Pair
    low: int
    high: int

    def apply(self, x: Bytes) -> Bytes:
        """From (n, height, width, channels) to (n, height, width, channels)."""
        if self.largest:
            return clamped(self._windows(x.astype(np.int64), np.maximum, -128), self.low, self.high)
        sums = self._windows(x.astype(np.int64), np.add, 0)
        counts = self._windows(np.ones((1, *x.shape[1:3], 1), np.int64), np.add, 0)
        means = np.sign(sums) * ((np.abs(sums) + counts // 2) // counts)
        return clamped(means, self.low, self.high)

    def _windows(self, x: Integers, combine: np.ufunc, beyond: int) -> Integers:
        for axis in (0, 1):
            x = np.moveaxis(self._along(np.moveaxis(x, axis + 1, 0), axis, combine, beyond), 0, axis + 1)
        return x

    def _along(self, x: Integers, axis: int, combine: np.ufunc, beyond: int) -> Integers:
        """Windows over the first axis of `x`."""
        count, stride, size, before = self.output_size[axis], self.strides[axis], self.size[axis], self.before[axis]
        after = max((count - 1) * stride + size - before - len(x), 0)
        x = np.pad(x, [(before, after)] + [(0, 0)] * (x.ndim - 1), constant_values=beyond)
        result = x[: (count - 1) * stride + 1 : stride]
        for tap in range(1, size):
            result = combine(result, x[tap : tap + (count - 1) * stride + 1 : stride])
        return result


@dataclass(frozen=True, slots=True)
class Reduction:
    """Mean or sum over `axes` of the tensor (its first is 0); `multiplier` takes in the division by the count."""

    axes: tuple[int, ...]
    count: int
    input_zero: int
    output_zero: int
    multiplier: Multiplier

    def apply(self, x: Bytes) -> Bytes:
        """From (n, …) to what is left of the axes."""
        sums = x.astype(np.int64).sum(axis=tuple(axis + 1 for axis in self.axes)) - self.count * self.input_zero
        result = scaled(sums, self.multiplier.significand, self.multiplier.shift)
        return clamped(result + self.output_zero, -128, 127)


def mean_multiplier(real: Multiplier, count: int) -> Multiplier:
    """The multiplier of a mean over `count` values (`QuantizedMeanOrSum`)."""
    shift = min(count.bit_length() - 1, 32, 31 + real.shift)
    return Multiplier((real.significand << shift) // count, real.shift - shift)
