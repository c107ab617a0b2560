"""Non-negative least squares in relative error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_models.latency.least_squares import fit_relative, nonnegative_least_squares


@given(seed=st.integers(0, 10_000))
def test_optimality_conditions(seed: int):
    rng = np.random.default_rng(seed)
    matrix, target = rng.normal(size=(12, 4)), rng.normal(size=12)
    x = nonnegative_least_squares(matrix, target)
    gradient = matrix.T @ (target - matrix @ x)
    assert (x >= 0).all()
    assert (gradient < 1e-6).all()  # no coefficient at 0 wants to grow,
    assert np.abs(gradient[x > 1e-9]).max(initial=0) < 1e-6  # and those above 0 are at their best


def test_a_column_of_zeros_gets_nothing():
    x = nonnegative_least_squares(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([2.0, 4.0]))
    assert x == pytest.approx([3.0, 0.0])


def test_exact_sums_are_found_and_a_wild_row_is_ignored():
    rng = np.random.default_rng(1)
    terms = rng.uniform(1, 100, size=(60, 3))
    measured = terms @ [2.0, 0.5, 7.0]
    measured[10] *= 50
    assert fit_relative(terms, measured) == pytest.approx([2.0, 0.5, 7.0], rel=1e-2)


def test_prior_decides_where_data_do_not():
    terms = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    fitted = fit_relative(terms, np.array([4.0, 8.0, 12.0]), prior=np.array([1.0, 3.0]), strength=1e-3)
    assert fitted == pytest.approx([1.0, 3.0], rel=1e-2)
