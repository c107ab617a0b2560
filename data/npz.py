"""The user's own arrays: `npz:PATH`, and the reader of array files that other data sets come in."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.arrays import Arrays, as_labels, dataset_of_arrays, value_range
from data.dataset import Dataset, Examples, Labels, Split
from data.errors import DataError
from data.request import TEST_SHARE, VALIDATION_SHARE, Request
from data.splits import stratified_split

WITH_TEST = ("x_train", "y_train", "x_test", "y_test")
WITHOUT_TEST = ("x", "y")


def load(path: Path, request: Request) -> Dataset:
    """A data set from a file of arrays.

    With `x_train y_train x_test y_test`, the first examples of the training part train and the next ones validate.
    With `x` and `y` alone, a seeded stratified fifth each is the test and the validation set. x has shape
    (n, height, width, channels), (n, height, width) or (n, length); y holds whole numbers or strings.

    Raises:
        DataError: if the file cannot be read, or its arrays are no classification data.
    """
    request.only_options(f"npz:{path}")
    arrays = read_arrays(path)
    if all(key in arrays for key in WITH_TEST):
        return _with_test(path, arrays, request)
    if all(key in arrays for key in WITHOUT_TEST):
        return _without_test(path, arrays, request)
    raise DataError(
        f"{path} has the arrays {', '.join(arrays) or 'none'}; it needs {' '.join(WITH_TEST)}, or {' and '.join(WITHOUT_TEST)}"
    )


def read_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    """All arrays of a file, by name; nothing in it is executed.

    Raises:
        DataError: if it is damaged, or holds Python objects.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            return {key: file[key] for key in file.files}
    except (OSError, ValueError, EOFError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path} cannot be read as npz arrays ({error})") from None


def read_npz(path: Path) -> Arrays:
    """The arrays `x_train y_train x_test y_test` of bytes, as Keras writes them.

    Raises:
        DataError: if the file is damaged or lacks one.
    """
    arrays = read_arrays(path)
    missing = [key for key in WITH_TEST if key not in arrays]
    if missing:
        raise DataError(f"{path} has no array {missing[0]}")
    x, y, x_test, y_test = (arrays[key] for key in WITH_TEST)
    return Arrays(as_examples(x, path), as_labels(y), as_examples(x_test, path), as_labels(y_test))


def as_examples(x: NDArray[np.generic], path: Path) -> Examples:
    """Examples of shape (n, height, width, channels): bytes as they are, other numbers as float32.

    Raises:
        DataError: if the array is no set of vectors or maps of numbers.
    """
    if x.ndim not in (2, 3, 4) or not (np.issubdtype(x.dtype, np.number) or x.dtype == np.bool_):
        raise DataError(f"{path} has examples of type {x.dtype} and shape {x.shape}; they must be vectors or maps")
    shaped = x if x.ndim == 4 else x[..., None] if x.ndim == 3 else x[:, :, None, None]
    return shaped.astype(np.uint8 if x.dtype == np.uint8 else np.float32, copy=False)


def as_classes(y: NDArray[np.generic], path: Path) -> tuple[Labels, tuple[str, ...]]:
    """Labels counted from 0, and the value that each stands for.

    Raises:
        DataError: if the values are no classes.
    """
    y = y.reshape(-1) if y.ndim == 2 and y.shape[1] == 1 else y
    if y.ndim != 1:
        raise DataError(f"{path} has labels of shape {y.shape}; there must be one for each example")
    if np.issubdtype(y.dtype, np.floating) and not np.array_equal(y, np.round(y.astype(np.float64))):
        raise DataError(f"{path} has labels that are not whole numbers; this library classifies, it does no regression")
    values, labels = np.unique(y, return_inverse=True)
    if np.issubdtype(y.dtype, np.floating):
        values = values.astype(np.int64)
    return labels.astype(np.int64), tuple(str(value) for value in values)


def _with_test(path: Path, arrays: dict[str, NDArray[np.generic]], request: Request) -> Dataset:
    x, x_test = as_examples(arrays["x_train"], path), as_examples(arrays["x_test"], path)
    count = len(arrays["y_train"])
    labels, names = as_classes(np.concatenate([arrays["y_train"], arrays["y_test"]]), path)
    return dataset_of_arrays(
        f"npz:{path}",
        Arrays(x, labels[:count], x_test, labels[count:]),
        request,
        class_names=names,
        default_validation=max(1, round(VALIDATION_SHARE * len(x))),
        description=f"Arrays of {path.name}",
        source=str(path),
    )


def _without_test(path: Path, arrays: dict[str, NDArray[np.generic]], request: Request) -> Dataset:
    x = as_examples(arrays["x"], path)
    y, names = as_classes(arrays["y"], path)
    if len(x) != len(y):
        raise DataError(f"{path} has {len(x)} examples but {len(y)} labels")
    test_size = max(1, round(TEST_SHARE * len(y)))
    train, validation = request.sizes(
        f"npz:{path}", len(y) - test_size, max(1, round(VALIDATION_SHARE * len(y)))
    )
    parts = stratified_split(y, (test_size, validation, train), seed=request.seed)
    test_split, validation_split, train_split = (Split(x[part], y[part]) for part in parts)
    return Dataset(
        name=f"npz:{path}",
        input_shape=(x.shape[1], x.shape[2], x.shape[3]),
        num_classes=len(names),
        class_names=names,
        train=train_split,
        validation=validation_split,
        test=test_split,
        description=f"Arrays of {path.name}",
        source=str(path),
        value_range=value_range(x),
    )
