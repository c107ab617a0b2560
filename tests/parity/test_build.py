"""The Keras model of a graph computes what the graph says, and refuses what it cannot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from resource_models import Graph, GraphBuilder, TensorSpec
from search.errors import TrainingError

pytestmark = pytest.mark.tf


def small_graph() -> Graph:
    builder = GraphBuilder("small")
    x = builder.input((6, 5, 2))
    left = builder.conv2d(x, 3, (3, 3), activation="relu", batch_norm=True)
    right = builder.depthwise_conv2d(builder.conv2d(x, 3, (1, 1)), (2, 3), activation="relu")
    right = builder.pad(builder.max_pool2d(right, (2, 1)), ((0, 2), (0, 0)))
    x = builder.average_pool2d(builder.add([left, right], activation="relu"), (2, 2))
    x = builder.dense(builder.flatten(x), 4, activation="relu")
    return builder.build(builder.dense(x, 3))


def layer_kinds(model) -> list[tuple[str, str]]:
    return [(layer.name, type(layer).__name__) for layer in model.layers]


def test_layers_are_named_after_their_operators():
    from search.training.build import build_keras

    model = build_keras(small_graph())
    kinds = dict(layer_kinds(model))
    assert kinds["conv2d_1"] == "Conv2D"
    assert kinds["conv2d_1_bn"] == "BatchNormalization"
    assert kinds["conv2d_1_relu"] == "Activation"
    assert kinds["add_1_relu"] == "Activation"
    assert "dense_2_relu" not in kinds  # logits
    assert "depthwise_conv2d_1_bn" not in kinds
    assert model.name == "small"


def test_dropout_stands_before_every_dense_layer_but_the_classifier():
    from search.training.build import build_keras

    model = build_keras(small_graph(), dropout=0.25)
    assert [layer.name for layer in model.layers if layer.name.endswith("_dropout")] == ["dense_1_dropout"]
    assert model.get_layer("dense_1_dropout").rate == 0.25


def window(x, rows, columns, operation):
    """A "valid" convolution or pooling with stride 1 or the window's size, written out."""
    height, width = x.shape[0] - rows + 1, x.shape[1] - columns + 1
    return np.array([[operation(x[i : i + rows, j : j + columns]) for j in range(width)] for i in range(height)])


def test_the_model_computes_the_graph():
    from search.training.build import build_keras

    model = build_keras(small_graph())
    rng = np.random.default_rng(0)
    model.set_weights(
        [rng.normal(size=w.shape) if w.ndim > 1 else rng.random(w.shape) + 0.5 for w in model.get_weights()]
    )
    x = rng.random((6, 5, 2))

    kernel = model.get_layer("conv2d_1").kernel.numpy()
    left = window(x, 3, 3, lambda w: np.tensordot(w, kernel, 3))
    gamma, beta, mean, variance = model.get_layer("conv2d_1_bn").get_weights()
    left = np.maximum(gamma * (left - mean) / np.sqrt(variance + 1e-3) + beta, 0)

    pointwise = model.get_layer("conv2d_2")
    right = x @ pointwise.kernel.numpy()[0, 0] + pointwise.bias.numpy()
    depthwise = model.get_layer("depthwise_conv2d_1")
    weights = depthwise.kernel.numpy()[..., 0]
    right = np.maximum(window(right, 2, 3, lambda w: (w * weights).sum((0, 1))) + depthwise.bias.numpy(), 0)
    right = window(right, 2, 1, lambda w: w.max((0, 1)))[::2]
    right = np.pad(right, ((0, 2), (0, 0), (0, 0)))

    both = np.maximum(left + right, 0)
    pooled = window(both, 2, 2, lambda w: w.mean((0, 1)))[::2, ::2]
    dense, logits = model.get_layer("dense_1"), model.get_layer("dense_2")
    hidden = np.maximum(pooled.ravel() @ dense.kernel.numpy() + dense.bias.numpy(), 0)
    expected = hidden @ logits.kernel.numpy() + logits.bias.numpy()
    assert np.allclose(model(x[None].astype(np.float32), training=False)[0], expected, atol=1e-4)


def test_an_operator_that_cannot_be_trained_is_refused_by_name():
    from search.training.build import build_keras

    builder = GraphBuilder("odd")
    graph = builder.build(builder.softmax(builder.flatten(builder.input((4, 4, 1)))))
    with pytest.raises(TrainingError, match=r"softmax_1 cannot be trained: Softmax has no Keras counterpart"):
        build_keras(graph)


def test_a_plan_with_another_shape_than_keras_is_refused():
    from search.training.build import build_keras

    graph = small_graph()
    wrong = list(graph.tensors)
    index = graph.operators[0].outputs[0]
    wrong[index] = TensorSpec("conv2d_1", (1, 5, 3, 3))
    with pytest.raises(TrainingError, match=r"conv2d_1 gives \(4, 3, 3\) in Keras, but the plan says \(5, 3, 3\)"):
        build_keras(replace(graph, tensors=tuple(wrong)))
