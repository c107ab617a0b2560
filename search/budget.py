"""What a network may cost: `Budget`, read from text such as "24 KiB" and checked against costs."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, Protocol, cast

from resource_models import (
    UnitError,
    format_bytes,
    format_count,
    format_joules,
    format_seconds,
    parse_bytes,
    parse_count,
    parse_joules,
    parse_seconds,
    parse_share,
)
from search.errors import BudgetError

Bounds = Literal["hard", "soft"]


class HasCosts(Protocol):
    """Anything that carries the costs of one network, e.g. `resource_models.Costs`."""

    @property
    def ram_bytes(self) -> int: ...
    @property
    def model_bytes(self) -> int: ...
    @property
    def macs(self) -> int: ...
    @property
    def latency_s(self) -> float | None: ...
    @property
    def energy_j(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Resource:
    """One constrained resource: its field in costs and budgets, its word on screens, its text form."""

    key: str
    word: str
    option: str

    def read(self, text: object) -> float | int | None:
        """The number in `text`; None for "none" and the empty text.

        Raises:
            BudgetError: the text is not an amount of this resource.
        """
        if text is None or (isinstance(text, str) and text.strip().lower() in ("", "none")):
            return None
        try:
            return self._number(text)
        except UnitError as error:
            raise BudgetError(f"{self.option}: {error}") from None

    def _number(self, text: Any) -> float | int:
        number: float | int
        if self.key in ("ram_bytes", "model_bytes"):
            number = parse_bytes(text)
        elif self.key == "latency_s":
            number = parse_seconds(text)
        elif self.key == "macs":
            number = parse_count(text)
        else:
            number = parse_joules(text)
        if not number > 0:
            raise BudgetError(f"{self.option}: {text!r} is not above zero; a budget must leave room for a network.")
        return number

    def show(self, value: float) -> str:
        """`value` with its unit, as people read it."""
        if self.key in ("ram_bytes", "model_bytes"):
            return format_bytes(int(value))
        if self.key == "latency_s":
            return format_seconds(value)
        if self.key == "energy_j":
            return format_joules(value)
        return format_count(int(value)) + " MACs"


RESOURCES: tuple[Resource, ...] = (
    Resource("ram_bytes", "RAM", "--ram"),
    Resource("model_bytes", "flash", "--flash"),
    Resource("latency_s", "latency", "--latency"),
    Resource("macs", "MACs", "--macs"),
    Resource("energy_j", "energy", "--energy"),
)


@dataclass(frozen=True, slots=True)
class Violation:
    """One resource that a network needs more of than the budget has."""

    resource: Resource
    needed: float
    allowed: float

    @property
    def factor(self) -> float:
        """How many times the budget is needed: above 1, and infinite where nothing is allowed or the need unknown."""
        return over_bound(self.needed, self.allowed)

    def __str__(self) -> str:
        r = self.resource
        if not math.isfinite(self.needed):
            return f"{r.word} is not known, so it is not within the budget of {r.show(self.allowed)}"
        return f"{r.word} {r.show(self.needed)} is over the budget of {r.show(self.allowed)}"


@dataclass(frozen=True, slots=True)
class Budget:
    """Upper bounds on a network's costs; `None` leaves a resource unconstrained.

    Attributes:
        ram_bytes: the arena (`tflm`) or the activation peak (`unas`), bytes.
        model_bytes: the model's share of the flash, bytes.
        latency_s: one inference, seconds (compared with the estimate's value).
        macs: multiply-accumulates of one inference.
        energy_j: one inference, joules.
        error: target for the validation error (0 to 1); it scales the search, and removes nothing from the front.
        bounds: "hard": a network over a bound is never trained; "soft": every network is.
    """

    ram_bytes: int | None = None
    model_bytes: int | None = None
    latency_s: float | None = None
    macs: int | None = None
    energy_j: float | None = None
    error: float | None = None
    bounds: Bounds = "hard"

    @classmethod
    def parse(
        cls,
        *,
        ram: object = None,
        flash: object = None,
        latency: object = None,
        macs: object = None,
        energy: object = None,
        error: object = None,
        bounds: str = "hard",
    ) -> Budget:
        """A budget from text or numbers: "24 KiB", "2500B", "20 ms", "1M"; "none" means unconstrained.

        Raises:
            BudgetError: a text that is not an amount, or bounds other than "hard" and "soft".
        """
        texts = dict(zip((r.key for r in RESOURCES), (ram, flash, latency, macs, energy), strict=True))
        values: dict[str, Any] = {r.key: r.read(texts[r.key]) for r in RESOURCES}
        if bounds not in ("hard", "soft"):
            raise BudgetError(f"--bounds: {bounds!r} is neither 'hard' nor 'soft'.")
        return cls(error=_read_error(error), bounds="hard" if bounds == "hard" else "soft", **values)

    def changed(self, *, error: object = None, bounds: str | None = None, **amounts: object) -> Budget:
        """This budget with the bounds that are given, written as for `parse`; `None` leaves one as it is.

        Args:
            error: target for the validation error.
            bounds: "hard" or "soft".
            amounts: `ram`, `flash`, `latency`, `macs` and `energy`.

        Raises:
            BudgetError: as `parse` does.
        """
        given = Budget.parse(error=error, bounds=bounds or self.bounds, **amounts)
        fresh: dict[str, Any] = {
            r.key: getattr(given, r.key) for r in RESOURCES if amounts.get(r.option.removeprefix("--")) is not None
        }
        if error is not None:
            fresh["error"] = given.error
        return replace(self, bounds=given.bounds, **fresh)

    @property
    def bounded(self) -> tuple[Resource, ...]:
        """The resources that this budget bounds, in the order of `RESOURCES`: RAM before all others."""
        return tuple(resource for resource in RESOURCES if getattr(self, resource.key) is not None)

    def violations(self, costs: HasCosts) -> tuple[Violation, ...]:
        """The resources of which `costs` needs more than this budget has, whatever `bounds` says.

        A cost that is unknown (`None`) cannot be shown to fit, so it counts as over a bound on it.
        """
        found = []
        for resource in RESOURCES:
            allowed = getattr(self, resource.key)
            needed = getattr(costs, resource.key)
            if allowed is not None and (needed is None or needed > allowed):
                found.append(Violation(resource, math.inf if needed is None else needed, allowed))
        return tuple(found)

    def allows(self, costs: HasCosts) -> bool:
        """Whether `costs` is within every bound."""
        return not self.violations(costs)

    def filled(self, **bounds: int | None) -> Budget:
        """This budget with those of the bounds that it has none for."""
        missing: dict[str, Any] = {name: bound for name, bound in bounds.items() if getattr(self, name) is None}
        return replace(self, **missing)

    def to_json(self) -> dict[str, Any]:
        """The budget as plain JSON values; `from_json` reads it back."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Budget:
        """The budget that `to_json` wrote."""
        return cls(**values)

    def __str__(self) -> str:
        parts = [f"{r.word} {r.show(getattr(self, r.key))}" for r in self.bounded]
        return ", ".join(parts) or "no bounds"


def over_bound(needed: float | None, allowed: float) -> float:
    """Need over bound: up to 1 within it; infinite where the need is unknown, or where nothing at all is allowed."""
    if needed is None or math.isnan(needed):
        return math.inf
    if allowed <= 0:
        return math.inf if needed > 0 else 0.0
    return needed / allowed


def _read_error(text: object) -> float | None:
    if text is None or (isinstance(text, str) and text.strip().lower() in ("", "none")):
        return None
    try:
        value = parse_share(cast(Any, text))
    except UnitError as error:
        raise BudgetError(f"--error: {error}") from None
    if not 0 < value < 1:
        raise BudgetError(f"--error: {text!r} is not between 0 and 1; 0.05 means 5 % of the validation set.")
    return value
