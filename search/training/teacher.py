"""Teachers to distil from: a small network trained once per run, or the user's own Keras model.

The specification has a MobileNetV2-like net for CIFAR-10 and small CNNs for the rest; here it is one small CNN for all,
of a size that one core trains in minutes: three stages of 3×3 convolutions with batch normalisation.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import filelock
import keras
import numpy as np
import tensorflow as tf

from data import Dataset
from resource_models import Graph, GraphBuilder
from search.errors import TrainingError
from search.recipe import BUILT_IN_TEACHER, TEACHER_FILE, Distillation, Recipe
from search.training.arrays import read_arrays, write_arrays
from search.training.build import build_keras
from search.training.loop import Teacher
from search.training.losses import two_logits
from search.training.trainer import KerasTrainer

STAGES = (16, 32, 64)
SEED = 0
BATCH = 256
CHECKED_EXAMPLES = 64


def make_teacher(dataset: Dataset, recipe: Recipe, folder: Path) -> Teacher | None:
    """The teacher of a recipe, None where it has none.

    Without augmentation its answers to the training split are computed once.

    Args:
        dataset: of the run.
        recipe: of the run.
        folder: of the run; the built-in teacher is kept in it, and trained by the first worker that asks.

    Raises:
        TrainingError: the user's model cannot be read, or does not fit the data set.
    """
    if recipe.distillation is None:
        return None
    wanted = recipe.distillation
    ours = wanted.teacher == BUILT_IN_TEACHER
    model = _built_in(dataset, recipe, wanted, folder) if ours else _own(dataset, wanted.teacher)
    probabilities = _gives_probabilities(model, dataset)
    if recipe.augmentation is not None:
        return lambda x, _: _logits(model(x, training=False), probabilities)
    x = dataset.train.as_float()
    parts = [_logits(model(x[i : i + BATCH], training=False), probabilities) for i in range(0, len(x), BATCH)]
    known = tf.concat(parts, axis=0)
    return lambda _, indices: tf.gather(known, indices)


def teacher_graph(input_shape: tuple[int, int, int], num_classes: int) -> Graph:
    """The built-in teacher."""
    builder = GraphBuilder("teacher")
    x = builder.input(input_shape)
    for stage, filters in enumerate(STAGES):
        strides = (1, 1) if stage == 0 else (2, 2)
        for step in (strides, (1, 1)):
            x = builder.conv2d(x, filters, (3, 3), strides=step, padding="same", activation="relu", batch_norm=True)
    _, height, width, _ = builder.shape(x)
    x = builder.average_pool2d(x, (height, width))
    return builder.build(builder.dense(builder.flatten(x), 1 if num_classes == 2 else num_classes))


def _built_in(dataset: Dataset, recipe: Recipe, distillation: Distillation, folder: Path) -> keras.Model:
    graph = teacher_graph(dataset.input_shape, dataset.num_classes)
    path = folder / TEACHER_FILE
    with filelock.FileLock(str(path) + ".lock"):
        if not path.exists():
            plain = replace(Recipe(), augmentation=recipe.augmentation, class_weights=recipe.class_weights)
            trainer = KerasTrainer(train=dataset.train, validation=dataset.validation, recipe=plain)
            write_arrays(path, trainer.train(graph, epochs=distillation.epochs, seed=SEED).weights)
    model = build_keras(graph)
    model.set_weights(read_arrays(path))
    return model


def _own(dataset: Dataset, file: str) -> keras.Model:
    try:
        model = keras.models.load_model(file, compile=False, safe_mode=True)
    except (OSError, ValueError, TypeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise TrainingError(f"The teacher {file} cannot be read as a Keras model: {reason}") from None
    units = {1, 2} if dataset.num_classes == 2 else {dataset.num_classes}
    if model.input_shape[1:] != dataset.input_shape or model.output_shape[-1] not in units:
        raise TrainingError(
            f"The teacher {file} maps {model.input_shape[1:]} to {model.output_shape[1:]}, but {dataset.name} has "
            f"examples of {dataset.input_shape} in {dataset.num_classes} classes."
        )
    return model


def _gives_probabilities(model: keras.Model, dataset: Dataset) -> bool:
    """Whether the outputs are probabilities rather than logits, judged by examples."""
    outputs = np.asarray(model(dataset.train.as_float()[:CHECKED_EXAMPLES], training=False))
    within = bool((outputs >= 0).all() and (outputs <= 1).all())
    return within and (outputs.shape[-1] == 1 or np.allclose(outputs.sum(axis=-1), 1, atol=1e-3))


def _logits(outputs: tf.Tensor, probabilities: bool) -> tf.Tensor:
    """Logits, one per class."""
    if not probabilities:
        return two_logits(outputs)
    if outputs.shape[-1] == 1:
        outputs = tf.concat([1 - outputs, outputs], axis=-1)
    return tf.math.log(tf.maximum(outputs, 1e-7))
