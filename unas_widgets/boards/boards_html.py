"""Boards and the matrix of trials against boards as HTML."""

from __future__ import annotations

from html import escape

from unas_widgets.boards.board_matrix import Cell, Group, MatrixRow, MatrixView
from unas_widgets.boards.boards_view import MARKS, BoardRow, BoardsView, Verdict
from unas_widgets.widgets.html_text import number

FEW = 4  # so many boards of a group are named at once
_HEADS = {Verdict.TAKES: "Take it", Verdict.UNKNOWN: "Not known", Verdict.TOO_SMALL: "Too small"}


def boards_html(view: BoardsView) -> str:
    """A table of the boards by verdict, each with what is left there and the latency."""
    heads = "".join(f'<th scope="col">{word}</th>' for word in ("board", "RAM left", "flash left", "latency"))
    bodies = "".join(_body(view, verdict) for verdict in Verdict)
    return (
        f'<h3>Boards</h3><div class="unas-peak">{escape(view.sentence)}</div>'
        '<div class="unas-scroll" data-scroll="boards" tabindex="0" role="region" aria-label="Boards">'
        f'<table class="unas-boards"><thead><tr>{heads}</tr></thead>{bodies}</table></div>'
        '<div class="unas-quiet">Arena, model and runtime code against what is usable. Hover a figure for its exact '
        "value, or why there is none.</div>"
    )


def _body(view: BoardsView, verdict: Verdict) -> str:
    rows = view.of(verdict)
    if not rows:
        return ""
    head = f'<span aria-hidden="true">{MARKS[verdict]}</span> {_HEADS[verdict]}: {len(rows)}'
    return (
        f'<tbody data-verdict="{escape(verdict)}"><tr><th scope="rowgroup" colspan="4" class="unas-left">{head}</th>'
        "</tr>" + "".join(_row(row, own=row.board_id == view.own) for row in rows) + "</tbody>"
    )


def _row(row: BoardRow, *, own: bool) -> str:
    mine = '<div class="unas-quiet">this run’s board</div>' if own else ""
    band = f'<div class="unas-quiet unas-band">{escape(row.band)}</div>' if row.band else ""
    if row.latency.value is None:
        band = '<div class="unas-quiet unas-band">no data</div>'
    return (
        f'<tr data-board="{escape(row.board_id)}"><td title="{escape(row.about)}">{escape(row.name)}{mine}</td>'
        f"<td>{number(row.ram_left)}</td><td>{number(row.flash_left)}</td>"
        f'<td title="{escape(row.latency.hover)}">{_latency(row)}{band}</td></tr>'
    )


def _latency(row: BoardRow) -> str:
    return "" if row.latency.value is None else number(row.latency)


def matrix_html(view: MatrixView) -> str:
    """Trials down, groups of boards across; marks with a hover text, and below it which boards are in each group."""
    if not view.rows:
        return f'<h3>The front on boards</h3><div class="unas-quiet">{escape(view.sentence)}</div>'
    heads = "".join(_head(group) for group in view.groups)
    rows = "".join(_matrix_row(row, view.groups) for row in view.rows)
    return (
        f'<h3>The front on boards</h3><div class="unas-peak">{escape(view.sentence)}</div>'
        '<div class="unas-scroll" data-scroll="matrix"><table role="grid" class="unas-matrix" '
        'aria-label="Trials and boards"><thead><tr><th scope="col" class="unas-left">trial</th>'
        f'<th scope="col">error</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
        f'<ul class="unas-groups">{"".join(_legend(group) for group in view.groups)}</ul>'
        f'<div class="unas-quiet">{_key(view)}</div>'
    )


def _names(group: Group) -> str:
    return ", ".join(board.name for board in group.boards)


def _count(group: Group) -> str:
    return "1 board" if len(group.boards) == 1 else f"{len(group.boards)} boards"


def _head(group: Group) -> str:
    return f'<th scope="col" title="{escape(_count(group))}: {escape(_names(group))}">{group.letter}</th>'


def _matrix_row(row: MatrixRow, groups: tuple[Group, ...]) -> str:
    cells = "".join(_cell(cell, group) for cell, group in zip(row.cells, groups, strict=True))
    return (
        f'<tr data-trial="{row.trial_id}" tabindex="-1"><td class="unas-num">{row.trial_id}</td>'
        f"<td>{number(row.error)}</td>{cells}</tr>"
    )


def _cell(cell: Cell, group: Group) -> str:
    words = f"{cell.verdict}: lacks {cell.lacks}" if cell.lacks else str(cell.verdict)
    short = {"RAM": "R", "flash": "F", "RAM, flash": "R F"}.get(cell.lacks, "")
    return (
        f'<td data-verdict="{escape(cell.verdict)}" title="{escape(group.letter)} {escape(words)}" '
        f'aria-label="{escape(words)}">{MARKS[cell.verdict]}{f"<small>{short}</small>" if short else ""}</td>'
    )


def _legend(group: Group) -> str:
    if len(group.boards) <= FEW:
        return f"<li><b>{group.letter}</b><span>{escape(_names(group))}</span></li>"
    summary = f"<summary>{_count(group)}, the smallest {escape(group.boards[0].name)}</summary>"
    return f"<li><b>{group.letter}</b><details>{summary}{escape(_names(group))}</details></li>"


def _key(view: MatrixView) -> str:
    cells = [cell for row in view.rows for cell in row.cells]
    parts = [f"{MARKS[v]} {escape(v)}" for v in Verdict if any(cell.verdict is v for cell in cells)]
    parts += ["R lacks RAM"] if any("RAM" in cell.lacks for cell in cells) else []
    parts += ["F lacks flash"] if any("flash" in cell.lacks for cell in cells) else []
    return " · ".join(parts)
