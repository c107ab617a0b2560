"""How large a network may be that begins: as large as what was spent so far, and what pays, can justify.

Where RAM and flash are roomy they allow networks that train for an hour, and the first of these would be all that is
ever seen. So sizes begin small, and grow with what was spent and with the best networks found. (Progressive sizes are
an old idea of architecture search, e.g. Liu et al., "Progressive neural architecture search", ECCV 2018.)
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable

from resource_models import Graph
from search.measures.objectives import error_or_worst
from search.spaces import Architecture
from search.trial import Observation
from search.workload import Workload

FIRST_S = 2.0
"""Seconds of a first training that are always allowed."""
FACTOR = 4.0
"""By how much a first training may cost more than the most expensive of the best networks' did."""
BEST = 3
"""Networks of the lowest error that count as the best."""
LEAST_ROOM = 1.5
"""How much more than the cheapest network of the space is allowed in any case, so that there is a choice."""


class Growth:
    """The bound on what a network's first training may cost, in the seconds of a workload's model.

    It rises with what all trainings cost so far, a fixed share of which one may take, as long as the best networks are
    among the large ones. Nothing here is measured, so that the same trials follow from the same errors everywhere.

    Args:
        workload: that says what trainings cost; None for no bound.
        epochs: of a first training.
        share: of what was spent, that a first training may take; 0 for no bound.
        lower: makes the graph of an architecture.
    """

    def __init__(
        self, workload: Workload | None, *, epochs: float, share: float, lower: Callable[[Architecture], Graph]
    ) -> None:
        self._workload = workload if share else None
        self._epochs = epochs
        self._share = share
        self._lower = lower
        self._spent_s = 0.0
        self._least_s = 0.0
        self._best: list[tuple[float, float]] = []  # minus error, and seconds: the worst of the best first

    @property
    def bounded(self) -> bool:
        """Whether there is a bound at all."""
        return self._workload is not None

    def begin(self, smallest: tuple[Architecture, ...]) -> None:
        """Allow at least what the cheapest of the smallest networks takes, with some room."""
        if self.bounded and smallest:
            self._least_s = LEAST_ROOM * min(map(self.seconds, smallest))

    def seconds(self, architecture: Architecture) -> float:
        """What the first training of a network takes; 0 where that does not matter."""
        if self._workload is None:
            return 0.0
        return self._workload.seconds(self._lower(architecture), self._epochs)

    def excess(self, architecture: Architecture, most_s: float) -> float:
        """Logarithm of the factor by which the first training of a network takes more than so many seconds, or 0."""
        return max(0.0, math.log(self.seconds(architecture) / most_s)) if self.bounded else 0.0

    @property
    def first_s(self) -> float:
        """The bound before anything was trained."""
        return max(FIRST_S, self._least_s) if self.bounded else math.inf

    @property
    def most_s(self) -> float:
        """The bound now."""
        paying = FACTOR * max((seconds for _, seconds in self._best), default=math.inf)
        return max(self.first_s, min(self._share * self._spent_s, paying)) if self.bounded else math.inf

    def tell(self, observation: Observation) -> None:
        """A training is over."""
        if self._workload is None or observation.status != "trained":
            return
        trial = observation.trial
        self._spent_s += self._workload.seconds(self._lower(trial.architecture), observation.epochs_spent)
        if trial.promotes is None:
            heapq.heappush(self._best, (-error_or_worst(observation), self.seconds(trial.architecture)))
            if len(self._best) > BEST:
                heapq.heappop(self._best)
