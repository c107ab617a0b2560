"""Outcomes that leave nothing to divide by: no errors, equal errors, one network, only failures, unknown numbers.

Every algorithm goes on, without a warning of NumPy's, and proposes networks within the budget.
"""

import math
import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resource_models import Costs, costs
from search.algorithms import SearchAlgorithm, create, note_started
from search.algorithms.feasible import Candidate
from search.algorithms.pareto_halving import ParetoHalving
from search.algorithms.surrogate import LEAST_ERROR, ErrorModel, descriptors
from search.budget import Budget
from search.spaces import space
from search.trial import Observation, Trial

SPACE = space("mlp", (4, 4, 1), 10)
BUDGET = Budget.parse(ram="5 KiB", flash="60 KiB")
ENTRIES = [
    ("random", {}),
    ("aging_evolution", {"population": 4, "tournament": 3}),
    ("aging_evolution", {"population": 4, "tournament": 3, "eta": 3, "min_epochs": 1}),
    ("successive_halving", {"min_epochs": 1}),
    ("pareto_halving", {"warmup_trials": 3}),
]
ERRORS: dict[str, Callable[[int], float | None]] = {
    "no errors": lambda _: 0.0,
    "equal errors": lambda _: 0.5,
    "all wrong": lambda _: 1.0,
    "all failed": lambda _: None,
    "one trained, the others failed": lambda number: 0.1 if number == 2 else None,
    "no number": lambda number: math.nan if number % 2 else 0.3,
    "infinite": lambda number: math.inf if number % 2 else 0.3,
    "half without error": lambda number: 0.0 if number % 2 else 0.3,
}


def outcome(trial: Trial, error: float | None, needs: Costs) -> Observation:
    if error is None:
        return Observation(trial, "failed", needs, message="made to fail")
    return Observation(trial, "trained", needs, val_error=error, epochs=trial.epochs, history=(error,) * trial.epochs)


def needs_of(architecture: object) -> Costs:
    return costs(SPACE.lower(architecture))


def made(name: str, options: dict[str, int], budget: Budget) -> SearchAlgorithm:
    return create(name, space=SPACE, budget=budget, seed=0, epochs=9, costs=needs_of, options=options)


def live(algorithm: SearchAlgorithm, error_of: Callable[[int], float | None], known: bool, proposals: int = 30) -> int:
    """Ask and tell; returns the networks that were within the budget."""
    fit = 0
    for number in range(proposals):
        trial = algorithm.ask(number)
        needs = needs_of(trial.architecture)
        fit += BUDGET.allows(needs)
        note_started(algorithm, trial)
        algorithm.tell(outcome(trial, error_of(number), needs if known else replace(needs, latency_s=None)))
    return fit


@pytest.mark.parametrize("bounds", ["hard", "soft"])
@pytest.mark.parametrize("errors", ERRORS)
@pytest.mark.parametrize(("name", "options"), ENTRIES)
def test_every_algorithm_goes_on(name: str, options: dict[str, int], errors: str, bounds: str) -> None:
    algorithm = made(name, options, replace(BUDGET, bounds=bounds))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert live(algorithm, ERRORS[errors], known=True) > 0


@pytest.mark.parametrize("bounds", [Budget(latency_s=0.1, bounds="soft"), Budget(model_bytes=0, bounds="soft")])
@pytest.mark.parametrize(("name", "options"), ENTRIES)
def test_every_algorithm_goes_on_with_a_bound_that_none_meets(
    name: str, options: dict[str, int], bounds: Budget
) -> None:
    """As where a board has no latency model, or its flash is all taken by the runtime, under soft bounds."""
    algorithm = made(name, options, bounds)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        live(algorithm, lambda _: 0.2, known=False, proposals=15)


@pytest.mark.parametrize("resource", ["ram_bytes", "model_bytes"])
def test_of_networks_that_all_classify_perfectly_the_one_that_needs_least_is_expected_most_of(resource: str) -> None:
    options = {"cost_penalty": 0.0, "tightened_fraction": 0.0, "random_fraction": 0.0}
    algorithm = ParetoHalving(space=SPACE, budget=BUDGET, seed=0, epochs=1, **options)
    live(algorithm, lambda _: 0.0, known=True, proposals=20)
    least = algorithm._first.points(resource)[:, 1].min()
    needs = [least + 40, least - 5, least - 20, least]
    candidates = [Candidate(None, Costs(int(need), int(need), 1)) for need in needs]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gains = algorithm._gains(candidates, np.full(4, LEAST_ERROR), resource)
    assert int(np.argmax(gains)) == 2
    assert (gains > 0).tolist() == [False, True, True, False]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([0.0, 0.2, 1.0]), min_size=1, max_size=12),
    st.integers(0, 3),
    st.integers(0, 2**31),
)
def test_the_surrogate_of_constant_errors_or_networks_predicts_finite_errors(errors, variety, seed) -> None:
    rng = np.random.default_rng(seed)
    networks = [SPACE.sample(rng) for _ in range(variety + 1)]
    model = ErrorModel()
    rows = [descriptors(SPACE.lower(network), needs_of(network)) for network in networks]
    for number, error in enumerate(errors):
        model.add(rows[number % len(rows)], error)
    others = [SPACE.sample(rng) for _ in range(5)]
    asked = [descriptors(SPACE.lower(network), needs_of(network)) for network in others]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for found in (model.predict(asked), model.draw(asked, rng)):
            assert np.isfinite(found).all()
            assert (found > 0).all()
