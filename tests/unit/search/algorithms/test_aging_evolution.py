"""Aging evolution: how the population fills, ages and is selected from."""

import pytest

from search.algorithms import create
from search.algorithms.aging_evolution import AgingEvolution
from search.budget import Budget
from search.errors import SettingsError
from search.spaces import space
from search.testing import synthetic_observation

SPACE = space("cnn", (8, 8, 1), 10)
BUDGET = Budget.parse(ram="12 KiB", bounds="soft")


def evolution(**options: int) -> AgingEvolution:
    return AgingEvolution(space=SPACE, budget=BUDGET, seed=0, epochs=3, **options)


def tell(algorithm: AgingEvolution, numbers: range) -> None:
    for number in numbers:
        algorithm.tell(synthetic_observation(algorithm.ask(number), SPACE, BUDGET))


def test_fills_at_random_then_descends_from_living_members() -> None:
    algorithm = evolution(population=5, tournament=2)
    tell(algorithm, range(6))  # trial 4 fails, so five are alive
    assert algorithm.ask(6).parent in {0, 1, 2, 3, 5}


def test_failures_and_infeasible_proposals_never_join() -> None:
    algorithm = evolution(population=5, tournament=2)
    tell(algorithm, range(5))
    assert algorithm.ask(5).parent is None


def test_the_oldest_leaves() -> None:
    algorithm = evolution(population=3, tournament=3)
    tell(algorithm, range(12))
    assert {algorithm.ask(n).parent for n in range(12, 40)} <= {9, 10, 11}


def test_a_child_is_one_morphism_away() -> None:
    algorithm = evolution(population=2, tournament=1)
    tell(algorithm, range(2))
    child = algorithm.ask(2)
    parent = algorithm.ask(child.parent).architecture
    assert child.architecture != parent
    assert SPACE.contains(child.architecture)


@pytest.mark.parametrize("options", [{"population": 5}, {"population": 0}, {"tournament": 0}])
def test_impossible_sizes_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(SettingsError, match=r"population|tournament"):
        evolution(**options)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("aging_evolution", {"populaton": 5}, "did you mean 'population'"),
        ("aging_evolution", {"population": "many"}, "whole number"),
        ("random", {"population": 5}, "has no option"),
        ("agingevolution", {}, "did you mean 'aging_evolution'"),
        ("nowhere:Class", {}, "no module 'nowhere'"),
        ("search.algorithms.random:Missing", {}, "has no 'Missing'"),
    ],
)
def test_names_and_options_are_checked(name: str, options: dict, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        create(name, space=SPACE, budget=BUDGET, seed=0, epochs=1, options=options)
