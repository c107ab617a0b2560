"""Which bound of a budget binds, and what moving it was worth: the shadow prices, from what was trained.

For each bounded resource, with all other bounds as they are, the best error is a step function of that bound. Below the
bound there is always data; above it only where networks over it were trained: under soft bounds, or before a change of
the budget. Nothing is extrapolated.

Errors are compared as shares of the same number of validation examples. A difference that is not larger than its
standard error (see `search.measures.standard_error`) is "not distinguishable". That the best of many networks looks
better than it is stays unaccounted for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from search.budget import Budget, Resource
from search.measures.objectives import known_error
from search.measures.standard_error import standard_error
from search.trial import Observation

MARGIN = 0.1
"""Share of a bound that is taken off to see whether it binds."""


@dataclass(frozen=True, slots=True)
class Step:
    """From this bound on, the best error is this one, of that trial."""

    bound: float
    error: float
    trial: int


@dataclass(frozen=True, slots=True)
class Change:
    """What another bound means.

    Attributes:
        bound: of a relaxation the least that has this gain, of a tightening the least that still has no such loss.
        points: percentage points of error that are gained (above 0) or lost (below 0).
        spread: standard error of `points`; None where the number of validation examples is unknown.
        trial: what would be the best network.
    """

    bound: float
    points: float
    spread: float | None
    trial: int

    @property
    def distinguishable(self) -> bool:
        """Whether the difference is larger than its standard error; without one any difference is."""
        return abs(self.points) > (self.spread or 0.0)


@dataclass(frozen=True, slots=True)
class ShadowPrice:
    """What one bound is worth.

    Attributes:
        resource: what is bounded.
        allowed: the bound, in bytes, seconds, MACs or joules.
        binding: whether the best error hangs on this bound: relaxing it alone has a distinguishable gain, or a bound
            that is a tenth lower a distinguishable loss.
        slack: what the best network within the budget leaves of the bound; None without such a network.
        steps: the best error as a function of this bound, the others fixed; bounds rise, errors fall.
        relaxed: the smallest relaxation with a distinguishable gain, else the one with the largest gain; None where no
            network over this bound alone was better.
        tightened: the smallest tightening with a distinguishable loss, else the one with the largest loss; None where
            no network needs less than the best.
        sentence: all of it in words.
    """

    resource: Resource
    allowed: float
    binding: bool
    slack: float | None
    steps: tuple[Step, ...]
    relaxed: Change | None
    tightened: Change | None
    sentence: str

    def error_at(self, bound: float) -> float | None:
        """The best error under that bound on this resource, the others fixed; None where no network fits."""
        return next((step.error for step in reversed(self.steps) if step.bound <= bound), None)

    def to_json(self) -> dict[str, Any]:
        """The price as plain JSON values, in bytes, seconds, MACs or joules; errors between 0 and 1."""
        return {
            "resource": self.resource.key,
            "bound": self.allowed,
            "binding": self.binding,
            "slack": self.slack,
            "relaxed": None if self.relaxed is None else _change_json(self.relaxed),
            "tightened": None if self.tightened is None else _change_json(self.tightened),
            "steps": [{"bound": s.bound, "val_error": s.error, "trial": s.trial} for s in self.steps],
            "sentence": self.sentence,
        }


def shadow_prices(
    networks: Sequence[Observation], budget: Budget, *, validation_size: int | None = None
) -> tuple[ShadowPrice, ...]:
    """One price for each bound of the budget, in the order of `RESOURCES`.

    Args:
        networks: of the run; those not trained are passed over.
        budget: with hard or soft bounds.
        validation_size: examples that errors are shares of; None where that is unknown.
    """
    judged = [
        (observation, error, {v.resource.key for v in budget.violations(observation.costs)})
        for observation in networks
        if (error := known_error(observation)) is not None
    ]
    found = []
    for resource in budget.bounded:
        fit = [
            Step(need, error, o.trial_id)
            for o, error, over in judged
            if over <= {resource.key} and (need := getattr(o.costs, resource.key)) is not None
        ]
        found.append(_price(resource, getattr(budget, resource.key), fit, validation_size))
    return tuple(found)


def _price(resource: Resource, allowed: float, fit: Sequence[Step], size: int | None) -> ShadowPrice:
    """The price of one bound, from the networks that meet all the others."""
    steps = _stairs(fit)
    below, above = [s for s in steps if s.bound <= allowed], [s for s in steps if s.bound > allowed]
    relaxed = tightened = None
    slack = None
    binding = bool(above)  # without a network within the budget: whether this bound alone is what keeps one out
    if below:
        best = below[-1]
        slack = allowed - best.bound
        gains = [_change(s.bound, best, s, size) for s in above]
        losses = [_change(upper.bound, best, s, size) for upper, s in zip(below[:0:-1], below[-2::-1], strict=True)]
        relaxed, tightened = _first_clear(gains), _first_clear(losses)
        lower = [s for s in below if s.bound <= (1 - MARGIN) * allowed]
        costs_something = bool(lower) and _change(allowed, best, lower[-1], size).distinguishable
        binding = costs_something or (relaxed is not None and relaxed.distinguishable)
    price = ShadowPrice(resource, allowed, binding, slack, steps, relaxed, tightened, "")
    words = _words(price, any(s.bound > allowed for s in fit))
    return ShadowPrice(resource, allowed, binding, slack, steps, relaxed, tightened, words)


def _stairs(fit: Sequence[Step]) -> tuple[Step, ...]:
    steps: list[Step] = []
    for candidate in sorted(fit, key=lambda s: (s.bound, s.error, s.trial)):
        if not steps or candidate.error < steps[-1].error:
            steps.append(candidate)
    return tuple(steps)


def _first_clear(changes: Sequence[Change]) -> Change | None:
    return next((c for c in changes if c.distinguishable), changes[-1] if changes else None)


def _change(bound: float, best: Step, other: Step, size: int | None) -> Change:
    spread = (
        None if size is None else 100 * math.hypot(standard_error(best.error, size), standard_error(other.error, size))
    )
    return Change(bound, 100 * (best.error - other.error), spread, other.trial)


def _change_json(change: Change) -> dict[str, Any]:
    return {**asdict(change), "distinguishable": change.distinguishable}


def _words(price: ShadowPrice, any_above: bool) -> str:
    r = price.resource
    head = f"{r.word} {r.show(price.allowed).removesuffix(f' {r.word}')}"
    if not price.steps:
        return f"{head}: no trained network meets the other bounds."
    if price.slack is None:
        first = price.steps[0]
        more = _amount(r, first.bound - price.allowed)
        return f"{head} binds: no trained network is within it; +{more} would let trial {first.trial} in."
    verb = "binds" if price.binding else "does not bind"
    return f"{head} {verb}: {_upwards(price, any_above)}; {_downwards(price)}."


def _upwards(price: ShadowPrice, any_above: bool) -> str:
    if price.relaxed is None:
        return "no network over it alone was better" if any_above else "no data above the bound"
    more = _amount(price.resource, price.relaxed.bound - price.allowed)
    return f"+{more} bought {_points(price.relaxed)}"


def _downwards(price: ShadowPrice) -> str:
    r, change = price.resource, price.tightened
    if change is None:
        return f"no data below {_amount(r, price.allowed - (price.slack or 0))}"
    less = price.allowed - change.bound
    by = f" (−{r.show(less)})" if less else ""
    return f"less than {_amount(r, change.bound)}{by} would cost {_points(change)}"


def _points(change: Change) -> str:
    size = abs(change.points)
    amount = f"{size:.2g}" if size < 10 else f"{size:.0f}"
    words = f"{amount} point" if amount == "1" else f"{amount} points"
    if change.distinguishable:
        return words
    return f"{words}, not distinguishable (± {change.spread:.2g})"


def _amount(resource: Resource, value: float) -> str:
    shown = resource.show(value)
    return shown if shown.endswith(resource.word) else f"{shown} {resource.word}"
