"""Numbers on the screen: three figures, a unit, and the exact value behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_models import Estimate, Missing
from unas_widgets.quantities.quantity import (
    UNKNOWN,
    bytes_quantity,
    error_quantity,
    macs_quantity,
    percent,
    seconds_quantity,
    significant,
)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (0.0223, "2.23 %"), (0.00279, "0.279 %"), (0.125, "12.5 %"), (1.0, "100 %"), (0.9777, "97.8 %")],
)
def test_percent(share, text):
    assert percent(share) == text


@given(st.floats(1e-6, 1e6))
def test_three_figures_at_most_and_close_to_the_value(value):
    text = significant(value)
    digits = text.replace(",", "").replace(".", "").lstrip("0").rstrip("0")
    assert len(digits) <= 3
    assert float(text.replace(",", "")) == pytest.approx(value, rel=0.006)


def test_an_estimate_shows_its_band_and_method_on_hover():
    quantity = bytes_quantity(Estimate(6348, 6000, 6700, "analytic: TFLM's arena"))
    assert quantity.text == "6.2 KiB"
    assert quantity.hover == "6,348 bytes, between 6,000 and 6,700 bytes; analytic: TFLM's arena"
    exact = bytes_quantity(Estimate(1024, 1024, 1024, "analytic"))
    assert exact.hover == "1,024 bytes, exact; analytic"


def test_what_is_unknown_says_why():
    for quantity in (seconds_quantity(None, "no board"), seconds_quantity(Missing("no board"))):
        assert (quantity.text, quantity.hover, quantity.value) == (UNKNOWN, "no board", None)
    assert "not trained" in error_quantity(None).hover


def test_error_names_examples_and_spread_where_the_set_is_known():
    quantity = error_quantity(8 / 360, 360)
    assert quantity.text == "2.22 %"
    assert "8 of 360 examples" in quantity.hover
    assert "± 0.82 %" in quantity.hover
    assert "±" not in error_quantity(8 / 360).hover


def test_macs_have_their_unit():
    assert macs_quantity(8647).text == "8.65 k MACs"
    assert macs_quantity(8647).hover.startswith("8,647 ")
