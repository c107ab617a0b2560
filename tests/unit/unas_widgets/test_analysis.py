"""Figures and files made of data frames."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from search.budget import Budget
from tests.support.recorded_run import recorded_run
from unas_widgets import ParetoPlot, TrialTable, WidgetError
from unas_widgets.analysis import (
    best_accuracy_figure,
    front_figure,
    latency_against_macs_figure,
    latency_fit,
    progress_figure,
    progress_frame,
    save_table,
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return recorded_run(tmp_path_factory.mktemp("recorded") / "run")


@pytest.fixture(scope="module")
def frame(run):
    return progress_frame(run.observations(), run.settings.budget)


def test_the_frame_ends_with_what_the_run_says(run, frame):
    last = frame.iloc[-1]
    assert last["hypervolume"] == pytest.approx(run.hypervolume())
    assert last["val_error"] == min(o.val_error for o in run.networks() if o.val_error is not None)
    assert last["accuracy"] == pytest.approx(1 - last["val_error"])
    assert (last["networks"], last["epochs"], len(frame)) == (12, 36, 12)
    assert frame["hypervolume"].is_monotonic_increasing
    assert progress_frame((), Budget()).columns.tolist() == frame.columns.tolist()
    nowhere = progress_frame(run.observations(), Budget(ram_bytes=1))
    assert nowhere["val_error"].isna().all()
    assert (nowhere["hypervolume"] == 0).all()


def test_the_front_is_a_plain_figure_of_what_the_plot_draws(run):
    figure = front_figure(run.networks(), run.settings.budget, infeasible=run.infeasible(), y="latency", title="Mine")
    plot = ParetoPlot(run, y="latency")
    assert type(figure) is go.Figure
    assert [list(trace.x) for trace in figure.data] == [list(trace.x) for trace in plot.figure.data]
    assert figure.layout.yaxis.title.text == "latency (ms)"
    assert figure.layout.title.text == "Mine"
    assert len(front_figure((), title="nothing yet").data[0].x) == 0


def test_the_rows_of_the_table_as_a_frame(run):
    table = TrialTable(run)
    shown = table.frame()
    assert shown["trial"].tolist() == [row.trial_id for row in table.view().rows]
    known = run.trials().set_index("trial").loc[shown["trial"]]
    for name in ("val_error", "ram_bytes", "model_bytes", "latency_s", "macs", "epochs"):
        assert shown[name].tolist() == pytest.approx(known[name].tolist())
    assert set(shown["standing"]) == {"front"}


def test_progress_is_two_step_lines_with_units(frame):
    figure = progress_figure(frame, over="epochs")
    volume, error = figure.data
    assert list(volume.x) == frame["epochs"].tolist()
    assert list(error.y) == pytest.approx((100 * frame["val_error"]).tolist())
    assert {line.line.shape for line in figure.data} == {"hv"}
    assert figure.layout.yaxis2.title.text == "lowest error in budget (%)"
    assert figure.layout.xaxis2.title.text == "compute (epochs)"


def test_best_accuracy_is_drawn_over_networks_and_over_compute_for_several_runs(frame):
    figure = best_accuracy_figure({"first": frame, "second": frame.head(6)})
    assert [line.name for line in figure.data] == ["first", "second"] * 2
    assert [line.showlegend for line in figure.data] == [True, True, False, False]
    assert list(figure.data[1].x) == frame["networks"].tolist()[:6]
    assert list(figure.data[2].x) == frame["epochs"].tolist()
    assert list(figure.data[0].y) == pytest.approx((100 * frame["accuracy"]).tolist())
    assert len({line.line.dash for line in figure.data}) == 2
    assert figure.layout.xaxis.title.text == "networks trained"


def test_nothing_to_draw_and_unknown_axes_are_said(frame):
    with pytest.raises(WidgetError, match="no trained network yet"):
        progress_figure(frame.head(0))
    with pytest.raises(WidgetError, match="choose one of networks, epochs, seconds"):
        progress_figure(frame, over="days")


def test_the_fit_against_numpy():
    rng = np.random.default_rng(0)
    macs = rng.integers(1_000, 100_000, 30)
    seconds = 2e-8 * macs + 1e-3 + rng.normal(0, 1e-4, 30)
    fit = latency_fit(pd.DataFrame({"macs": macs, "latency_s": seconds}))
    assert fit.r2 == pytest.approx(np.corrcoef(macs, seconds)[0, 1] ** 2)
    assert (fit.seconds_per_mac, fit.seconds) == pytest.approx((2e-8, 1e-3), rel=0.2)
    assert fit.networks == 30


def test_latency_against_macs_of_a_run(run):
    table = run.trials()
    figure = latency_against_macs_figure(table)
    points, line = figure.data
    assert list(points.x) == table["macs"].tolist()
    assert list(points.y) == pytest.approx((1e3 * table["latency_s"]).tolist())
    assert points.text[0] == f"trial {table['trial'][0]}"
    assert f"R² = {latency_fit(table).r2:.3f}, {len(table)} networks" in figure.layout.title.text
    assert "ms per million MACs" in line.name
    assert latency_against_macs_figure(table, log=True).layout.xaxis.type == "log"


def test_a_table_without_latencies_says_what_is_missing(run):
    table = run.trials()
    with pytest.raises(WidgetError, match="has 0 of known latency"):
        latency_fit(table.assign(latency_s=None))
    with pytest.raises(WidgetError, match="no column latency_s"):
        latency_fit(table.drop(columns="latency_s"))


def test_a_table_is_saved_and_read_back(run, tmp_path):
    table = run.trials()
    path = save_table(table, tmp_path / "tables" / "trials.csv")
    read = pd.read_csv(path)
    assert read.columns.tolist() == table.columns.tolist()
    assert read["val_error"].tolist() == pytest.approx(table["val_error"].astype(float).tolist(), nan_ok=True)


def test_parquet_is_written_with_its_types(run, tmp_path):
    table, path = run.trials(), tmp_path / "trials.parquet"
    pd.testing.assert_frame_equal(pd.read_parquet(save_table(table, path)), table, check_dtype=False)


def test_where_a_table_cannot_be_written_is_said(run, tmp_path):
    with pytest.raises(WidgetError, match=r"'trials\.txt' ends in neither"):
        save_table(run.trials(), tmp_path / "trials.txt")
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(WidgetError, match="choose another file"):
        save_table(run.trials(), tmp_path / "file" / "trials.csv")
