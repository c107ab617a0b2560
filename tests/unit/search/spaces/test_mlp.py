"""The MLP space: ranges, morphisms, lowering, documents."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_models import Dense, Flatten, parameters
from search.spaces import SpaceError
from search.spaces.mlp import MlpArchitecture, MlpSpace

SPACE = MlpSpace((28, 28, 1), 10)


def neighbours(units, seed=0):
    return [n.units for n in SPACE.neighbours(MlpArchitecture(units), np.random.default_rng(seed))]


def test_counts_and_units_reach_both_ends():
    drawn = [SPACE.sample(np.random.default_rng((0, i))).units for i in range(2000)]
    assert {len(units) for units in drawn} == set(range(1, 8))
    assert {count for units in drawn for count in units} == set(range(10, 257))


def test_every_morphism():
    found = neighbours((12, 254, 100))
    changed = [units for units in found if len(units) == 3]
    assert {tuple(np.subtract(units, (12, 254, 100))) for units in changed} == {
        *((step, 0, 0) for step in (-1, 1, 5)),
        *((0, step, 0) for step in (-5, -1, 1)),
        *((0, 0, step) for step in (-5, -1, 1, 5)),
    }
    (grown,) = (units for units in found if len(units) == 4)
    assert grown[:3] == (12, 254, 100)
    assert len(found) == len(changed) + 2


def test_any_layer_may_go_and_the_bounds_hold():
    gone = {n for seed in range(40) for n in neighbours((12, 254, 100), seed) if len(n) == 2}
    assert gone == {(254, 100), (12, 100), (12, 254)}
    assert {len(n) for n in neighbours((10,))} == {1, 2}
    assert {len(n) for n in neighbours((10,) * 7)} == {6, 7}


@given(seed=st.integers(0, 10_000))
def test_morphisms_lead_from_every_network_to_every_other(seed):
    """Down to one layer, then to its fewest units; what goes at any place comes back at the end, with any units."""
    units = SPACE.sample(np.random.default_rng(seed)).units
    while len(units) > 1:
        (units,) = (n for n in neighbours(units) if len(n) < len(units))
    while units != (10,):
        smaller = min(neighbours(units))
        assert units in neighbours(smaller)
        units = smaller


@pytest.mark.parametrize(("shape", "inputs"), [((28, 28, 1), 784), ((1, 1, 30), 30), ((30,), 30), ((2, 2, 1), 4)])
def test_images_and_rows_of_values_are_flattened(shape, inputs):
    space = MlpSpace(shape, 10)
    graph = space.lower(MlpArchitecture((20, 30))).verify()
    assert [type(operator.spec) for operator in graph.operators] == [Flatten, Dense, Dense, Dense]
    assert [operator.spec.activation for operator in graph.operators[1:]] == ["relu", "relu", "none"]
    assert graph.tensors[graph.inputs[0]].shape == (1, *space.input_shape)
    assert parameters(graph) == 20 * inputs + 20 + 20 * 30 + 30 + 30 * 10 + 10


def test_two_classes_share_one_logit():
    graph = MlpSpace((8, 8, 1), 2).lower(MlpArchitecture((10,)))
    assert graph.tensors[graph.outputs[0]].shape == (1, 1)


@pytest.mark.parametrize("shape", [(), (0,), (8, 8), (8, 0, 1)])
def test_inputs_that_are_neither_maps_nor_rows_are_refused(shape):
    with pytest.raises(SpaceError, match="the mlp space needs inputs of"):
        MlpSpace(shape, 10)


@pytest.mark.parametrize("units", [(), (9,), (257,), (10,) * 8])
def test_sizes_outside_the_bounds_are_refused(units):
    assert not SPACE.contains(MlpArchitecture(units))
    with pytest.raises(SpaceError, match="outside its bounds"):
        SPACE.from_json({"units": list(units)})


@pytest.mark.parametrize("document", [{}, {"units": 10}, {"units": [True]}, {"units": ["10"]}, {"units": None}])
def test_malformed_documents_are_refused(document):
    with pytest.raises(SpaceError, match="not an architecture of the mlp space"):
        SPACE.from_json(document)
