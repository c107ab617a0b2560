"""Points kept as arrays are a sequence like any other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unas_widgets.quantities.points import Point, Points

NUMBERS = st.floats(-1e6, 1e6)
LISTS = st.lists(st.builds(Point, st.integers(0, 99), NUMBERS, NUMBERS, st.sampled_from(("", "<b>trial</b>"))))


@given(LISTS)
def test_they_are_what_they_were_made_of(listed):
    points = Points.of(listed)
    assert (list(points), len(points), bool(points)) == (listed, len(listed), bool(listed))
    assert [points[place] for place in range(len(points))] == listed
    assert list(points[1:3]) == listed[1:3]
    assert Points.of(points) is points
    assert points == Points.of(tuple(listed))
    for point in listed:
        assert point in points
        assert points.find(point.trial_id) == next(p for p in listed if p.trial_id == point.trial_id)
    assert points.find(100) is None


def test_another_place_or_text_makes_them_others():
    points = Points.of([Point(1, 2.0, 3.0, "one")])
    for other in (Point(2, 2.0, 3.0, "one"), Point(1, 2.5, 3.0, "one"), Point(1, 2.0, 3.0, "two")):
        assert points != Points.of([other])
    assert points != Points.of(())
    assert points != [Point(1, 2.0, 3.0, "one")]
    assert repr(points) == "Points([Point(trial_id=1, x=2.0, y=3.0, hover='one')])"
    with pytest.raises(IndexError):
        points[1]
