"""Keras networks, converted in each of the ways that people know: what TensorFlow Lite Micro makes of the files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from resource_models import profile, read_tflite
from tests.support import tflm_judge

pytestmark = [pytest.mark.tf, pytest.mark.long]


def sequential(shape: tuple[int, ...], *layers: Any) -> Any:
    import keras

    return keras.Sequential([keras.Input(shape, batch_size=1), *layers])


def image_cnn() -> Any:
    from keras import layers as kl

    return sequential((28, 28, 1), kl.Conv2D(8, 3, activation="relu"), kl.MaxPooling2D(), kl.Flatten(),
                      kl.Dense(10, activation="softmax"))  # fmt: skip


def mobile() -> Any:
    from keras import layers as kl

    return sequential((32, 32, 3), kl.Conv2D(8, 3, strides=2, padding="same", use_bias=False), kl.BatchNormalization(),
                      kl.ReLU(6.0), kl.DepthwiseConv2D(3, padding="same"), kl.Conv2D(16, 1, activation="hard_swish"),
                      kl.GlobalAveragePooling2D(), kl.Dense(4, activation="sigmoid"))  # fmt: skip


def dilated() -> Any:
    from keras import layers as kl

    convolutions = [kl.Conv1D(16, 3, dilation_rate=d, padding="causal", activation="relu") for d in (1, 2, 4)]
    return sequential((128, 3), *convolutions, kl.GlobalAveragePooling1D(), kl.Dense(5, activation="softmax"))


def learnt_slopes() -> Any:
    from keras import layers as kl

    return sequential((16, 16, 3), kl.Conv2D(8, 3), kl.PReLU(shared_axes=[1, 2]), kl.Conv2D(8, 3), kl.LeakyReLU(0.1),
                      kl.Conv2DTranspose(4, 3, strides=2), kl.GlobalMaxPooling2D(), kl.Dense(3))  # fmt: skip


def unrolled() -> Any:
    from keras import layers as kl

    return sequential((5, 6), kl.LSTM(8, unroll=True), kl.Dense(4))


def no_kernel() -> Any:
    from keras import layers as kl

    return sequential((16,), kl.Dense(64, activation="gelu"), kl.Dense(40, activation="softplus"), kl.Dense(2))


def looped() -> Any:
    from keras import layers as kl

    return sequential((20, 6), kl.LSTM(12, return_sequences=True), kl.LSTM(8), kl.Dense(4))


NETWORKS = (image_cnn, mobile, dilated, learnt_slopes, unrolled, no_kernel)
WAYS = ("float32", "dynamic range", "float16", "int8", "float32 ends", "int16", "weights left out")


def converted(network: Any, way: str) -> bytes:
    """The file that TensorFlow's converter writes."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    shape = network.input_shape
    called = tf.function(network.call, input_signature=[tf.TensorSpec(shape)]).get_concrete_function()
    function = called if way == "weights left out" else convert_variables_to_constants_v2(called)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function])
    if way not in ("float32", "weights left out"):
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if way == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if way in ("int8", "float32 ends", "int16"):
        rng = np.random.default_rng(1)
        converter.representative_dataset = lambda: ([rng.random(shape, np.float32)] for _ in range(3))
        sets = tf.lite.OpsSet
        wide = sets.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
        converter.target_spec.supported_ops = [wide if way == "int16" else sets.TFLITE_BUILTINS_INT8]
    if way == "int8":
        converter.inference_input_type = converter.inference_output_type = tf.int8
    return bytes(converter.convert())


def files(network: Callable[[], Any]) -> Iterator[tuple[str, bytes]]:
    for way in WAYS:
        try:
            yield way, converted(network(), way)
        except RuntimeError as error:  # the converter has no int16 of some operators
            if "not yet supported for op" not in str(error):
                raise


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.__name__)
def test_a_converted_network(network: Callable[[], Any]) -> None:
    models = dict(files(network))
    assert len(models) >= 6
    for way, arena in tflm_judge.arenas(models).items():
        report = profile(read_tflite(models[way]), runtime="tflm-reference")
        assert bool(report.refused) == (arena is None), way
        assert arena is None or abs(report.arena_bytes - arena) <= 16, way


def test_a_loop_whose_parts_grow_does_not_run() -> None:
    model = converted(looped(), "float32")
    assert tflm_judge.arena(model) is None
    assert "known only at run time" in read_tflite(model).refused
