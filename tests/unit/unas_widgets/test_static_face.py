"""What of a panel stays in a saved notebook, in viewers that take neither scripts nor styles."""

import base64
import io
import json
import re

import bleach
import nbclient
import nbformat
import pytest
from nbconvert import HTMLExporter
from PIL import Image

from data import recorded_run as recorded_folder
from search.budget import Budget
from tests.recorded_run import recorded_run
from unas_widgets import ParetoPlot, TrialTable, Workbench
from unas_widgets.html.static_front import front_png
from unas_widgets.views.front_view import Standing

TAGS = {"table", "thead", "tbody", "tr", "th", "td", "img", "p", "b", "h3"}
VIEW = "application/vnd.jupyter.widget-view+json"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return recorded_run(tmp_path_factory.mktemp("recorded") / "run").folder


def sanitised(html):
    """What a viewer leaves of HTML that takes neither scripts nor styles, nor pictures that are not PNG."""
    plain = re.sub(r"<(style|script|svg)\b.*?</\1>", "", html, flags=re.DOTALL)
    return bleach.clean(plain, tags=TAGS, attributes={"img": ["src", "alt"]}, protocols={"data"}, strip=True)


def pictures(html):
    """The PNG pictures within HTML."""
    found = re.findall(r'<img[^>]*src="data:image/png;base64,([^"]+)"', html)
    return [Image.open(io.BytesIO(base64.b64decode(data))) for data in found]


def cells(html):
    return re.findall(r"<td>([^<]*)</td>", html)


def colours(png):
    return {colour for _count, colour in Image.open(io.BytesIO(png)).convert("RGB").getcolors(1 << 24)}


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


def test_the_live_widget_and_its_face_are_one_output(folder):
    bench = Workbench(folder)
    bundle = bench._repr_mimebundle_()
    assert bundle[VIEW]["model_id"] == bench.model_id
    assert "<table>" in bundle["text/html"]
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    bench.close()


CELL = (
    "from unas_widgets import Workbench\nbench = Workbench.replay({source!r})\nbench.position = len(bench.run)\nbench"
)


@pytest.mark.slow
def test_a_notebook_that_was_run_is_small_and_its_html_has_front_table_and_network(tmp_path):
    source = str(recorded_folder("digits"))
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(CELL.format(source=source))],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    resources = {"metadata": {"path": str(tmp_path)}}
    client = nbclient.NotebookClient(notebook, timeout=120, store_widget_state=False, resources=resources)
    client.execute()  # as JupyterLab saves it: without the state of the widgets
    text = nbformat.writes(notebook)
    assert len(text.encode()) < MEGABYTE
    assert len(json.dumps(notebook.cells)) < 200_000
    html, _ = HTMLExporter().from_notebook_node(notebook)
    assert len(pictures(html)) == 1
    assert "60 trained" in html
    assert "<td>58 (chosen)</td>" in html
    assert "Network of trial 58" in html
