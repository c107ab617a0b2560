"""Shadow prices: exact small examples, and the step function against counting."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Budget
from search.budget import RESOURCES
from search.measures.frames import of_shadow_prices
from search.measures.shadow_prices import Step, shadow_prices
from tests.support.trained import observation

KIB = 1024
BUDGET = Budget.parse(ram="16 KiB")


def price(*networks, budget=BUDGET, size=1000):
    (found, *_) = shadow_prices(networks, budget, validation_size=size)
    return found


def test_below_and_above_the_bound() -> None:
    found = price(
        observation(1, 0.30, ram=4 * KIB),
        observation(2, 0.10, ram=14 * KIB),
        observation(3, 0.12, ram=15 * KIB),  # dominated
        observation(4, 0.05, ram=20 * KIB),
        observation(5, 0.04, ram=40 * KIB),
        observation(6, None, ram=1 * KIB),  # failed
    )
    assert found.steps == (
        Step(4 * KIB, 0.30, 1),
        Step(14 * KIB, 0.10, 2),
        Step(20 * KIB, 0.05, 4),
        Step(40 * KIB, 0.04, 5),
    )
    assert (found.binding, found.slack) == (True, 2 * KIB)
    assert (found.relaxed.bound, found.relaxed.trial) == (20 * KIB, 4)
    assert found.relaxed.points == pytest.approx(5)
    assert (found.tightened.bound, found.tightened.trial) == (14 * KIB, 1)
    assert found.tightened.points == pytest.approx(-20)
    assert found.sentence == (
        "RAM 16 KiB binds: +4 KiB RAM bought 5 points; less than 14 KiB RAM (−2 KiB) would cost 20 points."
    )


def test_without_data_above_nothing_is_said_of_it() -> None:
    found = price(observation(1, 0.30, ram=4 * KIB), observation(2, 0.10, ram=8 * KIB))
    assert not found.binding  # what the best network needs is half of the bound
    assert found.relaxed is None
    assert found.sentence == (
        "RAM 16 KiB does not bind: no data above the bound; less than 8 KiB RAM (−8 KiB) would cost 20 points."
    )
    assert price(observation(1, 0.30, ram=4 * KIB), observation(2, 0.10, ram=16 * KIB)).binding


def test_larger_networks_that_were_no_better() -> None:
    found = price(observation(1, 0.10, ram=4 * KIB), observation(2, 0.20, ram=20 * KIB))
    assert not found.binding
    assert found.sentence == "RAM 16 KiB does not bind: no network over it alone was better; no data below 4 KiB RAM."


def test_a_difference_within_the_standard_error_is_not_one() -> None:
    networks = [observation(1, 0.11, ram=15 * KIB), observation(2, 0.10, ram=20 * KIB)]
    few, many, unknown = (price(*networks, size=size) for size in (100, 10_000, None))
    assert (few.binding, many.binding, unknown.binding) == (False, True, True)
    assert few.sentence.startswith("RAM 16 KiB does not bind: +4 KiB RAM bought 1 point, not distinguishable (± 4.4);")
    assert many.sentence.startswith("RAM 16 KiB binds: +4 KiB RAM bought 1 point;")
    assert unknown.relaxed.spread is None
    # No error among a hundred examples is not known to be better than one.
    assert not price(observation(1, 0.01, ram=15 * KIB), observation(2, 0.0, ram=20 * KIB), size=100).binding


def test_the_smallest_change_that_makes_a_difference_is_told() -> None:
    found = price(
        observation(1, 0.500, ram=2 * KIB),
        observation(2, 0.300, ram=6 * KIB),
        observation(3, 0.101, ram=10 * KIB),
        observation(4, 0.100, ram=16 * KIB),
        observation(5, 0.099, ram=17 * KIB),
        observation(6, 0.050, ram=20 * KIB),
        observation(7, 0.010, ram=90 * KIB),
    )
    assert (found.relaxed.trial, found.relaxed.bound) == (6, 20 * KIB)
    assert (found.tightened.trial, found.tightened.bound) == (2, 10 * KIB)
    assert "less than 10 KiB RAM (−6 KiB) would cost 20 points" in found.sentence


def test_networks_over_another_bound_do_not_count() -> None:
    budget = Budget.parse(ram="16 KiB", macs="2k", latency="10 ms")
    networks = [
        observation(1, 0.20, ram=15 * KIB, macs=1000, latency=0.005),
        observation(2, 0.05, ram=17 * KIB, macs=3000, latency=0.005),  # over two bounds
        observation(3, 0.10, ram=1 * KIB, macs=2500, latency=0.005),
        observation(4, 0.01, ram=1 * KIB, macs=1, latency=None),  # of unknown latency
    ]
    ram, latency, macs = shadow_prices(networks, budget, validation_size=1000)
    assert [p.resource.key for p in (ram, latency, macs)] == ["ram_bytes", "latency_s", "macs"]
    assert ram.relaxed is latency.relaxed is None
    assert (macs.binding, macs.relaxed.trial) == (True, 3)
    assert macs.sentence.startswith("MACs 2 k binds: +500 MACs bought 10 points;")
    assert latency.sentence == "latency 10 ms does not bind: no data above the bound; no data below 5 ms latency."


def test_without_a_network_in_the_budget() -> None:
    found = price(observation(1, 0.2, ram=20 * KIB), observation(2, 0.1, ram=30 * KIB))
    assert (found.binding, found.slack, found.relaxed, found.tightened) == (True, None, None, None)
    assert found.sentence == "RAM 16 KiB binds: no trained network is within it; +4 KiB RAM would let trial 1 in."
    nothing = price()
    assert (nothing.binding, nothing.steps) == (False, ())
    assert nothing.sentence == "RAM 16 KiB: no trained network meets the other bounds."


def test_without_bounds_there_are_no_prices() -> None:
    assert shadow_prices([observation(1, 0.2)], Budget(error=0.1)) == ()


def test_soft_bounds_are_bounds() -> None:
    networks = [observation(1, 0.3, ram=15 * KIB), observation(2, 0.1, ram=20 * KIB)]
    assert price(*networks, budget=replace(BUDGET, bounds="soft")) == price(*networks)


def test_json_and_frame() -> None:
    found = price(observation(1, 0.30, ram=15 * KIB), observation(2, 0.10, ram=20 * KIB))
    document = json.loads(json.dumps(found.to_json()))
    assert document["resource"] == "ram_bytes"
    assert document["relaxed"]["distinguishable"] is True
    assert document["tightened"] is None
    assert document["steps"][1] == {"bound": 20 * KIB, "val_error": 0.1, "trial": 2}
    frame = of_shadow_prices([found])
    assert frame.change.tolist() == [-KIB, 4 * KIB]
    assert of_shadow_prices([]).columns.tolist() == frame.columns.tolist()


networks = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 20).map(lambda wrong: wrong / 20)),
        st.integers(1, 9),
        st.integers(1, 9),
        st.one_of(st.none(), st.integers(1, 9)),
    ),
    max_size=12,
)


@given(drawn=networks, ram=st.integers(1, 9), flash=st.integers(1, 9), latency=st.one_of(st.none(), st.integers(1, 9)))
def test_steps_fall_and_are_what_counting_gives(drawn, ram: int, flash: int, latency: int | None) -> None:
    budget = Budget(ram_bytes=ram, model_bytes=flash, latency_s=latency)
    made = [observation(i, e, ram=r, flash=f, latency=s) for i, (e, r, f, s) in enumerate(drawn)]
    found = shadow_prices(made, budget, validation_size=20)
    assert [p.resource for p in found] == [r for r in RESOURCES if getattr(budget, r.key) is not None]
    for one in found:
        bounds, errors = [s.bound for s in one.steps], [s.error for s in one.steps]
        assert bounds == sorted(set(bounds))
        assert errors == sorted(set(errors), reverse=True)
        for bound in range(11):
            other = replace(budget, **{one.resource.key: bound})
            inside = [o.val_error for o in made if o.val_error is not None and other.allows(o.costs)]
            assert one.error_at(bound) == min(inside, default=None)
        best = one.error_at(one.allowed)
        if one.relaxed is not None:
            assert one.relaxed.bound > one.allowed
            assert one.error_at(one.relaxed.bound) == pytest.approx(best - one.relaxed.points / 100)
        if one.tightened is not None:
            assert one.tightened.points < 0
            assert one.error_at(one.tightened.bound) < one.error_at(one.tightened.bound - 1)
            assert one.error_at(one.tightened.bound - 1) == pytest.approx(best - one.tightened.points / 100)
        assert one.sentence.endswith(".")


def test_what_has_no_error_that_is_a_number_takes_no_part() -> None:
    known = observation(1, 0.2, ram=50)
    prices = shadow_prices([observation(0, math.nan, ram=10), known], Budget(ram_bytes=100), validation_size=100)
    assert [step.trial for step in prices[0].steps] == [1]
