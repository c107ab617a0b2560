"""A synthetic data set: striped patterns, to be told apart by the direction of their stripes."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from data.dataset import Dataset, Split
from data.errors import DataError
from data.request import Request

DEFAULT_SHAPE = "16x16x1"
DEFAULT_CLASSES = "4"
POOL_SIZE = 1000
TEST_SIZE = 250
NOISE = 0.2


def load(request: Request) -> Dataset:
    """Maps of `?shape=16x16x1` with `?classes=4` directions, random width, phase and noise; values in [0, 1].

    Without sizes 750 train and 250 validate; 250 test. More are made when more are asked for.
    """
    request.only_options("synthetic", "shape", "classes")
    shape = _shape(request.options.get("shape", DEFAULT_SHAPE))
    classes = _classes(request.options.get("classes", DEFAULT_CLASSES))
    available = max(POOL_SIZE, (request.train_size or 0) + (request.validation_size or TEST_SIZE))
    train, validation = request.sizes("synthetic", available, TEST_SIZE)
    rng = np.random.default_rng(request.seed)
    sizes = {"test": TEST_SIZE, "validation": validation, "train": train}
    splits = {title: _draw(size, shape, classes, rng) for title, size in sizes.items()}
    return Dataset(
        name="synthetic",
        input_shape=shape,
        num_classes=classes,
        class_names=tuple(f"{180 * k / classes:.0f}°" for k in range(classes)),
        description="Noisy stripes in several directions",
        source="computed",
        train=splits["train"],
        validation=splits["validation"],
        test=splits["test"],
    )


def _draw(count: int, shape: tuple[int, int, int], classes: int, rng: np.random.Generator) -> Split:
    labels = rng.permutation(np.arange(count) % classes)
    angle = np.pi * labels / classes
    frequency, phase = rng.uniform(0.1, 0.25, count), rng.uniform(0, 2 * np.pi, count)
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    across = _each(np.cos(angle)) * columns + _each(np.sin(angle)) * rows
    stripes = 0.5 + 0.5 * np.sin(2 * np.pi * _each(frequency) * across + _each(phase))
    noisy = stripes[..., None] + rng.normal(0, NOISE, (count, *shape))
    return Split(np.clip(noisy, 0, 1).astype(np.float32), labels.astype(np.int64))


def _each(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values[:, None, None]


def _shape(text: str) -> tuple[int, int, int]:
    match = re.fullmatch(r"(\d+)x(\d+)x(\d+)", text)
    height, width, channels = map(int, match.groups()) if match else (0, 0, 0)
    if min(height, width, channels) < 1:
        raise DataError(f"{text!r} is not a shape; write for example ?shape=16x16x1 (height, width, channels)")
    return height, width, channels


def _classes(text: str) -> int:
    if not text.isdecimal() or not 2 <= int(text) <= 90:
        raise DataError(f"synthetic data has 2 to 90 classes, not {text!r}")
    return int(text)
