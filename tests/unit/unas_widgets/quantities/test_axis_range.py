"""Axes hold what is drawn, and only grow."""

from hypothesis import given
from hypothesis import strategies as st

from unas_widgets.quantities.axis_range import LOG_TICKS, axis_top, log_bottom, round_up

amounts = st.floats(1e-3, 1e6)


@given(st.lists(amounts, max_size=5), st.none() | amounts, st.none() | amounts)
def test_the_axis_holds_all_points_and_never_shrinks(values, limit, before):
    top = axis_top(values, limit, before)
    assert top > 0
    assert all(value < top for value in values)
    assert before is None or top >= before


@given(amounts, amounts)
def test_a_budget_near_the_points_is_on_the_axis_and_a_far_one_does_not_crush_them(farthest, limit):
    top = axis_top([farthest], limit)
    assert (limit < top) == (limit <= 2.5 * farthest or limit < axis_top([farthest], None))


def test_without_points_the_budget_sets_the_axis():
    assert axis_top([], 248) == 300
    assert axis_top([], None) == 1.0


@given(amounts)
def test_round_up_is_not_below_and_not_far_above(value):
    assert value * 0.999 <= round_up(value) <= value * 1.4


@given(st.lists(st.floats(0, 100), max_size=5), st.none() | st.sampled_from(LOG_TICKS))
def test_the_lower_end_of_a_log_axis_is_a_tick_below_every_error_above_zero(values, before):
    bottom = log_bottom(values, before)
    assert bottom in LOG_TICKS
    assert all(bottom < value or value < LOG_TICKS[0] * 1.1 for value in values if value > 0)
    assert before is None or bottom <= before
