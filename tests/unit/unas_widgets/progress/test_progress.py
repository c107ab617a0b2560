"""What a search has reached so far: against the definition, in words, as a picture, and in its panel."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.budget import Budget
from search.journal.promotions import Networks
from search.measures.hypervolume import hypervolume
from search.trial import Observation, Trial
from tests.support.observations import observation, observations
from tests.support.recorded_run import recorded_run
from unas_widgets import ProgressPlot, WidgetError
from unas_widgets.progress.progress_html import HEIGHT, WIDTH, corners, progress_html
from unas_widgets.progress.progress_view import OVER, curves, reached, spent_words


@given(observations(max_size=15), st.integers(1, 7))
def test_each_training_against_the_definition(trials, ram_kib):
    budget = Budget(ram_bytes=ram_kib * 1024)
    found = reached(trials, budget)
    assert [r.trial for r in found] == [o.trial_id for o in trials]
    changes = tuple(r for r in found if r.changed or r is found[-1])
    assert reached(trials, budget, every=False) == changes
    for count, reach in enumerate(found, start=1):
        so_far = trials[:count]
        inside = [o.val_error for o in so_far if budget.allows(o.costs)]
        assert reach.hypervolume == pytest.approx(hypervolume(so_far, budget=budget))
        assert reach.error == (min(inside) if inside else None)
        assert (reach.networks, reach.epochs) == (count, 3 * count)


@st.composite
def promoted(draw):
    """Trainings of which some go on with a network, for better or worse, and some of those fail."""
    found, latest = [], []
    for first in draw(observations(max_size=12)):
        found.append(replace(first, trial=replace(first.trial, id=len(found))))
        latest.append(found[-1])
        for place in draw(st.lists(st.integers(0, len(latest) - 1), max_size=2, unique=True)):
            before = latest[place]
            trial = Trial(len(found), before.trial.architecture, before.trial.epochs * 3, promotes=before.trial_id)
            failed, error = draw(st.booleans()), draw(st.integers(1, 6)) / 10
            further = Observation(trial, "failed" if failed else "trained", before.costs, None if failed else error)
            found.append(further)
            latest[place] = before if failed else further
    return tuple(found)


@given(promoted(), st.integers(1, 7), st.booleans())
def test_a_network_counts_by_its_longest_training_as_on_the_front(trials, ram_kib, bounded):
    budget, networks = Budget(ram_bytes=ram_kib * 1024 if bounded else None), Networks()
    found = {r.trial: r for r in reached(trials, budget)}
    for trial in trials:
        networks.hand_out(trial.trial)
        networks.end(trial)
        inside = [o.val_error for o in networks.all() if o.status == "trained" and budget.allows(o.costs)]
        if trial.status == "trained":
            reach = found.pop(trial.trial_id)
            assert reach.error == (min(inside) if inside else None)
            assert reach.networks == networks.trained
            volume = hypervolume(networks.all(), budget=budget)
            assert math.isnan(reach.hypervolume) if volume is None else reach.hypervolume == pytest.approx(volume)
    assert not found
    last = curves(reached(trials, budget, every=False), budget)[-1]
    assert last.values[-1:] == ((min(inside),) if trials and inside else ())


def test_promotions_and_failures_cost_compute_and_are_no_networks():
    first = observation(1, 0.4)
    promoted = Trial(2, "network 1", 9, promotes=1)
    further = Observation(promoted, "trained", first.costs, val_error=0.2, epochs=9, seconds=4.0, epochs_spent=6)
    failed = Observation(Trial(3, "network 3", 3), "failed", first.costs, seconds=1.0, epochs=2, message="no")
    found = reached((first, failed, further), Budget(ram_bytes=4096))
    assert [(r.networks, r.epochs, r.seconds, r.error) for r in found] == [(1, 3, 0.0, 0.4), (1, 11, 5.0, 0.2)]


@given(observations(max_size=15), st.sampled_from(OVER))
def test_the_lines_run_from_the_first_in_budget_to_the_last_training(trials, over):
    budget = Budget(ram_bytes=4096)
    volume, error = curves(reached(trials, budget), budget, over=over)
    for course, sign in ((volume, 1), (error, -1)):
        assert list(course.values) == sorted(course.values, key=lambda value: sign * value)
        assert list(course.spent) == sorted(course.spent)
        line = corners(course)
        assert [x for x, _ in line] == sorted(x for x, _ in line)
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in line)
        assert not line or line[-1][0] == WIDTH
    inside = [o.val_error for o in trials if budget.allows(o.costs)]
    assert (error.values[-1] if inside else None) == (min(inside) if inside else None)
    assert bool(error.text) == bool(inside)


def test_words_of_what_was_spent_and_reached():
    trials = (observation(1, 0.4, ram=9999), observation(2, 0.2), observation(3, 0.1))
    volume, error = curves(reached(trials, Budget(ram_bytes=4096)), Budget(ram_bytes=4096))
    assert (error.text, error.remark) == ("10 %", "from 20 % in 3 networks")
    assert (volume.word, volume.text) == ("hypervolume", "0.45")
    assert [spent_words(1, "networks"), spent_words(1200, "epochs")] == ["1 network", "1,200 epochs"]
    assert [spent_words(1.5, "seconds"), spent_words(600, "seconds")] == ["1.5 s of training", "10.0 min of training"]
    (alone,) = curves(reached(trials, Budget()), Budget())
    assert alone.text == "10 %"
    nothing = curves((), Budget(ram_bytes=4096))
    assert [c.text for c in nothing] == ["", ""]
    assert "nothing within budget after 0 networks" in progress_html(nothing)
    with pytest.raises(WidgetError, match="choose one of networks, epochs, seconds"):
        curves((), Budget(), over="days")


def test_an_error_of_none_at_all_is_drawn_too():
    trials = (observation(1, 0.4), observation(2, 0.0))
    error = curves(reached(trials, Budget()), Budget())[-1]
    assert not error.log
    assert corners(error)[-1][1] > corners(error)[0][1]


def test_the_panel_follows_a_run_the_budget_and_what_it_is_drawn_over(tmp_path):
    run = recorded_run(tmp_path / "run")
    panel = ProgressPlot(run)
    assert "in 12 networks" in panel.static_html()
    assert panel.view()[0].values[-1] == pytest.approx(run.hypervolume())
    assert len(re.findall("<svg", panel.static_html())) == 2
    panel.over = "epochs"
    assert "in 36 epochs" in panel.static_html()
    panel.budget = Budget(ram_bytes=1)
    assert "nothing within budget after 36 epochs" in panel.static_html()
