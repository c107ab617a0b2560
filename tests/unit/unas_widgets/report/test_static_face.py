"""What of a panel stays in a saved notebook, in viewers that take neither scripts nor styles."""

import base64
import json
import re

import nbclient
import nbformat
import pytest
from nbconvert import HTMLExporter

from data import recorded_run as recorded_folder
from search.budget import Budget
from search.runs.run import Run
from tests.support.recorded_run import recorded_run
from tests.support.running import wait_for
from tests.support.still_faces import MEGABYTE, cells, colours, faces, pictures, sanitised
from unas_widgets import ParetoPlot, TrialTable, Workbench
from unas_widgets.front.front_png import front_png
from unas_widgets.front.front_view import Standing

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return recorded_run(tmp_path_factory.mktemp("recorded") / "run").folder


def test_a_sanitised_face_has_front_table_and_network(folder):
    bench = Workbench(folder)
    bench.selected = bench.table.view().rows[-1].trial_id
    face = sanitised(bench._repr_mimebundle_()["text/html"])
    (picture,) = pictures(face)
    assert picture.size[0] >= 640
    for row in bench.table.view().rows:
        assert row.figures[0].text in cells(face)
    assert f"{bench.selected} (chosen)" in cells(face)
    assert f"Network of trial {bench.selected}" in face
    graph = bench.run.graph(bench.selected)
    assert graph.operators[0].name in cells(face)  # in the memory over time
    assert f"{len(bench.run.networks()) - 1} trained" in face


def test_without_a_selection_the_most_accurate_network_of_the_front_is_shown(folder):
    bench = Workbench(folder)
    best = min(bench.table.view().rows, key=lambda row: row.figures[0].value)
    assert f"Network of trial {best.trial_id}" in bench.static_html()
    bench.budget = Budget(ram_bytes=1)
    face = sanitised(bench._repr_mimebundle_()["text/html"])
    assert "No trained network is within budget yet." in face
    assert "Network of" not in face
    assert len(pictures(face)) == 1


def test_before_a_search_the_face_says_so(tmp_path):
    face = sanitised(Workbench(base=tmp_path)._repr_mimebundle_()["text/html"])
    assert "no search yet" in face
    assert "budget: RAM" in face


def test_a_replay_has_the_face_of_its_moment():
    bench = Workbench.replay("digits")
    assert "0 trained" in bench.static_html()
    bench.position = 60
    early = bench._repr_mimebundle_()
    bench.position = len(bench.run)
    late = bench._repr_mimebundle_()
    assert "60 trained" in late["text/html"]
    assert "test error" in late["text/html"]
    assert early["image/png"] != late["image/png"]


@pytest.mark.parametrize("make", [ParetoPlot, TrialTable])
def test_panels_alone_have_their_part(folder, make):
    run = Workbench(folder).run
    bundle = make(run)._repr_mimebundle_()
    assert VIEW in bundle
    face = sanitised(bundle["text/html"])
    if make is ParetoPlot:
        assert len(pictures(face)) == 1
        assert bundle["image/png"] in face
    else:
        assert str(run.front("ram_bytes")[0].trial_id) in cells(face)


def test_the_picture_has_each_mark_in_its_colour(folder):
    plot = ParetoPlot(Workbench(folder).run)
    front = plot.view().points[Standing.FRONT]
    assert {(0, 114, 178), (86, 180, 233)} <= colours(plot.png())
    ring = (204, 121, 167)
    assert ring not in colours(plot.png())
    assert ring in colours(plot.png(front[0].trial_id))


def test_the_picture_is_drawn_again_only_where_it_changed(folder):
    plot = ParetoPlot(Workbench(folder).run)
    first = plot.png()
    assert plot.png() is first
    plot.budget = Budget(ram_bytes=2500)
    assert plot.png() != first
    assert front_png(plot.view(), log=plot.log_error) == plot.png()


def displayed(bench, published):
    """The live output and the still one of a cell that shows `bench`, and the number of the latter."""
    bench._ipython_display_()
    (live, _), (still, options) = published[-2:]
    return live, still, options["transient"]["display_id"]


