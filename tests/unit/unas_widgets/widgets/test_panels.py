"""Each panel alone, on a run with a real journal, without a front end."""

from dataclasses import replace

import pytest

from search.budget import Budget
from tests.support.recorded_run import recorded_run
from unas_widgets import (
    BudgetPanel,
    MemoryTimeline,
    NetworkView,
    ParetoPlot,
    ProgressPlot,
    RunControl,
    ShadowPrices,
    TrialTable,
)
from unas_widgets.front.front_panel import GL_ABOVE
from unas_widgets.front.front_view import Standing


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return recorded_run(tmp_path_factory.mktemp("recorded") / "run")


def drawn(plot, standing):
    return list(next(t for t in plot.figure.data if t.name == standing).customdata)


def test_plot_draws_every_trial_where_it_stands(run):
    plot = ParetoPlot(run)
    view = plot.view()
    for standing in Standing:
        assert drawn(plot, standing) == [p.trial_id for p in view.points[standing]]
    assert len(view.trained()) == run.progress().trained
    assert str(len(view.points[Standing.FRONT])) in plot._legend.html


def test_plot_recolours_on_a_budget_and_keeps_the_axes(run):
    plot = ParetoPlot(run)
    before = tuple(plot.figure.layout.xaxis.range)
    middle = sorted(o.costs.ram_bytes for o in run.observations())[6]
    plot.budget = Budget(ram_bytes=middle)
    over = {o.trial_id for o in run.observations() if o.status == "trained" and o.costs.ram_bytes > middle}
    assert set(drawn(plot, Standing.OVER_BUDGET)) == over
    assert tuple(plot.figure.layout.xaxis.range) == before


def test_a_reader_who_zoomed_in_is_left_alone_until_a_double_click(run):
    plot = ParetoPlot(run)
    plot.figure.layout.xaxis.range = [1, 2]
    plot.show(run.observations(), run.infeasible())
    assert tuple(plot.figure.layout.xaxis.range) == (1, 2)
    plot.figure.layout.xaxis.autorange = True
    plot.figure.layout.xaxis.range = None
    plot.show(run.observations(), run.infeasible())
    assert plot.figure.layout.xaxis.range[0] == 0


def test_the_ring_follows_the_selection(run):
    plot = ParetoPlot(run)
    point = plot.view().trained()[0]
    plot.selected = point.trial_id
    ring = next(t for t in plot.figure.data if t.name == "selected")
    assert (ring.x[0], ring.y[0]) == pytest.approx((point.x, point.y))
    plot.selected = None
    assert len(ring.x) == 0


def test_keys_walk_along_the_front(run):
    plot = ParetoPlot(run)
    front = [p.trial_id for p in plot.view().points[Standing.FRONT]]
    pick = plot._box.children[-1]
    seen = []
    for number, way in enumerate(("next", *["next"] * len(front), "previous", "first", "last")):
        pick.walked = {"way": way, "number": number}
        seen.append(plot.selected)
    assert seen == [*front, front[-1], front[-2], front[0], front[-1]]
    plot.selected = plot.view().points[Standing.DOMINATED][0].trial_id
    plot.walk("previous")
    assert plot.selected == front[-1]
    plot.budget = Budget(ram_bytes=1)
    plot.walk("next")
    assert plot.selected == front[-1]


def test_axes_never_show_the_same_quantity_twice(run):
    plot = ParetoPlot(run)
    plot.y = "flash"
    plot.x = "flash"
    assert (plot.x, plot.y) == ("flash", "RAM")
    assert plot.figure.layout.xaxis.title.text == "flash (KiB)"


def test_an_axis_that_takes_the_place_of_the_error_moves_the_other_on(run):
    plot = ParetoPlot(run)
    plot._pickers["y"].value = "RAM"
    assert (plot.x, plot.y) == ("flash", "RAM")
    assert [picker.value for picker in plot._pickers.values()] == ["flash", "RAM"]


