"""The trial panel without a front end: tabs that are built when they are looked at."""

import threading

import pytest

from tests.support.evolved_run import evolved_run
from unas_widgets import ArenaMap, LatencyByLayer, LearningCurve, Lineage, PeakMorphs, Workbench
from unas_widgets.network import morphs_panel
from unas_widgets.trial.run_problem import problem_of
from unas_widgets.trial.trial_panel import TABS
from unas_widgets.widgets.html import Html

PATIENCE_S = 120


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return evolved_run(tmp_path_factory.mktemp("evolved") / "run")


@pytest.fixture
def panel(run):
    bench = Workbench(run)
    bench.selected = run.networks()[-1].trial_id
    return bench.trial_panel


def test_only_the_tab_that_is_looked_at_is_built(panel):
    assert panel.network.static_html()
    for part in (panel.arena, panel.latency, panel.learning, panel.boards, panel.lineage, panel.morphs):
        assert part.static_html() == ""
    assert [key for key in TABS if panel._boxes[key].children] == ["network"]
    panel.tab = "latency"
    assert panel.latency.static_html()
    assert panel.boards.static_html() == ""


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("network", "Memory over time"),
        ("memory", "Arena"),
        ("latency", "◀ slowest"),
        ("learning", "the lowest"),
        ("boards", "The front on boards"),
        ("lineage", "first of its line"),
    ],
)
def test_every_tab_shows_what_it_is_for_and_the_others_are_hidden(panel, tab, words):
    panel._tabs.chosen = tab
    assert panel.tab == tab
    assert words in "".join(part.static_html() for part in panel._parts[tab])
    assert [key for key in TABS if panel._boxes[key].layout.display != "none"] == [tab]


def test_another_trial_renews_the_tab_and_leaves_nothing_of_the_one_before(run, panel):
    for tab in TABS:
        panel.tab = tab
    panel.tab = "lineage"
    bench_rows = panel.lineage.view().rows
    first = bench_rows[-1].trial_id
    panel.lineage._markup.selected = first  # what a click on the row does
    assert panel.selected == first
    assert panel.tab == "lineage"
    assert [row.trial_id for row in panel.lineage.view().rows] == [first]
    assert panel.arena.static_html() == panel.latency.static_html() == panel.learning.static_html() == ""


def test_nothing_selected_hides_the_tabs(run):
    bench = Workbench(run)
    assert bench.trial_panel._tabs.layout.display == "none"
    bench.selected = 0
    assert bench.trial_panel._tabs.layout.display is None
    bench.selected = None
    assert bench.trial_panel._tabs.layout.display == "none"
    assert "which boards take it" in bench.trial_panel.static_html()


def test_a_click_in_the_matrix_selects(run):
    bench = Workbench(run)
    bench.selected = 0
    bench.trial_panel.tab = "boards"
    other = bench.trial_panel.boards.matrix().rows[0].trial_id
    bench.trial_panel.boards._matrix.selected = other
    assert bench.selected == bench.plot.selected == other
    assert bench.trial_panel.boards.view() is not None


def test_news_of_the_run_reach_the_tab_that_is_open(run, panel):
    panel.tab = "boards"
    panel.boards._matrix.html = Html("stale")
    panel.renew()
    assert "The front on boards" in panel.boards.static_html()


def test_what_takes_longer_is_computed_beside_and_says_so(run, monkeypatch):
    monkeypatch.setattr(morphs_panel, "AT_ONCE_S", 0.0)
    seen = run.networks()[0]
    panel, over = PeakMorphs(), threading.Event()
    panel.observe(lambda change: None if change["new"] else over.set(), "computing")
    said = []
    panel._markup.observe(lambda change: said.append(change["new"]), "html")
    panel.show(problem_of(run, run.graph(seen.trial_id)), seen.trial)
    assert over.wait(PATIENCE_S)
    assert "Costing the networks one morphism away" in said[0]
    assert panel.found()
    assert "RAM −" in panel.static_html()
    assert panel.found()[0].text in panel.static_text()


def test_what_is_computed_for_an_earlier_trial_is_dropped(run, monkeypatch):
    monkeypatch.setattr(morphs_panel, "AT_ONCE_S", 0.0)
    seen = run.networks()[0]
    panel = PeakMorphs()
    panel.show(problem_of(run, run.graph(seen.trial_id)), seen.trial)
    panel.clear()
    for thread in threading.enumerate():
        if thread.name == "unas-morphs":
            thread.join(PATIENCE_S)
    assert panel.static_html() == ""
    assert not panel.computing


def test_each_panel_stands_alone_and_has_a_face_without_a_kernel(run):
    graph, seen = run.graph(0), run.observation(0)
    made = {
        "Arena of": ArenaMap(graph),
        "From measurements on boards": LatencyByLayer(graph, "nucleo-f446re"),
        "after epoch 1": LearningCurve(seen),
        "Trials 0": Lineage(run, 0),
        "RAM −": PeakMorphs(run, 0),
    }
    for words, panel in made.items():
        bundle = panel._repr_mimebundle_()
        assert words in bundle["text/plain"]
        assert len(bundle["text/html"]) > 200
        assert "<script" not in bundle["text/html"]
    assert "No estimate" in LatencyByLayer(graph).static_text()
