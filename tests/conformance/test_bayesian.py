"""The algorithms with a Gaussian process pass the kit, in processes of their own kind."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest

from search.algorithms.bayesian.bayesian import Bayesian
from search.algorithms.bayesian.process import ProposerProcess
from search.algorithms.bayesian.proposer import Setup
from search.algorithms.halved import Halved
from search.algorithms.local_bayesian import LocalBayesian
from search.algorithms.rungs import Rungs, ranked_resources
from search.budget import Budget
from search.executors import LocalExecutor
from search.spaces import space
from search.testing import check_search_algorithm

QUICK = {"warmup_trials": 2, "candidates": 5, "exact": 2, "tournament": 2}
SHORT = {"warmup_trials": 6, "candidates": 20, "exact": 4, "tournament": 4}
ALGORITHMS = [(Bayesian, {"population": 8}), (LocalBayesian, {})]


@pytest.fixture(scope="module")
def executor() -> Iterator[LocalExecutor]:
    """One process for all searches: the kit makes sixteen of them, and a process takes seconds to start."""
    shared = LocalExecutor(1)
    yield shared
    shared.kill()


def sharing(executor: LocalExecutor, algorithm: type, options: dict[str, int]) -> Callable[..., object]:
    """The algorithm, but for the process, which it shares."""

    class Sharing(algorithm):
        def _new_process(self, setup: Setup) -> ProposerProcess:
            return ProposerProcess(setup, executor)

    return partial(Sharing, **options)


@pytest.mark.parametrize(("algorithm", "more"), ALGORITHMS)
def test_algorithm_conforms_on_a_small_space(executor: LocalExecutor, algorithm: type, more: dict[str, int]) -> None:
    make = sharing(executor, algorithm, {**QUICK, **more})
    check_search_algorithm(make, space("mlp", (8, 8, 1), 10), budget=Budget.parse(flash="64 KiB"), proposals=5)


@pytest.mark.long
@pytest.mark.parametrize(("algorithm", "more"), ALGORITHMS)
def test_algorithm_with_rungs_conforms(executor: LocalExecutor, algorithm: type, more: dict[str, int]) -> None:
    make = sharing(executor, algorithm, {**QUICK, **more})

    def halved(epochs: int, budget: Budget, **others: object) -> Halved:
        rungs = Rungs(epochs, eta=3, min_epochs=1, resources=ranked_resources(budget))
        return Halved(lambda first: make(epochs=first, budget=budget, **others), rungs)

    check_search_algorithm(halved, space("mlp", (8, 8, 1), 10), budget=Budget.parse(flash="64 KiB"), proposals=8)


@pytest.mark.slow
@pytest.mark.parametrize("bounds", ["hard", "soft"])
@pytest.mark.parametrize(("algorithm", "more"), ALGORITHMS)
def test_algorithm_conforms(executor: LocalExecutor, algorithm: type, more: dict[str, int], bounds: str) -> None:
    make = sharing(executor, algorithm, {**SHORT, **more})
    budget = replace(Budget.parse(ram="16 KiB", flash="100 KiB"), bounds=bounds)
    check_search_algorithm(make, space("cnn", (8, 8, 1), 10), budget=budget, proposals=25)
