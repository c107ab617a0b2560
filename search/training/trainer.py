"""Trains one candidate with Keras layers and one in-graph loop over all its epochs.

`model.fit` costs seconds of tracing and of Python per step before a tiny network has learned anything. Here the whole
training is traced once: data lie in memory as tensors, the order of the examples comes in as an array of indices, and
the loops over epochs and steps run inside the graph.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from data import Split
from resource_models import Graph
from search.errors import TrainingError
from search.recipe import Recipe
from search.trainer import TrainingResult
from search.training.build import build_keras
from search.training.optimiser import make_optimiser


class KerasTrainer:
    """A `search.trainer.Trainer` on TensorFlow.

    Args:
        train: examples to learn from.
        validation: examples that the error is measured on after each epoch.
        recipe: batch size, learning rate and the like.
    """

    def __init__(self, *, train: Split, validation: Split, recipe: Recipe) -> None:
        self._recipe = recipe
        self._batch = min(recipe.batch_size, len(train))
        self._steps = len(train) // self._batch
        self._count = len(train)
        self._train = (tf.constant(train.as_float()), tf.constant(train.y))
        self._validation = (tf.constant(validation.as_float()), tf.constant(validation.y))

    def train(self, graph: Graph, *, epochs: int, seed: int) -> TrainingResult:
        """Train the network of `graph` from fresh weights.

        Args:
            graph: what to build; its output is one logit per class, or a single one for two classes.
            epochs: passes over the training split.
            seed: of the first weights, the order of the examples, and dropout.

        Raises:
            TrainingError: the loss is no longer a finite number.
        """
        keras.utils.set_random_seed(seed)
        model = build_keras(graph, dropout=self._recipe.dropout)
        wrong, losses = self._loop(model, epochs)(tf.constant(self._order(epochs, seed)))
        if not np.isfinite(losses).all():
            epoch = int(np.argmin(np.isfinite(losses))) + 1
            raise TrainingError(f"The training diverged: the loss is not a finite number in epoch {epoch}.")
        examples = len(self._validation[1])
        return TrainingResult(tuple(int(w) / examples for w in wrong), tuple(model.get_weights()))

    def _order(self, epochs: int, seed: int) -> NDArray[np.int32]:
        """Indices of the examples, shape (epochs, steps, batch)."""
        rng = np.random.default_rng(seed)
        used = self._steps * self._batch
        order = np.stack([rng.permutation(self._count)[:used] for _ in range(epochs)])
        return order.reshape(epochs, self._steps, self._batch).astype(np.int32)

    def _loop(self, model: keras.Model, epochs: int) -> Any:
        """The whole training as one function of the examples' order: wrong validation examples and loss per epoch."""
        variables = model.trainable_variables
        optimiser = make_optimiser(self._recipe, variables, steps_per_epoch=self._steps, epochs=epochs)
        x, y = self._train

        def update(indices: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
            with tf.GradientTape() as tape:
                logits = model(tf.gather(x, indices), training=True)
                loss = tf.reduce_mean(cross_entropy(tf.gather(y, indices), logits))
            optimiser.apply(tape.gradient(loss, variables), tf.cast(step, tf.float32))
            return loss

        def run(order: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            wrong = tf.TensorArray(tf.int32, size=epochs)
            losses = tf.TensorArray(tf.float32, size=epochs)
            for epoch in tf.range(epochs):
                loss = tf.constant(0.0)
                for position in tf.range(self._steps):
                    loss = update(order[epoch, position], epoch * self._steps + position)
                losses = losses.write(epoch, loss)
                wrong = wrong.write(epoch, self._wrong(model))
            return wrong.stack(), losses.stack()

        return tf.function(run)

    def _wrong(self, model: keras.Model) -> tf.Tensor:
        """How many validation examples the model classifies wrongly."""
        x, y = self._validation
        return tf.math.count_nonzero(classes(model(x, training=False)) != y, dtype=tf.int32)


def cross_entropy(labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Loss of each example; a single logit per example means two classes."""
    if logits.shape[-1] == 1:
        return tf.nn.sigmoid_cross_entropy_with_logits(tf.cast(labels, logits.dtype)[:, None], logits)
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)


def classes(logits: tf.Tensor) -> tf.Tensor:
    """The class that each row of logits stands for, as int64."""
    if logits.shape[-1] == 1:
        return tf.cast(logits[:, 0] > 0, tf.int64)
    return tf.argmax(logits, axis=-1)
