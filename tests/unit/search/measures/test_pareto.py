"""Fronts and hypervolume against definitions written out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.budget import Budget
from search.errors import SearchError
from search.measures.hypervolume import hypervolume
from search.measures.pareto import front, non_dominated
from search.trial import Observation
from tests.support.trained import observation

points = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)), max_size=30)


def dominates(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return all(x <= y for x, y in zip(a, b, strict=True)) and a != b


@given(points)
def test_non_dominated_is_the_definition(rows: list[tuple[int, int, int]]) -> None:
    expected = [not any(dominates(o, p) for o in rows) and p not in rows[:i] for i, p in enumerate(rows)]
    assert non_dominated(np.array(rows, dtype=float).reshape(len(rows), 3)).tolist() == expected


@given(points)
def test_front_over_all_resources(rows: list[tuple[int, int, int]]) -> None:
    seen = [observation(i, e / 10, ram=r, flash=f) for i, (e, r, f) in enumerate(rows)]
    kept = {o.trial_id for o in front(seen)}
    for o, row in zip(seen, rows, strict=True):
        if any(dominates(other, row) for other in rows):
            assert o.trial_id not in kept
    assert {rows[i] for i in kept} == {p for p in rows if not any(dominates(o, p) for o in rows)}


def test_front_leaves_out_failures_and_what_is_over_budget() -> None:
    seen: list[Observation] = [observation(0, None), observation(1, 0.5, ram=10), observation(2, 0.1, ram=100)]
    assert [o.trial_id for o in front(seen, objective="ram_bytes")] == [2, 1]
    assert [o.trial_id for o in front(seen, objective="ram_bytes", budget=Budget(ram_bytes=50))] == [1]


def test_latency_takes_part_only_where_it_is_known() -> None:
    slow, fast = observation(0, 0.1, latency=2.0), observation(1, 0.1, latency=1.0)
    assert [o.trial_id for o in front([slow, fast])] == [1]
    assert len(front([slow, fast, observation(2, 0.5, latency=None)])) == 1
    with pytest.raises(SearchError, match="not known for every trial"):
        front([slow, observation(1, 0.1)], objective="latency_s")


def test_an_unknown_objective_is_named() -> None:
    with pytest.raises(SearchError, match="'speed' is not a resource"):
        front([observation(0, 0.1)], objective="speed")


def test_nothing_trained_is_an_empty_front() -> None:
    assert front([]) == ()
    assert front([observation(0, None)], objective="ram_bytes") == ()


def test_hypervolume_of_known_fronts() -> None:
    budget = Budget(ram_bytes=100)
    assert hypervolume([], budget=budget) == 0.0
    assert hypervolume([observation(0, 0.5, ram=50)], budget=budget) == pytest.approx(0.25)
    two = [observation(0, 0.5, ram=20), observation(1, 0.2, ram=60), observation(2, 0.1, ram=101)]
    assert hypervolume(two, budget=budget) == pytest.approx(0.5 * 0.8 + 0.3 * 0.4)
    assert hypervolume(two, budget=Budget()) is None
