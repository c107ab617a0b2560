"""The status line as HTML."""

from __future__ import annotations

from unas_widgets.progress.status_view import Count, StatusView
from unas_widgets.widgets.html import Html, tag


def status_html(view: StatusView, *, problem: str = "", folder: str = "") -> Html:
    """State, counts, progress, time, and a sentence.

    Args:
        view: what to show.
        problem: a sentence that replaces the view's, e.g. why a search could not begin.
        folder: where the run is kept.
    """
    kind = "bad" if view.bad or problem else "plain"
    return tag(
        "div",
        tag("span", view.word, class_="unas-state", data_state=view.state),
        map(_count, view.counts),
        _bar(view.fraction, "trainings done" if view.state == "finalising" else "trials done"),
        tag("span", view.time, class_="unas-num unas-time") if view.time else None,
        tag("span", class_="unas-break"),
        tag("span", problem or view.sentence, class_="unas-sentence", data_kind=kind),
        tag("span", f"Kept in {folder}", class_="unas-folder") if folder else None,
        class_="unas-status",
    )


def _count(count: Count) -> Html:
    word = count.text.rsplit(" ", 1)[-1]
    return tag("span", count.text, class_="unas-num", data_count=word, title=count.hover)


def _bar(fraction: float | None, label: str) -> Html | None:
    if fraction is None:
        return None
    done = round(100 * fraction)
    values = {"aria_valuemin": 0, "aria_valuemax": 100, "aria_valuenow": done}
    return tag(
        "span", tag("i", style=f"width:{done}%"), class_="unas-bar", role="progressbar", aria_label=label, **values
    )
