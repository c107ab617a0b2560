"""What a change of the budget means, in words."""

from __future__ import annotations

from search.budget import RESOURCES, Budget, Resource
from unas_widgets.budgets.shadow_prices_view import listed


def bound_of(budget: Budget, resource: Resource) -> tuple[float | None, bool]:
    """The bound on a resource, and whether it holds by default: one that a person set is another, be it as large."""
    return budget.limit(resource), resource in budget.defaults


def change_words(used: Budget, wanted: Budget) -> str:
    """What a button says that gives a search with the budget `used` the bounds of `wanted`; empty where they agree.

    E.g. "Search within RAM 8 KiB and flash 32 KiB from now on".
    """
    changed = [r for r in RESOURCES if bound_of(used, r) != bound_of(wanted, r)]
    within = [f"{r.word} {wanted.show(r).removesuffix(f' {r.word}')}" for r in changed if r in wanted.limits]
    freed = [r.word for r in changed if r not in wanted.limits]
    if not changed:
        return ""
    if not freed:
        return f"Search within {listed(within)} from now on"
    without = f"without a bound on {listed(freed)}"
    return f"Search within {listed(within)} and {without} from now on" if within else f"Search {without} from now on"
