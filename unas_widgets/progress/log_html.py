"""The log as HTML."""

from __future__ import annotations

from collections.abc import Iterable

from unas_widgets.progress.log_view import LogEntry
from unas_widgets.widgets.html import Html, region, tag


def log_html(entries: Iterable[LogEntry]) -> Html:
    """The newest entry first, each with the running time at which it happened; failures carry a mark and a word."""
    rows = [_row(entry) for entry in entries]
    if not rows:
        return tag("div", "Nothing has happened yet.", class_="unas-quiet")
    return region("log", tag("ol", rows, class_="unas-entries"), label="Log")


def _row(entry: LogEntry) -> Html:
    mark = (tag("i", "▲", aria_hidden=True), " ") if entry.bad else None
    moment = tag("span", entry.time, class_="unas-num", title="running time of the search")
    return tag("li", moment, tag("span", mark, entry.text, _details(entry.details)), data_bad=entry.bad)


def _details(text: str) -> Html | None:
    return tag("details", tag("summary", "Details"), tag("pre", text, class_="unas-code")) if text else None
