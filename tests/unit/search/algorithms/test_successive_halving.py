"""Successive halving: rungs, who goes on, and that nobody goes on twice."""

import numpy as np
import pytest

from resource_models import Costs
from search.algorithms.rungs import Rung, best_first, rung_epochs
from search.algorithms.successive_halving import SuccessiveHalving
from search.budget import Budget
from search.errors import SettingsError
from search.measures.pareto import non_dominated
from search.spaces import space
from search.trial import Observation, Trial

SPACE = space("cnn", (8, 8, 1), 10)


def halving(*, budget: Budget | None = None, **options: int | str) -> SuccessiveHalving:
    return SuccessiveHalving(space=SPACE, budget=budget or Budget(), seed=0, epochs=9, **{"min_epochs": 1} | options)


def train(algorithm: SuccessiveHalving, trial: Trial, error: float, *, ram: int = 1000, failed: bool = False) -> Trial:
    algorithm.started(trial)
    costs = Costs(ram_bytes=ram, model_bytes=1000, macs=1000)
    if failed:
        algorithm.tell(Observation(trial, "failed", costs, message="made to fail"))
    else:
        algorithm.tell(Observation(trial, "trained", costs, val_error=error, epochs=trial.epochs))
    return trial


@pytest.mark.parametrize(
    ("epochs", "eta", "lowest", "rungs"),
    [
        (81, 3, 3, (3, 9, 27, 81)),
        (30, 3, 3, (3, 10, 30)),
        (2, 3, 3, (2,)),
        (16, 2, 1, (1, 2, 4, 8, 16)),
        (5, 3, 3, (5,)),
    ],
)
def test_rungs(epochs: int, eta: int, lowest: int, rungs: tuple[int, ...]) -> None:
    assert rung_epochs(epochs, eta=eta, min_epochs=lowest) == rungs


@pytest.mark.parametrize(
    ("epochs", "lowest", "steps", "rungs"),
    [
        (30, 1, 1406, (0.1111, 0.3333, 1, 3, 10, 30)),  # 45,000 examples: 156 steps
        (30, 1, 1300, (0.3333, 1, 3, 10, 30)),
        (30, 1, 449, (1, 3, 10, 30)),
        (30, 3, 1406, (3, 10, 30)),
        (1, 1, 500, (0.3333, 1)),
        (20, 1, 1406, (2, 6, 20)),  # no rung of one epoch to go below
    ],
)
def test_rungs_go_below_one_epoch_where_enough_steps_are_left(
    epochs: int, lowest: int, steps: int, rungs: tuple[float, ...]
) -> None:
    assert rung_epochs(epochs, eta=3, min_epochs=lowest, steps=steps) == rungs


def test_the_best_third_goes_on_and_the_rest_does_not() -> None:
    algorithm = halving(rank="error")
    for number, error in enumerate([0.5, 0.3]):
        sample = algorithm.ask(number)
        assert (sample.promotes, sample.epochs, sample.keep) == (None, 1, True)
        train(algorithm, sample, error)
    train(algorithm, algorithm.ask(2), 0.4)
    promotion = algorithm.ask(3)
    assert (promotion.promotes, promotion.epochs, promotion.keep) == (1, 3, True)
    algorithm.started(promotion)
    assert algorithm.ask(4).promotes is None  # the same network does not go on twice, done or not


def test_the_highest_rung_comes_first_and_keeps_nothing() -> None:
    algorithm = halving(rank="error")
    number = 0
    while True:
        trial = algorithm.ask(number)
        if trial.epochs == 9:
            break
        train(algorithm, trial, 0.1 + 0.01 * number)
        number += 1
    assert not trial.keep
    assert trial.promotes is not None
    assert number == 12  # nine samples and three promotions to the middle rung


