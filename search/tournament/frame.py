"""The results of a tournament as data frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from search.tournament.result import AXES, MEASURES, Result

CURVES = ("entrant", "algorithm", "seed", "axis", "spent", "measure", "value")
FINALS = ("entrant", "algorithm", "seed", *MEASURES, *AXES, "trained", "infeasible")


def curves(results: Sequence[Result], *, points: int = 101) -> pd.DataFrame:
    """What was reached over compute, in long form: one row for each search, axis, amount of compute and measure.

    An axis that compute was limited on ends at the limit: a search whose next training would have gone beyond it keeps
    what it had. Any other axis ends where the search that spent least on it ends, so that all take part everywhere.

    Args:
        results: of one tournament.
        points: amounts of compute on each axis.

    Returns:
        `entrant`, `algorithm`, `seed`; `axis`: "equivalents" (full trainings), "epochs" or "cpu_seconds" (live only);
        `spent`: compute on that axis; `measure`: "hypervolume" (0 to 1, only where the budget has a bound) or
        "accuracy" (best within the budget, 0 to 1); `value`.
    """
    parts = []
    for axis in AXES:
        end = min((_end(r, axis) for r in results), default=float("nan"))
        if np.isnan(end):
            continue
        at = np.linspace(0.0, end, points)
        for result in results:
            for measure in _measures(results):
                head = [result.entrant.name, result.entrant.algorithm, result.seed, axis]
                values = result.reached(measure, axis, at)
                columns = [*([value] * points for value in head), at, [measure] * points, values]
                parts.append(pd.DataFrame(dict(zip(CURVES, columns, strict=True))))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(CURVES))


def finals(results: Sequence[Result]) -> pd.DataFrame:
    """What was reached in the end: one row for each search.

    Returns:
        `entrant`, `algorithm`, `seed`, `hypervolume` (NaN where the budget has no bound), `accuracy`; the compute that
        was spent: `equivalents`, `epochs`, `cpu_seconds` (NaN in a table); `trained` and `infeasible` proposals.
    """
    rows = [
        {
            "entrant": r.entrant.name,
            "algorithm": r.entrant.algorithm,
            "seed": r.seed,
            **{measure: r.final(measure) for measure in MEASURES},
            **{axis: r.spent(axis) for axis in AXES},
            "trained": r.trained,
            "infeasible": r.infeasible,
        }
        for r in results
    ]
    frame = pd.DataFrame(rows, columns=list(FINALS))
    return frame if "hypervolume" in _measures(results) else frame.assign(hypervolume=float("nan"))


def _end(result: Result, axis: str) -> float:
    allowed = result.allowed(axis)
    return result.spent(axis) if np.isinf(allowed) else allowed


def _measures(results: Sequence[Result]) -> tuple[str, ...]:
    """Those that the budget allows: without a bound there is no hypervolume."""
    unbounded = any(point.hypervolume is None for r in results for point in r.points)
    return MEASURES[1:] if unbounded else MEASURES
