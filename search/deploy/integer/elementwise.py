"""Sums, differences and products, element by element, with broadcasting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.deploy.integer.rounding import Integers, Multiplier, clamped, scaled

Bytes = NDArray[np.int8]
LEFT_SHIFT = 20
"""Bits by which terms are widened before they are scaled to one another."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of two tensors, or with `subtract` their difference; each has its zero point and its multiplier."""

    zeros: tuple[int, int]
    multipliers: tuple[Multiplier, Multiplier]
    output_zero: int
    output: Multiplier
    low: int
    high: int
    subtract: bool = False

    def apply(self, a: Bytes, b: Bytes) -> Bytes:
        """Of two tensors that broadcast against each other."""
        first, second = (self._term(x, place) for place, x in enumerate((a, b)))
        total = first - second if self.subtract else first + second
        return clamped(
            scaled(total, self.output.significand, self.output.shift) + self.output_zero, self.low, self.high
        )

    def _term(self, x: Bytes, place: int) -> Integers:
        wide = (x.astype(np.int64) - self.zeros[place]) << LEFT_SHIFT
        return scaled(wide, self.multipliers[place].significand, self.multipliers[place].shift)


@dataclass(frozen=True, slots=True)
class Product:
    """The product of two tensors."""

    zeros: tuple[int, int]
    output_zero: int
    output: Multiplier
    low: int
    high: int

    def apply(self, a: Bytes, b: Bytes) -> Bytes:
        """Of two tensors that broadcast against each other."""
        product = (a.astype(np.int64) - self.zeros[0]) * (b.astype(np.int64) - self.zeros[1])
        result = scaled(product, self.output.significand, self.output.shift)
        return clamped(result + self.output_zero, self.low, self.high)
