"""What only moves values: reshaping, transposing, padding, concatenation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Reshape:
    """The same values in another shape; it costs nothing on the board."""

    def apply(self, x: Bytes) -> Bytes:
        """Unchanged: the network gives every tensor its shape."""
        return x


@dataclass(frozen=True, slots=True)
class Pad:
    """`paddings` has one (before, after) for each axis, filled with `value`."""

    paddings: tuple[tuple[int, int], ...]
    value: int

    def apply(self, x: Bytes) -> Bytes:
        """From (n, …) to the padded shape."""
        return np.pad(x, [(0, 0), *self.paddings], constant_values=self.value)


@dataclass(frozen=True, slots=True)
class Concatenation:
    """Tensors one after the other along `axis` of the tensor (its first is 0); all have one scale and zero point."""

    axis: int

    def apply(self, *parts: Bytes) -> Bytes:
        """Of tensors whose other axes are equal."""
        return np.concatenate(parts, axis=self.axis + 1)


@dataclass(frozen=True, slots=True)
class Transpose:
    """The axes of the tensor (its first is 0) in another order."""

    order: tuple[int, ...]

    def apply(self, x: Bytes) -> Bytes:
        """From (n, …) to the axes in `order`."""
        return x.transpose(0, *(axis + 1 for axis in self.order))
