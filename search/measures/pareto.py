"""Non-dominated sets of observations, computed by moocore (minimising)."""

from __future__ import annotations

from collections.abc import Sequence

import moocore
import numpy as np
from numpy.typing import NDArray

from search.budget import RESOURCES, Budget
from search.errors import SearchError
from search.measures.objectives import known_error
from search.quantities import COLUMNS
from search.trial import Observation

FEATURES = tuple(q.key for q in COLUMNS if q in RESOURCES)


def non_dominated(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which rows of `points` (n × objectives, all minimised) no other row dominates.

    Of rows that are equal only the first is kept.
    """
    if len(points) == 0:
        return np.zeros(0, dtype=bool)
    return np.asarray(moocore.is_nondominated(points, keep_weakly=False), dtype=bool)


def front(
    observations: Sequence[Observation], *, objective: str | None = None, budget: Budget | None = None
) -> tuple[Observation, ...]:
    """The trained observations that nothing dominates in validation error and resources.

    Args:
        observations: any observations; those not trained are passed over.
        objective: one resource, e.g. "ram_bytes", for the two-dimensional front; None takes all that
            are known together.
        budget: only observations within it take part.

    Returns:
        The front, from the lowest error up.
    """
    trained = [o for o in observations if known_error(o) is not None and (budget is None or budget.allows(o.costs))]
    if not trained:
        return ()
    wanted = FEATURES if objective is None else (objective,)
    names = [n for n in wanted if all(_cost(o, n) is not None for o in trained)]
    if objective is not None and not names:
        raise SearchError(f"No front over {objective}: it is not known for every trial of this run.")
    points = np.array([[o.val_error, *(_cost(o, n) for n in names)] for o in trained], dtype=np.float64)
    keep = non_dominated(points)
    chosen = [o for o, kept in zip(trained, keep, strict=True) if kept]
    return tuple(sorted(chosen, key=lambda o: (o.val_error, o.costs.ram_bytes, o.trial_id)))


def _cost(observation: Observation, name: str) -> float:
    known = {resource.key for resource in RESOURCES}
    if name not in known:
        raise SearchError(f"{name!r} is not a resource; choose one of {', '.join(sorted(known))}.")
    value: float = getattr(observation.costs, name)
    return value
