"""A search in plain tags only: paragraphs, tables, one picture; what is left of it when styles are taken away reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from search.trial import epochs_text
from unas_widgets.network.memory_view import MemoryView
from unas_widgets.network.network_view import NetworkView
from unas_widgets.trial.table_view import TableView
from unas_widgets.widgets.html import Html, joined, tag

MOST_ROWS = 60


def heading(words: str) -> Html:
    """A title."""
    return tag("h3", words)


def paragraph(*parts: str, strong: str = "") -> Html:
    """A paragraph; `strong` is its beginning in bold."""
    begin = (tag("b", strong), " ") if strong else None
    return tag("p", begin, " · ".join(part for part in parts if part))


def plain_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """A table of words and numbers."""
    head = tag("thead", tag("tr", (tag("th", cell) for cell in heads)))
    return tag("table", head, tag("tbody", (tag("tr", (tag("td", cell) for cell in row)) for row in rows)))


def front_rows(view: TableView, *, chosen: int | None) -> Html:
    """The front; the chosen network is named in words. Of a very long front the first rows, and how many there are."""
    if not view.rows:
        return paragraph("No trained network is within budget yet.")
    heads = ("trial", *(a.word for a in view.axes), *view.heads, "epochs", "standing")
    rows = []
    for row in view.rows[:MOST_ROWS]:
        name = f"{row.trial_id} (chosen)" if row.trial_id == chosen else str(row.trial_id)
        figures = (quantity.text for quantity in (*row.figures, *row.finals))
        rows.append((name, *figures, epochs_text(row.epochs), str(row.standing)))
    left = len(view.rows) - len(rows)
    return joined(plain_table(heads, rows), paragraph(f"and {left:,} more") if left else None)


def network_tables(view: NetworkView, memory: MemoryView) -> Html:
    """The layers with their costs, and what is in memory at each step."""
    rows = [("input", view.input_shape, "", "", "")]
    rows += [(_layer(r.operator, r.activation), r.shape, r.output.text, r.weights.text, r.macs.text) for r in view.rows]
    layers = plain_table(("layer", "shape", "output", "weights", "MACs"), rows)
    steps = [
        (step.operator, step.total.text, ", ".join(t.name for t in step.tensors), "sets the peak" if step.peak else "")
        for step in memory.steps
    ]
    table = plain_table(("step", "in memory", "tensors", ""), steps)
    about = (paragraph(memory.sentence), paragraph(memory.remark))
    return joined(layers, heading("Memory over time"), table, *about)


def _layer(operator: str, activation: str) -> str:
    return f"{operator}, {activation}" if activation else operator
