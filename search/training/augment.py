"""Random changes of a batch of training examples, as operations of the training's graph."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from search.recipe import Augmentation

Augment = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


def make_augment(augmentation: Augmentation | None, shape: tuple[int, int, int], *, batch: int, seed: int) -> Augment:
    """A function of (examples, step) that gives changed examples of the same shape.

    The changes follow from `seed` and the step alone.

    Args:
        augmentation: what may change; None changes nothing.
        shape: (height, width, channels) of an example.
        batch: examples in one call.
        seed: of all randomness.
    """
    if augmentation is None:
        return lambda x, _: x
    height, width, _ = shape
    moves = _Moves(augmentation, height, width, batch)
    rotated = round(augmentation.rotation_share * batch) if augmentation.rotation else 0

    def augment(x: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
        if rotated:
            x = tf.concat([_rotate(x[:rotated], augmentation.rotation, seed, step), x[rotated:]], axis=0)
        return moves(x, seed, step)

    return augment


class _Moves:
    """Shifts and flips: one gather per axis, with indices from a table of all cases."""

    def __init__(self, augmentation: Augmentation, height: int, width: int, batch: int) -> None:
        self._batch = batch
        self._rows = shifted_indices(height, max(augmentation.shift, augmentation.time_shift))
        columns = shifted_indices(width, augmentation.shift)
        self._columns = np.concatenate([columns, columns[:, ::-1]]) if augmentation.flip else columns

    def __call__(self, x: tf.Tensor, seed: int, step: tf.Tensor) -> tf.Tensor:
        for axis, table in ((1, self._rows), (2, self._columns)):
            if len(table) > 1:
                case = _uniform((self._batch,), seed, axis, step, high=len(table), dtype=tf.int32)
                x = tf.gather(x, tf.gather(tf.constant(table), case), axis=axis, batch_dims=1)
        return x


def shifted_indices(length: int, shift: int) -> NDArray[np.int32]:
    """Indices along an axis for every shift from -`shift` to `shift`, the edge mirrored: (2 × shift + 1, length)."""
    shift = min(shift, length)
    padded = np.pad(np.arange(length, dtype=np.int32), shift, mode="symmetric")
    return np.stack([padded[i : i + length] for i in range(2 * shift + 1)])


def _rotate(x: tf.Tensor, most: float, seed: int, step: tf.Tensor) -> tf.Tensor:
    """Each example turned about its centre by a random angle, bilinear; what turns in mirrors the edge."""
    count, height, width, _ = x.shape
    angle = most * (2.0 * _uniform((count,), seed, 3, step) - 1.0)
    cos, sin, zero = tf.cos(angle), tf.sin(angle), tf.zeros(count)
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    offset_x = middle_x - cos * middle_x + sin * middle_y
    offset_y = middle_y - sin * middle_x - cos * middle_y
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=x,
        transforms=tf.stack([cos, -sin, offset_x, sin, cos, offset_y, zero, zero], axis=1),
        output_shape=[height, width],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="REFLECT",
    )


def _uniform(
    shape: tuple[int, ...], seed: int, stream: int, step: tf.Tensor, *, high: float = 1, dtype: tf.DType = tf.float32
) -> tf.Tensor:
    key = tf.stack([tf.constant(seed % 2**31), 4 * tf.cast(step, tf.int32) + stream])
    return tf.random.stateless_uniform(shape, key, 0, high, dtype)
