"""Pictures of a network's costs as plotly figures: pure functions, no widgets.

Every figure works on screen, on paper and without colour: what is named by a colour is also named in words or by a
symbol. Colours are those of Okabe and Ito; vermilion is kept for the peak and for limits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from resource_models import ArenaPlan, Board, Graph, ResourceReport, Schedule, format_bytes, schedule_in_order
from unas_widgets.widgets.html import extra, lines, plotly_words, tag

_FILLS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442", "#999999")
_INKS = ("#ffffff", "#000000", "#000000", "#000000", "#000000", "#000000", "#000000")
_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "star")
_BLUE, _VERMILION, _QUIET, _SCRATCH = "#0072B2", "#D55E00", "#8C8C8C", "#BFBFBF"
_POWERS = tuple(2**power for power in range(16))
_DECADES = tuple(10.0**power for power in range(-4, 13))


def memory_figure(
    graph: Graph,
    schedule: Schedule | None = None,
    *,
    limit_bytes: int | None = None,
    top_bytes: int | None = None,
    title: str = "Memory over time",
) -> go.Figure:
    """Bytes in memory at every step, tensor by tensor, with the peak marked.

    Args:
        graph: The network.
        schedule: Its order; that of the graph's operators when None.
        limit_bytes: Draws a line, e.g. at the RAM of a board.
        top_bytes: Where the axis ends, to compare two figures.
        title: Above the figure.
    """
    schedule = schedule or schedule_in_order(graph)
    names = [graph.operators[step.operator].name for step in schedule.steps]
    unit, factor = _unit(max(schedule.peak_bytes, top_bytes or 0, limit_bytes or 0))
    figure = go.Figure(layout=_layout(title, f"in memory ({unit})", height=360))
    for tensor in sorted({tensor for step in schedule.steps for tensor in step.live}):
        spec = graph.tensors[tensor]
        name = plotly_words(spec.name)
        shown = [spec.size_bytes if tensor in step.live else 0 for step in schedule.steps]
        large = spec.size_bytes > 0.07 * (top_bytes or schedule.peak_bytes)
        figure.add_bar(
            x=list(range(len(names))),
            y=[size / factor for size in shown],
            name=name,
            text=[name if size and large else "" for size in shown],
            hovertext=[f"{name}: {size:,} B" for size in shown],
            **_bar_look(tensor),
        )
    if schedule.steps:
        at, peak = schedule.peak_step, schedule.peak_bytes
        figure.add_annotation(
            x=at,
            y=peak / factor,
            yanchor="bottom",
            showarrow=False,
            text=tag("b", f"peak {_exact(peak)}"),
            font={"color": _VERMILION, "size": 13},
        )
    _limit(figure, limit_bytes, factor)
    figure.update_layout(barmode="stack", bargap=0.08, showlegend=False)
    figure.update_xaxes(
        tickvals=list(range(len(names))), ticktext=list(map(plotly_words, names)), title="step: the operator that runs"
    )
    figure.update_yaxes(range=[0, 1.12 * max(schedule.peak_bytes, top_bytes or 0, limit_bytes or 0) / factor])
    return figure


def arena_figure(plan: ArenaPlan, *, limit_bytes: int | None = None, title: str = "The arena") -> go.Figure:
    """Where each buffer lies (offset) and for how long (steps); above the head what stays for good."""
    unit, factor = _unit(max(plan.arena_bytes, limit_bytes or 0))
    steps = len(plan.operators)
    figure = go.Figure(layout=_layout(title, f"offset in the arena ({unit})", height=420))
    for index, buffer in enumerate(plan.buffers):
        length = buffer.last_step - buffer.first_step + 1
        large, name = buffer.size > 0.05 * plan.arena_bytes, plotly_words(buffer.name)
        look = _bar_look(index)
        if buffer.tensor is None:
            look["marker"] = {"color": _SCRATCH, "pattern": {"shape": "/", "fgcolor": "#ffffff", "size": 5}}
            look["textfont"] = {"color": "#000000"}
        figure.add_bar(
            x=[buffer.first_step + (length - 1) / 2],
            y=[buffer.size / factor],
            base=[buffer.offset / factor],
            width=[length],
            name=name,
            text=[name if large else ""],
            hovertext=[f"{name}: {buffer.size:,} B at {buffer.offset:,}"],
            **look,
        )
    figure.add_bar(
        x=[(steps - 1) / 2],
        y=[plan.persistent_bytes / factor],
        base=[plan.head_bytes / factor],
        width=[steps],
        name="structures that stay",
        text=[f"structures that stay: {_exact(plan.persistent_bytes)}"],
        hovertext=[f"structures that stay: {plan.persistent_bytes:,} B"],
        hoverinfo="text",
        textposition="inside",
        insidetextanchor="middle",
        marker={"color": "#D9D9D9", "line": {"color": "#ffffff", "width": 1}},
        textfont={"color": "#000000"},
    )
    _limit(figure, limit_bytes, factor)
    sizes = f"head {_exact(plan.head_bytes)} + structures {_exact(plan.persistent_bytes)} = {_exact(plan.arena_bytes)}"
    figure.update_layout(barmode="overlay", showlegend=False, title={"text": plotly_words(f"{title}: {sizes}")})
    figure.update_xaxes(
        tickvals=list(range(steps)),
        ticktext=list(map(plotly_words, plan.operators)),
        title="step",
        range=[-0.5, steps - 0.5],
    )
    figure.update_yaxes(range=[0, 1.08 * max(plan.arena_bytes, limit_bytes or 0) / factor])
    return figure


def layers_figure(report: ResourceReport, *, title: str = "Layer by layer") -> go.Figure:
    """MACs, bytes of weights, bytes of output and, where there is an estimate, latency of each operator."""
    columns: list[tuple[str, list[float]]] = [
        ("MACs", [float(layer.macs) for layer in report.layers]),
        ("weights (bytes)", [float(layer.weight_bytes) for layer in report.layers]),
        ("output (bytes)", [float(layer.output_bytes) for layer in report.layers]),
    ]
    if all(layer.latency_s is not None for layer in report.layers):
        columns.append(("latency (ms)", [1e3 * (layer.latency_s or 0.0) for layer in report.layers]))
    names = [plotly_words(layer.name) for layer in report.layers]
    figure = make_subplots(cols=len(columns), shared_yaxes=True, horizontal_spacing=0.03)
    for column, (heading, values) in enumerate(columns, start=1):
        text = [_figures(value) for value in values]
        figure.add_bar(
            x=values,
            y=names,
            orientation="h",
            text=text,
            textposition="auto",
            cliponaxis=False,
            row=1,
            col=column,
            marker={"color": _FILLS[column - 1]},
            insidetextfont={"color": _INKS[column - 1]},
            hovertemplate="%{y}: %{x:,}" + extra(),
        )
        figure.update_xaxes(title=heading, row=1, col=column, showticklabels=False, range=[0, 1.05 * max([*values, 1])])
    figure.update_layout(_layout(title, "", height=110 + 34 * len(names)), showlegend=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def boards_figure(
    boards: Iterable[Board],
    *,
    ram_bytes: int = 0,
    flash_bytes: int = 0,
    named: Iterable[str] = (),
    title: str = "What is usable on each board",
) -> go.Figure:
    """Usable RAM against usable flash; boards that have less than `ram_bytes` and `flash_bytes` are crosses.

    `named` are the ids of boards whose name stands beside the point.
    """
    known = [board for board in boards if board.usable_ram_bytes and board.usable_flash_bytes]
    groups: dict[str, list[Board]] = {"has enough": [], "lacks RAM or flash": []}
    for board in known:
        lacks = (board.usable_ram_bytes or 0) < ram_bytes or (board.usable_flash_bytes or 0) < flash_bytes
        groups["lacks RAM or flash" if lacks else "has enough"].append(board)
    figure = go.Figure(layout=_layout(title, "usable RAM (KiB)", height=430))
    shown = set(named)
    for (name, members), symbol, colour in zip(groups.items(), ("circle", "x"), (_BLUE, _VERMILION), strict=True):
        figure.add_scatter(
            x=[(board.usable_flash_bytes or 0) / 1024 for board in members],
            y=[(board.usable_ram_bytes or 0) / 1024 for board in members],
            mode="markers+text",
            name=name,
            text=[plotly_words(board.name) if board.id in shown else "" for board in members],
            textposition="top center",
            hovertext=[plotly_words(f"{board.name} ({board.core})") for board in members],
            hoverinfo="text",
            marker={"symbol": symbol, "size": 10, "color": colour, "opacity": 0.8},
        )
    sides = {"color": _QUIET, "dash": "dot"}
    if flash_bytes:
        at = flash_bytes / 1024
        figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=1, yref="paper", line=sides)
        figure.add_annotation(x=math.log10(at), y=1, yref="paper", **_note(f"needs {_exact(flash_bytes)} of flash"))
    if ram_bytes:
        at = ram_bytes / 1024
        figure.add_shape(type="line", x0=0, x1=1, y0=at, y1=at, xref="paper", line=sides)
        figure.add_annotation(x=1, y=math.log10(at), xref="paper", **_note(f"needs {_exact(ram_bytes)} of RAM"))
    low, high = _reach([flash_bytes, *((board.usable_flash_bytes or 0) for board in known)])
    figure.update_xaxes(type="log", title="usable flash (KiB)", tickvals=_POWERS, range=[low, high])
    low, high = _reach([ram_bytes, *((board.usable_ram_bytes or 0) for board in known)])
    figure.update_yaxes(type="log", tickvals=_POWERS, range=[low, high])
    figure.update_layout(showlegend=bool(ram_bytes or flash_bytes))
    return figure


def latency_fit_figure(
    macs: Iterable[float],
    latency_s: Iterable[float],
    *,
    groups: Iterable[str] | None = None,
    names: Iterable[str] | None = None,
    seconds_per_mac: float | None = None,
    log: bool = True,
    title: str = "Latency against MACs",
) -> go.Figure:
    """Time against MACs, one point per network or layer, with the line "MACs × constant".

    Args:
        macs: Multiply-accumulates, above 0.
        latency_s: Seconds, above 0.
        groups: What each point belongs to: a colour and a symbol each.
        names: What hovering over a point says.
        seconds_per_mac: Slope of the line; None draws none.
        log: Whether the axes are logarithmic.
        title: Above the figure.
    """
    work, times = list(macs), list(latency_s)
    of = list(groups) if groups is not None else ["measured"] * len(work)
    said = list(map(plotly_words, names)) if names is not None else [""] * len(work)
    figure = go.Figure(layout=_layout(title, "latency (ms)", height=430))
    for index, group in enumerate(dict.fromkeys(of)):
        chosen = [i for i, other in enumerate(of) if other == group]
        figure.add_scatter(
            x=[work[i] for i in chosen],
            y=[1e3 * times[i] for i in chosen],
            mode="markers",
            name=plotly_words(group),
            text=[said[i] for i in chosen],
            hovertemplate=lines("%{text}", "%{x:,.4s} MACs, %{y:.4s} ms") + extra(),
            marker=_marker(index),
        )
    if seconds_per_mac is not None:
        ends = [min(work) if log else 0.0, max(work)]
        name = f"{1e9 * seconds_per_mac:.3g} ms per million MACs"
        figure.add_scatter(
            x=ends,
            y=[1e3 * seconds_per_mac * end for end in ends],
            mode="lines",
            name=name,
            hoverinfo="skip",
            line={"color": _QUIET, "dash": "dash"},
        )
    figure.update_xaxes(title="MACs", tickformat="~s")
    if log:
        figure.update_xaxes(type="log", tickvals=_DECADES)
        figure.update_yaxes(type="log", tickvals=_DECADES, tickformat="~g")
    return figure


def error_figure(
    measured: Iterable[float],
    predicted: Mapping[str, Iterable[float]],
    *,
    names: Iterable[str] | None = None,
    title: str = "Predicted ÷ measured",
) -> go.Figure:
    """How far each way of predicting is off, case by case: 1 is exact, 2 is twice too long. Logarithmic."""
    truths = list(measured)
    said = list(map(plotly_words, map(str, range(1, len(truths) + 1)) if names is None else names))
    figure = go.Figure(layout=_layout(title, "predicted ÷ measured", height=400))
    for index, (way, values) in enumerate(predicted.items()):
        figure.add_scatter(
            x=said,
            y=[value / truth for value, truth in zip(values, truths, strict=True)],
            mode="markers",
            name=plotly_words(way),
            marker=_marker(index),
            hovertemplate="%{x}: %{y:.2f}" + extra(),
        )
    figure.add_hline(y=1, line={"color": _QUIET, "dash": "dash"})
    figure.update_yaxes(type="log", tickvals=[0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20], tickformat="~g")
    return figure


def _layout(title: str, y_title: str, *, height: int) -> dict[str, object]:
    """What all figures share; the backgrounds are see-through, so that dark pages stay dark."""
    axis = {"gridcolor": "rgba(128,128,128,0.25)", "zeroline": False, "automargin": True}
    return {
        "title": {"text": plotly_words(title), "font": {"size": 15}},
        "height": height,
        "margin": {"l": 60, "r": 20, "t": 46, "b": 40},
        "xaxis": axis,
        "yaxis": axis | {"title": {"text": y_title}},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": "#737373"},
        "hoverlabel": {"bgcolor": "#333333", "font": {"color": "#ffffff"}},
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "xanchor": "right", "x": 1.0},
    }


def _bar_look(index: int) -> dict[str, Any]:
    colour, ink = _FILLS[index % len(_FILLS)], _INKS[index % len(_INKS)]
    return {
        "marker": {"color": colour, "line": {"color": "#ffffff", "width": 1}},
        "textfont": {"color": ink},
        "textposition": "inside",
        "insidetextanchor": "middle",
        "hoverinfo": "text",
    }


def _marker(index: int) -> dict[str, object]:
    return {
        "color": _FILLS[index % len(_FILLS)],
        "symbol": _SYMBOLS[index % len(_SYMBOLS)],
        "size": 9,
        "line": {"color": "#444444", "width": 0.6},
    }


def _limit(figure: go.Figure, limit_bytes: int | None, factor: int) -> None:
    if limit_bytes is not None:
        figure.add_hline(
            y=limit_bytes / factor,
            line={"color": _VERMILION, "dash": "dot"},
            annotation_text=f"limit {_exact(limit_bytes)}",
            annotation_position="top left",
        )


def _note(text: str) -> dict[str, Any]:
    """Looks of a note that ends at a line, above it."""
    return {"text": text, "showarrow": False, "xanchor": "right", "yanchor": "bottom", "font": {"size": 11}}


def _reach(sizes: Iterable[int]) -> tuple[float, float]:
    """Both ends of a logarithmic axis in KiB, with room for the names at the rim."""
    known = [size / 1024 for size in sizes if size]
    return math.log10(min(known) / 2), math.log10(max(known) * 2)


def _unit(largest: int) -> tuple[str, int]:
    return ("KiB", 1024) if largest >= 4096 else ("bytes", 1)


def _exact(size: int) -> str:
    return f"{size:,} B" if size < 4096 else format_bytes(size)


def _figures(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
