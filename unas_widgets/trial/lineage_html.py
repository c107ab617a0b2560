"""A line of descent as HTML."""

from __future__ import annotations

from html import escape

from unas_widgets.trial.lineage_view import LineageRow, LineageView
from unas_widgets.widgets.html_text import number

MOST_CHILDREN = 20


def lineage_html(view: LineageView) -> str:
    """The line as a table, the trial itself first; a row is a trial and can be selected."""
    heads = '<th scope="col">trial</th><th scope="col">error</th><th scope="col">RAM</th>'
    heads += '<th scope="col" class="unas-left">change from its parent</th>'
    rows = "".join(_row(row) for row in view.rows)
    return (
        f'<h3>Lineage</h3><div class="unas-peak">{escape(view.sentence)}</div>'
        '<div class="unas-scroll unas-tall" data-scroll="lineage"><table role="grid" aria-label="Lineage" '
        f'class="unas-lineage"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{_children(view)}'
    )


def _row(row: LineageRow) -> str:
    genes = f'<div class="unas-quiet">{escape(row.genes)}</div>' if row.genes else ""
    return (
        f'<tr data-trial="{row.trial_id}" tabindex="-1"><td class="unas-num">{row.trial_id}</td>'
        f"<td>{number(row.error)}</td><td>{number(row.ram)}</td>"
        f'<td class="unas-left">{escape(row.change)}{genes}</td></tr>'
    )


def _children(view: LineageView) -> str:
    if not view.children:
        return '<div class="unas-quiet">No trained trial was made from it.</div>'
    shown = view.children[:MOST_CHILDREN]
    links = " ".join(
        f'<button type="button" class="unas-link" data-trial="{n}" aria-label="trial {n}">{n}</button>' for n in shown
    )
    more = f" and {len(view.children) - len(shown)} more" if len(view.children) > len(shown) else ""
    return f'<div>Made from it: <span class="unas-links">{links}</span>{more}</div>'
