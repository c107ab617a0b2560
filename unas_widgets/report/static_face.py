"""A search in plain tags only: paragraphs, tables, one picture; what is left of it when styles are taken away reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from unas_widgets.network.memory_view import MemoryView
from unas_widgets.network.network_view import NetworkView
from unas_widgets.trial.table_view import TableView

MOST_ROWS = 60


def heading(words: str) -> str:
    """A title."""
    return f"<h3>{escape(words)}</h3>"


def paragraph(*parts: str, strong: str = "") -> str:
    """A paragraph; `strong` is its beginning in bold."""
    begin = f"<b>{escape(strong)}</b> " if strong else ""
    return f"<p>{begin}{escape(' · '.join(part for part in parts if part))}</p>"


def plain_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of words and numbers."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def front_rows(view: TableView, *, chosen: int | None) -> str:
    """The front; the chosen network is named in words. Of a very long front the first rows, and how many there are."""
    if not view.rows:
        return paragraph("No trained network is within budget yet.")
    heads = ("trial", *(a.word for a in view.axes), *view.heads, "epochs", "standing")
    rows = []
    for row in view.rows[:MOST_ROWS]:
        name = f"{row.trial_id} (chosen)" if row.trial_id == chosen else str(row.trial_id)
        figures = (quantity.text for quantity in (*row.figures, *row.finals))
        rows.append((name, *figures, str(row.epochs), str(row.standing)))
    left = len(view.rows) - len(rows)
    return plain_table(heads, rows) + (paragraph(f"and {left:,} more") if left else "")


def network_tables(view: NetworkView, memory: MemoryView) -> str:
    """The layers with their costs, and what is in memory at each step."""
    rows = [("input", view.input_shape, "", "", "")]
    rows += [(_layer(r.operator, r.activation), r.shape, r.output.text, r.weights.text, r.macs.text) for r in view.rows]
    layers = plain_table(("layer", "shape", "output", "weights", "MACs"), rows)
    steps = [
        (step.operator, step.total.text, ", ".join(t.name for t in step.tensors), "sets the peak" if step.peak else "")
        for step in memory.steps
    ]
    about = paragraph(memory.sentence) + paragraph(memory.remark)
    return layers + heading("Memory over time") + plain_table(("step", "in memory", "tensors", ""), steps) + about


def _layer(operator: str, activation: str) -> str:
    return f"{operator}, {activation}" if activation else operator
