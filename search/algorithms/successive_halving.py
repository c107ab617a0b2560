"""Random search with asynchronous successive halving (ASHA).

Source: Li et al., "A System for Massively Parallel Hyperparameter Tuning", MLSys 2020; see `search.algorithms.rungs`.
"""

from __future__ import annotations

from search.algorithms.halved import Halved
from search.algorithms.random import RandomSearch
from search.algorithms.rungs import Rungs, ranked_resources
from search.budget import Budget
from search.errors import SettingsError
from search.spaces import SearchSpace

RANKS = ("front", "error")


class SuccessiveHalving(Halved):
    """ASHA over fresh samples of the space. What random search has to spend on bad networks, it spends on good ones.

    Args:
        space: where candidates come from.
        budget: its bounds name the resources that networks are ranked by.
        seed: of all randomness.
        epochs: of the highest rung.
        eta: of the networks of a rung, 1/eta go on, to eta times the epochs.
        min_epochs: no rung is lower than this, but for `epochs` itself.
        rank: what is best: "front", peeled off front by front over error and resources (and by error within a front),
            or "error" alone.
    """

    def __init__(
        self,
        *,
        space: SearchSpace,
        budget: Budget,
        seed: int,
        epochs: int,
        eta: int = 3,
        min_epochs: int = 3,
        rank: str = "front",
    ) -> None:
        if eta < 2 or min_epochs < 1:
            raise SettingsError("successive_halving needs eta of at least 2 and min_epochs of at least 1.")
        if rank not in RANKS:
            raise SettingsError(f"rank of successive_halving is {' or '.join(map(repr, RANKS))}, not {rank!r}.")
        resources = () if rank == "error" else ranked_resources(budget)
        rungs = Rungs(epochs, eta=eta, min_epochs=min_epochs, resources=resources)
        super().__init__(lambda first: RandomSearch(space=space, budget=budget, seed=seed, epochs=first), rungs)
        self._space = space
