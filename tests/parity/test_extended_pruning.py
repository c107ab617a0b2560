"""Pruned networks of the extended space: the smaller network computes what the masked one does."""

from __future__ import annotations

import numpy as np
import pytest

import data
from resource_models import Add, DepthwiseConv2D, Graph, costs, parameters
from search.pruning.channels import channel_groups, with_channels
from search.recipe import Pruning
from search.spaces import space
from search.spaces.cnn_extended import BlockKind, MobileBlock

pytestmark = pytest.mark.tf

DIGITS = data.load("digits", train_size=320, validation_size=100)
SPACE = space("cnn-extended", DIGITS.input_shape, DIGITS.num_classes)


def random_graph(seed: int, most_macs: int = 400_000) -> Graph:
    """A network with an inverted residual whose input is added, of which channels can go."""
    rng = np.random.default_rng(seed)
    while True:
        architecture = SPACE.sample(rng)
        kinds = {b.kind for b in architecture.blocks if isinstance(b, MobileBlock)}
        graph = SPACE.lower(architecture)
        if (
            BlockKind.INVERTED_RESIDUAL in kinds
            and any(isinstance(o.spec, Add) for o in graph.operators)
            and any(group.carriers for group in channel_groups(graph))
            and costs(graph).macs <= most_macs
        ):
            return graph


def masked_model(graph: Graph, sparsity: float, seed: int):
    """A Keras model with random weights pruned by channels at once, and what remains."""
    import tensorflow as tf

    from search.training.build import build_keras
    from search.training.prune import make_pruner

    model = build_keras(graph)
    rng = np.random.default_rng(seed)
    model.set_weights(
        [rng.normal(0, 0.3, w.shape) if w.ndim > 1 else rng.uniform(0.5, 1.5, w.shape) for w in model.get_weights()]
    )
    pruner = make_pruner(graph, model, Pruning(begin=0.0, end=0.0), sparsity, first=0, steps=1)
    pruner.refresh(tf.constant(0))
    return model, pruner.channels_kept()


def check_shrinking(seed: int, sparsity: float) -> None:
    import keras

    from search.training.shrink import shrink

    graph, x = random_graph(seed), DIGITS.validation.as_float()
    assert any(isinstance(o.spec, DepthwiseConv2D) for o in graph.operators)
    model, kept = masked_model(graph, sparsity, seed)
    channels, left = sum(map(len, kept.values())), sum(int(mask.sum()) for mask in kept.values())
    assert left <= max((1 - sparsity) * channels + len(kept), len(kept)) < channels
    smaller, small_model = shrink(graph, model, kept)
    assert parameters(smaller.verify()) < parameters(graph)
    assert smaller == with_channels(graph, {name: int(mask.sum()) for name, mask in kept.items()})
    scale = max(1.0, float(np.abs(np.asarray(model(x))).max()))
    np.testing.assert_allclose(np.asarray(small_model(x)) / scale, np.asarray(model(x)) / scale, atol=1e-4)
    keras.backend.clear_session()


@pytest.mark.parametrize("seed", range(2))
def test_the_smaller_network_is_the_masked_one(seed: int) -> None:
    check_shrinking(seed, 0.6)


@pytest.mark.slow
@pytest.mark.parametrize("sparsity", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("seed", range(2, 12))
def test_ten_smaller_networks_are_the_masked_ones(seed: int, sparsity: float) -> None:
    check_shrinking(seed, sparsity)
