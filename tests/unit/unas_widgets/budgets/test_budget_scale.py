"""Sliders: positions and values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.budget import RESOURCES
from unas_widgets.budgets.budget_scale import NO_LIMIT, scale
from unas_widgets.errors import WidgetError

KEYS = [r.key for r in RESOURCES]


@pytest.mark.parametrize("key", KEYS)
def test_every_position_has_one_value_and_leads_back(key):
    slider = scale(key)
    assert list(slider.values) == sorted(set(slider.values))
    for position in range(slider.maximum + 1):
        assert slider.position(slider.value(position)) == position


@given(st.sampled_from(KEYS), st.floats(1e-5, 1e9))
def test_a_typed_value_lies_nearest_to_its_position(key, value):
    slider = scale(key)
    ratios = [max(v / value, value / v) for v in slider.values]
    assert ratios[slider.position(value)] == pytest.approx(min(ratios), rel=1e-9)


def test_the_last_position_is_no_limit():
    slider = scale("ram_bytes")
    assert slider.value(slider.maximum) is None
    assert slider.position(None) == slider.maximum
    assert slider.text(None) == NO_LIMIT
    assert "not limited" in slider.hover(None)


def test_round_values_are_on_the_slider():
    assert {8 * 1024, 24 * 1024, 64 * 1024} <= set(scale("ram_bytes").values)
    assert scale("latency_s").text(0.02) == "20 ms"
    assert scale("ram_bytes").hover(24576) == "24,576 bytes"
    assert (scale("energy_j").text(0.002), scale("energy_j").hover(0.002)) == ("2 mJ", "2 mJ")
    assert scale("latency_s").hover(0.0213) == "21.3 ms"


def test_other_resources_have_no_slider():
    with pytest.raises(WidgetError, match="no budget slider"):
        scale("colour")
