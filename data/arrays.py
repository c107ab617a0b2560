"""A data set from arrays in a file's own order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.dataset import Dataset, Examples, Labels, Split
from data.errors import DataError
from data.request import Request


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """The training part and the test part of a file, as it has them; x of shape (n, height, width, channels)."""

    x: Examples
    y: Labels
    x_test: Examples
    y_test: Labels

    def relabelled(self, groups: Sequence[int]) -> Arrays:
        """The same examples, where label i becomes `groups[i]`."""
        table = np.asarray(groups, np.int64)
        return Arrays(self.x, table[self.y], self.x_test, table[self.y_test])


def dataset_of_arrays(
    name: str,
    arrays: Arrays,
    request: Request,
    *,
    class_names: Sequence[str],
    default_validation: int,
    description: str,
    source: str,
) -> Dataset:
    """The first examples of the training part to train, the next ones to validate, the test part to test.

    Raises:
        DatasetSizeError: if more is asked for than there is.
        DataError: if the arrays do not fit together.
    """
    if len(arrays.x) != len(arrays.y) or len(arrays.x_test) != len(arrays.y_test):
        raise DataError(f"{name} has {len(arrays.x)} examples but {len(arrays.y)} labels")
    train, validation = request.sizes(name, len(arrays.x), default_validation)
    height, width, channels = arrays.x.shape[1:]
    return Dataset(
        name=name,
        input_shape=(height, width, channels),
        num_classes=len(class_names),
        class_names=tuple(class_names),
        train=Split(arrays.x[:train], arrays.y[:train]),
        validation=Split(arrays.x[train : train + validation], arrays.y[train : train + validation]),
        test=Split(arrays.x_test, arrays.y_test),
        description=description,
        source=source,
        value_range=value_range(arrays.x, arrays.x_test),
    )


def value_range(*parts: NDArray[np.generic]) -> tuple[float, float]:
    """(0, 1) for bytes and for numbers within it, else the least and the largest value."""
    if all(part.dtype == np.uint8 for part in parts):
        return 0.0, 1.0
    low = min(float(np.min(part)) for part in parts)
    high = max(float(np.max(part)) for part in parts)
    return (0.0, 1.0) if low >= 0 and high <= 1 else (low, high)


def as_labels(y: NDArray[np.generic]) -> Labels:
    """Labels as int64 of one dimension."""
    return np.asarray(y).reshape(-1).astype(np.int64)


def check_trained(labels: Labels, class_names: Sequence[str], place: str) -> None:
    """Check that there is something to train on for each class.

    Raises:
        DataError: if there is not, as in data sets for anomaly detection; names the first class.
    """
    lacking = [name for label, name in enumerate(class_names) if label not in labels]
    if lacking:
        raise DataError(
            f"{place} has no training examples of class {lacking[0]!r}; this library classifies, "
            "it detects no anomalies"
        )
