"""How far a measured error rate may be from the true one: the one standard error that every part of the project uses.

The binomial standard error of the plain share is 0 where no example, or every one, was classified wrongly, as if that
were certain. So one wrong and one right example are added before: Agresti and Coull, "Approximate is better than
'exact' for interval estimation of binomial proportions", The American Statistician 52, 1998; for the difference of two
rates, which is what errors are compared by, Agresti and Caffo, "Simple and effective confidence intervals for
proportions and differences of proportions", The American Statistician 54, 2000.
"""

from __future__ import annotations

import math

ADDED = 1
"""Wrong examples, and as many right ones, that are added."""
METHOD = "binomial standard error with one wrong and one right example added (Agresti–Coull)"


def standard_error(error: float, size: int) -> float:
    """Standard error, as a share, of an error rate (0 to 1) that was measured on `size` examples; never 0."""
    count = size + 2 * ADDED
    share = (error * size + ADDED) / count
    return math.sqrt(share * (1 - share) / count)
