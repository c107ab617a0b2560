"""A warm start: the networks with which a new run begins, of those that another run found.

Only architectures are taken over: each is trained from the beginning, on the data of the new run. The other run is read
as documents, so that nothing of its own is imported, and neither its data nor its board need be here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from resource_models import Graph
from search.algorithms.feasible import FeasibleNetworks
from search.budget import Budget
from search.errors import JournalError, SettingsError
from search.journal import file as journal
from search.journal.history import History, first_settings
from search.journal.inherited import Inherited
from search.journal.reading import go_through, no_garbage
from search.measures import pareto
from search.problem import Problem
from search.spaces import Architecture, UnloadedSpace
from search.trial import Observation

MOST = 12
"""Networks that a run begins with, at most."""
LOOKED_AT = 200
"""Further networks that are looked at where these are not enough."""
_STREAM = 17  # sets the draws of repairs apart from those of the trials

Observations = tuple[Observation, ...]


def inheritance(problem: Problem) -> Inherited:
    """What a new run begins with: the front of the run that its settings name, then the lowest errors; `MOST` in all.

    What is over hard bounds is repaired where it is of the front (`search.algorithms.feasible`). Of the other networks
    only those are taken that are within them as they are: much repaired, they are worth less than what is grown.

    Args:
        problem: of the new run.

    Raises:
        SettingsError: there is no such run, it is of another space, it has no trained network, or none fits.
    """
    source = problem.settings.start_from
    if source is None:
        return Inherited()
    front, others = found_in(source, problem.settings.space)
    taken = _Taken(problem)
    taken.take(front[:MOST], repair=True)
    taken.take((*front[MOST:], *others)[:LOOKED_AT], repair=False)
    if not taken.networks:
        raise SettingsError(
            f"--start-from: none of the best networks of the run in {source} fits these data and this budget "
            f"({problem.budget}), changed or not; raise the tightest bound, or begin from another run."
        )
    documents = tuple(map(problem.space.to_json, taken.networks))
    return Inherited(networks=documents, repaired=taken.repaired, left_out=taken.left_out)


def found_in(source: str, space: str) -> tuple[Observations, Observations]:
    """The front of the run in the folder `source`, `MOST` of it that are spread evenly first, and its other networks.

    Both from the lowest error up; architectures are documents (`search.spaces.unloaded`).

    Raises:
        SettingsError: there is no run, it is damaged or of another space, or it has no trained network.
    """
    path = Path(source) / journal.FILE_NAME
    try:
        settings = first_settings(journal.read_header(path), path)
        if settings.space != space:
            raise SettingsError(
                f"--start-from: the run in {source} searched the space {settings.space}, not {space}; begin from a run "
                f"of the same space, or search with --space {settings.space}."
            )
        history = History(UnloadedSpace(space, (1, 1, 1), 2))
        with no_garbage():
            go_through(path, history.apply)
    except JournalError as error:
        raise SettingsError(f"--start-from: {error}") from None
    trained = [o for o in history.networks.all() if o.status == "trained"]
    if not trained:
        raise SettingsError(f"--start-from: the run in {source} has no trained network yet; begin from another run.")
    budget = history.budget or settings.budget
    front = pareto.front(trained, budget=budget if budget.bounds == "hard" else None) or pareto.front(trained)
    on_front = {o.trial_id for o in front}
    others = sorted((o for o in trained if o.trial_id not in on_front), key=lambda o: (o.val_error, o.trial_id))
    return _spread(front), tuple(others)


def _spread(front: Observations) -> Observations:
    """The front with `MOST` networks first that lie evenly from one of its ends to the other."""
    last = len(front) - 1
    places = dict.fromkeys(round(last * i / (MOST - 1)) for i in range(MOST)) if last >= MOST else {}
    return (*(front[place] for place in places), *(o for place, o in enumerate(front) if place not in places))


class _Taken:
    """The networks that are taken, no two of which compute the same.

    Attributes:
        repaired: how many of them were changed to come within the budget.
        left_out: of those that were to be repaired, how many could not be, or are none of the new space.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._allowed = problem.budget if problem.budget.bounds == "hard" else Budget()
        self._feasible = FeasibleNetworks(problem.space, self._allowed, problem.typical_costs)
        self._rng = np.random.default_rng((problem.settings.seed, _STREAM))
        self._found: dict[Graph, Architecture] = {}
        self.repaired = self.left_out = 0

    @property
    def networks(self) -> tuple[Architecture, ...]:
        """Those that were taken, in their order."""
        return tuple(self._found.values())

    def take(self, observations: Iterable[Observation], *, repair: bool) -> None:
        """Take networks until there are enough; without `repair` only those that are within the budget as they are."""
        for observation in observations:
            if len(self._found) == MOST:
                return
            before = self._read(observation)
            after = None if before is None else self._within(before, repair)
            if after is None:
                self.left_out += repair
            elif (graph := self._problem.graph(after)) not in self._found:
                self._found[graph] = after
                self.repaired += after != before

    def _read(self, observation: Observation) -> Architecture | None:
        """The network in the new space; None where it is none for this input and these classes."""
        try:
            architecture = self._problem.space.from_json(json.loads(observation.trial.architecture.text))
            self._problem.graph(architecture)
        except Exception:  # noqa: BLE001 - a space may be anybody's own, and so may the run; what cannot be read is left out
            return None
        return architecture

    def _within(self, architecture: Architecture, repair: bool) -> Architecture | None:
        if self._allowed.allows(self._problem.typical_costs(architecture)):
            return architecture
        found = self._feasible.repaired(architecture, self._rng) if repair else None
        return None if found is None else found.architecture
