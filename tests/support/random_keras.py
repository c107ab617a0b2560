"""Random Keras models of the layers that people use, and the file that the converter writes for one.

The file is written by other code than the project's, and calibrated with other examples.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Model = Any
Rng = np.random.Generator


def keras_model(seed: int) -> Model:
    """The model number `seed`: a chain, a network with branches, one of signals, or one with several inputs."""
    import keras

    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    build: Callable[[Rng], Model] = [_chain, _branches, _signal, _nested, _several][seed % 5]
    return build(rng)


def converted(model: Model) -> bytes:
    """What `TFLiteConverter.from_keras_model` writes, fully int8."""
    import tensorflow as tf

    def examples() -> Any:
        rng = np.random.default_rng(7)
        for _ in range(3):
            yield {t.name: rng.uniform(-1, 1, (1, *t.shape[1:])).astype(np.float32) for t in model.inputs}

    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = examples
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return bytes(converter.convert())


def _pick(rng: Rng, *choices: Any) -> Any:
    return choices[int(rng.integers(len(choices)))]


def _activation(rng: Rng, x: Any) -> Any:
    from keras import layers

    name = _pick(
        rng, "relu", "relu6", "relu4", "leaky", "swish", "hard_swish", "gelu", "elu", "tanh", "sigmoid", "none"
    )
    if name.startswith("relu"):
        return layers.ReLU(float(name[4:]) if name[4:] else None)(x)
    if name == "leaky":
        return layers.LeakyReLU(0.1)(x)
    return x if name == "none" else layers.Activation(name)(x)


def _block(rng: Rng, x: Any) -> Any:
    """A convolution of some kind with or without what stands around one."""
    from keras import layers

    filters, size, strides = int(rng.integers(2, 13)), int(_pick(rng, 1, 3, 5)), int(rng.integers(1, 3))
    padding, bias = _pick(rng, "same", "valid", "zeros"), bool(rng.integers(2))
    if padding == "zeros":
        x, padding = layers.ZeroPadding2D(_pick(rng, 1, ((0, 1), (0, 1)), ((1, 0), (2, 1))))(x), "valid"
    if min(x.shape[1:3]) < size:
        padding = "same"
    options = {"padding": padding, "use_bias": bias}
    kind = _pick(rng, layers.Conv2D, layers.DepthwiseConv2D, layers.SeparableConv2D, layers.Conv2DTranspose)
    if kind is layers.DepthwiseConv2D:
        x = kind(size, strides=strides, depth_multiplier=int(rng.integers(1, 3)), **options)(x)
    else:
        x = kind(filters, size, strides=strides, **options)(x)
    if rng.integers(2):
        x = layers.BatchNormalization()(x)
    return _activation(rng, x)


def _head(rng: Rng, x: Any) -> Any:
    from keras import layers

    pool = _pick(rng, layers.Flatten(), layers.GlobalAveragePooling2D(), layers.GlobalMaxPooling2D())
    x = layers.Dropout(0.3)(pool(x))
    if rng.integers(2):
        x = layers.Dense(int(rng.integers(2, 20)), activation=_pick(rng, "relu", "swish", "tanh"))(x)
    return layers.Dense(int(rng.integers(1, 6)), activation=_pick(rng, None, "softmax", "sigmoid"))(x)


def _image(rng: Rng) -> Any:
    import keras

    return keras.Input((int(rng.integers(8, 25)), int(rng.integers(8, 25)), int(_pick(rng, 1, 3))))


def _chain(rng: Rng) -> Model:
    import keras
    from keras import layers

    inputs = x = _image(rng)
    if rng.integers(2):
        x = layers.Rescaling(1 / 127.5, offset=-1)(x)
    if rng.integers(2):
        x = layers.GaussianNoise(0.1)(layers.RandomFlip()(x))
    for _ in range(int(rng.integers(1, 4))):
        x = _block(rng, x)
        if min(x.shape[1:3]) >= 2 and rng.integers(2):
            x = _pick(rng, layers.MaxPooling2D, layers.AveragePooling2D)(2)(x)
    return keras.Model(inputs, _head(rng, x))


def _branches(rng: Rng) -> Model:
    """Tensors with several readers, joined again; a normalisation or activation may be read beside what it follows."""
    import keras
    from keras import layers

    inputs = x = _image(rng)
    for _ in range(int(rng.integers(1, 4))):
        x = layers.Conv2D(8, 3, padding="same")(x)
        left = layers.BatchNormalization()(x) if rng.integers(2) else x
        right = _activation(rng, x)
        if rng.integers(2):
            right = layers.Conv2D(8, 3, padding="same")(right)
        join = _pick(rng, layers.Add, layers.Multiply, layers.Maximum, layers.Average, layers.Concatenate)
        x = join()([left, right, x][: int(rng.integers(2, 4))])
    if rng.integers(2):
        x = layers.UpSampling2D(2, interpolation=_pick(rng, "nearest", "bilinear"))(x)
    return keras.Model(inputs, _head(rng, x))


def _signal(rng: Rng) -> Model:
    import keras
    from keras import layers

    inputs = x = keras.Input((int(rng.integers(12, 60)), int(rng.integers(1, 7))))
    x = layers.Normalization(mean=[0.3] * x.shape[-1], variance=[2.0] * x.shape[-1])(x)
    for _ in range(int(rng.integers(1, 3))):
        kind = _pick(rng, layers.Conv1D, layers.SeparableConv1D)
        x = kind(int(rng.integers(2, 9)), 3, padding=_pick(rng, "same", "valid"))(x)
        x = _activation(rng, layers.BatchNormalization()(x) if rng.integers(2) else x)
        x = _pick(rng, layers.MaxPooling1D(2), layers.AveragePooling1D(2), layers.Dropout(0.1))(x)
    x = layers.Permute((2, 1))(x) if rng.integers(2) else x
    x = _pick(rng, layers.GlobalAveragePooling1D(), layers.Flatten(), layers.Reshape((-1,)))(x)
    return keras.Model(inputs, layers.Dense(3, activation="softmax")(x))


def _nested(rng: Rng) -> Model:
    """A sequential model within another, and one layer that is called twice."""
    import keras
    from keras import layers

    size = int(rng.integers(8, 17))
    inner = keras.Sequential([keras.Input((size, size, 3)), layers.Conv2D(4, 3, padding="same"), layers.ReLU()])
    inputs = keras.Input((size, size, 3))
    x = inner(inputs)
    shared = layers.Conv2D(4, 3, padding="same", activation=_pick(rng, None, "relu"))
    x = layers.Add()([shared(x), shared(shared(x))]) if rng.integers(2) else shared(shared(x))
    return keras.Sequential([keras.Model(inputs, x), layers.Flatten(), layers.Dense(4, activation="softmax")])


def _several(rng: Rng) -> Model:
    import keras
    from keras import layers

    image, numbers = _image(rng), keras.Input((int(rng.integers(2, 9)),))
    features = layers.GlobalAveragePooling2D()(_block(rng, image))
    x = layers.Concatenate()([features, layers.Dense(6, activation="relu")(numbers)])
    if rng.integers(2):
        return keras.Model([image, numbers], layers.Dense(2)(x))
    return keras.Model([image, numbers], [layers.Dense(2)(x), layers.Dense(3, activation="softmax")(x)])
