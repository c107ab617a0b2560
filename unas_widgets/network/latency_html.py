"""The time of an inference as HTML."""

from __future__ import annotations

from html import escape

from unas_widgets.network.latency_view import LatencyRow, LatencyView
from unas_widgets.widgets.html_text import bar, number


def latency_html(view: LatencyView, *, hint: str = "") -> str:
    """The whole with band and method, and a table of the layers; `hint` follows the reason where there is none."""
    if not view.rows:
        words = escape(f"No estimate. {view.method} {hint}".strip())
        return f'<h3>Latency</h3><div class="unas-none">{words}</div>'
    heads = '<th scope="col">layer</th><th scope="col">time</th><th scope="col">share</th>'
    rows = "".join(_row(row, slowest=row.name == view.slowest) for row in view.rows)
    return (
        f'<h3>Latency</h3><div class="unas-peak"><b>{number(view.total)}</b> for one inference, {escape(view.band)}.'
        f'</div><div class="unas-quiet">{escape(view.method)}</div>'
        '<div class="unas-scroll unas-tall" data-scroll="latency" tabindex="0" role="region" '
        'aria-label="Time by layer"><table aria-label="Time by layer">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(row: LatencyRow, *, slowest: bool) -> str:
    mark = ' <span class="unas-most">◀ slowest</span>' if slowest else ""
    return (
        f'<tr data-layer="{escape(row.name)}"><td title="{escape(row.name)}">{escape(row.operator)}{mark}</td>'
        f'<td>{number(row.time)}{bar(row.share)}</td><td class="unas-num">{escape(row.part)}</td></tr>'
    )
