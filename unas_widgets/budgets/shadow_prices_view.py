"""Which bounds bind and what each is worth, in words; quick enough to follow a slider over many networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.budget import Budget
from search.measures.shadow_prices import ShadowPrice, shadow_prices
from search.trial import Observation
from unas_widgets.quantities.columns import Columns

NOTHING = "No trained network yet. What a bound costs or brings is estimated from the networks that were trained."


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One bound: its resource, whether it binds, and what it is worth in a sentence."""

    word: str
    binding: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class PriceView:
    """All bounds of a budget.

    Attributes:
        headline: which of them bind, e.g. "RAM and latency bind."
        rows: one for each bound, in the order of the budget's; empty where there is nothing to tell from.
    """

    headline: str
    rows: tuple[PriceRow, ...]


def prices_of(columns: Columns, budget: Budget, *, validation_size: int | None = None) -> tuple[ShadowPrice, ...]:
    """What `search.measures.shadow_prices` gives for all of `columns`, from the few that it depends on."""
    return shadow_prices(_telling(columns, budget), budget, validation_size=validation_size)


def price_view(prices: Sequence[ShadowPrice], *, trained: int) -> PriceView:
    """The prices as people read them; `trained` is how many networks they were estimated from."""
    if not prices:
        return PriceView("Nothing is bounded, so nothing binds.", ())
    if not trained:
        return PriceView(NOTHING, ())
    rows = tuple(PriceRow(p.resource.word, p.binding, p.sentence) for p in prices)
    words = [row.word for row in rows if row.binding]
    if not words:
        return PriceView("No bound binds.", rows)
    verb = "binds" if len(words) == 1 and words[0] != "MACs" else "bind"
    return PriceView(f"{listed(words)} {verb}.", rows)


def listed(words: Sequence[str]) -> str:
    """The words as people list them: "RAM, flash and latency"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _telling(columns: Columns, budget: Budget) -> list[Observation]:
    """For each bound the networks that lower the error as it is relaxed, and one over it alone if there is any."""
    over = columns.over(budget)
    chosen: set[int] = set()
    for resource in budget.bounded:
        fits = ~np.isnan(columns.values[resource.key] + columns.values["val_error"])
        for key, too_much in over.items():
            fits &= ~too_much if key != resource.key else True
        fit = np.flatnonzero(fits)
        chosen.update(fit[_stairs(columns, fit, resource.key)].tolist())
        chosen.update(fit[over[resource.key][fit]][:1].tolist())
    return [columns.trained[index] for index in sorted(chosen)]


def _stairs(columns: Columns, fit: NDArray[np.intp], key: str) -> NDArray[np.intp]:
    """Which of `fit` have a lower error than all that need no more of the resource."""
    needs, errors = columns.values[key][fit], columns.values["val_error"][fit]
    order = np.lexsort((columns.trials[fit], errors, needs))
    before = np.concatenate(([np.inf], np.minimum.accumulate(errors[order])[:-1]))[: len(order)]
    lower: NDArray[np.intp] = order[errors[order] < before]
    return lower
