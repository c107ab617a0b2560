"""A network whose weights are the moving average of another's, with batch normalisation that fits them.

Averaged weights give other activations than those that the moving statistics of batch normalisation were taken of, so
these are taken anew, over training examples, before the averaged network is measured or kept (Izmailov et al., 2018).
"""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from resource_models import Graph
from search.training.build import build_keras
from search.training.loop import Examples
from search.training.prune import Pruner

STATISTICS_EXAMPLES = 2048
"""Training examples that the statistics are taken over, at most; a map has many values, so these are plenty."""
BATCH = 256


class Averaged:
    """Follows a model step by step.

    Attributes:
        model: the averaged network.
    """

    def __init__(self, graph: Graph, model: keras.Model, decay: float, train: Examples, pruner: Pruner) -> None:
        """Begin with the model's weights.

        Args:
            graph: what the model was built from.
            model: that learns.
            decay: share of the average that a step leaves, once there were many; see `share`.
            train: examples to take statistics over.
            pruner: of the model.
        """
        self.model = build_keras(graph, momentum=0.0)  # so that its statistics are those of the last batch
        self.model.set_weights(model.get_weights())
        self._pairs = [
            (mine.value, theirs.value)
            for mine, theirs in zip(self.model.trainable_variables, model.trainable_variables, strict=True)
        ]
        self._decay, self._pruner = decay, pruner
        self._statistics = [variable.value for variable in self.model.non_trainable_variables]
        self._sums = [tf.Variable(tf.zeros_like(variable)) for variable in self._statistics]
        self._train, self._batches = train, _spread_out(len(train))

    @property
    def variables(self) -> list[tf.Variable]:
        """The averages, for a checkpoint; the statistics follow from them."""
        return [mine for mine, _ in self._pairs]

    def follow(self, step: tf.Tensor) -> None:
        """Take in the model's weights as they are after the step with that number."""
        share = share_of(tf.cast(step, tf.float32), self._decay)
        for mine, theirs in self._pairs:
            tf.raw_ops.ResourceApplyGradientDescent(var=mine.handle, alpha=share, delta=mine - theirs)

    def settle(self) -> None:
        """Prune what is pruned in the model, and take the statistics of batch normalisation anew."""
        self._pruner.prune(self.variables)
        if not self._statistics:
            return
        for total in self._sums:
            total.assign(tf.zeros_like(total))
        for number in tf.range(self._batches.shape[0]):
            self.model(self._train.batch(tf.constant(self._batches)[number]), training=True)
            for total, statistic in zip(self._sums, self._statistics, strict=True):
                total.assign_add(statistic)
        for total, statistic in zip(self._sums, self._statistics, strict=True):
            statistic.assign(total / self._batches.shape[0])


def share_of(step: tf.Tensor, decay: float) -> tf.Tensor:
    """Share of the model's weights in the new average after a step, counted from 0: at first more than 1 - decay.

    So the random weights of the beginning are soon forgotten: the average reaches back over a ninth of the steps so
    far, until the decay lets it reach no further.
    """
    return 1.0 - tf.minimum(decay, (1.0 + step) / (10.0 + step))


def _spread_out(examples: int) -> np.ndarray:
    """Indices of examples in batches, shape (batches, size); each goes through the whole split, whatever its order."""
    count = min(examples, STATISTICS_EXAMPLES)
    chosen = np.linspace(0, examples - 1, count).round().astype(np.int32)
    batches = max(1, count // BATCH)
    return chosen[: count - count % batches].reshape(-1, batches).T
