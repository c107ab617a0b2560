"""What pages say on several threads is acted upon one after the other, and what is out of date is not taken."""

import time
from concurrent.futures import ThreadPoolExecutor

import ipywidgets
import pytest

from unas_widgets import Workbench
from unas_widgets.widgets.in_turn import Button, Checkbox, Choice, InTurn, Text, WholeNumber


def at_once(*actions):
    """Does all of these on threads of their own."""
    with ThreadPoolExecutor(len(actions)) as pool:
        for done in [pool.submit(action) for action in actions]:
            done.result()


class Overlap:
    """Notes how many callbacks are under way at the same time."""

    def __init__(self):
        self.now = self.most = 0

    def __call__(self, _change):
        self.now += 1
        self.most = max(self.most, self.now)
        time.sleep(0.02)
        self.now -= 1


def test_clicks_and_inputs_of_several_threads_do_not_overlap():
    overlap = Overlap()
    button, box, text, number, choice = Button(), Checkbox(), Text(), WholeNumber(), Choice(options=("a", "b"))
    button.on_click(overlap)
    for field in (box, text, number):
        field.observe(overlap, "value")
    choice.observe(overlap, "index")
    at_once(
        button.click,
        lambda: box.set_state({"value": True}),
        lambda: text.set_state({"value": "x"}),
        lambda: number.set_state({"value": 3}),
        lambda: choice.set_state({"index": 1}),
    )
    assert overlap.most == 1
    assert (box.value, text.value, number.value, choice.value) == (True, "x", 3, "b")


def test_a_place_that_a_list_has_no_longer_is_not_taken():
    choice = Choice(options=("a", "b", "c"), value="b")
    choice.options = ("a",)
    before = choice.value
    choice.set_state({"index": 2})
    assert choice.value == before
    choice.set_state({"index": None})
    assert choice.value is None
    choice.set_state({"index": 0})
    assert choice.value == "a"


def test_an_ordinary_list_would_stumble_over_it():
    with pytest.raises(Exception, match="out of bounds"):
        ipywidgets.Dropdown(options=("a",)).set_state({"index": 2})


def test_everything_in_the_workbench_that_takes_input_is_in_turn(tmp_path):
    def parts(widget):
        yield widget
        for child in getattr(widget, "children", ()):
            yield from parts(child)

    silent = (ipywidgets.Box, ipywidgets.HTML, ipywidgets.Label, ipywidgets.Output)
    bench = Workbench(base=tmp_path)
    bench.editor.add_layer()
    found = [part for part in parts(bench) if not isinstance(part, silent)]
    assert len(found) > 30
    assert [type(part).__name__ for part in found if not isinstance(part, InTurn)] == []
