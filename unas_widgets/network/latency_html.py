"""The time of an inference as HTML."""

from __future__ import annotations

from unas_widgets.network.latency_view import LatencyRow, LatencyView
from unas_widgets.widgets.html import Html, bar, joined, number, region, tag


def latency_html(view: LatencyView, *, hint: str = "") -> Html:
    """The whole with band and method, and a table of the layers; `hint` follows the reason where there is none."""
    title = tag("h3", "Latency")
    if not view.rows:
        return joined(title, tag("div", f"No estimate. {view.method} {hint}".strip(), class_="unas-none"))
    whole = tag("div", tag("b", number(view.total)), f" for one inference, {view.band}.", class_="unas-peak")
    table = region("latency", _table(view), label="Time by layer", look="unas-scroll unas-tall")
    return joined(title, whole, tag("div", view.method, class_="unas-quiet"), table)


def _table(view: LatencyView) -> Html:
    heads = tag("tr", (tag("th", word, scope="col") for word in ("layer", "time", "share")))
    rows = (_row(row, slowest=row.name == view.slowest) for row in view.rows)
    return tag("table", tag("thead", heads), tag("tbody", rows), aria_label="Time by layer")


def _row(row: LatencyRow, *, slowest: bool) -> Html:
    mark = (" ", tag("span", "◀ slowest", class_="unas-most")) if slowest else None
    return tag(
        "tr",
        tag("td", row.operator, mark, title=row.name),
        tag("td", number(row.time), bar(row.share)),
        tag("td", row.part, class_="unas-num"),
        data_layer=row.name,
    )
