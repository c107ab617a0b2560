"""What workers are asked to do, each by its dotted path: warm up, train, export, finalise, write a sample.

Tasks take and return plain JSON-like values, so that nothing but this module has to know both sides.
"""

from __future__ import annotations

import functools
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from data import DataError, Dataset, Split, telling
from data import load as load_dataset
from data.fingerprint import Fingerprint, fingerprint
from search.executors.phase_file import PhaseFile
from search.pruning.channels import with_channels
from search.recipe import Recipe
from search.spaces import SearchSpace
from search.spaces import space as find_space
from search.training import runtime
from search.training.arrays import read_arrays, read_checkpoint, write_arrays, write_bytes, write_checkpoint
from search.training.build import build_keras
from search.training.quantise import CALIBRATION_EXAMPLES, float_error, int8_errors, to_int8
from search.training.random_weights import random_weights
from search.training.teacher import make_teacher
from search.training.trainer import KerasTrainer

Json = dict[str, Any]


def warm_up(task: Json) -> Json:
    """Load the framework, the data set and, where the recipe has one, the teacher; returns sizes and fingerprint.

    With `loading`, the path of a file, it is written there how far the data are.
    """
    runtime.configure()
    loaded = _dataset_told(task)
    _trainer_of(task)
    sizes = {"train_size": len(loaded.train), "validation_size": len(loaded.validation)}
    return {**sizes, "data": asdict(_fingerprint(loaded))}


def train_trial(task: Json) -> Json:
    """Train one trial and leave its weights in a file.

    Args:
        task: `dataset`, `space`, `recipe`, `folder`, `architecture`, `epochs`, `schedule`, `cooldown`, `seed`,
            `genes` and `weights` (path of the file to write); with `keep` the file `checkpoint` is written too;
            `resume` is the checkpoint to go on from, where there is one.

    Returns:
        `history` of all epochs, `losses` and `epochs_spent` of those trained now, `seconds`; `channels` and `zeros`
        where the recipe prunes.

    Raises:
        TrainingError: the training diverged, or the weights cannot be written.
    """
    start = time.monotonic()
    runtime.be_repeatable()  # a worker that replaces a dead one was not warmed up
    space = _space(task, _dataset(task))
    graph = space.lower(space.from_json(task["architecture"]))
    result = _trainer_of(task).train(
        graph,
        epochs=task["epochs"],
        seed=task["seed"],
        genes=task.get("genes", {}),
        resume=read_checkpoint(Path(task["resume"])) if task.get("resume") else None,
        schedule=task.get("schedule"),
        cooldown=bool(task.get("cooldown")),
    )
    write_arrays(Path(task["weights"]), result.weights)
    if task.get("keep"):
        write_checkpoint(Path(task["checkpoint"]), result.checkpoint)
    runtime.forget_models()
    return {
        "history": list(result.history),
        "losses": list(result.losses),
        "epochs_spent": result.epochs_spent,
        "channels": None if result.channels is None else dict(result.channels),
        "zeros": result.zeros,
        "seconds": time.monotonic() - start,
    }


def export_trial(task: Json) -> Json:
    """Write one trained trial as an int8 model and measure it on the validation split.

    Args:
        task: as for `train_trial`, `weights` to read, `channels` that pruning left, and `to` (path of the `.tflite`
            file).

    Returns:
        `model_bytes`, `int8_val_error` in the arithmetic of the board, `litert_val_error`, `arithmetic`,
        `float_val_error`, `validation_size`.

    Raises:
        TrainingError: the weights are missing, or the file cannot be written.
    """
    dataset = _dataset(task)
    space = _space(task, dataset)
    graph = space.lower(space.from_json(task["architecture"]))
    model = build_keras(with_channels(graph, task.get("channels") or {}))
    model.set_weights(read_arrays(Path(task["weights"])))
    converted = to_int8(model, _calibration(dataset))
    write_bytes(Path(task["to"]), converted)
    errors = int8_errors(converted, dataset.validation)
    return {
        "model_bytes": len(converted),
        "int8_val_error": errors.value,
        "litert_val_error": errors.litert,
        "arithmetic": errors.arithmetic,
        "float_val_error": task["val_error"],
        "validation_size": len(dataset.validation),
    }


