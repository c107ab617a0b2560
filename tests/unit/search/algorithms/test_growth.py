"""The bound on what a network that begins may take to train."""

import math
from functools import partial

import numpy as np
import pytest

from search.algorithms import create
from search.algorithms.growth import FIRST_S, LEAST_ROOM, Growth
from search.budget import Budget
from search.spaces import space
from search.testing import check_search_algorithm, synthetic_observation
from search.trial import Observation, Trial
from search.workload import Workload

SPACE = space("cnn", (96, 96, 3), 2)
SMALL = space("cnn", (8, 8, 1), 10)
ROOMY = Budget.parse(ram="256 KiB", flash="1 MiB")
MANY = Workload(train_size=10_000, validation_size=2_000)


def growth(workload: Workload | None = MANY, *, share: float = 0.1) -> Growth:
    made = Growth(workload, epochs=1, share=share, lower=SPACE.lower)
    made.begin(SPACE.smallest())
    return made


def trained(number: int, error: float, *, seed: int, epochs: float = 1) -> Observation:
    trial = Trial(number, SPACE.sample(np.random.default_rng(seed)), epochs)
    return Observation(trial, "trained", costs=None, val_error=error, epochs=epochs)  # type: ignore[arg-type]


@pytest.mark.parametrize("bound", [growth(None), growth(share=0)])
def test_without_a_workload_or_a_share_there_is_none(bound: Growth) -> None:
    assert not bound.bounded
    assert bound.first_s == bound.most_s == math.inf
    assert bound.excess(SPACE.sample(np.random.default_rng(0)), bound.most_s) == 0


def test_it_begins_with_what_the_smallest_networks_need() -> None:
    bound = growth()
    cheapest = min(bound.seconds(a) for a in SPACE.smallest())
    assert bound.most_s == bound.first_s == max(FIRST_S, LEAST_ROOM * cheapest)
    none_fits = growth(Workload(10_000_000, 1_000_000))
    assert none_fits.most_s > FIRST_S
    assert min(map(none_fits.seconds, SPACE.smallest())) < none_fits.most_s


def test_it_grows_with_what_was_spent_as_far_as_the_best_are_large() -> None:
    bound, spent = growth(), 0.0
    for number in range(3):
        observation = trained(number, 0.5, seed=number, epochs=10)
        spent += MANY.seconds(SPACE.lower(observation.trial.architecture), 10)
        bound.tell(observation)
    assert bound.most_s == max(bound.first_s, 0.1 * spent)
    cheap = SPACE.smallest()[0]
    for number in range(3, 6):
        bound.tell(Observation(Trial(number, cheap, 1), "trained", None, val_error=0.1, epochs=1))  # type: ignore[arg-type]
    assert bound.most_s == max(bound.first_s, min(4 * bound.seconds(cheap), bound.most_s))
    assert bound.most_s <= max(bound.first_s, 4 * bound.seconds(cheap))


def test_what_failed_counts_nothing() -> None:
    bound = growth()
    before = bound.most_s
    for number in range(50):
        bound.tell(Observation(Trial(number, SPACE.smallest()[0], 1), "failed", None))  # type: ignore[arg-type]
    assert bound.most_s == before


def test_what_begins_on_a_roomy_board_trains_in_seconds_and_grows() -> None:
    algorithm = create("pareto_halving", space=SPACE, budget=ROOMY, seed=0, epochs=30, options={}, workload=MANY)
    unbounded = create("pareto_halving", space=SPACE, budget=ROOMY, seed=0, epochs=30, options={"training_share": 0.0})
    begun = []
    for number in range(14):
        trial = algorithm.ask(number)
        algorithm.started(trial)  # type: ignore[attr-defined]
        if trial.promotes is None:
            begun.append(MANY.seconds(SPACE.lower(trial.architecture), trial.epochs))
        algorithm.tell(synthetic_observation(trial, SPACE, ROOMY))
    free = unbounded.ask(0)
    assert max(begun[:9]) <= growth().first_s
    assert MANY.seconds(SPACE.lower(free.architecture), 1) > 10 * max(begun[:9])


@pytest.mark.slow
@pytest.mark.parametrize("workload", [MANY, Workload(50_000, 5_000)])
def test_the_default_conforms_with_a_workload(workload: Workload) -> None:
    options = {"warmup_trials": 4, "candidate_pool": 2}
    make = partial(create, "pareto_halving", options=options, workload=workload)
    check_search_algorithm(make, SMALL, budget=Budget.parse(ram="16 KiB", flash="100 KiB"), proposals=40)
