"""A stranger's run: nothing that its journal, its board or its files are called becomes part of a page."""

import shutil
from concurrent.futures import Future
from dataclasses import replace

import ipywidgets
import pytest

from resource_models import Graph, plan_arena, to_dot, to_svg
from resource_models import profile as costs_of
from search.errors import RunError
from search.runs.export_result import ExportResult
from search.runs.replay import Replay
from tests.support.hostile import CANARY, FOLDER, Elements, hostile_run
from unas_widgets import (
    BoardForm,
    BoardsMatrix,
    BudgetPanel,
    Comparison,
    LearningCurve,
    Lineage,
    LogPanel,
    NetworkView,
    ParallelPlot,
    ParetoPlot,
    ProgressPlot,
    RunControl,
    ShadowPrices,
    TrialTable,
    WidgetError,
    Workbench,
    report,
)
from unas_widgets.figures import (
    arena_figure,
    boards_figure,
    error_figure,
    latency_fit_figure,
    layers_figure,
    memory_figure,
)
from unas_widgets.graph_drawing import graph_dot, graph_figure
from unas_widgets.trial.trial_panel import TABS
from unas_widgets.widgets.disclosure import Disclosure
from unas_widgets.widgets.markup import Markup

PLOTLY = {"b", "br", "extra"}  # what hover texts of ours are made of


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return hostile_run(tmp_path_factory.mktemp("stranger"))


@pytest.fixture
def bench(run, tmp_path):
    made = Workbench(run, base=tmp_path)
    yield made
    made.close()


@pytest.fixture
def graph(run):
    """A network whose layers and tensors have canaries for names."""
    known = run.graph(run.front()[0].trial_id)
    operators = tuple(replace(o, name=o.name + CANARY) for o in known.operators)
    tensors = tuple(replace(t, name=t.name + CANARY) for t in known.tensors)
    return Graph(known.name + CANARY, tensors, operators, known.inputs, known.outputs)


def widgets_in(widget: ipywidgets.Widget) -> list[ipywidgets.Widget]:
    found = [widget]
    for child in getattr(widget, "children", ()):
        found += widgets_in(child)
    return found


def pages(widget: ipywidgets.Widget) -> list[str]:
    """All HTML that a panel and what is in it hand to a page."""
    inside = widgets_in(widget)
    assert not any(isinstance(part, (ipywidgets.HTML, ipywidgets.HTMLMath)) for part in inside)
    found = [part.html for part in inside if isinstance(part, (Markup, Disclosure))]
    return found + [part.still_bundle()["text/html"] for part in inside if hasattr(part, "still_bundle")]


def seen(html: str) -> str:
    """What is read in a page that is made of nothing but our own elements."""
    page = Elements(html)
    assert page.intruders() == []
    return page.text()


def strings_in(value) -> list[str]:
    if isinstance(value, str):
        return [str(value)]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in strings_in(inner)]
    return [text for inner in value for text in strings_in(inner)] if isinstance(value, (list, tuple)) else []


def drawn(figure) -> str:
    """What plotly writes for a figure that is made of nothing but our own elements."""
    pieces = [Elements(text) for text in strings_in(figure.to_dict())]
    assert {tag for piece in pieces for tag, _attributes in piece.elements} <= PLOTLY
    return "\n".join(piece.text() for piece in pieces)


def test_the_walk_sees_what_words_that_are_not_escaped_would_bring():
    assert len(Elements(f"<p>{CANARY}</p>").intruders()) == 3
    assert len(Elements(f'<p title="{CANARY}"></p>').intruders()) == 3
    assert Elements("<p>fine</p>").intruders() == []


def test_every_tab_of_a_workbench(bench, run, tmp_path):
    bench.log_panel.fold.opened = bench.plot.bands = True
    bench.compare(shutil.copytree(run.folder, tmp_path / FOLDER))
    said = ""
    for observation in (*run.front(), *run.infeasible()[:1]):
        bench.selected = observation.trial_id
        for tab in TABS:
            bench.trial_panel.tab = tab
            said += "".join(map(seen, pages(bench)))
    for words in (f"ValueError: made to fail{CANARY}", f"Board {CANARY}", FOLDER):
        assert words in said
    assert FOLDER in drawn(bench.plot.figure)


