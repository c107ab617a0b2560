"""Where a trial comes from: its parents back to the first of the line, and what changed at each step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from search.spaces.difference import difference_words, differences
from search.trial import Observation
from unas_widgets.quantities.quantity import Quantity, bytes_quantity, error_quantity, significant

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class LineageRow:
    """One trial of the line: its figures, its genes in words, and what changed from its parent to it."""

    trial_id: int
    error: Quantity
    ram: Quantity
    genes: str
    change: str


@dataclass(frozen=True, slots=True)
class LineageView:
    """A line of descent.

    Attributes:
        rows: the trial itself, then its parent, and so on back to the first.
        children: trials that were made from it.
        sentence: the line in words.
    """

    rows: tuple[LineageRow, ...]
    children: tuple[int, ...]
    sentence: str


def lineage_view(
    trial_id: int,
    observations: Sequence[Observation],
    to_json: Callable[[Any], Any],
    *,
    validation_size: int | None = None,
) -> LineageView:
    """The line of a trial.

    Args:
        trial_id: its number.
        observations: where its ancestors and children are looked for, refused proposals too.
        to_json: writes an architecture down, as the search space does.
        validation_size: examples behind each error, for the hover text.
    """
    known = {o.trial_id: o for o in observations}
    line: list[Observation] = []
    number: int | None = trial_id
    while number in known and len(line) < LONGEST and known[number] not in line[-1:]:
        line.append(known[number])
        number = known[number].trial.parent
    if not line:
        return LineageView((), (), "Nothing is known of this trial.")
    changes = [_change(child, parent, to_json) for child, parent in pairwise(line)]
    rows = tuple(
        LineageRow(
            trial_id=o.trial_id,
            error=error_quantity(o.val_error, validation_size),
            ram=bytes_quantity(o.costs.ram_bytes),
            genes=genes_words(o.trial.genes),
            change=change,
        )
        for o, change in zip(line, [*changes, _origin(line[-1], number)], strict=True)
    )
    children = tuple(o.trial_id for o in observations if o.trial.parent == trial_id and o.status == "trained")
    return LineageView(rows, children, _sentence(line, number))


def genes_words(genes: Mapping[str, float]) -> str:
    """Genes as people read them: "sparsity 0.42"."""
    return ", ".join(f"{name} {significant(value)}" for name, value in genes.items())


def _change(child: Observation, parent: Observation, to_json: Callable[[Any], Any]) -> str:
    before, after = to_json(parent.trial.architecture), to_json(child.trial.architecture)
    return difference_words(differences(before, after))


def _origin(first: Observation, missing: int | None) -> str:
    if missing is not None:
        return f"made from trial {missing}, which is no longer kept"
    return "taken over from the run that this one began from" if first.trial.inherited else "first of its line"


def _sentence(line: Sequence[Observation], missing: int | None) -> str:
    if len(line) == 1:
        drawn = "It was not made from another trial: the algorithm drew it afresh."
        if line[0].trial.inherited:
            drawn = "It was taken over from the run that this one began from, and trained anew."
        return drawn if missing is None else f"It was made from trial {missing}, which is no longer kept."
    first, last = line[-1], line[0]
    steps = f"{len(line) - 1} {'step' if len(line) == 2 else 'steps'} from trial {first.trial_id}"
    if first.val_error is None or last.val_error is None:
        return f"{steps}."
    points = significant(abs(last.val_error - first.val_error) * 100)
    better = "lower" if last.val_error < first.val_error else "higher"
    return f"{steps}; its error is {points} points {better}." if points != "0" else f"{steps}, with the same error."
