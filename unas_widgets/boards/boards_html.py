"""Boards and the matrix of trials against boards as HTML."""

from __future__ import annotations

from unas_widgets.boards.boards_view import MARKS, BoardRow, BoardsView, Verdict
from unas_widgets.boards.networks_by_board import Cell, Group, MatrixRow, MatrixView
from unas_widgets.widgets.html import Html, joined, number, region, tag

FEW = 4  # so many boards of a group are named at once
_HEADS = {Verdict.TAKES: "Take it", Verdict.UNKNOWN: "Not known", Verdict.TOO_SMALL: "Too small"}


def boards_html(view: BoardsView) -> Html:
    """A table of the boards by verdict, each with what is left there and the latency."""
    heads = tag("tr", (tag("th", word, scope="col") for word in ("board", "RAM left", "flash left", "latency")))
    bodies = (_body(view, verdict) for verdict in Verdict)
    table = tag("table", tag("thead", heads), bodies, class_="unas-boards")
    return joined(
        tag("h3", "Boards"),
        tag("div", view.sentence, class_="unas-peak"),
        region("boards", table, label="Boards"),
        tag(
            "div",
            "Arena, model and runtime code against what is usable. Hover a figure for its exact value, or why there is "
            "none.",
            class_="unas-quiet",
        ),
    )


def _body(view: BoardsView, verdict: Verdict) -> Html | None:
    rows = view.of(verdict)
    if not rows:
        return None
    mark = tag("span", MARKS[verdict], aria_hidden=True)
    head = tag("th", mark, f" {_HEADS[verdict]}: {len(rows)}", scope="rowgroup", colspan=4, class_="unas-left")
    return tag(
        "tbody", tag("tr", head), (_row(row, own=row.board_id == view.own) for row in rows), data_verdict=str(verdict)
    )


def _row(row: BoardRow, *, own: bool) -> Html:
    mine = tag("div", "this run’s board", class_="unas-quiet") if own else None
    note = tag("div", row.note, class_="unas-quiet") if row.note and row.verdict is Verdict.TAKES else None
    words = "no data" if row.latency.value is None else row.band
    band = tag("div", words, class_="unas-quiet unas-band") if words else None
    latency = None if row.latency.value is None else number(row.latency)
    return tag(
        "tr",
        tag("td", row.name, mine, note, title=f"{row.about}. {row.note}".strip()),
        tag("td", number(row.ram_left)),
        tag("td", number(row.flash_left)),
        tag("td", latency, band, title=row.latency.hover),
        data_board=row.board_id,
    )


def matrix_html(view: MatrixView) -> Html:
    """Trials down, groups of boards across; marks with a hover text, and below it which boards are in each group."""
    title = tag("h3", "The front on boards")
    if not view.rows:
        return joined(title, tag("div", view.sentence, class_="unas-quiet"))
    return joined(
        title,
        tag("div", view.sentence, class_="unas-peak"),
        tag("div", _matrix(view), class_="unas-scroll", data_scroll="matrix"),
        tag("ul", map(_legend, view.groups), class_="unas-groups"),
        tag("div", _key(view), class_="unas-quiet"),
    )


def _matrix(view: MatrixView) -> Html:
    heads = tag(
        "tr",
        tag("th", "trial", scope="col", class_="unas-left"),
        tag("th", "error", scope="col"),
        map(_head, view.groups),
    )
    rows = tag("tbody", (_matrix_row(row, view.groups) for row in view.rows))
    return tag("table", tag("thead", heads), rows, role="grid", class_="unas-matrix", aria_label="Trials and boards")


def _names(group: Group) -> str:
    return ", ".join(board.name for board in group.boards)


def _count(group: Group) -> str:
    return "1 board" if len(group.boards) == 1 else f"{len(group.boards)} boards"


def _head(group: Group) -> Html:
    return tag("th", group.letter, scope="col", title=f"{_count(group)}: {_names(group)}")


def _matrix_row(row: MatrixRow, groups: tuple[Group, ...]) -> Html:
    return tag(
        "tr",
        tag("td", row.trial_id, class_="unas-num"),
        tag("td", number(row.error)),
        (_cell(cell, group) for cell, group in zip(row.cells, groups, strict=True)),
        data_trial=row.trial_id,
        tabindex=-1,
    )


def _cell(cell: Cell, group: Group) -> Html:
    words = f"{cell.verdict}: lacks {cell.lacks}" if cell.lacks else str(cell.verdict)
    short = {"RAM": "R", "flash": "F", "RAM, flash": "R F"}.get(cell.lacks, "")
    return tag(
        "td",
        MARKS[cell.verdict],
        tag("small", short) if short else None,
        data_verdict=str(cell.verdict),
        title=f"{group.letter} {words}",
        aria_label=words,
    )


def _legend(group: Group) -> Html:
    letter = tag("b", group.letter)
    if len(group.boards) <= FEW:
        return tag("li", letter, tag("span", _names(group)))
    summary = tag("summary", f"{_count(group)}, the smallest {group.boards[0].name}")
    return tag("li", letter, tag("details", summary, _names(group)))


def _key(view: MatrixView) -> str:
    cells = [cell for row in view.rows for cell in row.cells]
    parts = [f"{MARKS[v]} {v}" for v in Verdict if any(cell.verdict is v for cell in cells)]
    parts += ["R lacks RAM"] if any("RAM" in cell.lacks for cell in cells) else []
    parts += ["F lacks flash"] if any("flash" in cell.lacks for cell in cells) else []
    return " · ".join(parts)
