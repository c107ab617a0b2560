"""What a change of the budget means, in words."""

from __future__ import annotations

from search.budget import RESOURCES, Budget
from unas_widgets.budgets.shadow_prices_view import listed


def change_words(used: Budget, wanted: Budget) -> str:
    """What a button says that gives a search with the budget `used` the bounds of `wanted`; empty where they agree.

    E.g. "Search within RAM 8 KiB and flash 32 KiB from now on".
    """
    changed = [r for r in RESOURCES if getattr(used, r.key) != getattr(wanted, r.key)]
    set_to = [(r, value) for r in changed if (value := getattr(wanted, r.key)) is not None]
    within = [f"{r.word} {r.show(value).removesuffix(f' {r.word}')}" for r, value in set_to]
    freed = [r.word for r in changed if getattr(wanted, r.key) is None]
    if not changed:
        return ""
    if not freed:
        return f"Search within {listed(within)} from now on"
    without = f"without a bound on {listed(freed)}"
    return f"Search within {listed(within)} and {without} from now on" if within else f"Search {without} from now on"
