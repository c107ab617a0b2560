"""The graph of a network drawn: as a plotly figure, and as text for Graphviz (DOT)."""

from __future__ import annotations

import plotly.graph_objects as go

from resource_models import Graph
from unas_widgets.widgets.html import lines, plotly_words, tag

_BLUE, _INK = "#0072B2", "#000000"


def graph_figure(graph: Graph, *, title: str = "") -> go.Figure:
    """Operators as boxes from left to right, an arrow for each tensor with its shape; hovering tells the weights."""
    places = _places(graph)
    columns = 1 + max(column for column, _ in places)
    lanes = [lane for _, lane in places]
    figure = go.Figure()
    for tensor, readers in enumerate(graph.consumers):
        producer = graph.producers[tensor]
        start = places[0] if producer is None else places[1 + producer]
        for reader in readers:
            figure.add_annotation(**_arrow(start, places[1 + reader]))
    labels = ["input", *(operator.name for operator in graph.operators)]
    shapes = [graph.tensors[graph.inputs[0]].shape] if graph.inputs else [()]
    shapes += [graph.tensors[operator.outputs[0]].shape for operator in graph.operators]
    for label, shape, (column, lane) in zip(labels, shapes, places, strict=True):
        size = "×".join(str(length) for length in shape[1:])
        figure.add_annotation(
            x=column,
            y=lane,
            text=lines(tag("b", plotly_words(label)), size),
            showarrow=False,
            bgcolor="#E6F0F7" if label != "input" else "#F2F2F2",
            bordercolor=_BLUE,
            borderpad=4,
            font={"color": _INK, "size": 11},
        )
    figure.add_scatter(x=[0, columns - 1], y=[min(lanes), max(lanes)], mode="markers", marker={"opacity": 0})
    figure.update_layout(
        title={"text": plotly_words(title), "font": {"size": 15}},
        height=(70 if title else 40) + 60 * len(set(lanes)),
        margin={"l": 10, "r": 10, "t": 40 if title else 10, "b": 10},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": "#737373"},
        showlegend=False,
        hovermode=False,
    )
    figure.update_xaxes(visible=False, range=[-0.6, columns - 0.4])
    figure.update_yaxes(visible=False, range=[min(lanes) - 0.7, max(lanes) + 0.7])
    return figure


def graph_dot(graph: Graph) -> str:
    """The graph in the DOT language: operators are nodes, tensors are edges labelled with shape and bytes."""
    text = [f"digraph {_quoted(graph.name)} {{", "  rankdir=TB;", "  node [shape=box];"]
    for number, tensor in enumerate(graph.inputs):
        text.append(f"  input{number} [shape=ellipse, label={_quoted(graph.tensors[tensor].name)}];")
    for index, operator in enumerate(graph.operators):
        words = _quoted(operator.name, type(operator.spec).__name__)
        text.append(f"  operator{index} [label={words}];")
    for number, tensor in enumerate(graph.outputs):
        text.append(f"  output{number} [shape=ellipse, label=output];")
        text.append(_edge(graph, tensor, f"output{number}"))
    for index, operator in enumerate(graph.operators):
        text += [_edge(graph, tensor, f"operator{index}") for tensor in operator.inputs]
    return "\n".join([*text, "}"]) + "\n"


def _edge(graph: Graph, tensor: int, reader: str) -> str:
    spec, producer = graph.tensors[tensor], graph.producers[tensor]
    start = f"input{graph.inputs.index(tensor)}" if producer is None else f"operator{producer}"
    size = "×".join(str(length) for length in spec.shape[1:])
    return f"  {start} -> {reader} [label={_quoted(f'{size}, {spec.size_bytes:,} B')}];"


def _quoted(*rows: str) -> str:
    """Rows of words as one label: what DOT takes for an escape is words here."""
    plain = (row.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") for row in rows)
    return '"' + "\\n".join(plain) + '"'


def _places(graph: Graph) -> list[tuple[int, float]]:
    """(column, lane) of the input and of each operator: after all it reads from, beside others of its column."""
    columns = [0] * len(graph.operators)
    for index, operator in enumerate(graph.operators):
        before = (graph.producers[tensor] for tensor in operator.inputs)
        columns[index] = 1 + max((columns[producer] for producer in before if producer is not None), default=0)
    members = {column: [i for i, other in enumerate(columns) if other == column] for column in set(columns)}
    places = [(0, 0.0)]
    for index, column in enumerate(columns):
        beside = members[column]
        places.append((column, (len(beside) - 1) / 2 - beside.index(index)))
    return places


def _arrow(start: tuple[int, float], end: tuple[int, float]) -> dict[str, object]:
    return {
        "x": end[0],
        "y": end[1],
        "ax": start[0],
        "ay": start[1],
        "axref": "x",
        "ayref": "y",
        "xref": "x",
        "yref": "y",
        "text": "",
        "showarrow": True,
        "arrowhead": 2,
        "arrowwidth": 1.4,
        "arrowcolor": "#8C8C8C",
        "standoff": 38,
        "startstandoff": 38,
    }
