"""What a network that is edited needs, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from unas_widgets.editor.editor_view import ResourceNeed
from unas_widgets.quantities.quantity import Quantity
from unas_widgets.widgets.html import Html, number, tag


def needs_html(needs: Sequence[ResourceNeed], *, bound: str) -> Html:
    """A table with one row for each resource; `bound` names what they are compared with."""
    heads = tag("tr", (tag("th", word, scope="col") for word in ("", "needs", "last edit", bound)))
    return tag("table", tag("thead", heads), tag("tbody", map(_row, needs)), class_="unas-needs", aria_label="Needs")


def _row(need: ResourceNeed) -> Html:
    return tag(
        "tr",
        tag("th", need.word, scope="row", class_="unas-left"),
        tag("td", number(_short(need))),
        tag("td", _change(need)),
        tag("td", _verdict(need.verdict)),
        data_verdict=need.verdict,
    )


def _short(need: ResourceNeed) -> Quantity:
    """The row says MACs already."""
    quantity = need.quantity
    return Quantity(quantity.text.removesuffix(" MACs"), quantity.hover, quantity.value)


def _change(need: ResourceNeed) -> str:
    return need.change.removesuffix(" MACs") or "–"


def _verdict(words: str) -> Html:
    if not words:
        return tag("span", "no bound", class_="unas-quiet")
    sign = "✓" if words == "fits" else "▲"
    return tag("span", f"{sign} {words}", class_="unas-fits" if words == "fits" else "unas-bad")