def test_what_is_said_after_an_export(bench, run):
    trial = run.front()[0].trial_id
    bench.selected = trial
    path = run.folder / f"{FOLDER}.tflite"
    done: Future[ExportResult] = Future()
    done.set_result(ExportResult(path, 1000, 0.1, 0.1, 72))
    bench._conclusion._on_exported(trial, done)
    assert str(path) in seen(bench._news.html)
    assert str(path) in "".join(map(seen, pages(bench.trial_panel)))
    failed: Future[ExportResult] = Future()
    failed.set_exception(RunError(CANARY))
    bench._conclusion._on_exported(trial, failed)
    assert CANARY in "".join(map(seen, pages(bench.trial_panel)))


def test_what_is_said_after_a_report(bench, tmp_path):
    bench.report(tmp_path / f"{FOLDER}.html")
    assert FOLDER in seen(bench._news.html)
    assert FOLDER in seen(bench._outcome.html)


def test_the_code_of_a_workbench(bench, run):
    bench.selected = run.front()[0].trial_id
    code = bench.copy_as_code()
    assert "<script>" in code
    assert code in seen(bench.code_panel.html)


def test_a_replay(run, tmp_path):
    replayed = Replay.open(run.folder)
    bench = Workbench(replayed, base=tmp_path)
    bench.position = len(replayed)
    assert f"Board {CANARY}" in "".join(map(seen, pages(bench)))
    bench.close()


def test_panels_that_stand_alone(run):
    trial = run.front()[0].trial_id
    made = [
        ParetoPlot(run), TrialTable(run), ProgressPlot(run), RunControl(run), ShadowPrices(run), BudgetPanel(run=run),
        BoardsMatrix(run), LogPanel(run), Lineage(run, trial), LearningCurve(run.observation(trial)), ParallelPlot(run),
    ]  # fmt: skip
    said = "".join(seen(html) for panel in made for html in pages(panel))
    assert CANARY in said
    for panel in made:
        panel.close()


def test_runs_that_are_compared_by_a_hostile_name(run, tmp_path):
    panel = Comparison(base=tmp_path)
    panel.add(run, f"run {CANARY}")
    assert f"run {CANARY}" in "".join(map(seen, pages(panel)))
    assert f"run {CANARY}" in drawn(panel.plot.figure)
    panel.close()


def test_a_board_that_is_typed(tmp_path):
    form = BoardForm(tmp_path)
    form.entry = replace(form.entry, name=f"mine {CANARY}", ram=CANARY)
    with pytest.raises(WidgetError):
        form.save()
    assert f"mine {CANARY}" in "".join(map(seen, pages(form)))


def test_the_report(run, tmp_path):
    page = Elements(report(run, tmp_path / "report.html").read_text(encoding="utf-8"))
    assert page.intruders() == []
    text = page.text()
    for words in (f"Board {CANARY}", f"ValueError: made to fail{CANARY}", FOLDER, run.settings.algorithm):
        assert words in text
    assert run.settings.dataset in text
    assert CANARY in text.split("the same search as code".capitalize())[-1]


def test_epochs_that_are_no_number(run):
    """What a journal says is checked where it is read; a page does not lean on that, and shows no text for a number."""
    hostile = tuple(replace(o, epochs=CANARY) if o.status == "trained" else o for o in run.networks())
    table = TrialTable()
    with pytest.raises(TypeError):
        table.show(hostile)
    table.close()


def test_layers_with_hostile_names(graph):
    panel = NetworkView(graph)
    assert CANARY in "".join(map(seen, pages(panel)))
    panel.close()


def test_figures_with_hostile_names(graph, run):
    costs = costs_of(graph)
    for figure in (
        memory_figure(graph, title=CANARY),
        layers_figure(costs, title=CANARY),
        arena_figure(plan_arena(graph), title=CANARY),
        boards_figure([run.board], named=[run.board.id], title=CANARY),
        latency_fit_figure([1.0], [1.0], groups=[CANARY], names=[CANARY], title=CANARY),
        error_figure([1.0], {CANARY: [1.0]}, names=[CANARY], title=CANARY),
        graph_figure(graph, title=CANARY),
    ):
        assert CANARY.replace("%{", "") in drawn(figure).replace("%{", "")


def test_drawings_with_hostile_names(graph):
    page = Elements(to_svg(graph))
    assert page.intruders() == []
    assert CANARY in page.text()
    escaped = CANARY.replace('"', '\\"')
    for dot in (to_dot(graph), graph_dot(graph)):
        assert escaped in dot
        assert dot.replace(escaped, "").count("<") == 0
