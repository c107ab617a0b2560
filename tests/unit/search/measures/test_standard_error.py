"""One standard error for every part: never nothing, and the binomial one where there are many examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.measures.standard_error import METHOD, standard_error
from unas_widgets.quantities.quantity import error_quantity


def test_it_is_the_binomial_one_where_there_are_many_examples() -> None:
    assert standard_error(0.1, 10_000) == pytest.approx((0.1 * 0.9 / 10_000) ** 0.5, rel=0.01)


@pytest.mark.parametrize("error", [0.0, 1.0])
def test_all_or_none_wrong_is_not_taken_for_certain(error: float) -> None:
    assert standard_error(error, 359) == pytest.approx(0.00277, abs=1e-5)


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_it_is_above_zero_and_falls_with_the_number_of_examples(size: int, share: float) -> None:
    assert 0 < standard_error(share, size) <= 0.5
    assert standard_error(share, 4 * size + 10) < standard_error(share, size)


def test_what_a_table_says_is_the_same_and_how_it_was_got() -> None:
    hover = error_quantity(0.0, 359).hover
    assert "0 of 359 examples" in hover
    assert f"± 0.28 % ({METHOD})" in hover
