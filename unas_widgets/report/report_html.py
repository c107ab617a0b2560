"""The report of a run as one HTML document that needs nothing else: no scripts, no other files, no net."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.trial import epochs_text
from unas_widgets.trial.table_view import TableView
from unas_widgets.widgets.html import NOTHING, Content, Html, html_of, joined, tag

_STYLE = Html("""
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
""")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: its title, and its body as HTML."""

    title: str
    body: Html


def report_html(title: str, about: str, sections: Iterable[Section]) -> Html:
    """The document."""
    parts = (tag("section", tag("h2", s.title), html_of(s.body)) for s in sections if s.body)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("style", _STYLE),
    )
    main = tag("main", tag("h1", title), tag("div", about, class_="quiet"), parts)
    return joined(Html("<!DOCTYPE html>\n"), tag("html", head, tag("body", main), lang="en"), "\n")


def words_table(rows: Iterable[Sequence[str]]) -> Html:
    """A table of names and what they stand for."""
    body = [_row(row) for row in rows]
    return tag("table", tag("tbody", body), class_="words") if body else NOTHING


def figures_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, words: bool = False) -> Html:
    """A table with a row of heads; `words` sets its cells to the left."""
    return _wide(heads, (_row(row) for row in rows), look="words" if words else None)


def front_table(view: TableView, *, chosen: int | None) -> Html:
    """The front; the chosen network stands out by weight and by a word."""
    heads = ("trial", *(a.word for a in view.axes), *view.heads, "epochs")
    rows = []
    for row in view.rows:
        picked = row.trial_id == chosen
        name = f"{row.trial_id} (chosen)" if picked else str(row.trial_id)
        cells = (name, *(q.text for q in (*row.figures, *row.finals)), epochs_text(row.epochs))
        rows.append(_row(cells, look="chosen" if picked else None))
    return _wide(heads, rows)


def sentences(said: Iterable[str]) -> Html:
    """A list of sentences."""
    items = [tag("li", sentence) for sentence in said]
    return tag("ul", items) if items else NOTHING


def code_block(text: str) -> Html:
    """Lines of code."""
    return tag("pre", text)


def _wide(heads: Sequence[str], rows: Content, *, look: str | None = None) -> Html:
    """A table that scrolls sideways where it has no room."""
    head = tag("thead", tag("tr", (tag("th", word, scope="col") for word in heads)))
    return tag("div", tag("table", head, tag("tbody", rows), class_=look), class_="wide")


def _row(cells: Iterable[str], *, look: str | None = None) -> Html:
    return tag("tr", (tag("td", cell) for cell in cells), class_=look)
