"""A network and its figures as HTML."""

from __future__ import annotations

from html import escape

from unas_widgets.network.network_view import NetworkRow, NetworkView
from unas_widgets.quantities.quantity import Quantity
from unas_widgets.widgets.html_text import bar, number


def network_html(view: NetworkView) -> str:
    """A table of the layers with bars for bytes and MACs."""
    heads = '<th scope="col">layer</th><th scope="col" class="unas-left">shape</th>'
    heads += '<th scope="col">output</th><th scope="col" class="unas-tiny-hide">weights</th><th scope="col">MACs</th>'
    first = (
        f'<tr><td>input</td><td class="unas-left unas-num">{escape(view.input_shape)}</td>'
        '<td></td><td class="unas-tiny-hide"></td><td></td></tr>'
    )
    rows = "".join(_row(row, reached=place == 0) for place, row in enumerate(view.rows))
    table = f'<table aria-label="Network"><thead><tr>{heads}</tr></thead><tbody>{first}{rows}</tbody></table>'
    return f'<h3>Network</h3><div class="unas-scroll" data-scroll="network">{table}</div>'


def figures_html(view: NetworkView, error: Quantity | None = None) -> str:
    """The totals in a line."""
    parts = [number(error, "error")] if error is not None else []
    parts += [number(view.ram, "RAM"), number(view.model, "flash"), number(view.latency, "latency"), number(view.macs)]
    return f'<div class="unas-trial-figures">{"".join(parts)}</div>'


def _row(row: NetworkRow, *, reached: bool) -> str:
    """One layer; `reached` is the row that the tab key comes to, the others are walked to with arrow keys."""
    cells = (
        (row.output, row.output_share, ""),
        (row.weights, row.weights_share, ' class="unas-tiny-hide"'),
        (row.macs, row.macs_share, ""),
    )
    about = f"{row.name}, {row.activation}" if row.activation else row.name
    return (
        f'<tr data-layer="{escape(row.name)}" tabindex="{0 if reached else -1}"><td title="{escape(about)}">'
        f'{escape(row.operator)}</td><td class="unas-left unas-num">{escape(row.shape)}</td>'
        + "".join(f"<td{look}>{_figure(quantity)}{bar(share)}</td>" for quantity, share, look in cells)
        + "</tr>"
    )


def _figure(quantity: Quantity) -> str:
    short = Quantity(quantity.text.removesuffix(" MACs"), quantity.hover, quantity.value)
    return number(short)
