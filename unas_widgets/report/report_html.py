"""The report of a run as one HTML document that needs nothing else: no scripts, no other files, no net."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from unas_widgets.trial.table_view import TableView

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --quiet: #595959; }
@media (prefers-color-scheme: dark) { :root { --quiet: #b0b0b0; } body { background: #16181c; color: #e8e8e8; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 860px; padding: 24px 20px 60px; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 34px 0 8px; border-top: 1px solid var(--line); padding-top: 18px; }
h3 { font-size: 15px; margin: 18px 0 6px; }
.quiet, .unas-quiet { color: var(--quiet); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th, td { padding: 3px 8px; text-align: right; vertical-align: baseline; font-variant-numeric: tabular-nums; }
th { font-weight: 600; border-bottom: 1px solid var(--line); }
td { border-bottom: 1px solid #8883; }
th:first-child, td:first-child, .words td, .words th, .unas-left { text-align: left; }
.words td:first-child { color: var(--quiet); white-space: nowrap; width: 12em; }
tr.chosen { font-weight: 600; }
svg { max-width: 100%; height: auto; }
pre { background: #8882; border-radius: 4px; padding: 10px 12px; overflow-x: auto; font-size: 13px; }
.unas-trial-figures, .unas-legend { display: flex; flex-wrap: wrap; gap: 2px 16px; }
.unas-legend { font-size: 13px; color: var(--quiet); margin-bottom: 12px; }
.unas-legend i { font-style: normal; margin-right: 4px; }
.unas-num { white-space: nowrap; }
.unas-cell-bar { height: 4px; background: #8883; }
.unas-cell-bar i { display: block; height: 4px; background: #56b4e9; }
.unas-step { display: grid; grid-template-columns: 12em 1fr 8em; gap: 8px; align-items: center; font-size: 13px; }
.unas-step > :last-child { text-align: right; } .unas-step[data-peak="true"] { font-weight: 600; }
.unas-track { display: flex; height: 12px; background: #8882; }
.unas-track i { background: #56b4e9; border-right: 1px solid #fff8; }
.unas-step[data-peak="true"] .unas-track i { background: #d55e00; }
.unas-prices { padding-left: 18px; }
@media print { body { max-width: none; } h2 { break-after: avoid; } svg, table, pre { break-inside: avoid; } }
"""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: its title, and its body as HTML."""

    title: str
    body: str


def report_html(title: str, about: str, sections: Iterable[Section]) -> str:
    """The document."""
    parts = "".join(f"<section><h2>{escape(s.title)}</h2>{s.body}</section>" for s in sections if s.body)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        f'<h1>{escape(title)}</h1><div class="quiet">{escape(about)}</div>{parts}</main></body></html>\n'
    )


def words_table(rows: Iterable[Sequence[str]]) -> str:
    """A table of names and what they stand for."""
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table class="words"><tbody>{body}</tbody></table>' if body else ""


def figures_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, words: bool = False) -> str:
    """A table with a row of heads; `words` sets its cells to the left."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    look = ' class="words"' if words else ""
    return f'<div class="wide"><table{look}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def front_table(view: TableView, *, chosen: int | None) -> str:
    """The front; the chosen network stands out by weight and by a word."""
    heads = ("trial", *(a.word for a in view.axes), *view.heads, "epochs")
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in heads)
    body = ""
    for row in view.rows:
        picked = row.trial_id == chosen
        name = f"{row.trial_id} (chosen)" if picked else str(row.trial_id)
        cells = (name, *(q.text for q in (*row.figures, *row.finals)), str(row.epochs))
        look = ' class="chosen"' if picked else ""
        body += f"<tr{look}>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def sentences(said: Iterable[str]) -> str:
    """A list of sentences."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in said)
    return f"<ul>{items}</ul>" if items else ""


def code_block(text: str) -> str:
    """Lines of code."""
    return f"<pre>{escape(text)}</pre>"
