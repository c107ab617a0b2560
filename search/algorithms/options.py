"""The options of an algorithm: which there are, what they are called now, and whether a value is of their kind."""

from __future__ import annotations

import difflib
import inspect
import math
from collections.abc import Mapping
from typing import Any

from search.algorithms.base import WRAPPED, multi_fidelity_of
from search.errors import SettingsError

RUNGS = {"eta": 0, "min_epochs": 3}
"""Options of every algorithm that may be given rungs from outside: an eta of 2 or more gives it some, see `Halved`.

Of the networks of a rung, 1/eta go on to eta times the epochs; no rung is lower than `min_epochs`.
"""
GIVEN = ("space", "budget", "seed", "epochs", "costs", "workload")
"""Arguments that every algorithm is given by the run."""
MOST = 100_000
"""No option is a sensible whole number far above it: populations and the like would take memory and hours."""


def options_of(name: str, algorithm_class: Any) -> dict[str, Any]:
    """The options of the algorithm of that name, with their defaults.

    Raises:
        SettingsError: it declares what cannot be; see `search.algorithms.base.multi_fidelity_of`.
    """
    own = own_options(algorithm_class)
    if multi_fidelity_of(algorithm_class) != WRAPPED:
        return own
    if taken := sorted(own.keys() & RUNGS.keys()):
        raise SettingsError(
            f"The algorithm {name} has an option {' and an option '.join(taken)} of its own; have its class declare "
            'multi_fidelity = "built in" if it goes on with trainings itself, or None if it does not.'
        )
    return {**own, **RUNGS}


def own_options(algorithm_class: Any) -> dict[str, Any]:
    """The options that the class itself takes, with their defaults."""
    parameters = inspect.signature(algorithm_class).parameters.values()
    return {p.name: p.default for p in parameters if p.name not in GIVEN and p.kind is p.KEYWORD_ONLY}


def current_names(name: str, algorithm_class: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options by the names that they have now; those that had others before are in `renamed_options` of the class.

    Raises:
        SettingsError: an option is given by both names.
    """
    renamed = _renamed(algorithm_class)
    for before, now in renamed.items():
        if before in options and now in options:
            raise SettingsError(f"{before} is the earlier name of the option {now} of {name}; give one of them only.")
    return {renamed.get(key, key): value for key, value in options.items()}


def checked(name: str, algorithm_class: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options by their current names, each known to the algorithm and of its kind.

    Raises:
        SettingsError: one of them is not.
    """
    known = options_of(name, algorithm_class)
    values = current_names(name, algorithm_class, options)
    for key, value in values.items():
        if key not in known:
            renamed = _renamed(algorithm_class)
            near = difflib.get_close_matches(key, [*known, *renamed], n=1)
            hint = (
                f"did you mean {renamed.get(near[0], near[0])!r}?" if near else f"it has {', '.join(known) or 'none'}."
            )
            raise SettingsError(f"{name} has no option {key!r}; {hint}")
        expected = _expected(known[key], value)
        if expected:
            raise SettingsError(f"The option {key} of {name} is {expected}, not {value!r}.")
    return values


def _renamed(algorithm_class: Any) -> Mapping[str, str]:
    """Earlier names of options, with those of today."""
    names: Mapping[str, str] = getattr(algorithm_class, "renamed_options", {})
    return names


def _expected(default: Any, value: Any) -> str:
    """What an option with this default takes; empty where `value` is of that kind. Without a default it takes all."""
    if isinstance(default, bool):
        return "" if isinstance(value, bool) else "true or false"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(default, int):
        most = max(MOST, 10 * abs(default))
        if not (number and isinstance(value, int)):
            return "a whole number"
        return "" if abs(value) <= most else f"at most {most:,}"
    if isinstance(default, float):
        return "" if number and math.isfinite(value) else "a number"
    return "a word" if isinstance(default, str) and not isinstance(value, str) else ""
