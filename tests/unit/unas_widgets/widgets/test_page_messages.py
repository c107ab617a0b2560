"""What a page says is read by a type: what does not fit changes nothing, raises nothing, and is noted in the log."""

import logging

import msgspec
import pytest

from tests.support.recorded_run import recorded_run
from unas_widgets import ParetoPlot, Workbench
from unas_widgets.widgets.in_turn import Checkbox, Choice, Text, WholeNumber
from unas_widgets.widgets.page_messages import read

STRANGE = [{}, {"trial": "<b>"}, {"trial": None}, {"trial": 1.5}, {"trial": True}, {"way": "up"}, {"way": [1]}, {1: 2}]


@pytest.fixture
def bench(tmp_path):
    bench = Workbench(recorded_run(tmp_path / "runs" / "earlier"), base=tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def noted(caplog):
    caplog.set_level(logging.DEBUG, logger="unas_widgets.widgets.page_messages")
    return caplog


class Point(msgspec.Struct, frozen=True):
    trial: int


@pytest.mark.parametrize("message", [None, 3, "trial", [], {}, {"trial": "3"}, {"trial": 3.5}, {"trial": {}}])
def test_a_message_that_is_of_another_kind_is_none(message, noted):
    assert read(message, Point) is None
    assert "A page said" in noted.text


def test_a_message_of_its_kind_is_read_whatever_else_it_says():
    assert read({"trial": 3, "number": 7}, Point) == Point(3)


def test_long_messages_are_cut_in_the_log(noted):
    assert read("x" * 10**6, Point) is None
    assert len(noted.text) < 1000


@pytest.mark.parametrize("message", STRANGE)
@pytest.mark.parametrize("trait", ["picked", "walked"])
def test_clicks_and_keys_without_the_right_words_select_nothing(bench, noted, trait, message):
    pick = bench.plot._box.children[-1]
    bench.selected = chosen = bench.run.front()[0].trial_id
    pick.set_state({trait: {**message, "number": 1}})
    assert bench.selected == chosen
    assert "A page said" in noted.text
    pick.set_state({"picked": {"trial": bench.run.front()[-1].trial_id, "number": 2}})
    assert bench.selected == bench.run.front()[-1].trial_id


@pytest.mark.parametrize(
    "content", [None, [], "state", {}, {"ask": 3}, {"ask": "everything"}, {"ask": "state", "seen": "all"}]
)
def test_a_figure_is_asked_in_its_own_words_only(noted, content):
    figure = ParetoPlot().figure
    before = figure._fresh
    figure._handle_custom_msg(content, [])
    assert figure._fresh == before
    assert "A page said" in noted.text
    figure._handle_custom_msg({"ask": "state", "seen": [-1, -1]}, [])
    assert figure._fresh == before + 1


@pytest.mark.parametrize("name", ["_js2py_relayout", "_js2py_restyle", "_js2py_update", "_js2py_layoutDelta"])
@pytest.mark.parametrize("value", [{"nonsense": 1}, {"relayout_data": 3, "restyle_data": 3}, "text", [1]])
def test_what_plotly_cannot_read_is_passed_over(name, value, noted):
    plot = ParetoPlot()
    plot.figure.set_state({name: value})
    assert plot.figure.layout.xaxis is not None
    plot.figure.draw(plot.view(), plot._ends, selected=None, ranges=True)


def test_traits_of_another_kind_are_not_taken(bench, noted):
    table, tabs, slider = bench.table._markup, bench.trial_panel._tabs, bench.replay_control._scrubber
    before = (bench.selected, bench.trial_panel.tab, bench.position, bench.table.sort)
    table.set_state({"selected": "first"})
    table.set_state({"selected": [1]})
    table.set_state({"sort": 7})
    table.set_state({"sort": "<b>"})
    tabs.set_state({"chosen": "nowhere"})
    slider.set_state({"position": -3})
    slider.set_state({"position": "end"})
    assert (bench.selected, bench.trial_panel.tab, bench.position, bench.table.sort) == before
    assert len([record for record in noted.records if "A page said" in record.message]) == 7
    tabs.set_state({"chosen": "boards"})
    assert bench.trial_panel.tab == "boards"


def test_budgets_are_typed_as_text(bench, noted):
    row = bench.budget_panel.rows["ram_bytes"]
    before = row.value
    for message in ({}, {"text": 5}, {"text": None}, {"text": ["8 KiB"]}):
        row.set_state({"typed": {**message, "number": 1}})
    row.set_state({"position": "far"})
    assert (row.value, row.error) == (before, "")
    row.set_state({"typed": {"text": "8 KiB", "number": 2}})
    assert row.value == 8192


def test_fields_take_what_is_of_their_kind(noted):
    box, text, number, choice = Checkbox(), Text(), WholeNumber(value=3, max=9), Choice(options=("a", "b"))
    for field, said in (
        (box, {"value": "maybe"}),
        (text, {"value": 5}),
        (number, {"value": "many"}),
        (choice, {"index": "first"}),
        (choice, {"index": 1.5}),
    ):
        field.set_state(said)
    assert (box.value, text.value, number.value, choice.value) == (False, "", 3, "a")
    number.set_state({"value": 5, "nothing that it has": 1})
    choice.set_state({"index": 1})
    assert (number.value, choice.value) == (5, "b")
