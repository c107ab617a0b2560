"""Tournaments in a table of trained networks: compute in full-training equivalents, seconds instead of hours."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from search.algorithms import create
from search.budget import Budget
from search.errors import SettingsError
from search.settings import Accounting
from search.tabular.simulate import simulate
from search.tabular.table import Table, TableError
from search.tabular.table import table as find_table
from search.tournament.entrant import Entrant
from search.tournament.result import Meter, Result

Json = dict[str, Any]

PLAY = "search.tournament.in_table:play_task"
"""What a worker process calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRules:
    """What is the same for all entrants of a tournament in a table.

    Attributes:
        table: name of a table, or path of a table's file.
        budget: what a network may cost.
        equivalents: epochs that a search may spend, over the epochs of one full training.
        accounting: of the costs.
    """

    table: str
    budget: Budget
    equivalents: float
    accounting: Accounting = "tflm"

    def __post_init__(self) -> None:
        if not 0 < self.equivalents < float("inf"):
            raise SettingsError(f"--equivalents must be above zero, not {self.equivalents}.")

    @property
    def limit(self) -> tuple[str, float]:
        """The axis that compute is limited on, and to how much."""
        return "equivalents", self.equivalents

    @property
    def live(self) -> bool:
        """Whether networks are really trained."""
        return False

    def header(self) -> Json:
        """Everything that decides the results but the entrants and seeds, as plain JSON values."""
        loaded = self.load()
        digest = hashlib.sha256(loaded.wrong.tobytes()).hexdigest()[:16]
        return {
            "mode": "table",
            "table": loaded.dataset,
            "digest": digest,
            "budget": self.budget.to_json(),
            "hypervolume": [resource.key for resource in self.budget.bounded],
            "equivalents": self.equivalents,
            "accounting": self.accounting,
        }

    def with_own_bounds(self) -> TableRules:
        """These rules, with the table's own bounds where none is given.

        Raises:
            TableError: there is no such table.
        """
        if self.budget.bounded:
            return self
        own = self.load().budget(self.accounting)
        return replace(self, budget=replace(self.budget, ram_bytes=own.ram_bytes, model_bytes=own.model_bytes))

    def load(self) -> Table:
        """The table.

        Raises:
            TableError: there is none of that name, or the file is no table.
        """
        return Table.load(Path(self.table)) if self.table.endswith(".npz") else find_table(self.table)

    def check(self, entrants: tuple[Entrant, ...]) -> None:
        """Find out whether the tournament can be held.

        Raises:
            SettingsError: an unknown algorithm or option.
            TableError: no such table, or no network of it meets the budget.
        """
        loaded = self.load()
        if not any(self.budget.allows(loaded.needs(a, self.accounting)) for a in loaded.space.architectures):
            raise TableError(f"No network of the table {loaded.dataset} meets the budget: {self.budget}.")
        for entrant in entrants:
            create(
                entrant.algorithm,
                space=loaded.space,
                budget=self.budget,
                seed=0,
                epochs=loaded.epochs,
                costs=partial(loaded.needs, accounting=self.accounting),
                options=entrant.options,
            )

    def play(self, entrant: Entrant, seed: int, folder: Path | None = None) -> Result:  # noqa: ARG002 - live ones need it
        """Search once in the table."""
        return play(self, self.load(), entrant, seed)

    def task(self, entrant: Entrant, seed: int) -> Json:
        """The same search as plain JSON values, for `play_task` in a worker process."""
        return {
            "table": self.table,
            "budget": self.budget.to_json(),
            "equivalents": self.equivalents,
            "accounting": self.accounting,
            "entrant": entrant.to_json(),
            "seed": seed,
        }


def play(rules: TableRules, table: Table, entrant: Entrant, seed: int) -> Result:
    """Search once in a table that is loaded already."""
    steps = simulate(
        partial(create, entrant.algorithm, options=entrant.options),
        table,
        rules.budget,
        equivalents=rules.equivalents,
        seed=seed,
        accounting=rules.accounting,
    )
    meter = Meter(rules.budget, table.epochs)
    within = [step for step in steps if step.spent <= rules.equivalents]
    for step in within:
        meter.take(step.observation, epochs=round(step.spent * table.epochs))
    proposals = within[-1].observation.trial_id + 1 if within else 0
    return meter.result(entrant, seed, infeasible=proposals - len(within), limit=rules.limit)


def play_task(task: Json) -> Json:
    """Search once in a table, in a worker process; the result as plain JSON values."""
    rules = TableRules(
        table=task["table"],
        budget=Budget.from_json(task["budget"]),
        equivalents=task["equivalents"],
        accounting=task["accounting"],
    )
    return rules.play(Entrant.from_json(task["entrant"]), task["seed"]).to_json()
