"""The whole training as one TensorFlow function: epochs and steps are loops inside its graph.

`model.fit` costs seconds of tracing and of Python per step before a tiny network has learned anything. Here a training
is traced once, data lie in memory as tensors, and the order of the examples comes in as an array of indices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import keras
import tensorflow as tf

from search.recipe import Distillation
from search.training.augment import Augment
from search.training.losses import classes, cross_entropy, distillation_loss
from search.training.optimiser import Optimiser
from search.training.prune import Pruner

VALIDATION_BATCH = 256

Teacher = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""Logits, one per class, of a batch: called with the (changed) examples and their indices in the training split."""


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """One split as tensors; `x` may be bytes that stand for v / 255."""

    x: tf.Tensor
    y: tf.Tensor

    def __len__(self) -> int:
        return int(self.y.shape[0])

    def batch(self, indices: tf.Tensor) -> tf.Tensor:
        """Those examples as float32."""
        return as_float(tf.gather(self.x, indices))


def as_float(x: tf.Tensor) -> tf.Tensor:
    """Bytes scaled to [0, 1]; float32 as it is."""
    return tf.cast(x, tf.float32) / 255.0 if x.dtype == tf.uint8 else x


class Follower(Protocol):
    """A network that is made from the one that learns, and is measured in its place."""

    model: keras.Model

    def follow(self, step: tf.Tensor) -> None:
        """Take in what was learned in the step with that number."""
        ...

    def settle(self) -> None:
        """Be ready to be measured."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step of learning.

    Attributes:
        model: what learns.
        train: examples to learn from.
        optimiser: over `pruner.trained`.
        pruner: keeps the model pruned.
        augment: changes examples.
        weights: of each class in the loss; None for equal ones.
        teacher, distillation: None without a teacher.
        averaged: what is measured and kept instead of the model; None for the model.
    """

    model: keras.Model
    train: Examples
    optimiser: Optimiser
    pruner: Pruner
    augment: Augment
    weights: tf.Tensor | None = None
    teacher: Teacher | None = None
    distillation: Distillation | None = None
    averaged: Follower | None = None

    def __call__(self, indices: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
        """Learn from the examples at `indices`; returns the mean loss."""
        variables = self.model.trainable_variables
        x = self.augment(self.train.batch(indices), step)
        with tf.GradientTape() as tape:
            loss = self._loss(x, indices)
        self.optimiser.apply(tape.gradient(loss, variables), tf.cast(step, tf.float32))
        self.pruner.refresh(step + 1)
        if self.averaged is not None:
            self.averaged.follow(step)
        return loss

    def count_wrong(self, validation: Examples) -> tf.Tensor:
        """How many examples are classified wrongly by what has been learned so far."""
        if self.averaged is None:
            return count_wrong(self.model, validation)
        self.averaged.settle()
        return count_wrong(self.averaged.model, validation)

    def _loss(self, x: tf.Tensor, indices: tf.Tensor) -> tf.Tensor:
        logits = self.model(x, training=True)
        labels = tf.gather(self.train.y, indices)
        each = cross_entropy(labels, logits)
        if self.weights is not None:
            each *= tf.gather(self.weights, labels)
        if self.teacher is not None and self.distillation is not None:
            each += distillation_loss(self.teacher(x, indices), logits, self.distillation)
        return tf.reduce_mean(each)


def make_loop(step: Step, validation: Examples, *, first_step: int, patience: int | None) -> Any:
    """A function that trains.

    It takes the order of the examples, shape (steps, batch); after which of these steps the error is measured, shape
    (measurements + 1,), with a 0 before the first; the lowest number of wrong validation examples so far; and the
    measurements since then. It returns, per measurement, wrong validation examples and the last step's loss; the second
    is not finite where the training diverged, and both end at the measurement where it did, or where the error had
    stopped falling.
    """

    def run(order: tf.Tensor, ends: tf.Tensor, best: tf.Tensor, stale: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        epochs = ends.shape[0] - 1
        wrong = tf.TensorArray(tf.int32, size=epochs, element_shape=())
        losses = tf.TensorArray(tf.float32, size=epochs, element_shape=())
        step.pruner.refresh(tf.constant(first_step))
        epoch, improving = tf.constant(0), tf.constant(True)
        while epoch < epochs and improving:
            loss = tf.constant(0.0)
            for position in tf.range(ends[epoch], ends[epoch + 1]):
                loss = step(order[position], first_step + position)
            count = step.count_wrong(validation)
            wrong, losses = wrong.write(epoch, count), losses.write(epoch, loss)
            stale = tf.where(count < best, 0, stale + 1)
            best = tf.minimum(best, count)
            improving = tf.math.is_finite(loss) if patience is None else tf.math.is_finite(loss) & (stale < patience)
            epoch += 1
        return wrong.stack()[:epoch], losses.stack()[:epoch]

    return tf.function(run)


def count_wrong(model: keras.Model, examples: Examples) -> tf.Tensor:
    """How many examples the model classifies wrongly; in batches, since maps of a whole split fill the memory."""
    total = tf.constant(0)
    for start in tf.range(0, len(examples), VALIDATION_BATCH):
        x, y = examples.x[start : start + VALIDATION_BATCH], examples.y[start : start + VALIDATION_BATCH]
        total += tf.math.count_nonzero(classes(model(as_float(x), training=False)) != y, dtype=tf.int32)
    return total


def assign(variables: Sequence[Any], values: Sequence[Any]) -> None:
    """Set variables one by one."""
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
