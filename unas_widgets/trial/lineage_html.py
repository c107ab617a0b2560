"""A line of descent as HTML."""

from __future__ import annotations

from unas_widgets.trial.lineage_view import LineageRow, LineageView
from unas_widgets.widgets.html import Html, joined, number, tag

MOST_CHILDREN = 20


def lineage_html(view: LineageView) -> Html:
    """The line as a table, the trial itself first; a row is a trial and can be selected."""
    words = (("trial", None), ("error", None), ("RAM", None), ("change from its parent", "unas-left"))
    heads = tag("tr", (tag("th", word, scope="col", class_=look) for word, look in words))
    rows = tag("tbody", map(_row, view.rows))
    table = tag("table", tag("thead", heads), rows, role="grid", aria_label="Lineage", class_="unas-lineage")
    return joined(
        tag("h3", "Lineage"),
        tag("div", view.sentence, class_="unas-peak"),
        tag("div", table, class_="unas-scroll unas-tall", data_scroll="lineage"),
        _children(view),
    )


def _row(row: LineageRow) -> Html:
    genes = tag("div", row.genes, class_="unas-quiet") if row.genes else None
    return tag(
        "tr",
        tag("td", row.trial_id, class_="unas-num"),
        tag("td", number(row.error)),
        tag("td", number(row.ram)),
        tag("td", row.change, genes, class_="unas-left"),
        data_trial=row.trial_id,
        tabindex=-1,
    )


def _children(view: LineageView) -> Html:
    if not view.children:
        return tag("div", "No trained trial was made from it.", class_="unas-quiet")
    shown = view.children[:MOST_CHILDREN]
    links = [(" ", _link(trial)) for trial in shown]
    more = f" and {len(view.children) - len(shown)} more" if len(view.children) > len(shown) else None
    return tag("div", "Made from it:", tag("span", links, class_="unas-links"), more)


def _link(trial: int) -> Html:
    return tag("button", trial, type="button", class_="unas-link", data_trial=trial, aria_label=f"trial {trial}")