def test_the_lists_offer_what_is_known_and_keep_what_is_chosen(run):
    plot = ParetoPlot(run)
    assert list(plot._pickers["x"].values()) == ["RAM", "flash", "latency", "MACs"]
    plot._pickers["x"].value = "latency"
    assert plot.figure.layout.xaxis.title.text == "latency (ms)"
    unknown = [replace(o, costs=replace(o.costs, latency_s=None, latency_reason="no board")) for o in run.networks()]
    plot.show(unknown, ())
    assert plot.x == plot._pickers["x"].value == "latency"
    plot.x = "MACs"
    plot.show(unknown, ())
    assert list(plot._pickers["x"].values()) == ["RAM", "flash", "MACs"]
    plot.reset()
    assert list(plot._pickers["y"].values()) == ["error", "RAM", "flash", "latency", "MACs", "energy"]
    assert (plot.x, plot.y) == ("MACs", "error")


def test_many_points_are_drawn_in_webgl_with_a_short_hover_text(run):
    plot = ParetoPlot()
    first = next(o for o in run.networks() if o.status == "trained")
    many = [replace(first, trial=replace(first.trial, id=number)) for number in range(GL_ABOVE + 1)]
    plot.show(many, run.infeasible())
    assert plot.figure.gl
    dominated = next(t for t in plot.figure.data if t.name == Standing.DOMINATED)
    assert len(dominated.customdata) == GL_ABOVE
    assert dominated.hovertext is None
    assert "error %{y:,.3~r} %" in dominated.hovertemplate
    refused = next(t for t in plot.figure.data if t.name == Standing.INFEASIBLE)
    assert refused.hovertext is None
    assert "RAM %{x:,.3~r} KiB" in refused.hovertemplate
    assert "error" not in refused.hovertemplate  # they have none; their height says nothing
    plot.show(many[:5], ())
    assert "RAM" in next(t for t in plot.figure.data if t.name == Standing.DOMINATED).hovertext[0]
    assert next(t for t in plot.figure.data if t.name == Standing.DOMINATED).hovertemplate is None


def test_the_state_of_the_figure_is_what_is_drawn(run):
    plot = ParetoPlot(run)
    plot.budget = Budget(ram_bytes=1)
    state = plot.figure.get_state()
    names = {t["name"]: t for t in state["_widget_data"]}
    assert names["over budget"]["customdata"]["shape"] == (run.progress().trained,)
    assert state["_widget_layout"]["xaxis"]["title"]["text"] == "RAM (KiB)"


def test_what_the_page_makes_of_arrays_disturbs_nobody(run):
    plot = ParetoPlot(run)
    trace = next(t for t in plot.figure.data if t.name == Standing.FRONT)
    before = trace.y.tolist()
    assert len(before) > 1
    sent = {"uid": trace.uid, "y": {str(place): 1.0 for place in range(len(before))}}  # as typed arrays become JSON
    edit = plot.figure._last_trace_edit_id
    plot.figure._js2py_traceDeltas = {"trace_deltas": [sent], "trace_edit_id": edit}
    assert trace.y.tolist() == before


def test_table_sorts_and_selects(run):
    table = TrialTable(run)
    ids = [r.trial_id for r in table.view().rows]
    table._markup.sort = "trial"
    assert [r.trial_id for r in table.view().rows] == sorted(ids)
    table._markup.sort = "trial"
    assert [r.trial_id for r in table.view().rows] == sorted(ids, reverse=True)
    table._markup.selected = ids[0]
    assert table.selected == ids[0]


def test_table_tells_band_and_method_on_hover(run):
    ram = TrialTable(run).view().rows[0].figures[1]
    assert "analytic" in ram.hover
    assert "between" in ram.hover


def test_network_and_memory_of_any_graph(run):
    graph = run.graph(run.observations()[0].trial_id)
    assert graph.operators[0].name in NetworkView(graph).static_html()
    assert "sets the peak" in MemoryTimeline(graph).static_html()


def test_run_control_alone_shows_the_run(run):
    control = RunControl(run)
    assert "12 of 30 trained" in control.static_html()
    enabled = {name for name, button in control._buttons.items() if not button.disabled}
    assert enabled == {"start", "resume", "finalise"}


def budget_panel(run):
    return BudgetPanel(run=run)


@pytest.mark.parametrize("make", [ParetoPlot, TrialTable, RunControl, ShadowPrices, ProgressPlot, budget_panel])
def test_every_panel_has_a_face_without_a_kernel(run, make):
    bundle = make(run)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "<script" not in bundle["text/html"]
    assert len(bundle["text/html"]) > 200
