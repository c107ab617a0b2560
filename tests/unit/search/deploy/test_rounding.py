"""Scaling and rounding against gemmlowp's own formulation, written out with Python's integers."""

from __future__ import annotations

import numpy as np
import pytest

from search.deploy.integer.pooling import mean_multiplier
from search.deploy.integer.rounding import Multiplier, clamped, halved, high_product, multiplier, rounded, scaled


def truncated(a: int, b: int) -> int:
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def gemmlowp_high_product(a: int, b: int) -> int:
    product = a * b
    return truncated(product + (2**30 if product >= 0 else 1 - 2**30), 2**31)


def gemmlowp_halved(x: int, exponent: int) -> int:
    mask = (1 << exponent) - 1
    return (x >> exponent) + ((x & mask) > (mask >> 1) + (x < 0))


def as_tflm(x: int, m: Multiplier) -> int:
    wide = (x << max(m.shift, 0)) & 0xFFFFFFFF
    wide -= (wide & 0x80000000) << 1
    return gemmlowp_halved(gemmlowp_high_product(wide, m.significand), max(-m.shift, 0))


def test_scaling_is_that_of_tflm() -> None:
    rng = np.random.default_rng(0)
    for real in (1e-9, 2**-20, 0.0003, 0.25, 0.49999, 0.5, 0.7, 1.0, 1.9, 37.5):
        m = multiplier(real)
        x = np.concatenate([rng.integers(-(2**31), 2**31, 300), rng.integers(-3000, 3000, 300), np.arange(-40, 40)])
        found = scaled(x.astype(np.int64), m.significand, m.shift)
        assert found.tolist() == [as_tflm(int(value), m) for value in x]


def test_it_rounds_twice() -> None:
    # 2¹² · 2⁻¹² · 3 · (1/2 - 2⁻³⁰): the first rounding gives a half, the second lifts it.
    m = Multiplier(2**30 - 1, -1)
    assert scaled(np.array([3], np.int64), m.significand, m.shift).tolist() == [1]
    assert halved(np.array([3, -3, 1, -1, 2], np.int64), 1).tolist() == [2, -2, 1, -1, 1]
    assert high_product(np.array([1, -1, -3], np.int64), 2**30).tolist() == [1, 0, -1]


@pytest.mark.parametrize(
    ("real", "found"),
    [
        (0.0, (0, 0)),
        (0.5, (2**30, 0)),
        (1.0, (2**30, 1)),
        (1 - 2**-40, (2**30, 1)),  # rounds up to the next power of two
        (2**-33, (0, 0)),
        (3.0, (3 * 2**29, 2)),
    ],
)
def test_multipliers(real: float, found: tuple[int, int]) -> None:
    assert multiplier(real) == Multiplier(*found)


def test_means_take_in_their_count() -> None:
    assert mean_multiplier(Multiplier(2**30, 1), 49) == Multiplier((2**30 << 5) // 49, 1 - 5)
    assert mean_multiplier(Multiplier(2**30, -30), 49) == Multiplier((2**30 << 1) // 49, -31)  # no shift beyond 31


def test_real_numbers_round_halves_away_from_zero() -> None:
    values = np.array([0.5, -0.5, 1.5, -2.5, 0.49999997, -0.49999997, 8388609.0], np.float32)
    assert rounded(values).tolist() == [1, -1, 2, -3, 0, 0, 8388609]


def test_clamping_gives_bytes() -> None:
    assert clamped(np.array([-500, -128, 5, 200], np.int64), -100, 127).tolist() == [-100, -100, 5, 127]
