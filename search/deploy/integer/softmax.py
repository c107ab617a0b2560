"""Softmax over the last axis, in fixed point."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.deploy.integer.fixed_point import exponential, reciprocal_of_one_plus
from search.deploy.integer.rounding import Integers, clamped, halved, high_product, multiplier, wrapped

Bytes = NDArray[np.int8]
_DIFFERENCE_BITS = 5
SUM_BITS = 12
"""Integer bits of the sum of exponentials."""


@dataclass(frozen=True, eq=False)
class Softmax:
    """Softmax; `exponentials` are those of the differences 0, 1, … from the largest code, in Q0.

    Differences beyond the table count as nothing, and give the lowest code.
    """

    exponentials: NDArray[np.int32]

    def apply(self, x: Bytes) -> Bytes:
        """Over the last axis."""
        differences = x.max(axis=-1, keepdims=True).astype(np.int64) - x
        counted = differences < len(self.exponentials)
        powers = np.where(counted, self.exponentials[np.minimum(differences, len(self.exponentials) - 1)], 0)
        sums = halved(powers, SUM_BITS).sum(axis=-1, keepdims=True)
        scale, over = reciprocal(sums)
        result = halved(high_product(scale, powers), over + 31 - 8) - 128
        return np.where(counted, clamped(result, -128, 127), np.int8(-128))


def softmax(scale: float, beta: float) -> Softmax:
    """The softmax of `beta` times an int8 tensor of this scale (`PreprocessSoftmaxScaling`)."""
    factor = multiplier(min(beta * scale * 2 ** (31 - _DIFFERENCE_BITS), 2.0**31 - 1))
    radius = math.floor(31 * 2 ** (31 - _DIFFERENCE_BITS) / 2**factor.shift)
    differences = -np.arange(min(radius, 255) + 1, dtype=np.int64)
    wide = high_product(wrapped(differences << factor.shift), factor.significand)
    return Softmax(exponential(wide, _DIFFERENCE_BITS).astype(np.int32))


def reciprocal(x: Integers) -> tuple[Integers, Integers]:
    """1 / x as Q0 and the bits by which it is to be divided yet, of x in Q12 (`GetReciprocal`)."""
    headroom = 32 - np.frexp(x.astype(np.float64))[1].astype(np.int64)
    return reciprocal_of_one_plus((x << headroom) - (1 << 31)), SUM_BITS - headroom
