"""A plotly figure that neither sends nor stores plotly's code."""

import gzip
import json
from pathlib import Path

import plotly
import pytest
from ipywidgets.widgets.widget import _remove_buffers

from search.budget import Budget
from tests.support.recorded_run import recorded_run
from unas_widgets import ParetoPlot
from unas_widgets.front.front_figure import FrontFigure
from unas_widgets.front.front_view import Standing
from unas_widgets.front.parallel_figure import ParallelFigure
from unas_widgets.widgets.live_figure import packed_plotly

BUNDLE = Path(plotly.__file__).parent / "package_data" / "widgetbundle.js"


@pytest.fixture
def plot(tmp_path):
    made = ParetoPlot(recorded_run(tmp_path / "run"))
    yield made
    made.close()


@pytest.fixture
def sent(plot, monkeypatch):
    """What is sent to the page from now on: messages with their buffers."""
    messages = []
    monkeypatch.setattr(plot.figure.comm, "send", lambda data, buffers: messages.append((data, buffers)))
    return messages


def ask(plot, what, seen=()):
    plot.figure._handle_custom_msg({"ask": what, "seen": list(seen)}, [])


@pytest.mark.parametrize("make", [FrontFigure, lambda: ParallelFigure(print)])
def test_its_state_is_small(make):
    state, _paths, buffers = _remove_buffers(make().get_state())
    assert len(json.dumps(state)) + sum(len(b) for b in buffers) < 30_000


def test_a_page_that_asks_gets_the_code(plot, sent):
    ask(plot, "plotly")
    ((message, (packed,)),) = sent
    assert message["content"] == {"answer": "plotly"}
    assert gzip.decompress(packed) == BUNDLE.read_bytes()
    assert len(packed) < 2_000_000
    assert packed_plotly() is packed


def test_a_page_that_missed_a_change_gets_the_state_of_this_moment_in_one_message(plot, sent):
    plot.budget = Budget(ram_bytes=1)
    sent.clear()
    ask(plot, "state", (1, 1))
    ((message, _buffers),) = sent
    state = message["state"]
    drawn = {trace["name"]: trace for trace in state["_widget_data"]}
    assert drawn[Standing.OVER_BUDGET]["x"]["shape"] == (12,)
    edits = ("_last_trace_edit_id", "_last_layout_edit_id")
    assert set(state) == {"_fresh", "_widget_data", "_widget_layout", *edits}
    ask(plot, "state", [state[name] for name in edits])
    assert len(sent) == 1


def test_what_it_does_not_know_is_not_answered(plot, sent):
    ask(plot, "anything else")
    assert sent == []
