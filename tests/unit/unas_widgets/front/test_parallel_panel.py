"""Parallel coordinates: the lines are the trained networks, and brushing keeps those within all ranges."""

import numpy as np
import pytest

from search.budget import Budget
from tests.support.observations import observation as trained
from unas_widgets.errors import WidgetError
from unas_widgets.front.front_panel import ParetoPlot
from unas_widgets.front.parallel_panel import ParallelPlot
from unas_widgets.front.parallel_view import CLASSES, parallel_view
from unas_widgets.quantities.axis import RAM
from unas_widgets.quantities.columns import Columns
from unas_widgets.trial.table_panel import TrialTable

NETWORKS = [trained(n, error=0.5 - 0.05 * n, ram=1024 * (n + 1)) for n in range(6)]
BUDGET = Budget.parse(ram="4 KiB")


def test_lines_stand_in_the_order_of_their_standing() -> None:
    view = parallel_view(Columns(NETWORKS), BUDGET, x=RAM)
    names = [str(CLASSES[place]) for place in view.standing]
    assert names == ["over budget"] * 2 + ["front"] * 4
    assert view.trials.tolist() == [4, 5, 0, 1, 2, 3]
    ram = view.values[[a.word for a in view.axes].index("RAM")]
    assert ram.tolist() == [5, 6, 1, 2, 3, 4]


def test_brushing_keeps_what_is_in_one_range_of_every_axis() -> None:
    view = parallel_view(Columns(NETWORKS), BUDGET, x=RAM)
    assert view.within({}) == (0, 1, 2, 3, 4, 5)
    assert view.within({"RAM": [(1.5, 4)]}) == (1, 2, 3)
    assert view.within({"RAM": [(1, 1), (6, 7)]}) == (0, 5)
    assert view.within({"RAM": [(1.5, 4)], "error": [(40, 50)]}) == (1, 2)
    with pytest.raises(WidgetError, match="no axis"):
        view.within({"weight": [(0, 1)]})


def test_the_panel_says_how_many_are_kept() -> None:
    plot = ParallelPlot(budget=BUDGET)
    assert plot.brushed is None
    assert "as they are trained" in plot._said.html
    plot.show(NETWORKS)
    plot.ranges = {"RAM": [(1.5, 4)]}
    assert plot.brushed == (1, 2, 3)
    assert "3 of 6 networks" in plot._said.html
    plot.show([*NETWORKS, trained(6, error=0.1, ram=2048)])
    assert plot.brushed == (1, 2, 3, 6)
    plot.release()
    assert plot.brushed is None
    assert plot._clear.disabled


def test_what_is_brushed_in_the_figure_is_the_trait() -> None:
    plot = ParallelPlot(budget=BUDGET)
    plot.show(NETWORKS)
    assert plot._figure is not None
    place = [a.word for a in plot.view().axes].index("RAM")
    plot._figure.data[0].dimensions[place].constraintrange = [1.5, 3.5]
    assert plot.ranges == {"RAM": ((1.5, 3.5),)}
    assert plot.brushed == (1, 2)
    plot.selected = 2
    colours = plot._figure.data[0].line.color
    assert np.flatnonzero(np.array(colours) == len(CLASSES)).tolist() == [plot.view().trials.tolist().index(2)]
    assert plot.brushed == (1, 2)  # a selection lets nothing go


def test_front_and_table_keep_to_what_is_brushed() -> None:
    front, table = ParetoPlot(budget=BUDGET), TrialTable(budget=BUDGET)
    front.show(NETWORKS, ())
    table.show(NETWORKS)
    assert [row.trial_id for row in table.view().rows] == [0, 1, 2, 3]
    front.brushed = table.brushed = (1, 2, 5)
    assert [row.trial_id for row in table.view().rows] == [1, 2]
    points = next(trace for trace in front.figure.data if trace.name == "front")
    assert [points.customdata[place] for place in points.selectedpoints] == [1, 2]
    table.selected = 3
    assert [row.trial_id for row in table.view().rows] == [1, 2, 3]
    front.brushed = table.brushed = None
    assert points.selectedpoints is None
    assert len(table.view().rows) == 4


def test_networks_made_by_hand_are_stars_that_no_front_knows_of() -> None:
    front = ParetoPlot(budget=BUDGET)
    front.show(NETWORKS, ())
    before = front.view().points
    front.show_own([trained(0, error=0.01, ram=512), trained(1, error=None)])
    assert front.view().points == before
    assert [(p.trial_id, p.x, p.y) for p in front.view().own] == [(0, 0.5, 1.0)]
    stars = next(trace for trace in front.figure.data if trace.name == "made by hand")
    assert stars.customdata is None
    assert "own network 0" in stars.hovertext[0]
    assert "1 made by hand" in front._legend.html
    assert "★" in front.static_html()
    front.reset()
    assert front.view().own == ()