@pytest.fixture
def published(monkeypatch):
    """What is sent to the front end as outputs: data and options."""
    sent = []
    send = lambda data, **options: sent.append((data, options))  # noqa: E731
    monkeypatch.setattr("unas_widgets.widgets.static_output.publish_display_data", send)
    return sent


def test_the_live_widget_and_its_face_are_two_outputs(folder, published):
    bench = Workbench(folder)
    live, still, _name = displayed(bench, published)
    assert live[VIEW]["model_id"] == bench.model_id
    assert set(live) == {VIEW, "text/plain"}
    assert set(still) == {"text/plain", "text/html", "image/png"}
    assert "<table>" in still["text/html"]
    assert base64.b64decode(still["image/png"]).startswith(b"\x89PNG")
    bench.close()


def test_the_face_is_renewed_where_it_changed_and_only_there(folder, published):
    bench = Workbench(folder)
    *_, first = displayed(bench, published)
    *_, second = displayed(bench, published)
    bench._still.renew()
    assert len(published) == 4
    bench.selected = bench.table.view().rows[-1].trial_id
    bench._still.renew()
    (one, two) = published[4:6]
    assert f"{bench.selected} (chosen)" in one[0]["text/html"]
    assert one[0] == two[0]
    assert [o["transient"]["display_id"] for _data, o in (one, two)] == [first, second]
    assert all(o["update"] for _data, o in (one, two))
    bench.close()
    bench.budget = Budget(ram_bytes=1)
    bench._still.renew()
    assert len(published) == 6


def test_the_face_follows_the_selection_of_a_run_that_is_over(folder, published):
    bench = Workbench(folder)
    displayed(bench, published)
    bench.selected = bench.table.view().rows[-1].trial_id
    wait_for(lambda: len(published) == 3, "the face renewed")
    assert f"{bench.selected} (chosen)" in published[-1][0]["text/html"]
    bench.close()


def executed(tmp_path, *sources):
    """A notebook of these cells as nbclient leaves it, with the state of its widgets; and its size."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in sources],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=240, resources=resources).execute()
    assert notebook.metadata["widgets"]
    return notebook, len(nbformat.writes(notebook).encode())


REPLAYED = "from unas_widgets import Workbench\nbench = Workbench.replay({source!r})\nbench"


@pytest.mark.slow
def test_a_notebook_that_was_run_is_small_and_its_html_has_front_table_and_network(tmp_path):
    source = str(recorded_folder("digits"))
    notebook, size = executed(tmp_path, REPLAYED.format(source=source), "bench.position = len(bench.run)")
    assert size < MEGABYTE
    assert len(json.dumps(notebook.cells)) < 200_000
    html, _ = HTMLExporter().from_notebook_node(notebook)
    for face in (html, faces(notebook)[0]):
        assert len(pictures(face)) == 1
        assert "60 trained" in face
        assert "<td>58 (chosen)</td>" in face
        assert "Network of trial 58" in face


SEARCHED = (
    "from unas_widgets import Workbench\nbench = Workbench(trials=5)\nbench",
    "from search import Budget\nbench.budget = Budget.parse(ram='12 KiB')\nbench.start()\nbench.run.wait()",
    "print(bench.run.folder)",
)


@pytest.mark.slow
@pytest.mark.tf
def test_a_live_search_leaves_its_end_in_the_notebook(tmp_path):
    notebook, size = executed(tmp_path, *SEARCHED)
    assert size < MEGABYTE
    run = Run.open(notebook.cells[2].outputs[0].text.strip())
    best = min(run.front("ram_bytes"), key=lambda o: (o.val_error, o.costs.ram_bytes))
    face, png = faces(notebook)
    html, _ = HTMLExporter().from_notebook_node(notebook)
    for shown in (face, html):
        assert "finished · 5 trained" in shown
        (picture,) = pictures(shown)
        assert picture.size[0] >= 640
        for observation in run.front("ram_bytes"):
            assert re.search(rf"<td>{observation.trial_id}( \(chosen\))?</td>", shown)
        assert f"<td>{best.trial_id} (chosen)</td>" in shown
        assert f"Network of trial {best.trial_id}" in shown
        assert f"<td>{run.graph(best.trial_id).operators[0].name}</td>" in shown
    assert (0, 114, 178) in colours(png)  # a point of the front
