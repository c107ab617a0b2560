"""The plan and the Keras model of one network have the same layers, with the same shapes and the same weights."""

from __future__ import annotations

import numpy as np
import pytest

from resource_models import Conv2D, Dense, DepthwiseConv2D, Graph, costs, profile
from search.spaces import SearchSpace, space

SHAPES = {
    "digits": (8, 8, 1),
    "mnist": (28, 28, 1),
    "cifar10": (32, 32, 3),
    "speech": (49, 40, 1),
    "sensors": (128, 1, 3),
}
SPACES = ("cnn", "cnn-extended", "mlp")


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


@pytest.mark.parametrize("space_name", SPACES)
def test_the_plans_of_1000_random_networks_verify(space_name):
    networks = space(space_name, (28, 28, 1), 10)
    for seed in range(1000):
        random_graph(networks, seed)


@pytest.mark.slow
@pytest.mark.parametrize("space_name", SPACES)
@pytest.mark.parametrize("name", ["mnist", "cifar10", "speech", "sensors"])
def test_1000_random_networks_of_every_input_verify_and_are_profiled(space_name, name):
    networks = space(space_name, SHAPES[name], 10)
    for seed in range(1000):
        graph = random_graph(networks, seed)
        report = profile(graph)
        assert report.macs == costs(graph).macs > 0
        assert costs(graph, accounting="unas").ram_bytes > 0


@pytest.mark.long
@pytest.mark.tf
@pytest.mark.parametrize(
    ("space_name", "name", "count"),
    [
        ("cnn", "digits", 8),
        ("cnn", "mnist", 16),
        ("cnn", "cifar10", 8),
        ("cnn", "speech", 4),
        ("cnn-extended", "mnist", 4),
        ("cnn-extended", "speech", 2),
        ("cnn-extended", "sensors", 4),
        ("mlp", "sensors", 2),
    ],
)
def test_keras_has_the_planned_shapes(space_name, name, count):
    networks = space(space_name, SHAPES[name], 10)
    for seed in range(count // 2):
        assert_keras_agrees(random_graph(networks, seed))
        assert_keras_agrees(morphed_graph(networks, seed))


@pytest.mark.tf
@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    ("space_name", "name", "count"),
    [
        ("cnn", "digits", 100),
        ("cnn", "mnist", 300),
        ("cnn", "cifar10", 100),
        ("cnn", "speech", 50),
        ("cnn-extended", "digits", 100),
        ("cnn-extended", "mnist", 100),
        ("cnn-extended", "cifar10", 100),
        ("cnn-extended", "speech", 50),
        ("cnn-extended", "sensors", 100),
        ("mlp", "mnist", 20),
        ("mlp", "sensors", 20),
    ],
)
def test_keras_has_the_planned_shapes_on_hundreds_of_networks(space_name, name, count):
    networks = space(space_name, SHAPES[name], 10)
    for seed in range(count):
        assert_keras_agrees(random_graph(networks, seed))
    for seed in range(count // 3):
        assert_keras_agrees(morphed_graph(networks, seed))
