"""What the runner asks of a search algorithm, and what every algorithm here is given."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from search.trial import Observation, Trial


class SearchAlgorithm(Protocol):
    """Proposes candidates and learns from what came of them; it does no I/O, reads no clock, trains nothing.

    An algorithm is built with the keyword arguments `space`, `budget`, `seed` and `epochs`, and its own options.
    What `ask` proposes may depend on nothing but the seed, the trial's number and the observations told so far,
    in their order. So a run resumes exactly by telling the journal's observations to a new instance.
    """

    def ask(self, trial_id: int) -> Trial:
        """The proposal with that number."""
        ...

    def tell(self, observation: Observation) -> None:
        """Learn what came of a proposal: trained, failed or infeasible."""
        ...


def trial_rng(seed: int, trial_id: int) -> np.random.Generator:
    """The random generator of one proposal; no other randomness is used for it."""
    return np.random.default_rng((seed, trial_id))
