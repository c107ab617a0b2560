"""The status line as HTML."""

from __future__ import annotations

from html import escape

from unas_widgets.progress.status_view import Count, StatusView


def status_html(view: StatusView, *, problem: str = "", folder: str = "") -> str:
    """State, counts, progress, time, and a sentence.

    Args:
        view: what to show.
        problem: a sentence that replaces the view's, e.g. why a search could not begin.
        folder: where the run is kept.
    """
    kind = "bad" if view.bad or problem else "plain"
    line = f'<span class="unas-sentence" data-kind="{kind}">{escape(problem or view.sentence)}</span>'
    parts = [
        f'<span class="unas-state" data-state="{view.state}">{escape(view.word)}</span>',
        "".join(_count(count) for count in view.counts),
        _bar(view.fraction, "trainings done" if view.state == "finalising" else "trials done"),
        f'<span class="unas-num unas-time">{escape(view.time)}</span>' if view.time else "",
        '<span class="unas-break"></span>',
        line,
        f'<span class="unas-folder">Kept in {escape(folder)}</span>' if folder else "",
    ]
    return f'<div class="unas-status">{"".join(parts)}</div>'


def _count(count: Count) -> str:
    word = count.text.rsplit(" ", 1)[-1]
    return f'<span class="unas-num" data-count="{word}" title="{escape(count.hover)}">{escape(count.text)}</span>'


def _bar(fraction: float | None, label: str) -> str:
    if fraction is None:
        return ""
    done = round(100 * fraction)
    return (
        f'<span class="unas-bar" role="progressbar" aria-label="{label}" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{done}"><i style="width:{done}%"></i></span>'
    )
