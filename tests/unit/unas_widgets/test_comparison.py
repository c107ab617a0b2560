"""Other runs in the same picture, and the table that compares them."""

import math
import re
from dataclasses import replace

import pytest

from data import recorded_run as recorded_folder
from search import JournalError
from search.budget import Budget
from search.measures.hypervolume import hypervolume
from search.runs.replay import Replay
from search.runs.run import Run
from tests.support.recorded_run import SETTINGS, recorded_run
from unas_widgets import ParetoPlot
from unas_widgets.comparison import comparison_frame, comparison_html, differences
from unas_widgets.errors import WidgetError
from unas_widgets.front.comparison_view import MOST_OTHERS, OTHER_LOOKS
from unas_widgets.front.front_view import Standing
from unas_widgets.runs.comparison_panel import ComparisonPanel


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A folder with two short runs."""
    folder = tmp_path_factory.mktemp("base")
    for seed in (1, 2):
        recorded_run(folder / "runs" / f"run-{seed}", seed=seed)
    return folder


@pytest.fixture(scope="module")
def digits():
    replay = Replay.open(recorded_folder("digits"))
    replay.seek(len(replay))
    return replay


def trace(plot, place):
    return next(t for t in plot.figure.data if t.name == f"other {place}")


def test_the_other_front_is_that_of_its_own_run_within_this_budget(base, digits):
    plot = ParetoPlot(digits)
    name = plot.overlay(base / "runs" / "run-1")
    assert name == "run-1"
    alone = ParetoPlot(Run.open(base / "runs" / "run-1"), budget=plot.budget)
    expected = [(p.trial_id, p.x, p.y) for p in alone.view().points[Standing.FRONT]]
    (other,) = plot.view().others
    assert [(p.trial_id, p.x, p.y) for p in other.points] == expected
    assert list(trace(plot, 0).x) == pytest.approx([x for _trial, x, _y in expected])
    assert trace(plot, 0).customdata is None  # its numbers are no trials of this run
    assert "run-1" in other.points[0].hover
    assert f"run-1: {len(expected)} on its front" in plot._legend.html


def test_own_points_stay_as_they_are(base, digits):
    plot = ParetoPlot(digits)
    before = plot.view().points
    plot.overlay(base / "runs" / "run-1")
    assert plot.view().points == before


def test_others_follow_axes_and_budget(base, digits):
    plot = ParetoPlot(digits)
    plot.overlay(base / "runs" / "run-1")
    plot.x = "MACs"
    run = Run.open(base / "runs" / "run-1")
    macs = {o.costs.macs for o in run.networks()}
    assert {p.x for p in plot.view().others[0].points} <= macs
    plot.budget = Budget(ram_bytes=1)
    assert plot.view().others[0].points == ()
    assert "run-1: 0 on its front" in plot._legend.html


def test_each_run_has_its_own_colour_dash_and_shape():
    looks = [(look.symbol, look.mark) for look in OTHER_LOOKS]
    assert len(set(looks)) == len({look.colour for look in OTHER_LOOKS}) == MOST_OTHERS
    assert len({(look.dash, look.symbol) for look in OTHER_LOOKS}) == MOST_OTHERS
    plot = ParetoPlot()
    drawn = [(trace(plot, n).line.color, trace(plot, n).marker.symbol) for n in range(MOST_OTHERS)]
    assert drawn == [(look.colour, look.symbol) for look in OTHER_LOOKS]


def test_a_place_is_free_again_once_a_run_is_removed(base, digits):
    plot = ParetoPlot(digits)
    for number in range(MOST_OTHERS):
        plot.overlay(base / "runs" / "run-1", f"copy {number}")
    with pytest.raises(WidgetError, match="remove one first"):
        plot.overlay(base / "runs" / "run-2")
    assert plot.overlay(base / "runs" / "run-2", "copy 3") == "copy 3"
    plot.remove("copy 0")
    plot.overlay(base / "runs" / "run-2")
    assert {other.name: other.place for other in plot.view().others}["run-2"] == 0
    plot.remove()
    assert plot.view().others == ()
    assert len(trace(plot, 1).x) == 0


def test_a_run_that_goes_on_is_drawn_as_it_is(base):
    replay = Replay.open(recorded_folder("digits"))
    plot = ParetoPlot(Run.open(base / "runs" / "run-1"))
    plot.overlay(replay, "replay")
    assert plot.view().others[0].points == ()
    replay.seek(len(replay))
    assert len(plot.view().others[0].points) > 0


def test_the_picture_has_the_other_front_too(base, digits):
    plot = ParetoPlot(digits)
    before = plot.png()
    plot.overlay(base / "runs" / "run-1")
    assert plot.png() != before


def test_hypervolume_is_that_of_what_was_trained_within_equal_compute(base, digits):
    runs = {"digits": digits, "one": base / "runs" / "run-1"}
    budget = Budget(ram_bytes=8192)
    frame = comparison_frame(runs, budget=budget).set_index("run")
    totals = frame["cpu_seconds"]
    assert totals["digits"] == pytest.approx(digits.progress().cpu_seconds)
    assert set(frame["at_cpu_seconds"]) == {totals.min()}
    shorter = totals.idxmin()
    networks = digits.networks() if shorter == "digits" else Run.open(base / "runs" / "run-1").networks()
    assert frame["hypervolume"][shorter] == pytest.approx(hypervolume(networks, budget=budget))
    assert frame["trained_then"][shorter] == frame["trained"][shorter]
    longer = next(name for name in runs if name != shorter)
    assert frame["trained_then"][longer] < frame["trained"][longer]


def test_less_compute_never_gives_more(digits):
    budget = Budget(ram_bytes=16384)
    rows = [comparison_frame({"d": digits}, budget=budget, cpu_seconds=s).iloc[0] for s in (10, 30, 60, 1000)]
    volumes = [row["hypervolume"] for row in rows]
    assert volumes == sorted(volumes)
    assert volumes[0] < volumes[-1]
    assert rows[-1]["trained_then"] == 60
    assert rows[-1]["accuracy_then"] == rows[0]["accuracy"]


def test_accuracy_is_of_feasible_networks_only(digits):
    tight = comparison_frame({"d": digits}, budget=Budget(ram_bytes=2750)).iloc[0]
    loose = comparison_frame({"d": digits}).iloc[0]
    feasible = [o.val_error for o in digits.networks() if o.val_error is not None and o.costs.ram_bytes <= 2750]
    assert tight["accuracy"] == pytest.approx(1 - min(feasible))
    assert tight["accuracy"] < loose["accuracy"]
    nothing = comparison_frame({"d": digits}, budget=Budget(ram_bytes=1)).iloc[0]
    assert math.isnan(nothing["accuracy"])
    assert nothing["hypervolume"] == 0
    assert "–" in comparison_html(comparison_frame({"d": digits}, budget=Budget(ram_bytes=1)))


def test_without_a_bound_the_reference_is_the_most_ram_of_any(base, digits):
    runs = {"digits": digits, "one": base / "runs" / "run-1"}
    frame = comparison_frame(runs, budget=Budget())
    most = max(o.costs.ram_bytes for r in (digits, Run.open(base / "runs" / "run-1")) for o in r.networks())
    bounded = comparison_frame(runs, budget=Budget(ram_bytes=most))
    assert list(frame["hypervolume"]) == pytest.approx(list(bounded["hypervolume"]))


def test_comparing_nothing_or_at_no_compute_is_one_sentence(digits):
    with pytest.raises(WidgetError, match="give at least one"):
        comparison_frame({})
    with pytest.raises(WidgetError, match="are none"):
        comparison_frame({"d": digits}, cpu_seconds=0)


def test_a_replay_that_is_compared_stays_at_its_moment(digits):
    replay = Replay.open(recorded_folder("digits"))
    replay.seek(30)
    comparison_frame({"d": replay})
    assert replay.position == 30


def test_the_panel_offers_runs_compares_and_lets_go(base):
    run = Run.open(base / "runs" / "run-1")
    panel = ComparisonPanel(base=base, run=run)
    offered = [label for label, _value in panel._choice.options]
    assert offered == ["run-2", "recorded: digits"]
    panel._add.click()
    assert panel.names == ("run-2",)
    assert [label for label, _value in panel._choice.options] == ["recorded: digits"]
    panel._add.click()
    assert list(panel.frame()["run"]) == ["this run (run-1)", "run-2", "digits"]
    assert re.search(r"<td><i[^>]*>■</i> run-2</td>", panel._table.html)
    panel._removers.children[0].click()
    assert panel.names == ("digits",)
    assert [other.name for other in panel.plot.view().others] == ["digits"]
    assert "digits" in panel.static_html()


def test_a_budget_that_moves_is_that_of_the_comparison(base):
    run = Run.open(base / "runs" / "run-1")
    panel = ComparisonPanel(base=base, run=run)
    assert panel.budget == panel.plot.budget == run.settings.budget
    panel.add("digits")
    before = panel._table.html
    panel.budget = Budget(ram_bytes=3000)
    assert panel._table.html != before
    assert panel.plot.budget == Budget(ram_bytes=3000)


def test_a_folder_without_a_run_is_one_sentence(base):
    panel = ComparisonPanel(base=base)
    with pytest.raises(JournalError):
        panel.add(base / "nothing")
    assert panel.message
    assert "unas-bad" in panel._said.html
    assert panel.names == ()


def test_runs_of_different_data_or_boards_are_named(base, digits, tmp_path):
    assert differences({"a": base / "runs" / "run-1", "b": base / "runs" / "run-2"}) == []
    assert differences({"a": digits, "b": base / "runs" / "run-1"}) == []
    other = recorded_run(tmp_path / "other", settings=replace(SETTINGS, board="raspberry-pi-pico"), trained=2)
    (sentence,) = differences({"a": digits, "b": other})
    assert sentence == "These runs are of different boards: arduino-nano-33-ble, raspberry-pi-pico."
