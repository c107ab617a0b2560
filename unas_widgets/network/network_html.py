"""A network and its figures as HTML."""

from __future__ import annotations

from unas_widgets.network.network_view import NetworkRow, NetworkView
from unas_widgets.quantities.quantity import Quantity
from unas_widgets.widgets.html import Html, bar, joined, number, tag

_NARROW = "unas-tiny-hide"  # what very narrow pages leave out
_HEADS = (("layer", None), ("shape", "unas-left"), ("output", None), ("weights", _NARROW), ("MACs", None))


def network_html(view: NetworkView) -> Html:
    """A table of the layers with bars for bytes and MACs."""
    heads = tag("tr", (tag("th", word, scope="col", class_=look) for word, look in _HEADS))
    shape = tag("td", view.input_shape, class_="unas-left unas-num")
    first = tag("tr", tag("td", "input"), shape, tag("td"), tag("td", class_=_NARROW), tag("td"))
    rows = (_row(row, reached=place == 0) for place, row in enumerate(view.rows))
    table = tag("table", tag("thead", heads), tag("tbody", first, rows), aria_label="Network")
    return joined(tag("h3", "Network"), tag("div", table, class_="unas-scroll", data_scroll="network"))


def figures_html(view: NetworkView, error: Quantity | None = None) -> Html:
    """The totals in a line."""
    parts = [number(error, "error")] if error is not None else []
    parts += [number(view.ram, "RAM"), number(view.model, "flash"), number(view.latency, "latency"), number(view.macs)]
    return tag("div", parts, class_="unas-trial-figures")


def _row(row: NetworkRow, *, reached: bool) -> Html:
    """One layer; `reached` is the row that the tab key comes to, the others are walked to with arrow keys."""
    cells = (
        (row.output, row.output_share, None),
        (row.weights, row.weights_share, _NARROW),
        (row.macs, row.macs_share, None),
    )
    return tag(
        "tr",
        tag("td", row.operator, title=f"{row.name}, {row.activation}" if row.activation else row.name),
        tag("td", row.shape, class_="unas-left unas-num"),
        (tag("td", _figure(quantity), bar(share), class_=look) for quantity, share, look in cells),
        data_layer=row.name,
        tabindex=0 if reached else -1,
    )


def _figure(quantity: Quantity) -> Html:
    return number(Quantity(quantity.text.removesuffix(" MACs"), quantity.hover, quantity.value))
