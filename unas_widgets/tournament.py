"""The picture of a tournament: what each algorithm had reached, over the compute that it had spent.

Works without colour too: every entrant has a dash of its own beside a colour of Okabe and Ito.
"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from unas_widgets.errors import WidgetError
from unas_widgets.figure_layout import figure_layout
from unas_widgets.widgets.html import extra, joined, plotly_words

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999")
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_AXES = {
    "equivalents": "compute (full trainings)",
    "epochs": "compute (epochs)",
    "cpu_seconds": "compute (CPU-seconds)",
}
_MEASURES = {
    "hypervolume": "hypervolume of all bounded resources (0 to 1)",
    "accuracy": "best accuracy in budget (%)",
}
_GRID = {"gridcolor": "rgba(128,128,128,0.25)", "zeroline": False, "automargin": True}
_ROW_HEIGHT = 330


def tournament_figure(
    frame: pd.DataFrame, *, axis: str | None = None, measure: str | None = None, title: str | None = None
) -> go.Figure:
    """Median over the seeds as a line, first to third quartile as a band; one picture for each measure.

    Args:
        frame: in long form, as `search.tournament.curves` gives it.
        axis: what compute is measured in: "equivalents", "epochs" or "cpu_seconds"; None takes the first there is.
        measure: "hypervolume" or "accuracy"; None draws both, one above the other.
        title: above the figure; None tells the number of seeds.

    Raises:
        WidgetError: the frame has no such axis or measure.
    """
    axis = _known(axis, list(dict.fromkeys(frame["axis"])), "axis")
    frame = frame[frame["axis"] == axis]
    measures = list(dict.fromkeys(frame["measure"]))
    shown = measures if measure is None else [_known(measure, measures, "measure")]
    figure = make_subplots(rows=len(shown), shared_xaxes=True, vertical_spacing=0.06)
    for row, name in enumerate(shown, start=1):
        part = frame[frame["measure"] == name]
        factor = 100.0 if name == "accuracy" else 1.0
        lines = {str(entrant): _quartiles(p, factor) for entrant, p in part.groupby("entrant", sort=False)}
        for index, (entrant, quartiles) in enumerate(lines.items()):
            _add_entrant(figure, entrant, quartiles, index, row=row)
        figure.update_yaxes(
            title=plotly_words(_MEASURES.get(name, name)), range=_reach(pd.concat(lines.values())), row=row, col=1
        )
    seeds = frame["seed"].nunique()
    words = "1 seed" if seeds == 1 else f"median and quartiles of {seeds} seeds"
    figure.update_layout(
        figure_layout(title or f"What was reached: {words}", height=90 + _ROW_HEIGHT * len(shown), top=76, bottom=40)
    )
    figure.update_xaxes(_GRID)
    figure.update_yaxes(_GRID)
    figure.update_xaxes(title=plotly_words(_AXES.get(axis, axis)), row=len(shown), col=1)
    return figure


def _known(wanted: str | None, there: list[str], word: str) -> str:
    if not there:
        raise WidgetError("This tournament has no results yet.")
    if wanted is None:
        return there[0]
    if wanted not in there:
        raise WidgetError(f"The tournament has no {word} {wanted!r}; it has {', '.join(there)}.")
    return wanted


def _quartiles(searches: pd.DataFrame, factor: float) -> pd.DataFrame:
    """First quartile, median and third quartile, for each amount of compute."""
    values = searches.groupby("spent")["value"]
    return pd.DataFrame({share: factor * values.quantile(share) for share in (0.25, 0.5, 0.75)})


def _reach(quartiles: pd.DataFrame) -> list[float]:
    """Both ends of an axis; the first tenth of the compute, where all rise from nothing, does not count."""
    settled = quartiles[quartiles.index >= 0.1 * quartiles.index.max()]
    low, high = float(settled[0.25].min()), float(settled[0.75].max())
    room = 0.08 * (high - low) or 0.01
    return [low - room, high + room]


def _add_entrant(figure: go.Figure, name: str, quartiles: pd.DataFrame, index: int, *, row: int) -> None:
    spent, colour = list(quartiles.index), _COLOURS[index % len(_COLOURS)]
    figure.add_scatter(
        x=[*spent, *reversed(spent)],
        y=[*quartiles[0.75], *reversed(list(quartiles[0.25]))],
        fill="toself",
        fillcolor=_faint(colour),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        showlegend=False,
        legendgroup=name,
        name=plotly_words(f"{name}, quartiles"),
        row=row,
        col=1,
    )
    figure.add_scatter(
        x=spent,
        y=list(quartiles[0.5]),
        mode="lines",
        line={"color": colour, "width": 2, "dash": _DASHES[index % len(_DASHES)]},
        name=plotly_words(name),
        legendgroup=name,
        showlegend=row == 1,
        hovertemplate=joined(plotly_words(name), ": %{y:.4g} after %{x:.4g}", extra()),
        row=row,
        col=1,
    )


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.15)"
