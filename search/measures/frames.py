"""What was found as data frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from search.measures.shadow_prices import ShadowPrice
from search.quantities import COLUMNS
from search.trial import Observation

_FIGURES = ("trial", *(q.key for q in COLUMNS), "epochs")
_ORIGINS = ("status", "parent", "seconds", "message", "promotions", "epochs_spent")
_STEPS = ("resource", "bound", "change", "val_error", "trial")


def of_networks(networks: Iterable[Observation], *, promotions: Callable[[int], int]) -> pd.DataFrame:
    """One row per trained or failed network; see `Run.trials`. Energy in joules per inference, where it is known.

    Args:
        networks: each once, with what its longest training gave.
        promotions: how often the training of the network of that number was gone on with.
    """
    rows = [
        {
            **o.metrics(),
            "status": o.status,
            "parent": o.trial.parent,
            "seconds": o.seconds,
            "message": o.message,
            "promotions": promotions(o.trial_id),
            "epochs_spent": o.epochs_spent,
        }
        for o in networks
    ]
    return pd.DataFrame(rows, columns=[*_FIGURES, *_ORIGINS])


def of_shadow_prices(prices: Sequence[ShadowPrice]) -> pd.DataFrame:
    """One row per step: with so much of this resource, all other bounds as they are, that error would be reached.

    `bound` and `change` (from the bound of the budget) are in bytes, seconds, MACs or joules.
    """
    rows = [
        {
            "resource": p.resource.key,
            "bound": s.bound,
            "change": s.bound - p.allowed,
            "val_error": s.error,
            "trial": s.trial,
        }
        for p in prices
        for s in p.steps
    ]
    return pd.DataFrame(rows, columns=list(_STEPS))
