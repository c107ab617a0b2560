"""The log as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from unas_widgets.progress.log_view import LogEntry


def log_html(entries: Iterable[LogEntry]) -> str:
    """The newest entry first, each with the running time at which it happened; failures carry a mark and a word."""
    rows = "".join(_row(entry) for entry in entries)
    if not rows:
        return '<div class="unas-quiet">Nothing has happened yet.</div>'
    return (
        '<div class="unas-scroll" data-scroll="log" tabindex="0" role="region" aria-label="Log">'
        f'<ol class="unas-entries">{rows}</ol></div>'
    )


def _row(entry: LogEntry) -> str:
    mark = '<i aria-hidden="true">▲</i> ' if entry.bad else ""
    return (
        f'<li data-bad="{str(entry.bad).lower()}"><span class="unas-num" title="running time of the search">'
        f"{entry.time}</span><span>{mark}{escape(entry.text)}{_details(entry.details)}</span></li>"
    )


def _details(text: str) -> str:
    return f'<details><summary>Details</summary><pre class="unas-code">{escape(text)}</pre></details>' if text else ""
