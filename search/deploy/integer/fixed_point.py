"""Exponential, logistic function, hyperbolic tangent and reciprocal of 32-bit fixed-point numbers.

Qn has n integer bits and 31 - n fractional ones. Series, constants and steps are those of gemmlowp's `fixedpoint.h`,
which TensorFlow Lite Micro uses, so that every bit is the same.
"""

from __future__ import annotations

import numpy as np

from search.deploy.integer.rounding import INT32_MAX, Integers, halved, high_product

_EXP_EIGHTH = 1895147668  # exp(-1/8)
_THIRD = 715827883
_POWERS = ((-2, 1672461947), (-1, 1302514674), (0, 790015084), (1, 290630308), (2, 39332535), (3, 720401), (4, 242))
"""For each exponent e, exp(-2^e) in Q0."""
_48_OVER_17, _NEGATIVE_32_OVER_17 = 1515870810, -1010580540  # in Q2


def exponential(x: Integers, integer_bits: int) -> Integers:
    """exp(x) in Q0, of x ≤ 0 in Q`integer_bits` (`exp_on_negative_values`)."""
    fraction_bits = 31 - integer_bits
    quarter = 1 << (fraction_bits - 2)
    rest = (x & (quarter - 1)) - quarter
    result = _exponential_near_eighth(shifted_left(rest, integer_bits))
    whole = rest - x
    for exponent, power in _POWERS:
        if exponent < integer_bits:
            has = (whole >> (fraction_bits + exponent)) & 1
            result = np.where(has == 1, high_product(result, power), result)
    return np.where(x == 0, INT32_MAX, result)


def logistic(x: Integers, integer_bits: int) -> Integers:
    """1 / (1 + exp(-x)) in Q0."""
    positive = reciprocal_of_one_plus(exponential(-np.abs(x), integer_bits))
    return np.where(x == 0, 1 << 30, np.where(x > 0, positive, INT32_MAX - positive))


def tanh(x: Integers, integer_bits: int) -> Integers:
    """The hyperbolic tangent in Q0."""
    power = exponential(-np.abs(x), integer_bits + 1)
    size = shifted_left(_newton(power) - (1 << 29), 2)
    return np.where(x == 0, 0, np.where(x < 0, -size, size))


def reciprocal_of_one_plus(x: Integers) -> Integers:
    """1 / (1 + x) in Q0, of x between 0 and 1 in Q0."""
    return shifted_left(_newton(x), 1)


def shifted_left(x: Integers, bits: int) -> Integers:
    """X · 2^bits within 32 bits, saturating (`SaturatingRoundingMultiplyByPOT`)."""
    most = (1 << (31 - bits)) - 1
    return np.where(x > most, INT32_MAX, np.where(x < -most, -INT32_MAX - 1, x << bits))


def _exponential_near_eighth(x: Integers) -> Integers:
    """exp(x) of x in [-1/4, 0): four terms of the Taylor series around -1/8."""
    x = x + (1 << 28)
    x2 = high_product(x, x)
    x3, x4 = high_product(x2, x), high_product(x2, x2)
    higher = halved(high_product(halved(x4, 2) + x3, _THIRD) + x2, 1)
    return high_product(x + higher, _EXP_EIGHTH) + _EXP_EIGHTH


def _newton(x: Integers) -> Integers:
    """2 / (1 + x) in Q2, by three steps of Newton and Raphson's division."""
    half = (x + INT32_MAX + 1) >> 1  # the sum is never negative
    y = high_product(half, _NEGATIVE_32_OVER_17) + _48_OVER_17
    for _ in range(3):
        y = y + shifted_left(high_product(y, (1 << 29) - high_product(half, y)), 2)
    return y
