"""The search algorithms, one a file, and how a run finds one by name."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from resource_models import Costs
from search.algorithms.base import (
    WRAPPED,
    Promoting,
    SearchAlgorithm,
    adopted,
    close,
    cpu_seconds_of,
    multi_fidelity_of,
    note_started,
    trial_rng,
)
from search.algorithms.bayesian import dragonfly_compat
from search.algorithms.halved import Halved
from search.algorithms.options import RUNGS, checked, current_names
from search.algorithms.options import options_of as options_of_class
from search.algorithms.rungs import Rungs, ranked_resources
from search.budget import Budget
from search.errors import SettingsError
from search.own_code import is_own, load_class
from search.spaces import Architecture, SearchSpace
from search.workload import Workload

__all__ = [
    "DEFAULT",
    "AlgorithmInfo",
    "Promoting",
    "SearchAlgorithm",
    "adopted",
    "algorithms",
    "close",
    "cpu_seconds_of",
    "create",
    "current_options",
    "note_started",
    "options_of",
    "trial_rng",
]

DEFAULT = "pareto_halving"
ON_DRAGONFLY = ("bayesian", "local_bayesian")
BY_ERROR = 0.5
"""Share of those that go on for their error alone; the others for their place on the front."""
_CLASSES = {
    "aging_evolution": "search.algorithms.aging_evolution:AgingEvolution",
    "bayesian": "search.algorithms.bayesian.bayesian:Bayesian",
    "local_bayesian": "search.algorithms.local_bayesian:LocalBayesian",
    "pareto_halving": "search.algorithms.pareto_halving:ParetoHalving",
    "random": "search.algorithms.random:RandomSearch",
    "successive_halving": "search.algorithms.successive_halving:SuccessiveHalving",
}
REFERENCES = {
    "optuna_nsga2": "search.algorithms.optuna_reference:OptunaNsga2",
    "optuna_tpe": "search.algorithms.optuna_reference:OptunaTpe",
}
"""Searches of another library, to compare with; they need a space with an encoding, so no list shows them."""
_KNOWN = {**_CLASSES, **REFERENCES}
_TITLES = {
    "aging_evolution": "Aging evolution with random scalarisation (μNAS)",
    "bayesian": "Bayesian optimisation with OTMANN distances (Dragonfly)",
    "local_bayesian": "Bayesian optimisation among the neighbours of one network",
    "pareto_halving": "Evolution within the budget, successive halving, surrogate",
    "random": "Random search",
    "successive_halving": "Random search with asynchronous successive halving (ASHA)",
}


@dataclass(frozen=True, slots=True)
class AlgorithmInfo:
    """One algorithm as lists show it; `options` maps each option to its default."""

    name: str
    title: str
    available: bool
    options: Mapping[str, Any]
    reason: str = ""


def algorithms() -> tuple[AlgorithmInfo, ...]:
    """Every algorithm of this package."""
    return tuple(
        AlgorithmInfo(name, _TITLES[name], not (reason := _reason(name)), options_of(name), reason) for name in _CLASSES
    )


def _reason(name: str) -> str:
    """Why an algorithm is not available; empty where it is."""
    missing = dragonfly_compat.missing() if name in ON_DRAGONFLY else None
    return f"{missing} is not installed" if missing else ""


def options_of(name: str) -> dict[str, Any]:
    """The options of an algorithm with their defaults.

    Raises:
        SettingsError: there is no such algorithm.
    """
    return options_of_class(name, _load(name))


def current_options(name: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Options by the names that they have now, for settings that were written down under earlier ones.

    Those of an algorithm of the user's own stay as they are, since its code is not imported for that.

    Raises:
        SettingsError: an option is given by both names.
    """
    if not given or name not in _KNOWN:
        return given
    return current_names(name, _load(name), given)


def create(
    name: str,
    *,
    space: SearchSpace,
    budget: Budget,
    seed: int,
    epochs: int,
    options: Mapping[str, Any],
    costs: Callable[[Architecture], Costs] | None = None,
    workload: Workload | None = None,
) -> SearchAlgorithm:
    """A new instance of the algorithm called `name` or found at `package.module:Class`.

    `costs` says what a network needs in the run's accounting, `workload` what its training takes; only algorithms with
    an argument of that name get them.

    Raises:
        SettingsError: no such algorithm, or an option that it does not have or cannot use.
    """
    algorithm_class = _load(name)
    values = checked(name, algorithm_class, options)
    taken = inspect.signature(algorithm_class).parameters
    values |= {key: given for key, given in (("costs", costs), ("workload", workload)) if key in taken}
    wrapped = multi_fidelity_of(algorithm_class) == WRAPPED
    rungs = {key: values.pop(key, default) for key, default in RUNGS.items()} if wrapped else {}
    values |= {"space": space, "budget": budget, "seed": seed, "epochs": epochs}
    try:
        inspect.signature(algorithm_class).bind(**values)
    except TypeError as error:
        raise SettingsError(f"The algorithm {name} cannot be made from {', '.join(sorted(values))}: {error}.") from None

    def made(first: float) -> SearchAlgorithm:
        algorithm: SearchAlgorithm = algorithm_class(**{**values, "epochs": first})
        return algorithm

    steps = workload.steps if workload else 0
    return _halved(name, made, epochs, budget, steps=steps, **rungs) if rungs.get("eta") else made(epochs)


def _halved(
    name: str,
    make: Callable[[float], SearchAlgorithm],
    epochs: int,
    budget: Budget,
    *,
    steps: int,
    eta: int,
    min_epochs: int,
) -> SearchAlgorithm:
    if eta < 2 or min_epochs < 1:
        raise SettingsError(f"{name} needs eta of at least 2 (or 0 for no rungs) and min_epochs of at least 1.")
    resources = ranked_resources(budget)
    rungs = Rungs(epochs, eta=eta, min_epochs=min_epochs, resources=resources, by_error=BY_ERROR, steps=steps)
    return Halved(make, rungs)


def _load(name: str) -> Any:
    if name not in _KNOWN and not is_own(name):
        near = difflib.get_close_matches(name, _KNOWN, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(sorted(_CLASSES))}"
        raise SettingsError(f"There is no algorithm {name!r}; {hint} (or give your own as package.module:Class).")
    return load_class(_KNOWN.get(name, name), what="algorithm", methods=("ask", "tell"), error=SettingsError)
