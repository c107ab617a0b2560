"""What workers are asked to do, each by its dotted path: warm up, train a trial, export one.

Tasks take and return plain JSON-like values, so that nothing but this module has to know both sides.
"""

from __future__ import annotations

import contextlib
import functools
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from data import Dataset
from data import load as load_dataset
from search.errors import TrainingError
from search.recipe import Recipe
from search.spaces import SearchSpace
from search.spaces import space as find_space
from search.training import runtime
from search.training.build import build_keras
from search.training.quantise import CALIBRATION_EXAMPLES, int8_error, to_int8
from search.training.trainer import KerasTrainer

Json = dict[str, Any]


def warm_up(task: Json) -> str:
    """Load the framework and the data set; returns the data set's name."""
    runtime.configure()
    return _dataset(task).name


def train_trial(task: Json) -> Json:
    """Train one trial and leave its weights in a file.

    Args:
        task: `dataset`, `space`, `recipe`, `architecture`, `epochs`, `seed` and `weights` (path of the file to write).

    Returns:
        `history`, `seconds`.

    Raises:
        TrainingError: the training diverged, or the weights cannot be written.
    """
    start = time.monotonic()
    dataset = _dataset(task)
    space = _space(task, dataset)
    graph = space.lower(space.from_json(task["architecture"]))
    result = _trainer(json.dumps(task["dataset"]), json.dumps(task["recipe"])).train(
        graph, epochs=task["epochs"], seed=task["seed"]
    )
    _write_weights(Path(task["weights"]), result.weights)
    runtime.forget_models()
    return {"history": list(result.history), "seconds": time.monotonic() - start}


def export_trial(task: Json) -> Json:
    """Write one trained trial as an int8 model and measure it on the validation split.

    Args:
        task: as for `train_trial`, `weights` to read, and `to` (path of the `.tflite` file).

    Returns:
        `model_bytes`, `int8_val_error`, `float_val_error`, `validation_size`.

    Raises:
        TrainingError: the weights are missing, or the file cannot be written.
    """
    dataset = _dataset(task)
    space = _space(task, dataset)
    model = build_keras(space.lower(space.from_json(task["architecture"])))
    model.set_weights(_read_weights(Path(task["weights"])))
    converted = to_int8(model, dataset.train.as_float()[:CALIBRATION_EXAMPLES])
    _write_file(Path(task["to"]), converted)
    return {
        "model_bytes": len(converted),
        "int8_val_error": int8_error(converted, dataset.validation),
        "float_val_error": task["val_error"],
        "validation_size": len(dataset.validation),
    }


def _dataset(task: Json) -> Dataset:
    return _load(json.dumps(task["dataset"]))


@functools.lru_cache(maxsize=1)
def _load(arguments: str) -> Dataset:
    """The data set of this worker; loaded once, since a worker serves one run."""
    return load_dataset(**json.loads(arguments))


@functools.lru_cache(maxsize=1)
def _trainer(dataset: str, recipe: str) -> KerasTrainer:
    """The trainer of this worker, with the data already as tensors."""
    loaded = _load(dataset)
    return KerasTrainer(train=loaded.train, validation=loaded.validation, recipe=Recipe.from_json(json.loads(recipe)))


def _space(task: Json, dataset: Dataset) -> SearchSpace:
    return find_space(task["space"], dataset.input_shape, dataset.num_classes)


def _write_weights(path: Path, weights: tuple[Any, ...]) -> None:
    partial = path.with_suffix(".partial")
    try:
        with partial.open("wb") as file:
            np.savez(file, *weights)
        partial.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise TrainingError(f"The weights cannot be written to {path.parent} ({error.strerror}).") from None


def _read_weights(path: Path) -> list[Any]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return [arrays[name] for name in arrays.files]
    except (OSError, ValueError):
        raise TrainingError(f"The weights {path} are missing or damaged; train the trial again.") from None


def _write_file(path: Path, content: bytes) -> None:
    partial = path.with_suffix(path.suffix + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise TrainingError(f"{path} cannot be written ({error.strerror}); choose another folder.") from None
