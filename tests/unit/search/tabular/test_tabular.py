"""Grids, tables of trained networks, and searches in them; the learning curves here are made up."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from search.algorithms import create
from search.budget import Budget
from search.measures.hypervolume import hypervolume
from search.spaces import SpaceError, space
from search.spaces.testing import check_search_space
from search.tabular import make as make_table
from search.tabular.grid import GridSpace
from search.tabular.simulate import best_error_over, hypervolume_over, simulate
from search.tabular.table import Table, TableError
from tests.support.tables import EPOCHS, made_up_table

BUDGET = Budget.parse(ram="4 KiB", flash="8 KiB")


@pytest.fixture(scope="module")
def made_up() -> Table:
    return made_up_table()


@pytest.mark.parametrize("halved", [False, True])
def test_a_grid_is_a_space_within_cnn(halved: bool) -> None:
    grid = GridSpace((24, 20, 1), 10, halved=halved)
    assert len(grid.architectures) == len(set(grid.architectures)) >= 1_500
    cnn = space("cnn", (24, 20, 1), 10)
    assert all(cnn.contains(a) for a in grid.architectures)
    assert [grid.index(a) for a in grid.architectures[:50]] == list(range(50))


def test_a_grid_is_closed_under_its_morphisms_and_connected() -> None:
    grid = GridSpace((8, 8, 1), 10)
    rng = np.random.default_rng(0)
    reached = {grid.architectures[0]}
    left = list(reached)
    while left:
        for neighbour in grid.neighbours(left.pop(), rng):
            assert grid.contains(neighbour)
            if neighbour not in reached:
                reached.add(neighbour)
                left.append(neighbour)
    assert len(reached) == len(grid.architectures)


def test_the_grid_passes_the_kit() -> None:
    check_search_space(GridSpace((8, 8, 1), 10), seed=0)


def test_other_networks_are_refused() -> None:
    grid = GridSpace((8, 8, 1), 10)
    other = space("cnn", (8, 8, 1), 10).sample(np.random.default_rng(0))
    assert not grid.contains(other)
    with pytest.raises(SpaceError, match="is not one of the 1,872"):
        grid.index(other)


def test_a_table_survives_its_file(made_up: Table, tmp_path: Path) -> None:
    made_up.save(tmp_path / "t.npz")
    read = Table.load(tmp_path / "t.npz")
    assert len(read) == len(made_up) == len(made_up.space.architectures)
    network = made_up.space.architectures[77]
    assert read.curve(network) == made_up.curve(network)
    assert read.needs(network, "unas") == made_up.needs(network, "unas")
    assert (read.dataset, read.epochs, read.provenance) == ("made-up", EPOCHS, {"made": "up"})
    (tmp_path / "torn.npz").write_bytes((tmp_path / "t.npz").read_bytes()[:1000])
    for name in ("torn.npz", "none.npz"):
        with pytest.raises(TableError, match="is not a table"):
            Table.load(tmp_path / name)


def test_trainings_of_a_table_go_on_after_a_line_that_was_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "trainings.jsonl"
    file.write_text('{"index": 0, "seed": 0}\n{"index": 1, "se')
    assert make_table._read(file) == {(0, 0): {"index": 0, "seed": 0}}
    with file.open("a") as more:
        more.write('{"index": 1, "seed": 0}\n')
    assert list(make_table._read(file)) == [(0, 0), (1, 0)]


def test_a_table_has_bounds_that_leave_some_networks_in(made_up: Table) -> None:
    for accounting in ("tflm", "unas"):
        budget = made_up.budget(accounting)
        kept = np.mean([budget.allows(made_up.needs(a, accounting)) for a in made_up.space.architectures])
        assert 0.2 < kept < 0.4
        assert made_up.reference(accounting) == (1.0, budget.ram_bytes, budget.model_bytes)
    assert made_up.equivalents(2 * EPOCHS) == 2.0


def test_a_table_is_a_frame_too(made_up: Table) -> None:
    frame, network = made_up.frame("unas"), made_up.space.architectures[600]
    row = frame.loc[600]
    assert len(frame) == len(made_up)
    assert (row["ram_bytes"], row["macs"]) == (made_up.needs(network, "unas").ram_bytes, row["macs"])
    assert row["val_error"] == made_up.curve(network)[-1] == made_up.errors()[600, -1]
    assert row["units"] == network.dense[0]
    assert set(frame["pooling"]) == {"average 4", "average 2", "max 2", "none"}
    assert set(frame[frame["second"] == "none"]["stride_2"]) == {"–"}


@pytest.mark.parametrize("name", ["random", "aging_evolution", "successive_halving", "pareto_halving"])
def test_searches_spend_what_they_may_and_stay_in_the_budget(made_up: Table, name: str) -> None:
    options = {"population": 10, "tournament": 3} if name == "aging_evolution" else {}
    if name == "pareto_halving":
        options = {"pool": 3, "opening": 4}
    steps = simulate(partial(create, name, options=options), made_up, BUDGET, equivalents=8, seed=1)
    spent = [step.spent for step in steps]
    assert spent == sorted(spent)
    assert 8 <= spent[-1] < 9
    assert all(BUDGET.allows(step.observation.costs) for step in steps)
    assert sum(step.observation.epochs_spent for step in steps) == round(spent[-1] * EPOCHS)
    at = np.arange(1.0, 9.0)
    reached, errors = hypervolume_over(steps, BUDGET, at), best_error_over(steps, BUDGET, at)
    assert (np.diff(reached) >= 0).all()
    assert (np.diff(errors) <= 0).all()
    assert reached[-1] > 0
    for place, limit in enumerate(at):
        so_far = [step.observation for step in steps if step.spent <= limit]
        assert reached[place] == pytest.approx(hypervolume(so_far, budget=BUDGET))
        assert errors[place] == min((o.val_error for o in so_far), default=1)
    again = simulate(partial(create, name, options=options), made_up, BUDGET, equivalents=8, seed=1)
    assert again == steps


def test_promotions_cost_only_their_new_epochs(made_up: Table) -> None:
    make = partial(create, "successive_halving", options={"min_epochs": 1})
    steps = simulate(make, made_up, BUDGET, equivalents=5, seed=0)
    promoted = [s.observation for s in steps if s.observation.trial.promotes is not None]
    assert promoted
    assert all(o.epochs_spent < o.epochs for o in promoted)
