"""The user's own arrays: `npz:PATH`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.arrays import Arrays, as_classes, check_trained, dataset_of_arrays, value_range
from data.dataset import Dataset, Split
from data.errors import DataError
from data.files.array_file import WITH_TEST, as_examples, read_arrays
from data.request import TEST_SHARE, VALIDATION_SHARE, Request
from data.splits import stratified_split

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
        f"{path} has the arrays {', '.join(arrays) or 'none'}; it needs {' '.join(WITH_TEST)}, "
        f"or {' and '.join(WITHOUT_TEST)}"
    )


def _with_test(path: Path, arrays: dict[str, NDArray[np.generic]], request: Request) -> Dataset:
    x, x_test = as_examples(arrays["x_train"], path), as_examples(arrays["x_test"], path)
    count = len(arrays["y_train"])
    labels, names = as_classes(np.concatenate([arrays["y_train"], arrays["y_test"]]), path)
    check_trained(labels[:count], names, str(path))
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
    train, validation = request.sizes(f"npz:{path}", len(y) - test_size, max(1, round(VALIDATION_SHARE * len(y))))
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
