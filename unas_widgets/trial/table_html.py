"""The table of the front as HTML."""

from __future__ import annotations

from search.trial import epochs_text
from unas_widgets.trial.table_view import TableRow, TableView
from unas_widgets.widgets.html import Html, joined, number, tag

_EMPTY = "No trained network is within budget yet."
_NARROW = "unas-narrow-hide"  # what narrow pages leave out


def table_html(view: TableView) -> Html:
    """A sortable table; each row carries its trial's number for selection."""
    title = tag("h3", "Front")
    if not view.rows:
        return joined(title, tag("div", _EMPTY, class_="unas-quiet"))
    heads = tag(
        "tr",
        _head("trial", "trial", view, look="unas-left"),
        (_head(a.key, a.word, view) for a in view.axes),
        (tag("th", head, scope="col", title=hint) for head, hint in zip(view.heads, view.hints, strict=True)),
        tag("th", "epochs", scope="col", class_=_NARROW),
        tag("th", "standing", scope="col", class_=f"unas-left {_NARROW}"),
    )
    rows = tag("tbody", map(_row, view.rows))
    table = tag("table", tag("thead", heads), rows, role="grid", aria_label="Front", class_="unas-table")
    return joined(title, tag("div", table, class_="unas-scroll", data_scroll="front"))


def _head(key: str, word: str, view: TableView, *, look: str | None = None) -> Html:
    current = view.sort.key if view.sort else "trial"
    direction = "none" if key != current else ("descending" if view.descending else "ascending")
    arrow = {"none": "", "ascending": " ▲", "descending": " ▼"}[direction]
    button = tag("button", f"{word}{arrow}", type="button", data_sort=key, title=f"Sort by {word}")
    return tag("th", button, scope="col", aria_sort=direction, class_=look)


def _row(row: TableRow) -> Html:
    return tag(
        "tr",
        tag("td", row.trial_id, class_="unas-num"),
        (tag("td", number(quantity)) for quantity in (*row.figures, *row.finals)),
        tag("td", epochs_text(row.epochs), class_=_NARROW),
        tag("td", row.standing, class_=f"unas-left {_NARROW}"),
        data_trial=row.trial_id,
        data_standing=row.standing,
        tabindex=-1,
    )
