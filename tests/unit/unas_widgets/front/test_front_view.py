"""What is on the front, dominated, over budget, or never trained."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.budget import Budget
from tests.support.observations import observation, observations
from unas_widgets.errors import WidgetError
from unas_widgets.front.front_view import Standing, front_view, standing_of, step_line
from unas_widgets.quantities.axis import AXES, ENERGY, ERROR, LATENCY, RAM, axis, known_axes
from unas_widgets.quantities.columns import Columns


def dominates(a, b, x, y):
    ax, ay, bx, by = x.value(a), y.value(a), x.value(b), y.value(b)
    return ax <= bx and ay <= by and (ax, ay) != (bx, by)


@given(observations(), st.sampled_from(AXES[1:]), st.integers(1, 7))
def test_standing_against_the_definition(trials, x, ram_kib):
    budget = Budget(ram_bytes=ram_kib * 1024)
    standings = standing_of(trials, budget, x=x)
    inside = [o for o in trials if budget.allows(o.costs)]
    known = [o for o in inside if x.value(o) is not None]
    for o in trials:
        if o not in inside:
            assert standings[o.trial_id] is Standing.OVER_BUDGET
        elif o in known:
            beaten = any(dominates(other, o, x, ERROR) for other in known)
            twin = any(
                other.trial_id < o.trial_id and (x.value(other), other.val_error) == (x.value(o), o.val_error)
                for other in known
            )
            assert (standings[o.trial_id] is Standing.FRONT) == (not beaten and not twin)
        else:
            assert standings[o.trial_id] is Standing.DOMINATED


@given(observations(), st.sampled_from(AXES[1:]))
def test_every_trained_trial_is_drawn_once_or_counted_as_unknown(trials, x):
    view = front_view(trials, (), Budget(ram_bytes=4096), x=x)
    drawn = [p.trial_id for p in view.trained()]
    assert len(set(drawn)) == len(drawn)
    assert len(drawn) + view.unknown == len(trials)
    assert view.unknown == sum(x.value(o) is None for o in trials)


def test_moving_the_budget_recolours_without_new_observations():
    trials = (observation(1, 0.3, ram=1024), observation(2, 0.1, ram=4096), observation(3, 0.2, ram=3072))
    wide = front_view(trials, (), Budget(ram_bytes=8192), x=RAM)
    assert [p.trial_id for p in wide.points[Standing.FRONT]] == [1, 3, 2]
    narrow = front_view(trials, (), Budget(ram_bytes=2048), x=RAM)
    assert [p.trial_id for p in narrow.points[Standing.FRONT]] == [1]
    assert {p.trial_id for p in narrow.points[Standing.OVER_BUDGET]} == {2, 3}
    assert narrow.x_limit == 2.0
    assert wide.x_limit == 8.0


def test_infeasible_proposals_have_no_error_and_lie_in_a_band_of_their_own():
    view = front_view((), (observation(7, None, ram=9000),), Budget(ram_bytes=2048), x=RAM)
    (point,) = view.points[Standing.INFEASIBLE]
    assert view.apart
    assert 0 <= point.y <= 1
    assert "never" not in point.hover
    assert "error" not in point.hover
    assert "over budget, not trained" in point.hover


def test_without_an_error_axis_infeasible_proposals_are_drawn_where_they_are():
    view = front_view((), (observation(7, None, ram=9216, macs=50),), Budget(), x=RAM, y=axis("MACs"))
    (point,) = view.points[Standing.INFEASIBLE]
    assert not view.apart
    assert (point.x, point.y) == (9.0, 50)


def test_only_the_newest_infeasible_proposals_are_drawn():
    many = tuple(observation(i, None) for i in range(30))
    view = front_view((), many, Budget(), x=RAM, newest=10)
    assert [p.trial_id for p in view.points[Standing.INFEASIBLE]] == list(range(20, 30))


def test_hover_has_units_exact_values_and_reasons():
    (point,) = front_view((observation(3, 0.05, latency=None),), (), Budget(), x=RAM).points[Standing.FRONT]
    assert "RAM 2 KiB  (2,048 bytes)" in point.hover
    assert "error 5 %" in point.hover
    assert "no data for this board" in point.hover


def test_a_trial_without_a_value_on_the_axis_is_counted_not_drawn():
    view = front_view((observation(3, latency=None),), (), Budget(), x=LATENCY)
    assert view.trained() == ()
    assert view.unknown == 1


@given(observations())
def test_the_step_line_goes_right_and_down_through_every_point_of_the_front(trials):
    front = front_view(trials, (), Budget(), x=RAM).points[Standing.FRONT]
    xs, ys = step_line(front, right=100, top=200)
    assert xs == sorted(xs)
    assert ys == sorted(ys, reverse=True)
    assert {(p.x, p.y) for p in front} <= set(zip(xs, ys, strict=True))
    assert (xs == []) == (not front)


def test_axes_are_those_that_are_known_of_some_network():
    def words(*trials):
        return [a.word for a in known_axes(Columns(trials))]

    assert words() == [a.word for a in AXES]
    assert words(observation(1, latency=None)) == ["error", "RAM", "flash", "MACs"]
    assert words(observation(1, latency=None), observation(2)) == ["error", "RAM", "flash", "latency", "MACs"]
    assert words(observation(1, energy=0.002))[5:6] == ["energy"]


def test_energy_is_an_axis_with_unit_band_and_bound():
    trials = (observation(1, 0.2, energy=0.002), observation(2, 0.1, energy=0.003), observation(3, 0.3, energy=0.004))
    view = front_view(trials, (), Budget(energy_j=0.0025), x=ENERGY)
    assert [(p.trial_id, p.x) for p in view.points[Standing.FRONT]] == [(1, 2.0)]
    assert view.x_limit == 2.5
    assert ENERGY.title == "energy (mJ)"
    assert "energy 2 mJ  (2 mJ)" in view.points[Standing.FRONT][0].hover
    assert ENERGY.show(2.5) == "2.5 mJ"


def test_thousands_of_points_say_less_on_hover_and_are_the_same_points():
    trials = (observation(1, 0.2), observation(2, 0.1, ram=4096))
    full, short = (front_view(trials, (), Budget(), x=RAM, hovers=hovers) for hovers in (True, False))
    assert [(p.trial_id, p.x, p.y) for p in full.trained()] == [(p.trial_id, p.x, p.y) for p in short.trained()]
    assert {p.hover for p in short.trained()} == {""}


def test_an_unknown_axis_lists_the_known_ones():
    with pytest.raises(WidgetError, match="choose one of error, RAM, flash, latency, MACs, energy"):
        axis("colour")
