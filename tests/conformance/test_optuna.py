"""Optuna's samplers pass the kit too, in a space that has an encoding."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from resource_models import Costs
from search.algorithms import REFERENCES, algorithms, create, options_of
from search.budget import Budget
from search.errors import SettingsError
from search.spaces import SpaceError, space
from search.spaces.base import Encoded
from search.tabular.grid import GridSpace
from search.testing import check_search_algorithm
from search.trial import Observation, Trial

pytest.importorskip("optuna")

GRID = GridSpace((8, 8, 1), 10)
BUDGET = Budget.parse(ram="6 KiB", flash="16 KiB", macs="10k")
SHORT = {"optuna_nsga2": {"population": 8}, "optuna_tpe": {"warmup_trials": 5}}


LONG = {"optuna_nsga2": 120, "optuna_tpe": 40}


def made(name: str, **options):
    given = {"space": GRID, "budget": BUDGET, "seed": 0, "epochs": 9}
    return create(name, **given, options=options)


@pytest.mark.parametrize(
    ("name", "bounds", "proposals"),
    [
        ("optuna_nsga2", "hard", 24),
        ("optuna_nsga2", "soft", 24),
        ("optuna_tpe", "hard", 12),
        pytest.param("optuna_tpe", "soft", 24, marks=pytest.mark.slow),
    ],
)
def test_references_conform(name: str, bounds: str, proposals: int) -> None:
    make = partial(create, name, options=SHORT[name])
    check_search_algorithm(make, GRID, budget=replace(BUDGET, bounds=bounds), proposals=proposals)


@pytest.mark.parametrize("name", ["optuna_nsga2", pytest.param("optuna_tpe", marks=pytest.mark.slow)])
def test_references_conform_in_the_space_of_the_paper(name: str) -> None:
    budget = Budget.parse(ram="16 KiB", flash="100 KiB")
    make = partial(create, name, options=SHORT[name])
    check_search_algorithm(make, space("cnn", (8, 8, 1), 10), budget=budget, proposals=8)


@pytest.mark.parametrize("name", REFERENCES)
def test_references_learn(name: str) -> None:
    """Where the error grows with the filters, proposals soon have fewer than at random; constraints are minded."""
    algorithm = made(name, **SHORT[name])
    filters, within = [], []
    for number in range(LONG[name]):
        trial = algorithm.ask(number)
        vector = GRID.encode(trial.architecture)
        filters.append(vector[0])
        needs = Costs(ram_bytes=100, model_bytes=100, macs=20_000 if vector[2] == 0 else 100)
        within.append(BUDGET.allows(needs))
        if not within[-1]:
            algorithm.tell(Observation(trial, "infeasible", needs))
        else:
            error = 0.1 + 0.3 * vector[0] + number / 10_000
            algorithm.tell(Observation(trial, "trained", needs, val_error=error, epochs=9))
    # At random the means are 1 and a half.
    assert np.mean(filters[-20:]) <= 0.6
    assert np.mean(within[-20:]) >= 0.65


@pytest.mark.parametrize("name", REFERENCES)
def test_failures_and_errors_that_are_no_numbers_are_passed_over(name: str) -> None:
    algorithm, untold = made(name), made(name)
    needs = Costs(ram_bytes=100, model_bytes=100, macs=100)
    for number, error in enumerate((float("nan"), None)):
        status = "failed" if error is None else "trained"
        algorithm.tell(Observation(Trial(number, GRID.architectures[number], 9), status, needs, val_error=error))
    assert algorithm.ask(5) == untold.ask(5)


def test_no_network_is_proposed_twice_while_others_are_left() -> None:
    algorithm = made("optuna_tpe", warmup_trials=5)
    needs = Costs(ram_bytes=100, model_bytes=100, macs=100)
    seen = []
    for number in range(25):
        seen.append(algorithm.ask(number))
        algorithm.tell(Observation(seen[-1], "trained", needs, val_error=0.1, epochs=9))
    assert len({trial.architecture for trial in seen}) == 25


def test_trainings_may_be_shorter() -> None:
    assert made("optuna_tpe", train_epochs=3).ask(0).epochs == 3
    assert made("optuna_tpe").ask(0).epochs == 9


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("optuna_tpe", {"train_epochs": 10}, "between 1 and 9"),
        ("optuna_tpe", {"warmup_trials": 0}, "at least 1"),
        ("optuna_nsga2", {"population": 1}, "at least 2"),
        ("optuna_nsga2", {"populaton": 9}, "did you mean 'population'"),
    ],
)
def test_bad_options_are_refused(name: str, options: dict[str, int], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        made(name, **options)


def test_a_space_without_an_encoding_is_refused() -> None:
    extended = space("cnn-extended", (8, 8, 1), 10)
    assert not isinstance(extended, Encoded)
    with pytest.raises(SettingsError, match=r"optuna_tpe needs a space .* the space cnn-extended has none"):
        create("optuna_tpe", space=extended, budget=BUDGET, seed=0, epochs=9, options={})


def test_references_have_names_and_options_but_no_place_in_lists() -> None:
    assert set(REFERENCES) & {info.name for info in algorithms()} == set()
    assert options_of("optuna_nsga2") == {"population": 50, "train_epochs": 0, "eta": 0, "min_epochs": 3}
    with pytest.raises(SettingsError, match="did you mean 'optuna_tpe'"):
        options_of("optuna_tp")


def test_the_grid_has_an_encoding() -> None:
    assert isinstance(GRID, Encoded)
    for network in GRID.architectures:
        assert GRID.decode(GRID.encode(network)) == network
    rng = np.random.default_rng(0)
    drawn = [[int(rng.integers(choice.size)) for choice in GRID.choices] for _ in range(200)]
    assert all(GRID.contains(GRID.decode(vector)) for vector in drawn)
    assert len({choice.name for choice in GRID.choices}) == len(GRID.choices)
    for vector in ([9] * 8, [0] * 7):
        with pytest.raises(SpaceError, match="not a place"):
            GRID.decode(vector)
