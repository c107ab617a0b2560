"""The table of the front, one row a trial."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from resource_models import ResourceReport
from search.runs.finalise import Final
from search.trial import Observation
from unas_widgets.front.front_view import Standing
from unas_widgets.quantities.axis import AXES, Axis, known_axes
from unas_widgets.quantities.columns import Columns
from unas_widgets.quantities.errors_over_seeds import final_quantities, finals_by_trial, heads_of, recipes_of
from unas_widgets.quantities.quantity import Quantity


@dataclass(frozen=True, slots=True)
class TableRow:
    """One trial: its figures in the order of the view's axes, how long it trained, and where it stands.

    `finals` are the figures under the view's heads: what training it again with other seeds gave, by each recipe.
    """

    trial_id: int
    figures: tuple[Quantity, ...]
    epochs: float
    standing: Standing
    finals: tuple[Quantity, ...] = ()


@dataclass(frozen=True, slots=True)
class TableView:
    """The rows in order, what they are sorted by, and the columns: what is known of at least one trained trial.

    `heads` are further columns, of the networks that were trained again, two for each of `recipes`, and `hints` what is
    below them; empty where none was.
    """

    rows: tuple[TableRow, ...]
    axes: tuple[Axis, ...]
    sort: Axis | None
    descending: bool
    heads: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    recipes: tuple[str, ...] = ()


def table_view(
    observations: Columns | Iterable[Observation],
    standings: Mapping[int, Standing],
    *,
    selected: int | None = None,
    sort: str = "ram_bytes",
    descending: bool = False,
    validation_size: int | None = None,
    report_of: Callable[[int], ResourceReport] | None = None,
    finals: Iterable[Final] = (),
) -> TableView:
    """The front, and the selected trial where it is not on the front, sorted by `sort` ("trial" or an axis key).

    Args:
        observations: the run's trials, or the columns of them.
        standings: where each trained one stands.
        selected: a trial that is shown too, on the front or not.
        sort: what to sort by.
        descending: whether the largest comes first.
        validation_size: examples behind each error, for the hover text.
        report_of: the full report of a trial, for the bands and methods in the hover text.
        finals: networks that were trained again with other seeds.
    """
    columns = Columns.of(observations)
    axes = known_axes(columns)
    wanted = [trial for trial, standing in standings.items() if standing is Standing.FRONT or trial == selected]
    chosen = [columns.trained[place] for place in np.flatnonzero(np.isin(columns.trials, wanted)).tolist()]
    by = next((a for a in AXES if a.key == sort), None)
    chosen.sort(key=lambda o: _key(o, by), reverse=descending)
    finals = tuple(finals)
    recipes = recipes_of(finals)
    known = [finals_by_trial(finals, recipe) for recipe in recipes]
    rows = tuple(
        TableRow(
            trial_id=o.trial_id,
            figures=tuple(a.quantity(o, validation_size, report_of(o.trial_id) if report_of else None) for a in axes),
            epochs=o.epochs,
            standing=standings[o.trial_id],
            finals=tuple(cell for found in known for cell in final_quantities(found.get(o.trial_id))),
        )
        for o in chosen
    )
    heads = {head: text for recipe in recipes for head, text in heads_of(recipe).items()}
    return TableView(rows, axes, by, descending, tuple(heads), tuple(heads.values()), recipes)


def _key(observation: Observation, by: Axis | None) -> tuple[float, int]:
    value = observation.trial_id if by is None else by.value(observation)
    return (float("inf") if value is None else value, observation.trial_id)
