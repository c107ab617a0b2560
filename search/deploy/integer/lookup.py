"""Functions of one value: a table of 256 bytes is all that there is to each.

They are made by the rules of TensorFlow Lite Micro's kernels, so that the table is exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.deploy.integer import fixed_point
from search.deploy.integer.rounding import Integers, halved, multiplier, rounded, scaled

Bytes = NDArray[np.int8]
_INPUT_BITS = 4


@dataclass(frozen=True, slots=True)
class Codes:
    """What a quantised tensor's codes stand for: (code - `zero`) · `scale`; `scale` is a float32."""

    scale: np.float32
    zero: int
    signed: bool = True


@dataclass(frozen=True, eq=False)
class Lookup:
    """`table[byte]`: the output's byte for each byte of the input, both as unsigned numbers."""

    table: NDArray[np.uint8]

    def apply(self, x: NDArray[np.int8] | NDArray[np.uint8]) -> Bytes:
        """Element by element; where the output is unsigned its bytes are those of the int8 that comes back."""
        return self.table[np.ascontiguousarray(x).view(np.uint8)].view(np.int8)


def _lookup(source: Codes, outputs: Integers, low: int = -128, high: int = 127) -> Lookup:
    """From the outputs of the codes in rising order."""
    values = np.clip(outputs, low, high)
    first = 128 if source.signed else 0
    return Lookup((np.roll(values, -first) & 255).astype(np.uint8))


def _differences(source: Codes) -> Integers:
    """Code less zero point, of the codes in rising order."""
    first = -128 if source.signed else 0
    return np.arange(first, first + 256, dtype=np.int64) - source.zero


def requantized(source: Codes, target: Codes) -> Lookup:
    """The same values in other codes (QUANTIZE)."""
    factor = multiplier(float(source.scale) / float(target.scale))
    outputs = scaled(_differences(source), factor.significand, factor.shift) + target.zero
    return _lookup(source, outputs, *((-128, 127) if target.signed else (0, 255)))


def relu(source: Codes, target: Codes) -> Lookup:
    """No negative values."""
    factor = multiplier(float(source.scale / target.scale))
    outputs = scaled(_differences(source), factor.significand, factor.shift) + target.zero
    return _lookup(source, outputs, low=max(-128, target.zero))


def relu6(source: Codes) -> Lookup:
    """Values from 0 to 6, in the codes of the input."""
    six = min(127, source.zero + int(rounded(np.float32(6) / source.scale)))
    return _lookup(source, _differences(source) + source.zero, low=source.zero, high=six)


def leaky_relu(source: Codes, target: Codes, alpha: np.float32) -> Lookup:
    """Negative values times `alpha`."""
    same = multiplier(float(source.scale / target.scale))
    slope = multiplier(abs(float(source.scale * alpha / target.scale)))
    x = _differences(source)
    sign = -1 if alpha < 0 else 1
    negative = sign * scaled(x, slope.significand, slope.shift)
    outputs = np.where(x >= 0, scaled(x, same.significand, same.shift), negative)
    return _lookup(source, outputs + target.zero)


def logistic(source: Codes) -> Lookup:
    """The logistic function, in codes of scale 1/256 and zero point -128."""
    x, inside = _in_fixed_point(source)
    values = halved(fixed_point.logistic(x, _INPUT_BITS), 23) - 128
    return _lookup(source, _saturated(source, values, inside))


def tanh(source: Codes) -> Lookup:
    """The hyperbolic tangent, in codes of scale 1/128 and zero point 0."""
    x, inside = _in_fixed_point(source)
    values = halved(fixed_point.tanh(x, _INPUT_BITS), 24)
    return _lookup(source, _saturated(source, values, inside))


def _in_fixed_point(source: Codes) -> tuple[Integers, int]:
    """The values in Q4, and how far from zero a code may be to fit into it."""
    real = float(source.scale) * 2 ** (31 - _INPUT_BITS)
    fraction, shift = math.frexp(real)
    radius = math.floor(15 * 2 ** (31 - _INPUT_BITS) / 2**shift)
    x = np.clip(_differences(source), -radius, radius)
    return scaled(x, math.floor(fraction * 2**31 + 0.5), shift), radius


def _saturated(source: Codes, values: Integers, radius: int) -> Integers:
    x = _differences(source)
    return np.where(x <= -radius, -128, np.where(x >= radius, 127, values))


def hard_swish(source: Codes, target: Codes) -> Lookup:
    """X · min(max(x + 3, 0), 6) / 6, in 16 bits."""
    fine = np.float32(1 / 128) * source.scale
    output = multiplier(float(fine / target.scale))
    inner = multiplier(float(fine / np.float32(3 / 32768)))
    x = _differences(source) << 7
    before_shift = _high_product16(x, _short(output.significand))
    gate = _saturated16(x << max(inner.shift - 1, 0))
    gate = _high_product16(gate, _short(inner.significand))
    gate = _saturated16(gate << 1) if inner.shift > 0 else halved(gate, -inner.shift)
    gate = (gate + (1 << 15)) >> 1
    product = gate * before_shift
    result = np.sign(product) * (np.abs(product) >> 15)
    return _lookup(source, halved(result, -output.shift) + target.zero)


def _short(significand: int) -> int:
    """A significand of 15 bits (`DownScaleInt32ToInt16Multiplier`)."""
    return min((significand + (1 << 15)) >> 16, 32767)


def _high_product16(a: Integers, b: int) -> Integers:
    return (a * b + (1 << 14)) >> 15


def _saturated16(x: Integers) -> Integers:
    return np.clip(x, -32768, 32767)
