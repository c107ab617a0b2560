"""Pruned networks: the schedule, what the masks spare, and that the smaller network is the masked one."""

import numpy as np
import pytest

import data
from resource_models import Conv2D, Dense, Graph, costs, parameters
from search.pruning.channels import channel_groups, with_channels
from search.recipe import Pruning, Recipe
from search.spaces import space

pytestmark = pytest.mark.tf

DIGITS = data.load("digits", train_size=320, validation_size=100)
CNN = space("cnn", DIGITS.input_shape, DIGITS.num_classes)


def random_graph(seed: int, most_macs: int = 400_000) -> Graph:
    """A network of the space that trains in seconds and has channels that can go."""
    rng = np.random.default_rng(seed)
    while True:
        graph = CNN.lower(CNN.sample(rng))
        if costs(graph).macs <= most_macs and len(channel_groups(graph)) > 1:
            return graph


def trainer(**recipe):
    from search.training.trainer import KerasTrainer

    return KerasTrainer(train=DIGITS.train, validation=DIGITS.validation, recipe=Recipe(**recipe))


def with_random_weights(model, seed: int) -> None:
    rng = np.random.default_rng(seed)
    model.set_weights(
        [rng.normal(0, 0.3, w.shape) if w.ndim > 1 else rng.uniform(0.5, 1.5, w.shape) for w in model.get_weights()]
    )


def masked(graph: Graph, model, sparsity: float):
    """The model pruned by channels at once, and what remains."""
    import tensorflow as tf

    from search.training.prune import make_pruner

    pruner = make_pruner(graph, model, Pruning(begin=0.0, end=0.0), sparsity, first=0, steps=1)
    pruner.refresh(tf.constant(0))
    return pruner.channels_kept()


@pytest.mark.parametrize("seed", range(4))
def test_the_smaller_network_is_the_masked_one(seed: int) -> None:
    check_shrinking(seed, (0.6,))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4, 54))
def test_fifty_smaller_networks_are_the_masked_ones(seed: int) -> None:
    check_shrinking(seed, (0.1, 0.5, 0.9))


def check_shrinking(seed: int, sparsities: tuple[float, ...]) -> None:
    import keras

    from search.training.build import build_keras
    from search.training.shrink import shrink

    x = DIGITS.validation.as_float()
    for sparsity in sparsities:
        graph = random_graph(seed)
        model = build_keras(graph)
        with_random_weights(model, seed)
        kept = masked(graph, model, sparsity)
        channels, left = sum(map(len, kept.values())), sum(int(mask.sum()) for mask in kept.values())
        assert left <= max((1 - sparsity) * channels + len(kept), len(kept)) < channels
        smaller, small_model = shrink(graph, model, kept)
        smaller.verify()
        scale = max(1.0, float(np.abs(np.asarray(model(x))).max()))
        np.testing.assert_allclose(np.asarray(small_model(x)) / scale, np.asarray(model(x)) / scale, atol=1e-4)
        weights = {layer.name: layer.count_params() for layer in small_model.layers}
        normalised = [o for o in smaller.operators if getattr(o.spec, "batch_norm", False)]
        biases = sum(smaller.tensors[o.outputs[0]].shape[-1] for o in normalised)  # folded, a bias is left
        counted = sum(v for k, v in weights.items() if not k.endswith("_bn")) + biases
        assert counted == parameters(smaller)
        assert costs(smaller) == costs(with_channels(graph, {k: int(v.sum()) for k, v in kept.items()}))
        keras.backend.clear_session()


def test_training_ends_with_the_target_and_a_smaller_network() -> None:
    from search.training.build import build_keras

    graph = random_graph(1)
    result = trainer(pruning=Pruning()).train(graph, epochs=4, seed=0, genes={"sparsity": 0.5})
    groups = channel_groups(graph)
    total = sum(g.channels for g in groups)
    assert sum(result.channels.values()) == pytest.approx(total / 2, abs=len(groups) + 1)
    small = with_channels(graph, result.channels)
    model = build_keras(small)
    model.set_weights(result.weights)
    predicted = np.asarray(model(DIGITS.validation.as_float())).argmax(axis=1)
    assert np.mean(predicted != DIGITS.validation.y) == pytest.approx(result.history[-1], abs=1e-9)


def test_single_weights_are_pruned_everywhere_but_in_the_last_layer() -> None:
    from search.pruning.channels import prunable_weights
    from search.training.build import build_keras

    graph = random_graph(1)
    result = trainer(pruning=Pruning(kind="unstructured")).train(graph, epochs=4, seed=0, genes={"sparsity": 0.7})
    assert result.channels is None
    assert result.zeros == pytest.approx(0.7 * prunable_weights(graph), abs=1)
    model = build_keras(graph)
    model.set_weights(result.weights)
    last = graph.operators[-1].name
    zeros = {o.name: np.mean(model.get_layer(o.name).kernel == 0) for o in graph.operators if o.constants}
    assert zeros[last] == 0
    assert max(zeros.values()) > 0.5


def test_groups_of_the_space_exclude_first_and_last_layers() -> None:
    for seed in range(40):
        graph = random_graph(seed, most_macs=10**9)
        (last,) = (graph.producer_of(t).name for t in graph.outputs)
        first = {o.name for o in graph.consumers_of(graph.inputs[0]) if isinstance(o.spec, Conv2D | Dense)}
        for group in channel_groups(graph):
            assert not {last, *first} & {*group.producers, *group.carriers}


def test_the_schedule_is_cubic() -> None:
    import tensorflow as tf

    from search.training.prune import cubic_sparsity

    steps = tf.constant([0.0, 10.0, 20.0, 30.0, 99.0])
    found = cubic_sparsity(steps, 10, 30, 0.8).numpy()
    np.testing.assert_allclose(found, [0, 0, 0.8 * (1 - 0.5**3), 0.8, 0.8], atol=1e-6)


def test_gradients_reach_dense_weights_and_come_from_pruned_ones() -> None:
    import tensorflow as tf

    from search.training.build import build_keras
    from search.training.prune import make_pruner

    graph = random_graph(1)
    model = build_keras(graph)
    pruning = Pruning(kind="unstructured", begin=0.0, end=0.0)
    pruner = make_pruner(graph, model, pruning, 0.5, first=0, steps=1)
    before = [v.numpy() for v in pruner.trained]
    pruner.refresh(tf.constant(0))
    assert all(np.array_equal(a, b.numpy()) for a, b in zip(before, pruner.trained, strict=True))
    halves = [np.mean(v.value.numpy() == 0) for v in model.trainable_variables if len(v.shape) > 1]
    assert max(halves) > 0.3
    for dense in pruner.trained:
        dense.assign(-dense)
    pruner.refresh(tf.constant(1))  # not due: the same mask on new values
    kernel, pruned = pruner.trained[0].numpy(), model.trainable_variables[0].numpy()
    assert set(np.unique(pruned[pruned != 0])) <= set(np.unique(kernel))
