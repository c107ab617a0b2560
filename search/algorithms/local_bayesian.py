"""Bayesian optimisation that looks one morphism far: all neighbours of one trained network are scored.

Source: Liberis, Dudziak, Lane, "μNAS", 2020, where that network is drawn at random.
"""

from __future__ import annotations

from collections.abc import Callable

from resource_models import Costs
from search.algorithms.bayesian.bayesian import GaussianProcessSearch
from search.algorithms.bayesian.proposer import Options, Setup
from search.budget import Budget
from search.spaces import Architecture, SearchSpace


class LocalBayesian(GaussianProcessSearch):
    """Candidates are the morphs of one of the best networks trained: the winner of a tournament under random weights.

    Under hard bounds no candidate is over the budget; no network is proposed twice.

    Args:
        space: where candidates come from.
        budget: scales the features of the score.
        seed: of all randomness.
        epochs: of every training.
        costs: what a network needs, in the run's accounting; by default the cost model without a board.
        warmup_trials: random networks that are trained first (published: 15).
        candidates: the most morphs that are scored for each proposal (published: all).
        exact: the best of them, which are scored again with exact distances.
        tournament: trained networks drawn, with replacement, for the choice of one (published: 1, any of them).
    """

    def __init__(  # noqa: PLR0913 - each is an option of the command line
        self,
        *,
        space: SearchSpace,
        budget: Budget,
        seed: int,
        epochs: int,
        costs: Callable[[Architecture], Costs] | None = None,
        warmup_trials: int = 15,
        candidates: int = 150,
        exact: int = 6,
        tournament: int = 25,
    ) -> None:
        options = Options(True, candidates, exact, tournament, tournament)
        setup = Setup(space, budget, seed, costs, options)
        super().__init__("local_bayesian", setup, epochs=epochs, warmup_trials=warmup_trials)
