"""A network as a drawing: DOT text for Graphviz, or a plain SVG that needs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from resource_models.graph.graph import Graph, Operator
from resource_models.graph.operators import Other
from resource_models.macs import counted_macs
from resource_models.units import format_bytes, format_count

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_BOX_WIDTH, _BOX_HEIGHT, _GAP_X, _GAP_Y, _MARGIN = 190, 40, 24, 28, 12


def to_dot(graph: Graph) -> str:
    """The network in the DOT language: a box per operator with its MACs, an arrow per tensor with its bytes."""
    lines = [
        f'digraph "{_quoted(graph.name)}" {{',
        '  rankdir=TB; node [shape=box, style=rounded, fontname="sans-serif"];',
    ]
    lines += [f'  t{t} [shape=ellipse, label="{_quoted(graph.tensors[t].name)}"];' for t in graph.inputs]
    for index, texts in enumerate(_labels(graph)):
        label = "\\n".join(map(_quoted, texts))
        lines.append(f'  o{index} [label="{label}"];')
    for tensor, readers in enumerate(graph.consumers):
        producer = graph.producers[tensor]
        source = f"t{tensor}" if producer is None else f"o{producer}"
        size = format_bytes(graph.tensors[tensor].size_bytes)
        lines += [f'  {source} -> o{reader} [label="{size}"];' for reader in readers]
    return "\n".join([*lines, "}"]) + "\n"


def to_svg(graph: Graph) -> str:
    """The network as an SVG image: operators in rows by their distance from the input."""
    rows = _rows(graph)
    places = {
        index: (_MARGIN + column * (_BOX_WIDTH + _GAP_X), _MARGIN + row * (_BOX_HEIGHT + _GAP_Y))
        for row, indices in enumerate(rows)
        for column, index in enumerate(indices)
    }
    width = 2 * _MARGIN + max(map(len, rows), default=1) * (_BOX_WIDTH + _GAP_X)
    height = 2 * _MARGIN + len(rows) * (_BOX_HEIGHT + _GAP_Y)
    size = {"viewBox": f"0 0 {width} {height}", "width": width, "height": height}
    look = {"font-family": "sans-serif", "font-size": 11, "role": "img", "aria-label": graph.name}
    picture = _element("svg", {"xmlns": "http://www.w3.org/2000/svg"} | size | look)
    picture.extend(_line(places[source], places[target]) for source, target in _links(graph))
    picture.extend(_box(*places[index], texts) for index, texts in enumerate(_labels(graph)))
    return _text(picture)


def _labels(graph: Graph) -> list[tuple[str, str]]:
    counts = counted_macs(graph)
    return [
        (operator.name, _details(graph, operator, count))
        for operator, count in zip(graph.operators, counts, strict=True)
    ]


def _details(graph: Graph, operator: Operator, count: int | None) -> str:
    spec = operator.spec
    shape = "×".join(map(str, graph.tensors[operator.outputs[0]].shape[1:])) if operator.outputs else "nothing"
    work = f", {format_count(count)} MACs" if count else ""
    return f"{spec.name if isinstance(spec, Other) else type(spec).__name__} → {shape}{work}"


def _links(graph: Graph) -> list[tuple[int, int]]:
    return [
        (producer, reader)
        for tensor, readers in enumerate(graph.consumers)
        if (producer := graph.producers[tensor]) is not None
        for reader in readers
    ]


def _rows(graph: Graph) -> list[list[int]]:
    depth = [0] * len(graph.operators)
    for source, target in sorted(_links(graph), key=lambda link: link[1]):
        depth[target] = max(depth[target], depth[source] + 1)
    rows: list[list[int]] = [[] for _ in range(max(depth, default=-1) + 1)]
    for index, row in enumerate(depth):
        rows[row].append(index)
    return rows


def _line(source: tuple[int, int], target: tuple[int, int]) -> Element:
    x1, y1 = source[0] + _BOX_WIDTH // 2, source[1] + _BOX_HEIGHT
    x2, y2 = target[0] + _BOX_WIDTH // 2, target[1]
    curve = f"M{x1},{y1} C{x1},{y1 + _GAP_Y} {x2},{y2 - _GAP_Y} {x2},{y2}"
    return _element("path", {"d": curve, "fill": "none", "stroke": "#8a94a0"})


def _box(x: int, y: int, texts: tuple[str, str]) -> Element:
    box, ink = _element("g", {}), {"x": x + 8, "fill": "#1d2733"}
    frame = {"x": x, "y": y, "width": _BOX_WIDTH, "height": _BOX_HEIGHT, "rx": 6, "fill": "#eef2f6"}
    box.append(_element("rect", frame | {"stroke": "#5b6775"}))
    box.append(_element("text", ink | {"y": y + 16, "font-weight": "bold"}, texts[0]))
    box.append(_element("text", ink | {"y": y + 31}, texts[1]))
    return box


def _element(name: str, attributes: Mapping[str, object], text: str = "") -> Element:
    from xml.etree.ElementTree import Element  # only who draws waits for it

    made = Element(name, {key: _printable(str(value)) for key, value in attributes.items()})
    made.text = _printable(text) or None
    return made


def _text(picture: Element) -> str:
    import xml.etree.ElementTree as ET

    ET.indent(picture, space="")
    return ET.tostring(picture, encoding="unicode") + "\n"


def _printable(text: str) -> str:
    """The text with a mark for each character that XML does not know."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
