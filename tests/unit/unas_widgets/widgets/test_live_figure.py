"""A plotly figure that neither sends nor stores plotly's code."""

import gzip
import importlib
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import plotly
import pytest
from ipywidgets.widgets.widget import _remove_buffers

from search.budget import Budget
from tests.support.recorded_run import recorded_run
from unas_widgets import ParetoPlot
from unas_widgets.front.front_figure import FrontFigure
from unas_widgets.front.front_view import Standing
from unas_widgets.front.parallel_figure import ParallelFigure
from unas_widgets.widgets.live_figure import packed_plotly, postpone

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


@pytest.fixture
def package(tmp_path, monkeypatch):
    """The name of a package with a part, which takes a moment to load; it is postponed."""
    name = "postponed_package"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("import time; time.sleep(0.05); from . import part; word = 'all'")
    (tmp_path / name / "part.py").write_text("word = 'part'")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    postpone(name)
    yield name
    for loaded in (name, f"{name}.part"):
        sys.modules.pop(loaded, None)


def loaded(package):
    return "word" in vars(sys.modules[package])


def test_a_postponed_package_is_loaded_by_who_asks_for_something(package):
    module = importlib.import_module(package)
    assert not loaded(package)
    assert module.word == "all"
    assert loaded(package)
    assert importlib.import_module(f"{package}.part") is module.part


def test_a_postponed_package_is_whole_for_who_wants_a_part_of_it(package):
    assert importlib.import_module(f"{package}.part").word == "part"
    assert sys.modules[package].word == "all"


def test_a_postponed_package_lacks_what_it_lacks(package):
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'other'"):
        sys.modules[package].other  # noqa: B018


def test_threads_that_ask_at_once_all_get_the_whole_package(package):
    gate = Barrier(8)

    def ask(_):
        gate.wait()
        return sys.modules[package].word, sys.modules[package].part.word

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {("all", "part")}


def test_what_is_loaded_or_not_installed_is_left_alone():
    postpone("json")
    postpone("no_such_package")
    assert sys.modules["json"] is json
    assert "no_such_package" not in sys.modules