def finalise_trial(task: Json) -> Json:
    """Train a network from the beginning and measure it as float network and as int8 model, on both splits.

    Args:
        task: as for `train_trial`; the weights are written to the file `keep_weights`, where there is one.

    Returns:
        `val_error`, `test_error`, `int8_val_error` and `int8_test_error` in the arithmetic of the board, the same by
        LiteRT, `arithmetic`, `channels` that pruning left, and `seconds`.

    Raises:
        TrainingError: the training diverged, or the weights cannot be written.
    """
    start = time.monotonic()
    runtime.be_repeatable()
    dataset = _dataset(task)
    space = _space(task, dataset)
    graph = space.lower(space.from_json(task["architecture"]))
    result = _trainer_of(task).train(graph, epochs=task["epochs"], seed=task["seed"], genes=task.get("genes", {}))
    model = build_keras(with_channels(graph, result.channels or {}))
    model.set_weights(result.weights)
    converted = to_int8(model, _calibration(dataset))
    test_error = float_error(model, dataset.test)
    validation, test = int8_errors(converted, dataset.validation), int8_errors(converted, dataset.test)
    if task.get("keep_weights"):
        write_arrays(Path(task["keep_weights"]), result.weights)
    runtime.forget_models()
    return {
        "val_error": result.history[-1],
        "test_error": test_error,
        "int8_val_error": validation.value,
        "int8_test_error": test.value,
        "litert_val_error": validation.litert,
        "litert_test_error": test.litert,
        "arithmetic": validation.arithmetic,
        "channels": None if result.channels is None else dict(result.channels),
        "seconds": time.monotonic() - start,
    }


def write_sample(task: Json) -> int:
    """Write a network with random weights as an int8 model; returns its size in bytes.

    Args:
        task: `space`, `input_shape`, `num_classes`, `architecture`, `seed`, `number` of the sample, `to` (path of the
            `.tflite` file), and `dataset`, with examples of which the model is calibrated; with random ones if None.

    Raises:
        TrainingError: the file cannot be written.
    """
    runtime.configure()
    space = find_space(task["space"], task["input_shape"], task["num_classes"])
    model = build_keras(space.lower(space.from_json(task["architecture"])))
    rng = np.random.default_rng((task["seed"], task["number"]))
    model.set_weights([random_weights(w.name, w.shape, rng) for w in model.weights])
    converted = to_int8(model, _random_examples(task) if task["dataset"] is None else _calibration(_dataset(task)))
    write_bytes(Path(task["to"]), converted)
    runtime.forget_models()
    return len(converted)


def _random_examples(task: Json) -> NDArray[np.float32]:
    shape = (CALIBRATION_EXAMPLES, *task["input_shape"])
    return np.random.default_rng(task["seed"]).random(shape, dtype=np.float32)


def _calibration(dataset: Dataset) -> NDArray[np.float32]:
    few = Split(dataset.train.x[:CALIBRATION_EXAMPLES], dataset.train.y[:CALIBRATION_EXAMPLES])
    return few.as_float()


def _dataset_told(task: Json) -> Dataset:
    if "loading" not in task:
        return _dataset(task)
    file = PhaseFile(Path(task["loading"]))
    try:
        with telling(file):
            return _dataset(task)
    finally:
        file.remove()


def _dataset(task: Json) -> Dataset:
    """The data set of the task.

    Raises:
        DataError: it cannot be loaded, or is another one than that of the run so far, its `data`.
    """
    loaded = _load(json.dumps(task["dataset"]))
    if task.get("data") is not None:
        difference = msgspec.convert(task["data"], Fingerprint).difference(_fingerprint(loaded))
        if difference is not None:
            raise DataError(
                f"{loaded.name} is no longer what this run was trained on: {difference}. Bring back the files, or "
                "begin a new run; `unas run` with --allow-changed-data goes on with the new ones, and notes it."
            )
    return loaded


_fingerprint = functools.lru_cache(maxsize=1)(fingerprint)


@functools.lru_cache(maxsize=1)
def _load(arguments: str) -> Dataset:
    """The data set of this worker; loaded once, since a worker serves one run."""
    return load_dataset(**json.loads(arguments))


def _trainer_of(task: Json) -> KerasTrainer:
    return _trainer(json.dumps(task["dataset"]), json.dumps(task["recipe"]), task.get("folder", ""))


@functools.lru_cache(maxsize=1)
def _trainer(dataset: str, recipe: str, folder: str) -> KerasTrainer:
    """The trainer of this worker, with the data already as tensors."""
    loaded, wanted = _load(dataset), Recipe.from_json(json.loads(recipe))
    teacher = make_teacher(loaded, wanted, Path(folder))
    return KerasTrainer(train=loaded.train, validation=loaded.validation, recipe=wanted, teacher=teacher)


def _space(task: Json, dataset: Dataset) -> SearchSpace:
    return find_space(task["space"], dataset.input_shape, dataset.num_classes)
