"""The graph of a Keras model is the graph that the model was built from."""

from __future__ import annotations

import numpy as np
import pytest

from resource_models import UnknownOperatorError, macs, minimum_peak_schedule, parameters
from search.spaces.cnn import CnnSpace

pytestmark = pytest.mark.tf


def test_networks_of_the_cnn_space_come_back_as_they_were() -> None:
    from search.training.build import build_keras
    from search.training.keras_import import graph_of

    space = CnnSpace((28, 28, 1), 10)
    for seed in range(12):
        graph = space.lower(space.sample(np.random.default_rng(seed)))
        again = graph_of(build_keras(graph, dropout=0.2))
        assert {(o.name, o.spec, graph.shapes(o.outputs)) for o in graph.operators} == {
            (o.name, o.spec, again.shapes(o.outputs)) for o in again.operators
        }
        assert macs(again, "unas") == macs(graph, "unas")
        assert parameters(again) == parameters(graph)
        assert minimum_peak_schedule(again).peak_bytes == minimum_peak_schedule(graph).peak_bytes


def test_other_layers_and_sequential_models_are_read() -> None:
    import keras

    from search.training.keras_import import graph_of

    x = keras.Input((12, 12, 3))
    a = keras.layers.ReLU(6.0)(keras.layers.BatchNormalization()(keras.layers.Conv2D(8, 3, padding="same")(x)))
    b = keras.layers.Activation("sigmoid")(keras.layers.DepthwiseConv2D(3, padding="same")(a))
    c = keras.layers.Concatenate()([a, keras.layers.Multiply()([a, b])])
    d = keras.layers.Dense(4, activation="relu")(keras.layers.GlobalAveragePooling2D()(c))
    graph = graph_of(keras.Model(x, keras.layers.Softmax()(d)))
    kinds = [type(operator.spec).__name__ for operator in graph.operators]
    assert sorted(kinds) == sorted(
        ["Conv2D", "DepthwiseConv2D", "Unary", "Binary", "Concatenate", "Reduce", "Dense", "Softmax"]
    )
    conv = next(operator.spec for operator in graph.operators if type(operator.spec).__name__ == "Conv2D")
    assert (conv.activation, conv.batch_norm) == ("relu6", True)
    chain = keras.Sequential([keras.Input((8,)), keras.layers.Dense(5, "relu"), keras.layers.Dense(2)])
    assert macs(graph_of(chain)) == 8 * 5 + 5 * 2


def test_an_unknown_layer_is_named() -> None:
    import keras

    from search.training.keras_import import graph_of

    model = keras.Sequential([keras.Input((8, 4)), keras.layers.GRU(3)])
    with pytest.raises(UnknownOperatorError, match="is a GRU, which cannot be costed"):
        graph_of(model)
