"""Random CNN architectures: ranges with both ends, shares, reproducibility."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from search.spaces.cnn import CnnSpace, LayerType, PoolingType

SAMPLES = 3000


@pytest.fixture(scope="module")
def architectures():
    space = CnnSpace((28, 28, 1), 10)
    return [space.sample(np.random.default_rng((0, i))) for i in range(SAMPLES)]


@pytest.fixture(scope="module")
def layers(architectures):
    return [layer for a in architectures for block in a.blocks for layer in block.layers]


def shares(values):
    counts = Counter(values)
    return {value: count / sum(counts.values()) for value, count in counts.items()}


def assert_uniform(values, options):
    found = shares(values)
    assert set(found) == set(options)
    expected = 1 / len(found)
    tolerance = 5 * np.sqrt(expected * (1 - expected) / len(values))  # five standard deviations
    assert all(abs(share - expected) < tolerance for share in found.values())


def test_every_count_and_size_is_uniform_up_to_both_ends(architectures, layers):
    assert_uniform([len(a.blocks) for a in architectures], range(1, 11))
    assert_uniform([len(block.layers) for a in architectures for block in a.blocks], (1, 2, 3))
    assert_uniform([layer.type for layer in layers], LayerType)
    assert_uniform([layer.kernel for layer in layers if layer.type != LayerType.POINTWISE], (3, 5, 7))
    assert_uniform([layer.stride for layer in layers if layer.type != LayerType.POINTWISE], (1, 2))
    assert_uniform([layer.filters for layer in layers if layer.type != LayerType.DEPTHWISE], range(1, 129))
    assert_uniform([len(a.dense) for a in architectures], (1, 2, 3))
    assert_uniform([a.pooling.size for a in architectures if a.pooling], (2, 4, 6))
    assert_uniform([a.pooling.type for a in architectures if a.pooling], PoolingType)


def test_dense_units_reach_both_ends(architectures):
    units = [units for a in architectures for units in a.dense]
    assert (min(units), max(units)) == (10, 256)


@pytest.mark.parametrize(("attribute", "expected"), [("batch_norm", 0.5), ("relu", 0.9), ("pre_pool", 0.25)])
def test_flags_of_layers_have_their_shares(layers, attribute, expected):
    assert np.mean([getattr(layer, attribute) for layer in layers]) == pytest.approx(expected, abs=0.01)


def test_branches_and_final_pooling_have_their_shares(architectures):
    later_blocks = [block.branch for a in architectures for block in a.blocks[1:]]
    assert np.mean(later_blocks) == pytest.approx(0.5, abs=0.02)
    assert np.mean([a.pooling is not None for a in architectures]) == pytest.approx(0.9, abs=0.03)
    assert not any(a.blocks[0].branch for a in architectures)


def test_a_sample_depends_on_its_generator_alone():
    space = CnnSpace((28, 28, 1), 10)
    np.random.seed(1)  # the global state must not matter
    first = space.sample(np.random.default_rng(7))
    np.random.seed(2)
    assert space.sample(np.random.default_rng(7)) == first
    assert space.sample(np.random.default_rng(8)) != first
