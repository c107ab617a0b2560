import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.budget import Budget
from search.measures.hypervolume import hypervolume
from search.measures.reached import Reached, measured_resource
from tests.support.trained import observation

BUDGET = Budget(ram_bytes=1000, macs=500)
found = st.tuples(st.integers(0, 40), st.integers(1, 1100), st.integers(1, 600), st.booleans())


@given(st.lists(found, max_size=30))
def test_every_step_equals_the_hypervolume_of_all_so_far(rows):
    """Against `pareto.hypervolume`, which begins anew each time; many points are equal, or over the budget."""
    reached, so_far = Reached(BUDGET), []
    for number, (error, ram, macs, failed) in enumerate(rows):
        before = (reached.hypervolume, reached.error)
        so_far.append(observation(number, None if failed else error / 40, ram=ram, macs=macs))
        changed = reached.take(so_far[-1])
        assert reached.hypervolume == pytest.approx(hypervolume(so_far, budget=BUDGET), abs=1e-12)
        within = [o.val_error for o in so_far if o.val_error is not None and BUDGET.allows(o.costs)]
        assert reached.error == min(within, default=1.0)
        assert changed or before == (reached.hypervolume, reached.error)


def test_over_two_resources_it_is_the_volume_that_the_boxes_cover():
    reached = Reached(BUDGET, resources=("ram_bytes", "macs"))
    assert reached.take(observation(0, 0.5, ram=500, macs=250))
    assert reached.hypervolume == pytest.approx(0.125)
    assert reached.take(observation(1, 0.6, ram=600, macs=125))  # worse but in MACs: 0.4 of RAM, a quarter more of them
    assert reached.hypervolume == pytest.approx(0.125 + 0.4 * 0.4 * 0.25)
    assert not reached.take(observation(2, 0.6, ram=600, macs=300))
    assert math.isnan(Reached(BUDGET, resources=("ram_bytes", "model_bytes")).hypervolume)


def test_without_a_bound_there_is_no_hypervolume_but_an_error():
    reached = Reached(Budget())
    assert reached.take(observation(0, 0.5))
    assert not reached.take(observation(1, 0.6))
    assert math.isnan(reached.hypervolume)
    assert reached.error == 0.5


def test_the_measured_resource_is_ram_where_it_is_bounded():
    assert measured_resource(BUDGET) == "ram_bytes"
    assert measured_resource(Budget(macs=5, model_bytes=5)) == "model_bytes"
    assert measured_resource(Budget()) is None


def test_many_observations_cost_no_more_than_their_front():
    """A front of a few points, whatever came before: the work does not grow with what was told."""
    rng = np.random.default_rng(0)
    reached = Reached(BUDGET)
    for number in range(20_000):
        reached.take(observation(number, float(rng.random()), ram=int(rng.integers(1, 1000)), macs=1))
    assert 0.9 < reached.hypervolume < 1
