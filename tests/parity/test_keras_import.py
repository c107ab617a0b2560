"""The graph of a Keras model is that of the file which TensorFlow's converter writes for it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

import numpy as np
import pytest

from resource_models import GraphError, macs, parameters, plan_arena, read_tflite
from search.spaces.cnn import CnnSpace
from tests.support.random_keras import converted, keras_model

pytestmark = pytest.mark.tf


def assert_same(model: Any) -> None:
    """Arena and MACs of graph and file agree; or both say why it does not run."""
    from search.training.keras_models.converted import graph_of

    file = read_tflite(converted(model))
    graph = graph_of(model)
    assert graph.refused == file.refused
    if file.refused:
        return
    assert plan_arena(graph).arena_bytes == plan_arena(file).arena_bytes
    assert macs(graph) == macs(file)
    assert graph.file_bytes == pytest.approx(file.file_bytes, abs=64)


@pytest.mark.parametrize("seed", range(10))
def test_random_models(seed: int) -> None:
    assert_same(keras_model(seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 200))
def test_many_random_models(seed: int) -> None:
    assert_same(keras_model(seed))


def applications() -> dict[str, Callable[[], Any]]:
    """Known models at small sizes."""
    from keras import applications as known

    rgb = {"weights": None, "classes": 10}
    return {
        "MobileNet 0.25": lambda: known.MobileNet((96, 96, 1), alpha=0.25, weights=None, classes=2),
        "MobileNet": lambda: known.MobileNet((64, 64, 3), **rgb),
        "MobileNetV2": lambda: known.MobileNetV2((64, 64, 3), **rgb),
        "MobileNetV2 0.35": lambda: known.MobileNetV2((96, 96, 3), alpha=0.35, **rgb),
        "MobileNetV3Small": lambda: known.MobileNetV3Small((64, 64, 3), **rgb),
        "MobileNetV3Large": lambda: known.MobileNetV3Large((64, 64, 3), **rgb),
        "EfficientNetB0": lambda: known.EfficientNetB0(input_shape=(64, 64, 3), **rgb),
        "EfficientNetV2B0": lambda: known.EfficientNetV2B0(input_shape=(64, 64, 3), **rgb),
        "NASNetMobile": lambda: known.NASNetMobile(input_shape=(64, 64, 3), **rgb),
        "DenseNet121": lambda: known.DenseNet121(input_shape=(64, 64, 3), **rgb),
        "ResNet50": lambda: known.ResNet50(input_shape=(64, 64, 3), **rgb),
        "ResNet50V2": lambda: known.ResNet50V2(input_shape=(64, 64, 3), **rgb),
        "InceptionV3": lambda: known.InceptionV3(input_shape=(96, 96, 3), **rgb),
        "Xception": lambda: known.Xception(input_shape=(72, 72, 3), **rgb),
        "ConvNeXtTiny": lambda: known.ConvNeXtTiny(input_shape=(64, 64, 3), **rgb),
        "VGG11-like": _vgg,
        "person detection": lambda: known.MobileNet((96, 96, 3), alpha=0.25, weights=None, classes=2),
        "keyword spotting": _ds_cnn,
        "image classification": _resnet8,
        "anomaly detection": _autoencoder,
    }


def _vgg() -> Any:
    import keras
    from keras import layers

    maps = [[layers.Conv2D(n, 3, padding="same", activation="relu"), layers.MaxPooling2D()] for n in (16, 32, 64)]
    return keras.Sequential([keras.Input((32, 32, 3)), *chain(*maps), layers.Flatten(), layers.Dense(10, "softmax")])


def _ds_cnn() -> Any:
    import keras
    from keras import layers

    inputs = keras.Input((49, 10, 1))
    x = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(64, (10, 4), strides=2, padding="same")(inputs)))
    for _ in range(4):
        x = layers.ReLU()(
            layers.BatchNormalization()(layers.DepthwiseConv2D(3, padding="same")(layers.Dropout(0.2)(x)))
        )
        x = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(64, 1)(x)))
    x = layers.AveragePooling2D(x.shape[1:3])(x)
    return keras.Model(inputs, layers.Dense(12, activation="softmax")(layers.Flatten()(x)))


def _resnet8() -> Any:
    import keras
    from keras import layers

    inputs = keras.Input((32, 32, 3))
    x = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(16, 3, padding="same")(inputs)))
    for filters, strides in ((16, 1), (32, 2), (64, 2)):
        y = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(filters, 3, strides, padding="same")(x)))
        y = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same")(y))
        x = x if strides == 1 else layers.Conv2D(filters, 1, strides, padding="same")(x)
        x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.Flatten()(layers.AveragePooling2D(8)(x))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def _autoencoder() -> Any:
    import keras
    from keras import layers

    hidden = [[layers.Dense(n), layers.BatchNormalization(), layers.ReLU()] for n in (*[128] * 4, 8, *[128] * 4)]
    return keras.Sequential([keras.Input((640,)), *chain(*hidden), layers.Dense(640)])


@pytest.mark.slow
@pytest.mark.parametrize("number", range(20))
def test_known_models(number: int) -> None:
    assert_same(list(applications().values())[number]())


def test_padding_is_folded_as_the_converter_folds_it() -> None:
    from keras import applications as known

    from search.training.keras_models.converted import graph_of

    graph = graph_of(known.MobileNet((96, 96, 1), alpha=0.25, weights=None, classes=2))
    assert macs(graph) == 7_157_888
    assert plan_arena(graph).arena_bytes == pytest.approx(84_720, abs=32)  # as TFLM itself says


def test_networks_of_the_cnn_space_cost_what_they_did() -> None:
    from search.training.build import build_keras
    from search.training.keras_models.converted import graph_of

    space = CnnSpace((28, 28, 1), 10)
    for seed in range(3):
        graph = space.lower(space.sample(np.random.default_rng(seed)))
        model = build_keras(graph, dropout=0.2)
        model.set_weights([values + 0.1 for values in model.get_weights()])  # the converter drops biases of zero
        again = graph_of(model)
        assert again.name == graph.name
        assert macs(again) == macs(graph)
        assert parameters(again) == parameters(graph)


def test_the_classifier_that_everybody_has() -> None:
    import keras
    from keras import layers

    from search.training.keras_models.converted import graph_of

    first = [keras.Input((28, 28, 1)), layers.Conv2D(8, 3, activation="relu"), layers.Flatten()]
    for activation in ("softmax", "sigmoid", "swish"):
        graph = graph_of(keras.Sequential([*first, layers.Dense(10, activation=activation)]))
        assert macs(graph) == 26 * 26 * 8 * 9 + 26 * 26 * 8 * 10


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_a_loop_is_refused_before_the_converter_breaks_down_over_it(kind: str) -> None:
    import keras

    from search.training.keras_models.converted import graph_of

    model = keras.Sequential([keras.Input((8, 4)), getattr(keras.layers, kind)(3)], name="listener")
    with pytest.raises(GraphError, match=r"'listener' has a loop .* unroll=True, or convert it and profile the file"):
        graph_of(model)


def test_an_open_shape_is_refused() -> None:
    import keras

    from search.training.keras_models.converted import graph_of

    model = keras.Sequential([keras.Input((None, 8, 3)), keras.layers.Conv2D(2, 3)])
    with pytest.raises(GraphError, match=r"has the open shape \(None, 8, 3\); fix its sizes"):
        graph_of(model)
