"""How far the numbers of the front may be off, in the picture and on hover."""

import math

import numpy as np
import pytest

from data import recorded_run as recorded_folder
from search.budget import Budget
from search.runs.replay import Replay
from tests.support.observations import observation
from tests.support.recorded_run import recorded_run
from unas_widgets import ParetoPlot
from unas_widgets.front.front_panel import GL_ABOVE
from unas_widgets.front.front_view import Standing, front_view
from unas_widgets.quantities.axis import ERROR, LATENCY, MACS, RAM
from unas_widgets.quantities.bands import Sources, band_words, with_bands


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return recorded_run(tmp_path_factory.mktemp("recorded") / "run")


def banded(trials, *, x=RAM, y=ERROR, **sources):
    view = front_view(trials, (), Budget(), x=x, y=y)
    return with_bands(view, {o.trial_id: o for o in trials}, Sources(**sources))


def front_trace(plot):
    return next(t for t in plot.figure.data if t.name == Standing.FRONT)


def test_the_error_has_the_binomial_standard_error_of_the_validation_set():
    view = banded((observation(1, 0.1),), validation_size=900)
    (band,) = view.bands
    assert band.y == pytest.approx((9.0, 11.0), abs=0.01)  # sqrt(0.1 × 0.9 / 900) is one percent point
    assert band.x == (2.0, 2.0)
    assert "standard error of 900 validation examples" in band_words(view, Sources(validation_size=900))


def test_without_the_size_of_the_validation_set_the_error_has_no_band_and_says_so():
    view = banded((observation(1, 0.1),))
    assert view.bands == ()
    assert "size of the validation set is not known yet" in band_words(view, Sources())


def test_no_band_leaves_the_range_from_none_to_all():
    (band,) = banded((observation(1, 0.01),), validation_size=4).bands
    assert band.y[0] == 0.0
    (band,) = banded((observation(1, 0.99),), validation_size=4).bands
    assert band.y[1] == 100.0


def test_a_resource_has_the_range_of_its_estimate(run):
    plot = ParetoPlot(run, bands=True, x="latency")
    view = plot.view()
    assert view.bands
    for band in view.bands:
        estimate = run.report(band.trial_id).latency
        assert band.x == pytest.approx((1e3 * estimate.low, 1e3 * estimate.high))
        assert band.x[0] <= band.at_x <= band.x[1]
    hover = view.points[Standing.FRONT][0].hover
    assert "between" in hover
    assert "analytic" in hover or "measured" in hover


def test_counted_numbers_are_exact_and_say_so(run):
    plot = ParetoPlot(run, bands=True, x="MACs", y="latency")
    assert all(band.x == (band.at_x, band.at_x) for band in plot.view().bands)
    assert "MACs are counted, exact" in plot._legend.html


def test_bands_are_off_until_they_are_asked_for(run):
    plot = ParetoPlot(run)
    assert not plot.view().bands
    assert not front_trace(plot).error_y.visible
    plot.bands = True
    assert front_trace(plot).error_y.visible
    assert len(front_trace(plot).error_y.array) == len(plot.view().points[Standing.FRONT])
    assert "Bands of the front" in plot._legend.html
    plot.bands = False
    assert not front_trace(plot).error_y.visible
    assert "Bands" not in plot._legend.html


def test_a_bar_ends_at_the_floor_of_a_logarithmic_axis():
    plot = ParetoPlot(bands=True)
    plot.show((observation(1, 0.0012), observation(2, 0.5, ram=1024)), (), validation_size=30)
    low = front_trace(plot)
    for at, minus in zip(low.y, low.error_y.arrayminus, strict=True):
        assert at - minus >= plot._ends.floor * (1 - 1e-9)
        assert math.isfinite(minus)


def test_what_was_trained_again_has_the_bar_of_its_spread_and_no_second_one():
    replay = Replay.open(recorded_folder("digits"))
    replay.seek(len(replay))
    plot = ParetoPlot(replay, bands=True)
    again = {final.trial_id for final in replay.finals()}
    bands = {band.trial_id: band for band in plot.view().bands}
    assert again & set(bands)
    for trial in again & set(bands):
        assert bands[trial].y == (bands[trial].at_y, bands[trial].at_y)
    point = next(p for p in plot.view().points[Standing.FRONT] if p.trial_id in again)
    assert "trained again" in point.hover
    assert "where trained again the spread" in plot._legend.html


def test_of_thousands_only_the_front_has_bands_and_its_reports_are_asked_for_once(run):
    report = run.report(run.front()[0].trial_id)
    rng = np.random.default_rng(0)
    count = GL_ABOVE + 500
    places = zip(rng.uniform(0.01, 0.9, count), rng.integers(1000, 90000, count), strict=True)
    many = [observation(n, float(error), ram=int(ram)) for n, (error, ram) in enumerate(places)]
    asked = []

    def report_of(trial):
        asked.append(trial)
        return report

    plot = ParetoPlot(bands=True)
    plot.show(many, (), validation_size=359, report_of=report_of)
    front = [p.trial_id for p in plot.view().points[Standing.FRONT]]
    assert sorted(asked) == sorted(front)
    assert len(plot.view().bands) == len(front) < 60
    assert plot.figure.gl
    assert plot.view().points[Standing.DOMINATED][0].hover == ""


def test_latency_without_data_is_no_band():
    trials = (observation(1, 0.1, macs=5), observation(2, 0.2, macs=4))
    view = banded(trials, x=MACS, y=LATENCY, validation_size=100)
    assert view.bands == ()
    assert "no range of latency is known here" in band_words(view, Sources())
