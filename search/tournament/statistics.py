"""Is a difference more than chance? Wilcoxon's signed-rank test, paired over seeds, corrected by Holm.

Sources: Wilcoxon, "Individual comparisons by ranking methods", 1945; Holm, "A simple sequentially rejective multiple
test procedure", 1979. Pairing over seeds only pairs searches of one number; entrants share no other randomness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from search.errors import SettingsError
from search.tournament.frame import finals
from search.tournament.result import MEASURES, Result

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One entrant against the baseline, by one measure at the end of the search; more is better.

    Attributes:
        entrant: name of the entrant.
        measure: "hypervolume" or "accuracy".
        against: name of the baseline.
        seeds: searches of the entrant.
        median, lower, upper: over the seeds: median, first and third quartile.
        wins, losses: seeds with which the entrant reached more, or less, than the baseline.
        p_value: of the two-sided test, corrected for all entrants that are compared; None for the baseline itself.
    """

    entrant: str
    measure: str
    against: str
    seeds: int
    median: float
    lower: float
    upper: float
    wins: int
    losses: int
    p_value: float | None


def compare(results: Sequence[Result], *, against: str | None = None) -> tuple[Comparison, ...]:
    """Compare all entrants with one, by each measure.

    Args:
        results: of one tournament.
        against: name of the baseline; None takes, for each measure, the entrant with the best median.

    Raises:
        SettingsError: no entrant is called so.
    """
    frame = finals(results)
    names = list(dict.fromkeys(frame["entrant"]))
    if names and against is not None and against not in names:
        raise SettingsError(f"--against: no entrant is called {against!r}; there is {', '.join(names)}.")
    found: list[Comparison] = []
    for measure in MEASURES:
        if names and not frame[measure].isna().any():
            found += _by_measure(frame, names, measure, against)
    return tuple(found)


def signed_rank(differences: Array) -> float:
    """Two-sided p-value that pairs differ by chance alone; 1 where all are alike.

    Args:
        differences: one for each pair, shape (n,).
    """
    from scipy import stats

    apart = differences[np.abs(differences) > 1e-12]
    if len(apart) == 0:
        return 1.0
    # Rounded, so that differences that are equal but for the last bits are ties.
    return float(stats.wilcoxon(np.round(apart, 12)).pvalue)


def least_p_value(compared: Sequence[Comparison]) -> float:
    """The lowest corrected p-value that so few seeds allow: that of an entrant that is ahead with every seed."""
    others = sum(c.p_value is not None and c.measure == compared[0].measure for c in compared)
    return min(1.0, others * 2 * 0.5 ** min((c.seeds for c in compared), default=0))


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values corrected for their number, in their order: the i-th smallest of n times n − i, never falling."""
    corrected = [0.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        corrected[place] = highest
    return corrected


def _by_measure(frame: pd.DataFrame, names: list[str], measure: str, against: str | None) -> list[Comparison]:
    values: dict[str, Any] = {name: frame[frame["entrant"] == name].set_index("seed")[measure] for name in names}
    base = against or max(names, key=lambda name: float(values[name].median()))
    others = [name for name in names if name != base]
    differences = {name: (values[name] - values[base]).dropna().to_numpy(dtype=np.float64) for name in names}
    corrected = dict(zip(others, holm([signed_rank(differences[name]) for name in others]), strict=True))
    found = []
    for name in names:
        lower, median, upper = np.percentile(values[name], [25, 50, 75])
        apart = differences[name]
        found.append(
            Comparison(
                entrant=name,
                measure=measure,
                against=base,
                seeds=len(values[name]),
                median=float(median),
                lower=float(lower),
                upper=float(upper),
                wins=int((apart > 1e-12).sum()),
                losses=int((apart < -1e-12).sum()),
                p_value=corrected.get(name),
            )
        )
    return found
