"""Reading files of arrays as numpy writes them."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.arrays import Arrays, as_labels
from data.dataset import Examples
from data.errors import DataError

WITH_TEST = ("x_train", "y_train", "x_test", "y_test")


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
    return shaped.astype(np.uint8, copy=False) if x.dtype == np.uint8 else shaped.astype(np.float32, copy=False)
