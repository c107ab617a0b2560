"""How integers are scaled and rounded: the one place that knows.

TensorFlow Lite Micro multiplies by a real number as by a fraction of 31 bits and a power of two, and rounds twice:
after the multiplication (half up) and after the shift (half away from zero). Sources: its
`kernels/internal/common.cc` and `quantization_util.cc`, gemmlowp's `fixedpoint.h`.

LiteRT gives other bytes, although the files are the same; measured on networks of the search spaces and on operators
alone. Its XNNPACK kernels, the default, round once: 0.2–0.5 % of the outputs of a convolution differ by one, and means
are summed in another way: 15 %. Its reference kernels are those of TensorFlow Lite Micro but for fully connected
layers, which they rescale in floating point: 0.2–0.3 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PROFILE = "tflm-double-rounding"
"""The name of this arithmetic, in records and model cards."""

Integers = NDArray[np.int64]
INT32_MAX = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Multiplier:
    """A positive real number as `significand` / 2³¹ · 2^`shift`; the significand has 31 bits or is 0."""

    significand: int
    shift: int


def multiplier(real: float) -> Multiplier:
    """The nearest `Multiplier`; less than 2⁻³² becomes 0 (`QuantizeMultiplier`)."""
    if real == 0:
        return Multiplier(0, 0)
    fraction, shift = math.frexp(real)
    significand = math.floor(abs(fraction) * 2**31 + 0.5)
    if significand == 2**31:
        significand, shift = significand // 2, shift + 1
    return Multiplier(0, 0) if shift < -31 else Multiplier(significand, shift)


def scaled(x: Integers, significand: Integers | int, shift: Integers | int) -> Integers:
    """`x` · significand / 2³¹ · 2^shift, rounded (`MultiplyByQuantizedMultiplier`); one of each, or one per channel."""
    left, right = np.maximum(shift, 0), np.maximum(-np.asarray(shift), 0)
    wide: Integers = x << left
    return halved(high_product(wrapped(wide), significand), right)


def high_product(a: Integers, b: Integers | int) -> Integers:
    """A · b / 2³¹, rounded half up (`SaturatingRoundingDoublingHighMul`); -2³¹ · -2³¹ does not occur."""
    return (a * b + (1 << 30)) >> 31


def halved(x: Integers, times: Integers | int) -> Integers:
    """Divided by 2^times, rounded half away from zero (`RoundingDivideByPOT`)."""
    bits: Integers = np.asarray(times, np.int64)
    mask: Integers = (np.int64(1) << bits) - 1
    away: Integers = np.greater(x & mask, (mask >> 1) + (x < 0)).astype(np.int64)
    return (x >> bits) + away


def wrapped(x: Integers) -> Integers:
    """`x` as 32 bits hold it."""
    return x.astype(np.int32).astype(np.int64)


def clamped(x: Integers, low: int, high: int) -> NDArray[np.int8]:
    """`x` between `low` and `high`, as int8."""
    return np.clip(x, low, high).astype(np.int8)


def rounded(x: NDArray[np.float32] | np.float32) -> Integers:
    """The nearest integers, halves away from zero (`TfLiteRound`)."""
    exact: NDArray[np.float64] = np.asarray(x, np.float64)
    size: NDArray[np.float64] = np.floor(np.abs(exact) + 0.5)
    return np.copysign(size, exact).astype(np.int64)
