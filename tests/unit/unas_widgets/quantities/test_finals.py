"""What training again gave, as spread on the front and as columns of the table."""

import re
from dataclasses import replace

import pytest

from search import Budget
from search.runs.finalise import Final
from tests.support.finalised_run import finalised_run
from unas_widgets import ParetoPlot, TrialTable
from unas_widgets.front.front_svg import front_svg
from unas_widgets.front.front_view import front_view, with_spreads
from unas_widgets.quantities.axis import ERROR, FLASH, RAM
from unas_widgets.quantities.errors_over_seeds import again, on_test


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return finalised_run(tmp_path_factory.mktemp("finals") / "run")


@pytest.fixture
def final(run):
    errors = {
        "val_error": (0.02, 0.03, 0.04),
        "test_error": (0.05, 0.05, 0.05),
        "int8_val_error": (0.02, 0.03, 0.04),
        "int8_test_error": (0.051, 0.052, 0.053),
    }
    return Final(run.front()[0], errors)


def test_the_spread_is_mean_and_standard_deviation_over_the_seeds(final):
    view = with_spreads(front_view([final.observation], (), Budget(), x=RAM), [final])
    (spread,) = view.spreads
    assert (spread.mean, spread.std) == pytest.approx((3.0, 1.0))
    assert spread.x == final.observation.costs.ram_bytes / 1024
    assert "3 ± 1 %" in spread.hover


def test_without_the_error_upwards_there_is_no_spread(final):
    view = front_view([final.observation], (), Budget(), x=RAM, y=FLASH)
    assert with_spreads(view, [final]) == view


def test_the_words_name_split_format_and_each_seed(final):
    assert again(final).text == "3 ± 1 %"
    assert "float network, 3 seeds: 2 %, 3 %, 4 %" in again(final).hover
    assert on_test(final).text == "5.2 ± 0.1 %"
    assert "int8 file on the test split" in on_test(final).hover
    assert "; by LiteRT alone; as float network 5 %" in on_test(final).hover
    assert "; by LiteRT 5.4 %; as" in on_test(replace(final, litert_test_error=0.054)).hover


def test_one_seed_has_no_spread(final):
    one = replace(final, errors={name: values[:1] for name, values in final.errors.items()})
    assert again(one).text == "2 %"
    assert "so no spread" in again(one).hover


def test_a_bar_never_reaches_below_a_logarithmic_axis(final):
    wide = replace(final, errors=final.errors | {"val_error": (0.0, 0.001, 0.08)})
    plot = ParetoPlot()
    plot.show([final.observation], (), finals=[wide])
    trace = next(t for t in plot.figure.data if t.name == "trained again")
    assert trace.y[0] - trace.error_y.arrayminus[0] == pytest.approx(plot._ends.floor)
    plot.log_error = False
    assert trace.y[0] - trace.error_y.arrayminus[0] == pytest.approx(0)


def test_plot_table_and_picture_show_the_same_networks(run):
    plot, table = ParetoPlot(run), TrialTable(run)
    trials = {o.trial_id for o in run.front()}
    trace = next(t for t in plot.figure.data if t.name == "trained again")
    assert set(trace.customdata) == trials
    assert len(re.findall("trained again: ", front_svg(plot.view()))) == len(trials)
    assert f"{len(trials)} trained again" in plot.static_html()
    frame = table.frame().set_index("trial")
    known = {f.trial_id: f for f in run.finals()}
    for trial, row in frame.iterrows():
        assert row["test_error"] == pytest.approx(known[trial].mean("int8_test_error"))
        assert row["again_val_error_std"] == pytest.approx(known[trial].std("val_error"))
    assert "test error" in table.static_html()
    table.close()
    plot.close()


def test_a_network_that_was_not_trained_again_has_dashes(run):
    table = TrialTable()
    table.show(run.networks(), finals=run.finals()[:1])
    other = next(r for r in table.view().rows if r.trial_id != run.finals()[0].trial_id)
    assert [quantity.text for quantity in other.finals] == ["–", "–"]
    assert table.frame()["test_error"].isna().sum() == len(table.view().rows) - 1


def test_without_finals_there_are_no_further_columns(run):
    table = TrialTable()
    table.show(run.networks())
    assert table.view().heads == ()
    assert "again" not in table.static_html()


def test_a_logarithmic_picture_has_ticks_within_its_axis(run):
    view = front_view(run.networks(), (), Budget(), x=RAM, y=ERROR)
    assert ">100</text>" in front_svg(view, log=True)
    heights = [float(y) for y in re.findall(r'cy="([-\d.]+)"', front_svg(view, log=True))]
    assert heights
    assert all(44 <= y <= 300 for y in heights)
