"""The table of the front as HTML."""

from __future__ import annotations

from html import escape

from unas_widgets.quantities.finals import EXPLAINED
from unas_widgets.trial.table_view import TableRow, TableView
from unas_widgets.widgets.html_text import number

_EMPTY = "No trained network is within budget yet."


def table_html(view: TableView) -> str:
    """A sortable table; each row carries its trial's number for selection."""
    if not view.rows:
        return f'<h3>Front</h3><div class="unas-quiet">{_EMPTY}</div>'
    heads = _head("trial", "trial", view, left=True) + "".join(_head(a.key, a.word, view) for a in view.axes)
    heads += "".join(f'<th scope="col" title="{escape(EXPLAINED[head])}">{escape(head)}</th>' for head in view.heads)
    heads += '<th scope="col" class="unas-narrow-hide">epochs</th>'
    heads += '<th scope="col" class="unas-left unas-narrow-hide">standing</th>'
    rows = "".join(_row(row) for row in view.rows)
    return (
        '<h3>Front</h3><div class="unas-scroll" data-scroll="front"><table role="grid" aria-label="Front" '
        f'class="unas-table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _head(key: str, word: str, view: TableView, *, left: bool = False) -> str:
    current = view.sort.key if view.sort else "trial"
    direction = "none" if key != current else ("descending" if view.descending else "ascending")
    arrow = {"none": "", "ascending": " ▲", "descending": " ▼"}[direction]
    side = ' class="unas-left"' if left else ""
    button = f'<button type="button" data-sort="{key}" title="Sort by {escape(word)}">{escape(word)}{arrow}</button>'
    return f'<th scope="col" aria-sort="{direction}"{side}>{button}</th>'


def _row(row: TableRow) -> str:
    figures = "".join(f"<td>{number(quantity)}</td>" for quantity in (*row.figures, *row.finals))
    return (
        f'<tr data-trial="{row.trial_id}" data-standing="{escape(row.standing)}" tabindex="-1">'
        f'<td class="unas-num">{row.trial_id}</td>{figures}<td class="unas-narrow-hide">{row.epochs}</td>'
        f'<td class="unas-left unas-narrow-hide">{escape(row.standing)}</td></tr>'
    )