def test_a_promotion_that_failed_is_not_repeated() -> None:
    algorithm = halving(rank="error")
    for number in range(3):
        train(algorithm, algorithm.ask(number), 0.1 * number)
    train(algorithm, algorithm.ask(3), 0.0, failed=True)
    assert algorithm.ask(4).promotes is None


def test_failures_have_no_place_on_a_rung() -> None:
    algorithm = halving(rank="error")
    for number in range(3):
        train(algorithm, algorithm.ask(number), 0.0, failed=number == 0)
    assert algorithm.ask(3).promotes is None


def test_resources_count_unless_the_error_alone_is_asked_for() -> None:
    errors_and_ram = [(0.30, 9000), (0.31, 500), (0.30, 9500), (0.40, 9600), (0.50, 9700), (0.60, 9800)]
    chosen = {}
    for rank in ("front", "error"):
        algorithm = halving(rank=rank, budget=Budget(ram_bytes=10_000))
        for number, (error, ram) in enumerate(errors_and_ram):
            train(algorithm, Trial(number, SPACE.smallest()[0], 1, keep=True), error, ram=ram)
        first = algorithm.ask(6)
        algorithm.started(first)
        chosen[rank] = (first.promotes, algorithm.ask(7).promotes)
    assert chosen == {"front": (0, 1), "error": (0, 2)}


@pytest.mark.parametrize(("by_error", "go_on"), [(0.0, {0, 2, 3}), (0.5, {0, 1, 3}), (1.0, {0, 1, 4})])
def test_places_go_to_the_lowest_errors_and_to_fronts(by_error: float, go_on: set[int]) -> None:
    rung = Rung(1, 3, ("ram_bytes",), by_error=by_error)
    front_and_others = [(0.1, 900), (0.11, 950), (0.5, 100), (0.4, 200), (0.12, 960), *[(0.9, 1000)] * 4]
    for number, (error, ram) in enumerate(front_and_others):
        needs = Costs(ram_bytes=ram, model_bytes=1, macs=1, latency_s=None)
        rung.add(Observation(Trial(number, number, 1), "trained", needs, val_error=error, epochs=1))
    found = set()
    while (best := rung.promotable()) is not None:
        found.add(best.trial_id)
        rung.gone.add(best.trial_id)
    assert found == go_on


def test_best_first_peels_fronts() -> None:
    points = np.random.default_rng(0).random((40, 3))
    order = best_first(points)
    assert sorted(order) == list(range(40))
    front = set(np.flatnonzero(non_dominated(points)).tolist())
    assert set(order[: len(front)]) == front
    errors = points[order[: len(front)], 0]
    assert (np.diff(errors) >= 0).all()
    for place, row in enumerate(order):  # nobody stands before one that is better in everything
        assert not any((points[later] < points[row]).all() for later in order[place + 1 :])


@pytest.mark.parametrize("options", [{"eta": 1}, {"min_epochs": 0}, {"rank": "latency"}])
def test_impossible_options_are_refused(options: dict) -> None:
    with pytest.raises(SettingsError, match="successive_halving"):
        halving(**options)


def test_a_large_rung_promotes_the_same_whenever_it_is_asked() -> None:
    """A run that was replayed has asked less often than one that was not."""
    often, once = halving(), halving()
    rng = np.random.default_rng(0)
    for number, (error, ram) in enumerate(zip(rng.random(1234), rng.integers(100, 5000, 1234), strict=True)):
        trial = Trial(number, f"network {number}", 1, keep=True)
        for algorithm in (often, once):
            train(algorithm, trial, float(error), ram=int(ram))
        often.ask(number + 1)
    chosen = [algorithm.ask(5000).promotes for algorithm in (often, once)]
    assert chosen[0] == chosen[1] is not None


def test_the_first_few_are_the_first_of_all() -> None:
    points = np.random.default_rng(0).random((60, 3))
    assert best_first(points, 13) == best_first(points)[:13]
    assert best_first(points[:, :1], 5) == np.argsort(points[:, 0])[:5].tolist()
