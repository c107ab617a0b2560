"""Where one trial comes from."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets

from resource_models import Graph
from search.trial import Observation
from unas_widgets.trial.lineage_html import lineage_html
from unas_widgets.trial.lineage_view import LineageView, lineage_view
from unas_widgets.trial.run_problem import Posed, problem_of
from unas_widgets.widgets.view_panel import ViewPanel


class Ancestral(Posed, Protocol):
    """The part of `search.runs.run.Run` that a lineage is read from."""

    @property
    def validation_size(self) -> int | None:
        """Examples behind each error; None where it is not known yet."""

    def networks(self) -> tuple[Observation, ...]:
        """Every network, trained or failed, once."""

    def infeasible(self) -> tuple[Observation, ...]:
        """Proposals over a hard bound."""

    def graph(self, trial_id: int) -> Graph:
        """The network of a trial."""


class Lineage(ViewPanel[LineageView]):
    """The parents of a trial back to the first of its line, with what changed at each step.

    Traits:
        selected: number of the trial that was clicked; choosing it does not redraw the line by itself.
    """

    selected = traitlets.Int(None, allow_none=True)

    def __init__(self, run: Ancestral | None = None, trial: int | None = None) -> None:
        super().__init__()
        traitlets.link((self, "selected"), (self._markup, "selected"))
        if run is not None and trial is not None:
            self.show(run, trial)

    def show(self, run: Ancestral, trial: int, *, graph: Graph | None = None) -> None:
        """Show the line of a trained or failed trial of `run`; `graph` is its network, where it is at hand."""
        to_json: Any = problem_of(run, graph or run.graph(trial)).space.to_json
        known = (*run.infeasible(), *run.networks())
        view = lineage_view(trial, known, to_json, validation_size=run.validation_size)
        self._put(view, lineage_html(view))

    def static_text(self) -> str:
        """The numbers of the line, the youngest first, and what changed in it."""
        if self._view is None:
            return "Lineage"
        return f"Trials {' ← '.join(str(row.trial_id) for row in self._view.rows)}. {self._view.sentence}"
