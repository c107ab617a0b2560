"""What a training minimises, and what counts as the answer of a network."""

from __future__ import annotations

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from search.recipe import Distillation


def cross_entropy(labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Loss of each example; a single logit per example means two classes."""
    if logits.shape[-1] == 1:
        return tf.nn.sigmoid_cross_entropy_with_logits(tf.cast(labels, logits.dtype)[:, None], logits)[:, 0]
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)


def classes(logits: tf.Tensor) -> tf.Tensor:
    """The class that each row of logits stands for, as int64."""
    if logits.shape[-1] == 1:
        return tf.cast(logits[:, 0] > 0, tf.int64)
    return tf.argmax(logits, axis=-1)


def class_weights(labels: NDArray[np.int64], count: int) -> NDArray[np.float32]:
    """Weight of each class in the loss, so that all count the same and the mean over examples is 1."""
    examples = np.bincount(labels, minlength=count)
    weights: NDArray[np.float32] = (len(labels) / (np.count_nonzero(examples) * np.maximum(examples, 1))).astype("f4")
    return weights


def two_logits(logits: tf.Tensor) -> tf.Tensor:
    """One logit per class also where a single one decides between two."""
    return tf.concat([tf.zeros_like(logits), logits], axis=-1) if logits.shape[-1] == 1 else logits


def distillation_loss(teacher: tf.Tensor, student: tf.Tensor, distillation: Distillation) -> tf.Tensor:
    """Loss of each example, weight · T² · KL(teacher, student), both softened by T (Hinton et al., 2015).

    Args:
        teacher: logits, one per class.
        student: logits, one per class or a single one.
        distillation: weight and temperature.
    """
    temperature = distillation.temperature
    target = tf.nn.log_softmax(teacher / temperature)
    given = tf.nn.log_softmax(two_logits(student) / temperature)
    divergence = tf.reduce_sum(tf.exp(target) * (target - given), axis=-1)
    return distillation.weight * temperature**2 * divergence
