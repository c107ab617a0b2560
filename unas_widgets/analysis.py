"""Pictures of a search and its tables: plain plotly figures on plain data frames, to restyle and to save.

>>> from search import Run  # doctest: +SKIP
>>> run = Run.open("runs/…")  # doctest: +SKIP
>>> progress_figure(progress_frame(run.observations(), run.settings.budget))  # doctest: +SKIP
>>> latency_against_macs_figure(run.trials())  # doctest: +SKIP
>>> save_table(run.trials(), "trials.csv")  # doctest: +SKIP

Every figure works without colour: lines have a dash of their own, points a symbol. Colours are those of Okabe and Ito.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from data.files.atomic import atomic_writer
from search.budget import Budget
from search.trial import Observation
from unas_widgets.errors import WidgetError
from unas_widgets.figure_layout import figure_layout
from unas_widgets.figures import latency_fit_figure
from unas_widgets.front.front_panel import ParetoPlot
from unas_widgets.progress.progress_view import OVER, reached
from unas_widgets.widgets.html import extra, joined, plotly_words

_COLUMNS = ("trial", "networks", "epochs", "seconds", "hypervolume", "val_error", "accuracy")
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999")
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_SPENT = {"networks": "networks trained", "epochs": "compute (epochs)", "seconds": "compute (seconds of training)"}
_MEASURES = {
    "hypervolume": ("hypervolume (share, 0 to 1)", 1.0),
    "val_error": ("lowest error in budget (%)", 100.0),
    "accuracy": ("best accuracy in budget (%)", 100.0),
}
Frames = pd.DataFrame | Mapping[str, pd.DataFrame]


@dataclass(frozen=True, slots=True)
class LatencyFit:
    """The straight line through latency against MACs, by least squares.

    Attributes:
        seconds_per_mac: its slope.
        seconds: what it has at no MACs.
        r2: share of the variance of the latency that it explains, 0 to 1; NaN where all latencies are equal.
        networks: how many it was drawn through.
    """

    seconds_per_mac: float
    seconds: float
    r2: float
    networks: int


def front_figure(
    networks: Sequence[Observation],
    budget: Budget | None = None,
    *,
    infeasible: Sequence[Observation] = (),
    x: str = "RAM",
    y: str = "error",
    log_error: bool = True,
    title: str = "",
) -> go.Figure:
    """The front as the Workbench draws it: its step line, what it dominates, what is over the budget, the bounds.

    Args:
        networks: e.g. `Run.networks()`.
        budget: only what is within it can be on the front; None has no bounds.
        infeasible: proposals that were never trained, e.g. `Run.infeasible()`.
        x: word of the axis across, e.g. "flash"; not the error.
        y: word of the axis upwards, e.g. "latency".
        log_error: whether the error is drawn on a logarithmic axis.
        title: above the figure.
    """
    plot = ParetoPlot(budget=budget or Budget(), x=x, y=y, log_error=log_error)
    plot.show(networks, infeasible)
    return go.Figure(plot.figure).update_layout(
        font={"color": "#737373"}, title={"text": plotly_words(title), "font": {"size": 15}}
    )


def progress_frame(observations: Iterable[Observation], budget: Budget) -> pd.DataFrame:
    """What a search had reached when each training ended; failed ones are in its compute only.

    Args:
        observations: in the order in which they ended, as `Run.observations` has them.
        budget: only what is within it counts, from the beginning on; it need not be that of the run.

    Returns:
        `trial`, `networks`, `epochs` and `seconds` (both of all trainings so far, the seconds in the workers),
        `hypervolume` (0 to 1; NaN without a bound), `val_error` (lowest, 0 to 1; NaN before there is one), `accuracy`.
        A network counts by the longest of its trainings at that moment, as on the front.
    """
    rows = [
        (r.trial, r.networks, r.epochs, r.seconds, r.hypervolume, np.nan if r.error is None else r.error)
        for r in reached(tuple(observations), budget)
    ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS[:-1]))
    return frame.assign(accuracy=1.0 - frame["val_error"].astype(float))


def progress_figure(frames: Frames, *, over: str = "networks", title: str = "What was reached") -> go.Figure:
    """Hypervolume and lowest error in budget as step lines, one above the other.

    Args:
        frames: what `progress_frame` gives, or several of them by name.
        over: "networks", "epochs" or "seconds".
        title: above the figure.

    Raises:
        WidgetError: no such `over`, or nothing to draw.
    """
    return _steps(frames, [("hypervolume", over), ("val_error", over)], title=title, side_by_side=False)


def best_accuracy_figure(frames: Frames, *, title: str = "Best accuracy within the budget") -> go.Figure:
    """Best accuracy in budget over networks, and over the epochs that were trained for them.

    Raises:
        WidgetError: nothing to draw.
    """
    return _steps(frames, [("accuracy", "networks"), ("accuracy", "epochs")], title=title, side_by_side=True)


def latency_fit(table: pd.DataFrame) -> LatencyFit:
    """The straight line through `latency_s` against `macs` of a table such as `Run.trials`; unknown ones are left out.

    Raises:
        WidgetError: no such columns, or fewer than two networks with different MACs.
    """
    known = _latencies(table)
    macs, seconds = known["macs"].to_numpy(np.float64), known["latency_s"].to_numpy(np.float64)
    if len(known) < 2 or np.ptp(macs) == 0:
        raise WidgetError(
            f"A line needs two networks of known latency and different MACs; this table has {len(known)} of known "
            "latency. Estimates need a board."
        )
    slope, start = np.polyfit(macs, seconds, 1)
    spread = float(np.sum((seconds - seconds.mean()) ** 2))
    left = float(np.sum((seconds - slope * macs - start) ** 2))
    return LatencyFit(float(slope), float(start), 1 - left / spread if spread else float("nan"), len(known))


def latency_against_macs_figure(table: pd.DataFrame, *, log: bool = False, title: str | None = None) -> go.Figure:
    """Latency of each network against its MACs, with the straight line through them and its R².

    Args:
        table: with `macs`, `latency_s` (seconds) and, for the hover text, `trial`; e.g. `Run.trials()`.
        log: whether the axes are logarithmic.
        title: above the figure; None tells R² and the number of networks.

    Raises:
        WidgetError: as `latency_fit`.
    """
    fit, known = latency_fit(table), _latencies(table)
    names = [f"trial {trial}" for trial in known["trial"]] if "trial" in known else None
    words = title or f"Latency against MACs: R² = {fit.r2:.3f}, {fit.networks:,} networks"
    figure = latency_fit_figure(
        known["macs"], known["latency_s"], groups=["networks"] * len(known), names=names, log=log, title=words
    )
    ends = np.linspace(known["macs"].min(), known["macs"].max(), 50)
    figure.add_scatter(
        x=ends,
        y=1e3 * (fit.seconds + fit.seconds_per_mac * ends),
        mode="lines",
        name=f"{1e9 * fit.seconds_per_mac:.3g} ms per million MACs + {1e3 * fit.seconds:.3g} ms",
        hoverinfo="skip",
        line={"color": "#8C8C8C", "dash": "dash"},
    )
    return figure


def save_table(table: pd.DataFrame, to: Path | str) -> Path:
    """Write a table, without its index, as CSV or Parquet by the ending of the file's name; its folder is made.

    Raises:
        WidgetError: another ending, or a file that cannot be written.
    """
    path = Path(to)
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        raise WidgetError(f"A table is written as .csv or .parquet; {path.name!r} ends in neither.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_writer(path) as file:
            if kind == ".csv":
                table.to_csv(file, index=False)
            else:
                table.to_parquet(file, index=False)
    except OSError as error:
        raise WidgetError(f"{path} cannot be written ({error.strerror}); choose another file.") from None
    return path


def _latencies(table: pd.DataFrame) -> pd.DataFrame:
    missing = [name for name in ("macs", "latency_s") if name not in table]
    if missing:
        raise WidgetError(f"This table has no column {' or '.join(missing)}; give one such as Run.trials().")
    known = table.assign(latency_s=pd.to_numeric(table["latency_s"]))
    return known[known["latency_s"].notna() & (known["macs"] > 0)]


def _steps(frames: Frames, pictures: list[tuple[str, str]], *, title: str, side_by_side: bool) -> go.Figure:
    named = {"": frames} if isinstance(frames, pd.DataFrame) else dict(frames)
    if not any(len(frame) for frame in named.values()):
        raise WidgetError("There is no trained network yet, so there is nothing to draw.")
    rows, columns = (1, len(pictures)) if side_by_side else (len(pictures), 1)
    figure = make_subplots(rows=rows, cols=columns, shared_xaxes=not side_by_side, vertical_spacing=0.08)
    for index, (measure, over) in enumerate(pictures):
        if over not in OVER:
            raise WidgetError(f"Progress cannot be drawn over {over!r}; choose one of {', '.join(OVER)}.")
        place = {"row": 1, "col": index + 1} if side_by_side else {"row": index + 1, "col": 1}
        _add_lines(figure, named, measure, over, legend=index == 0, place=place)
        figure.update_yaxes(title=_MEASURES[measure][0], **place)
        if side_by_side or index == len(pictures) - 1:
            figure.update_xaxes(title=_SPENT[over], rangemode="tozero", **place)
    figure.update_layout(figure_layout(title, height=380 if side_by_side else 110 + 240 * len(pictures)))
    axis = {"gridcolor": "rgba(128,128,128,0.25)", "zeroline": False, "automargin": True}
    figure.update_xaxes(axis)
    figure.update_yaxes(axis)
    return figure


def _add_lines(
    figure: go.Figure,
    named: Mapping[str, pd.DataFrame],
    measure: str,
    over: str,
    *,
    legend: bool,
    place: dict[str, int],
) -> None:
    words, factor = _MEASURES[measure]
    for index, (name, frame) in enumerate(named.items()):
        figure.add_scatter(
            x=frame[over],
            y=factor * frame[measure],
            mode="lines",
            name=plotly_words(name or words),
            legendgroup=name,
            showlegend=bool(name) and legend,
            line={"color": _COLOURS[index % len(_COLOURS)], "dash": _DASHES[index % len(_DASHES)], "shape": "hv"},
            hovertemplate=joined(f"%{{x:,}} {over}: %{{y:.4g}}", extra(name)),
            **place,
        )
