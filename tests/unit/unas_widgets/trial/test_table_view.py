"""The table of the front."""

from hypothesis import given
from hypothesis import strategies as st

from search.budget import Budget
from tests.support.observations import observation, observations
from unas_widgets.front.front_view import Standing, standing_of
from unas_widgets.quantities.axis import AXES, RAM
from unas_widgets.trial.table_html import table_html
from unas_widgets.trial.table_view import table_view


@given(observations(), st.sampled_from(["trial", *(a.key for a in AXES)]), st.booleans())
def test_rows_are_the_front_in_order(trials, sort, descending):
    standings = standing_of(trials, Budget(), x=RAM)
    view = table_view(trials, standings, sort=sort, descending=descending)
    assert {r.trial_id for r in view.rows} == {i for i, s in standings.items() if s is Standing.FRONT}
    if sort == "trial" or sort in [a.key for a in view.axes]:
        keys = [r.trial_id if sort == "trial" else _value(r, view, sort) for r in view.rows]
        assert keys == sorted(keys, reverse=descending)


def test_columns_are_what_is_known_of_some_network():
    trials = (observation(1, 0.1, ram=1024, latency=None), observation(2, 0.05, energy=0.001))
    standings = standing_of(trials, Budget(), x=RAM)
    html = table_html(table_view(trials, standings))
    assert "energy" in html
    assert "1 mJ" in html
    without = table_html(table_view(trials[:1], standings))
    assert "latency" not in without
    assert "energy" not in without


def test_a_selected_trial_is_in_the_table_even_off_the_front():
    trials = (observation(1, 0.1, ram=1024), observation(2, 0.5, ram=4096))
    standings = standing_of(trials, Budget(), x=RAM)
    assert [r.trial_id for r in table_view(trials, standings).rows] == [1]
    with_it = table_view(trials, standings, selected=2)
    assert [(r.trial_id, r.standing) for r in with_it.rows] == [(1, Standing.FRONT), (2, Standing.DOMINATED)]


def test_html_carries_the_trial_the_unit_and_the_sort_order():
    trials = (observation(1, 0.1, ram=1024),)
    html = table_html(table_view(trials, standing_of(trials, Budget(), x=RAM)))
    assert 'data-trial="1"' in html
    assert "1 KiB" in html
    assert 'title="1,024 bytes"' in html
    assert 'aria-sort="ascending"' in html
    assert "No trained network" in table_html(table_view((), {}))


def _value(row, view, key):
    value = row.figures[[a.key for a in view.axes].index(key)].value
    return float("inf") if value is None else value
