"""What a network may cost: `Budget`, read from text such as "24 KiB" and checked against costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeVar

from resource_models import UnitError
from search.errors import BudgetError
from search.quantities import DEFAULTED, ERROR, RESOURCES, HasCosts, Resource, quantity
from search.typed_json import read_typed

__all__ = ["RESOURCES", "Bounds", "Budget", "HasCosts", "Resource", "Violation", "over_bound"]

Bounds = Literal["hard", "soft"]
DEFAULT = "default"
"""What stands behind a bound that nobody set."""
Class = TypeVar("Class", bound=type)


@dataclass(frozen=True, slots=True)
class Violation:
    """One resource that a network needs more of than the budget has; `default`: by a bound that nobody set."""

    resource: Resource
    needed: float
    allowed: float
    default: bool = False

    @property
    def factor(self) -> float:
        """How many times the budget is needed: above 1, and infinite where nothing is allowed or the need unknown."""
        return over_bound(self.needed, self.allowed)

    def __str__(self) -> str:
        r = self.resource
        if not math.isfinite(self.needed):
            return f"{r.word} is not known, so it is not within the budget of {r.show(self.allowed)}"
        return f"{r.word} {r.show(self.needed)} is over the budget of {_shown(r, self.allowed, self.default)}"


def _with_every_bound(made: Class) -> Class:
    """Give the class a field for each resource of the table, and for each default, that it does not declare itself."""
    for name in (*(r.key for r in RESOURCES), *(r.default_key for r in DEFAULTED)):
        if name not in made.__annotations__:
            made.__annotations__[name] = "float | None"
            setattr(made, name, None)
    return made


@dataclass(frozen=True, slots=True)
@_with_every_bound
class Budget:
    """Upper bounds on a network's costs; `None` leaves a resource unconstrained.

    There is a field for each of `RESOURCES`; those that are declared here are what type checkers know of. A bound by
    default is one that nobody set (see `RunSettings.board_fills`): what is over it is over the budget, but networks are
    ranked, scaled and priced by the other bounds alone. It ends where a bound on the same resource is set.

    Attributes:
        ram_bytes: the arena (`tflm`) or the activation peak (`unas`), bytes.
        model_bytes: the model's share of the flash, bytes.
        latency_s: one inference, seconds (compared with the estimate's value).
        macs: multiply-accumulates of one inference.
        energy_j: one inference, joules.
        error: target for the validation error (0 to 1); it scales the search, and removes nothing from the front.
        bounds: "hard": a network over a bound is never trained; "soft": every network is.
        default_latency_s: one inference, seconds, by default; None where `latency_s` is set.
    """

    ram_bytes: int | None = None
    model_bytes: int | None = None
    latency_s: float | None = None
    macs: int | None = None
    energy_j: float | None = None
    error: float | None = None
    bounds: Bounds = "hard"
    default_latency_s: float | None = None

    def __post_init__(self) -> None:
        for resource in DEFAULTED:
            if getattr(self, resource.key) is not None:
                object.__setattr__(self, resource.default_key, None)

    @classmethod
    def parse(cls, *, error: object = None, bounds: object = "hard", **amounts: object) -> Budget:
        """A budget from text or numbers: "24 KiB", "2500B", "20 ms", "1M", "2 mJ"; "none" means unconstrained.

        Args:
            error: target for the validation error: "5 %" or 0.05.
            bounds: "hard" or "soft".
            amounts: `ram`, `flash`, `latency`, `macs`, `energy`, as the options of the commands are called; numbers
                are in base units (bytes, seconds, joules).

        Raises:
            BudgetError: a text that is not an amount, or bounds other than "hard" and "soft".
        """
        keys = {r.argument: r for r in RESOURCES}
        unknown = [name for name in amounts if name not in keys]
        if unknown:
            raise TypeError(f"A budget has no {unknown[0]!r}; it has {', '.join(keys)}, error and bounds.")
        values: dict[str, Any] = {keys[name].key: keys[name].read(amount) for name, amount in amounts.items()}
        if bounds not in ("hard", "soft"):
            raise BudgetError(f"--bounds: {bounds!r} is neither 'hard' nor 'soft'.")
        return cls(error=_read_error(error), bounds="hard" if bounds == "hard" else "soft", **values)

    def changed(self, *, error: object = None, bounds: object = None, **amounts: object) -> Budget:
        """This budget with the bounds that are given, written as for `parse`; `None` leaves one as it is.

        What is given, "none" among it, takes the place of a bound by default too.

        Args:
            error: target for the validation error.
            bounds: "hard" or "soft".
            amounts: as for `parse`.

        Raises:
            BudgetError: as `parse` does.
        """
        given = Budget.parse(error=error, bounds=bounds or self.bounds, **amounts)
        named = [r for r in RESOURCES if amounts.get(r.argument) is not None]
        fresh: dict[str, Any] = {r.key: getattr(given, r.key) for r in named}
        fresh |= {r.default_key: None for r in named if r in DEFAULTED}
        if error is not None:
            fresh["error"] = given.error
        return replace(self, bounds=given.bounds, **fresh)

    @property
    def bounded(self) -> tuple[Resource, ...]:
        """The resources that networks are ranked by, in the order of `RESOURCES`: RAM before all others.

        They are those with a bound of their own; a bound by default ranks nothing.
        """
        return tuple(resource for resource in RESOURCES if getattr(self, resource.key) is not None)

    @property
    def defaults(self) -> dict[Resource, float]:
        """Each resource with a bound by default, with that bound."""
        return {r: bound for r in DEFAULTED if (bound := getattr(self, r.default_key)) is not None}

    @property
    def limits(self) -> dict[Resource, float]:
        """Each resource that is bounded, with its bound; those by default come last."""
        return {resource: getattr(self, resource.key) for resource in self.bounded} | self.defaults

    def limit(self, resource: Resource) -> float | None:
        """The bound on a resource, be it one by default; None where there is none."""
        bound: float | None = getattr(self, resource.key)
        return getattr(self, resource.default_key) if bound is None and resource.default_key else bound

    def show(self, resource: Resource) -> str:
        """The bound on a resource as people read it: "24 KiB", "1 s, default"; empty where there is none."""
        bound = self.limit(resource)
        return "" if bound is None else _shown(resource, bound, getattr(self, resource.key) is None)

    def without_defaults(self) -> Budget:
        """This budget without its bounds by default."""
        none: dict[str, Any] = dict.fromkeys(r.default_key for r in DEFAULTED)
        return replace(self, **none) if self.defaults else self

    def violations(self, costs: HasCosts) -> tuple[Violation, ...]:
        """The resources of which `costs` needs more than this budget has, whatever `bounds` says.

        A cost that is unknown (`None`) cannot be shown to fit, so it counts as over a bound on it, but not as over one
        by default.
        """
        found = []
        for resource in RESOURCES:  # asked thousands of times a second, and most resources are not bounded
            allowed = getattr(self, resource.key)
            if allowed is not None:
                needed = getattr(costs, resource.key)
                if needed is None or needed > allowed:
                    found.append(Violation(resource, math.inf if needed is None else needed, allowed))
        for resource in DEFAULTED:
            allowed = getattr(self, resource.default_key)
            if allowed is not None and (getattr(costs, resource.key) or 0) > allowed:
                found.append(Violation(resource, getattr(costs, resource.key), allowed, default=True))
        return tuple(found)

    def allows(self, costs: HasCosts) -> bool:
        """Whether `costs` is within every bound."""
        return not self.violations(costs)

    def filled(self, **bounds: float | None) -> Budget:
        """This budget with those of the bounds that it has none for, by default where the quantity says so."""
        missing: dict[str, Any] = {quantity(name).default_key or name: bound for name, bound in bounds.items()}
        return replace(self, **{name: bound for name, bound in missing.items() if getattr(self, name) is None})

    def to_json(self) -> dict[str, Any]:
        """The budget as plain JSON values; `from_json` reads it back. Without bounds by default none is mentioned."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        absent = {r.default_key for r in DEFAULTED} - {r.default_key for r in self.defaults}
        return {name: value for name, value in values.items() if name not in absent}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Budget:
        """The budget that `to_json` wrote.

        Raises:
            BudgetError: a value is no number, or below zero, or no bound of a budget.
        """
        read = read_typed(cls, values, "the budget", BudgetError)
        for name in (*(r.key for r in RESOURCES), *(r.default_key for r in DEFAULTED), "error"):
            amount = getattr(read, name)
            if amount is not None and not 0 <= amount < math.inf:
                raise BudgetError(f"the budget cannot be read: {name} cannot be {amount}.")
        return read

    def __str__(self) -> str:
        return ", ".join(f"{r.word} {self.show(r)}" for r in self.limits) or "no bounds"


def over_bound(needed: float | None, allowed: float) -> float:
    """Need over bound: up to 1 within it; infinite where the need is unknown, or where nothing at all is allowed."""
    if needed is None or math.isnan(needed):
        return math.inf
    if allowed <= 0:
        return math.inf if needed > 0 else 0.0
    return needed / allowed


def _shown(resource: Resource, bound: float, default: bool) -> str:
    return resource.show(bound) + (f", {DEFAULT}" if default else "")


def _read_error(text: object) -> float | None:
    if text is None or (isinstance(text, str) and text.strip().lower() in ("", "none")):
        return None
    try:
        value = ERROR.amount.parse(text)
    except UnitError as error:
        raise BudgetError(f"--error: {error}") from None
    if not 0 < value < 1:
        raise BudgetError(f"--error: {text!r} is not between 0 and 1; 0.05 means 5 % of the validation set.")
    return value
