"""Trains one candidate: model, pruning, teacher and loop put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from data import Split
from resource_models import Graph
from search.errors import TrainingError
from search.pruning.genes import SPARSITY
from search.recipe import Recipe
from search.trainer import LEAST_STEPS, Checkpoint, TrainingResult
from search.training.augment import make_augment
from search.training.average import Averaged
from search.training.build import build_keras
from search.training.loop import Examples, Step, Teacher, assign, make_loop
from search.training.losses import class_weights
from search.training.optimiser import Optimiser, make_optimiser
from search.training.prune import Pruner, make_pruner
from search.training.shrink import shrink

NO_GENES: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """What one training works with."""

    graph: Graph
    model: keras.Model
    optimiser: Optimiser
    pruner: Pruner
    averaged: Averaged | None

    def variables(self) -> list[Any]:
        """All that a checkpoint has to hold."""
        averages = () if self.averaged is None else self.averaged.variables
        return [*self.pruner.trained, *self.model.non_trainable_variables, *self.optimiser.state, *averages]

    @property
    def kept(self) -> keras.Model:
        """The network that the training is for."""
        return self.model if self.averaged is None else self.averaged.model


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The part of a training that is done now.

    Attributes:
        first, last: its first step, and the one after its last.
        schedule: steps that the learning rate falls over.
        cooldown: whether it falls to zero at the last step.
    """

    first: int
    last: int
    schedule: int
    cooldown: bool

    def ends(self, steps: int) -> NDArray[np.int32]:
        """Where the error is measured, from the first step on: a 0, the ends of epochs of so many steps, the end."""
        whole = np.arange(self.first // steps + 1, (self.last - 1) // steps + 1) * steps
        return np.array([0, *(whole - self.first), self.last - self.first], dtype=np.int32)


class KerasTrainer:
    """A `search.trainer.Trainer` on TensorFlow.

    Args:
        train: examples to learn from.
        validation: examples that the error is measured on after each epoch.
        recipe: batch size, learning rate and the like.
        teacher: to distil from, where the recipe does.
    """

    def __init__(self, *, train: Split, validation: Split, recipe: Recipe, teacher: Teacher | None = None) -> None:
        self._recipe = recipe
        self._batch = min(recipe.batch_size, len(train))
        self._steps = len(train) // self._batch
        self._train = Examples(tf.constant(train.x), tf.constant(train.y))
        self._validation = Examples(tf.constant(validation.x), tf.constant(validation.y))
        self._labels = train.y
        self._teacher = teacher
        self._weights: tf.Tensor | None = None
        if recipe.class_weights:
            self._weights = tf.constant(class_weights(train.y, int(train.y.max()) + 1))

    def train(
        self,
        graph: Graph,
        *,
        epochs: float,
        seed: int,
        genes: Mapping[str, float] = NO_GENES,
        resume: Checkpoint | None = None,
        schedule: float | None = None,
        cooldown: bool = False,
    ) -> TrainingResult:
        """Train the network of `graph` from fresh weights, or go on from a checkpoint.

        What goes on does so as if nothing had happened: the order of the examples, the learning rate, the optimiser's
        moments. So without pruning and dropout it equals one uninterrupted training, as long as `schedule` is the
        same. The window of pruning is laid over `epochs`, so that every training ends with its target sparsity; it
        moves when the training goes on.

        Args:
            graph: what to build; its output is one logit per class, or a single one for two classes.
            epochs: passes over the training split, those of the checkpoint included; less than one is a part of it.
            seed: of the first weights, the order of the examples, augmentation and dropout.
            genes: `sparsity`, the share that the recipe's pruning takes away; the lowest of its range by default.
            resume: a checkpoint of the same training with fewer epochs.
            schedule: epochs that the learning rate falls over, where these may be more than are trained now.
            cooldown: whether it falls to zero over what is trained now, whatever the schedule says.

        Raises:
            TrainingError: the loss is no longer a finite number, or the checkpoint is of another network.
        """
        keras.utils.set_random_seed(seed)
        before = () if resume is None else resume.whole
        first = 0 if resume is None else self._steps_of(resume.epochs)
        stretch = _Stretch(first, self._steps_of(epochs), self._steps_of(max(epochs, schedule or 0)), cooldown)
        parts = self._parts(graph, stretch, genes)
        if resume is not None:
            _restore(parts, resume)
        wrong, losses = self._run(parts, stretch, before, seed)
        if not np.isfinite(losses).all():
            epoch = len(before) + int(np.argmin(np.isfinite(losses))) + 1
            raise TrainingError(f"The training diverged: the loss is not a finite number in epoch {epoch}.")
        history = (*before, *(int(count) / len(self._validation) for count in wrong))
        done = min(epochs, len(history))
        spent = done - (0 if resume is None else resume.epochs)
        return _result(parts, history, tuple(float(loss) for loss in losses), epochs=done, spent=spent)

    def _steps_of(self, epochs: float) -> int:
        return max(1, round(epochs * self._steps))

    def _parts(self, graph: Graph, stretch: _Stretch, genes: Mapping[str, float]) -> _Parts:
        recipe = self._recipe
        model = build_keras(graph, dropout=recipe.dropout)
        sparsity = genes.get(SPARSITY, recipe.pruning.lowest) if recipe.pruning else 0.0
        pruner = make_pruner(graph, model, recipe.pruning, sparsity, first=stretch.first, steps=stretch.last)
        optimiser = make_optimiser(
            recipe,
            pruner.trained,
            steps_per_epoch=self._steps,
            steps=stretch.schedule,
            cooldown=(stretch.first, stretch.last) if stretch.cooldown else None,
        )
        average = recipe.average
        averaged = None if average is None else Averaged(graph, model, average, self._train, pruner)
        return _Parts(graph, model, optimiser, pruner, averaged)

    def _run(
        self, parts: _Parts, stretch: _Stretch, before: tuple[float, ...], seed: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Wrong validation examples and loss at each measurement that is still to do."""
        recipe = self._recipe
        height, width, channels = self._train.x.shape[1:]
        step = Step(
            model=parts.model,
            train=self._train,
            optimiser=parts.optimiser,
            pruner=parts.pruner,
            augment=make_augment(recipe.augmentation, (height, width, channels), batch=self._batch, seed=seed),
            weights=self._weights,
            teacher=self._teacher if recipe.distillation else None,
            distillation=recipe.distillation,
            averaged=parts.averaged,
        )
        loop = make_loop(step, self._validation, first_step=stretch.first, patience=recipe.patience)
        best, stale = _standing(before, len(self._validation))
        order = self.order(stretch.last, seed)[stretch.first :]
        wrong, losses = loop(tf.constant(order), tf.constant(stretch.ends(self._steps)), best, stale)
        return wrong.numpy(), losses.numpy()

    def order(self, steps: int, seed: int) -> NDArray[np.int32]:
        """Which examples each of the first steps of a training learns from: indices, shape (steps, batch).

        Where a training may end within its first epoch, the beginning of that has the classes in their shares.
        """
        rng = np.random.default_rng(seed)
        epochs = [rng.permutation(len(self._train)) for _ in range(-(-steps // self._steps))]
        if self._steps >= 2 * LEAST_STEPS:
            epochs[0] = stratified(epochs[0], self._labels)
        used = [epoch[: self._steps * self._batch] for epoch in epochs]
        return np.concatenate(used).reshape(-1, self._batch)[:steps].astype(np.int32)


def stratified(order: NDArray[np.int64], labels: NDArray[Any]) -> NDArray[np.int64]:
    """The same examples, those of a class in the same order, such that any beginning has the classes in their shares.

    Of a class with n examples the k-th comes k/n of the way, and half an example earlier on average.

    Args:
        order: indices of examples.
        labels: class of each example.
    """
    rank = np.empty(len(order))
    for label in np.unique(labels[order]):
        places = np.flatnonzero(labels[order] == label)
        rank[places] = (np.arange(len(places)) + 0.5) / len(places)
    return order[np.argsort(rank, kind="stable")]


def _standing(history: tuple[float, ...], examples: int) -> tuple[tf.Tensor, tf.Tensor]:
    """The fewest wrong validation examples so far, and the epochs since then."""
    if not history:
        return tf.constant(2**31 - 1), tf.constant(0)
    lowest = int(np.argmin(history))
    return tf.constant(round(history[lowest] * examples)), tf.constant(len(history) - 1 - lowest)


def _restore(parts: _Parts, checkpoint: Checkpoint) -> None:
    variables = parts.variables()
    shapes = [tuple(variable.shape) for variable in variables]
    if shapes != [np.shape(array) for array in checkpoint.arrays]:
        raise TrainingError("The checkpoint is of another network, or of another recipe; train the trial anew.")
    assign(variables, checkpoint.arrays)


def _result(
    parts: _Parts, history: tuple[float, ...], losses: tuple[float, ...], *, epochs: float, spent: float
) -> TrainingResult:
    arrays = tuple(variable.numpy() for variable in parts.variables())
    kept, model = parts.pruner.channels_kept(), parts.kept
    if kept:
        _, model = shrink(parts.graph, model, kept)
    return TrainingResult(
        history=history,
        weights=tuple(model.get_weights()),
        losses=losses,
        epochs_spent=spent,
        channels={name: int(mask.sum()) for name, mask in kept.items()} if kept else None,
        zeros=parts.pruner.zeros(),
        checkpoint=Checkpoint(history, arrays, epochs),
    )
