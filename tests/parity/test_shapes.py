"""The plan and the Keras model of one network have the same layers, with the same shapes and the same weights."""

from __future__ import annotations

import numpy as np
import pytest

from resource_models import Conv2D, Dense, DepthwiseConv2D, Graph
from search.spaces import SearchSpace, space

SHAPES = {"digits": (8, 8, 1), "mnist": (28, 28, 1), "cifar10": (32, 32, 3), "speech": (49, 40, 1)}


def random_graph(networks: SearchSpace, seed: int) -> Graph:
    return networks.lower(networks.sample(np.random.default_rng((0, seed)))).verify()


def morphed_graph(networks: SearchSpace, seed: int, *, steps: int = 15) -> Graph:
    rng = np.random.default_rng((1, seed))
    architecture = networks.sample(rng)
    for _ in range(steps):
        neighbours = networks.neighbours(architecture, rng)
        architecture = neighbours[int(rng.integers(len(neighbours)))]
    return networks.lower(architecture).verify()


def folded_shapes(operator, model) -> list[tuple[int, ...]]:
    """Shapes of an operator's weights in the Keras model, in the layout of the plan, batch norm folded."""
    kernel = model.get_layer(operator.name).kernel.shape
    if isinstance(operator.spec, Conv2D):
        return [(kernel[3], kernel[0], kernel[1], kernel[2]), (kernel[3],)]
    if isinstance(operator.spec, DepthwiseConv2D):
        return [(1, kernel[0], kernel[1], kernel[2] * kernel[3]), (kernel[2] * kernel[3],)]
    return [(kernel[1], kernel[0]), (kernel[1],)]


def assert_keras_agrees(graph: Graph) -> None:
    import keras

    from search.training.build import build_keras

    keras.backend.clear_session()
    model = build_keras(graph)
    for operator in graph.operators:
        layer = model.get_layer(operator.name)
        planned = graph.tensors[operator.outputs[0]].shape
        assert tuple(layer.output.shape[1:]) == planned[1:]
        normalised = [other for other in model.layers if other.name == f"{operator.name}_bn"]
        assert len(normalised) == getattr(operator.spec, "batch_norm", False)
        assert all(other.momentum == 0.9 for other in normalised)
        if isinstance(operator.spec, Conv2D | DepthwiseConv2D | Dense):
            assert folded_shapes(operator, model) == [constant.shape for constant in operator.constants]
            assert (layer.bias is None) == bool(normalised)
    assert tuple(model.output.shape[1:]) == graph.tensors[graph.outputs[0]].shape[1:]


def test_the_plans_of_1000_random_networks_verify():
    networks = space("cnn", (28, 28, 1), 10)
    for seed in range(1000):
        random_graph(networks, seed)


@pytest.mark.tf
@pytest.mark.parametrize(("name", "count"), [("digits", 8), ("mnist", 16), ("cifar10", 8), ("speech", 4)])
def test_keras_has_the_planned_shapes(name, count):
    networks = space("cnn", SHAPES[name], 10)
    for seed in range(count // 2):
        assert_keras_agrees(random_graph(networks, seed))
        assert_keras_agrees(morphed_graph(networks, seed))


@pytest.mark.tf
@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("name", "count"), [("digits", 100), ("mnist", 300), ("cifar10", 100), ("speech", 50)])
def test_keras_has_the_planned_shapes_on_hundreds_of_networks(name, count):
    networks = space("cnn", SHAPES[name], 10)
    for seed in range(count):
        assert_keras_agrees(random_graph(networks, seed))
    for seed in range(count // 3):
        assert_keras_agrees(morphed_graph(networks, seed))
