"""Pareto halving: within the budget from the first network on, those without promise are left, children of the best."""

from dataclasses import replace

import numpy as np
import pytest

from resource_models import Costs, costs
from search.algorithms.feasible import FeasibleNetworks
from search.algorithms.pareto_halving import ParetoHalving, _Points
from search.budget import Budget
from search.errors import SettingsError
from search.measures.pareto import non_dominated
from search.spaces import space
from search.trial import Observation, Trial

SPACE = space("cnn", (8, 8, 1), 10)
BUDGET = Budget.parse(ram="5 KiB", flash="16 KiB")


def halving(**options: float) -> ParetoHalving:
    return ParetoHalving(space=SPACE, budget=BUDGET, seed=0, epochs=9, **options)


def train(algorithm: ParetoHalving, trial: Trial, error: float) -> Trial:
    algorithm.started(trial)
    needs = costs(SPACE.lower(trial.architecture))
    algorithm.tell(Observation(trial, "trained", needs, val_error=error, epochs=trial.epochs))
    return trial


def test_everything_fits_and_nothing_comes_twice() -> None:
    algorithm, seen = halving(), []
    for number in range(40):
        trial = train(algorithm, algorithm.ask(number), 0.5)
        if trial.promotes is None:
            assert BUDGET.allows(costs(SPACE.lower(trial.architecture)))
            seen.append(trial.architecture)
    assert len(seen) == len(set(seen)) >= 15


@pytest.mark.parametrize(("accuracy", "goes_on"), [(1.0, False), (0.5, True)])
def test_a_small_network_with_a_high_error_goes_on_unless_only_errors_count(accuracy: float, goes_on: bool) -> None:
    algorithm = halving(accuracy_fraction=accuracy, warmup_trials=9)
    tiny, promoted = None, []
    for number in range(14):
        trial = algorithm.ask(number)
        if trial.promotes is not None:
            promoted.append(trial.promotes)
            algorithm.started(trial)
            continue
        tiny = number if tiny is None else tiny
        needs = costs(SPACE.lower(SPACE.smallest()[0]))
        if number != tiny:
            needs = replace(needs, ram_bytes=5000, model_bytes=16_000)
        algorithm.started(trial)
        error = 0.9 if number == tiny else 0.1 + 0.01 * number
        algorithm.tell(Observation(trial, "trained", needs, val_error=error, epochs=1))
    assert (tiny in promoted) is goes_on
    assert 1 in promoted  # the lowest error


def test_after_the_opening_most_are_children_of_the_best() -> None:
    algorithm = halving(warmup_trials=6, random_fraction=0.0, accuracy_fraction=1.0, eta=1000)
    for number in range(6):
        train(algorithm, algorithm.ask(number), 0.9 if number < 3 else 0.1)
    parents = {train(algorithm, algorithm.ask(number), 0.95).parent for number in range(6, 16)}
    assert parents <= {3, 4, 5}


def test_none_is_a_child_where_all_are_to_be_fresh() -> None:
    algorithm = halving(warmup_trials=3, random_fraction=1.0, tightened_fraction=1.0)
    trials = [train(algorithm, algorithm.ask(number), 0.5) for number in range(12)]
    assert {trial.parent for trial in trials if trial.promotes is None} == {None}


def test_what_grows_for_the_front_is_of_every_size() -> None:
    """Grown for the lowest error alone, networks fill the budget; for the front, many stay far below it."""
    shares = {}
    for accuracy in (0.0, 1.0):
        algorithm = halving(random_fraction=1.0, tightened_fraction=1.0, accuracy_fraction=accuracy, eta=1000)
        trials = [train(algorithm, algorithm.ask(number), 0.5) for number in range(30)]
        needs = [costs(SPACE.lower(trial.architecture)) for trial in trials[9:]]
        shares[accuracy] = np.mean([min(n.ram_bytes / 5120, n.model_bytes / 16384) for n in needs])
        assert all(map(BUDGET.allows, needs))
    assert shares[0.0] < 0.7 * shares[1.0]


def test_a_goal_stops_the_growth_and_what_grows_further_keeps_it() -> None:
    networks = FeasibleNetworks(SPACE, BUDGET, lambda architecture: costs(SPACE.lower(architecture)))
    rng, goal = np.random.default_rng(0), replace(BUDGET, model_bytes=9000)
    for _ in range(10):
        grown = networks.fresh(rng, lambda _: False, goal)
        other = networks.further(grown, rng, {grown.architecture}.__contains__, goal)
        assert other != grown
        assert max(grown.costs.model_bytes, other.costs.model_bytes) <= 9000


def test_the_surrogate_chooses_what_it_expects_most_of() -> None:
    """Where deeper networks err less, those chosen with a surrogate are deeper than those chosen without."""

    def depth(trial: Trial) -> int:
        return sum(len(block.layers) for block in trial.architecture.blocks)

    means = {}
    for pool in (1, 12):
        algorithm, depths = halving(candidate_pool=pool, random_fraction=0.0, accuracy_fraction=1.0, eta=1000), []
        for number in range(36):
            trial = algorithm.ask(number)
            train(algorithm, trial, 0.9 * 0.8 ** depth(trial))
            depths.append(depth(trial))
        means[pool] = np.mean(depths[16:])
    assert means[12] > means[1] + 0.5


@pytest.mark.parametrize(
    "options",
    [
        {"eta": 1},
        {"candidate_pool": 0},
        {"random_fraction": 1.5},
        {"tightened_fraction": 1.5},
        {"cost_penalty": -0.1},
        {"accuracy_fraction": 2.0},
    ],
)
def test_options_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(SettingsError, match="pareto_halving"):
        halving(**options)


def test_the_best_are_the_best_also_where_they_were_known_before() -> None:
    rng, points = np.random.default_rng(5), _Points(("ram_bytes", "macs"))
    networks = SPACE.smallest()[:60]
    for number in range(300):
        needs = Costs(ram_bytes=int(rng.integers(1, 9)), model_bytes=1, macs=int(rng.integers(1, 9)))
        trial = Trial(number, networks[int(rng.integers(len(networks)))], 1)
        points.put(Observation(trial, "trained", needs, val_error=int(rng.integers(1, 9)) / 10, epochs=1), 1.0)
        for resource in ("ram_bytes", "macs"):
            table = points.points(resource)
            assert points.front(resource).tolist() == np.flatnonzero(non_dominated(table)).tolist()
        assert points.lowest().tolist() == np.argsort(table[:, 0], kind="stable")[:3].tolist()
