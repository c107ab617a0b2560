"""Reading files of arrays as numpy writes them."""

from __future__ import annotations

import lzma
import struct
import tokenize
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from data.arrays import Arrays, as_labels
from data.dataset import Examples
from data.errors import DataError

WITH_TEST = ("x_train", "y_train", "x_test", "y_test")
# All that numpy, zipfile and the parsers of Python's own words raise for bytes that are no arrays.
DAMAGED = (
    OSError,
    ValueError,
    EOFError,
    AttributeError,
    LookupError,
    TypeError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    SyntaxError,
    tokenize.TokenError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
OTHERS = {
    b"\x89HDF": "an HDF5 file",
    b"MATLAB 5": "a file of Matlab",
    b"\x80": "a pickle, and nothing of a stranger is unpickled",
    b"version https://git-lfs": "a pointer of Git LFS, not the file itself: run `git lfs pull`",
}


def read_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    """All arrays of a file, or of the npy files in a folder, by name; nothing in them is executed.

    Raises:
        DataError: if one is damaged, or holds Python objects.
    """
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix == ".npy" and not file.name.startswith("."))
        return {file.stem: array for file in files for array in _read_file(file).values()}
    return _read_file(path)


def _read_file(path: Path) -> dict[str, NDArray[np.generic]]:
    try:
        with path.open("rb") as file:
            start = file.read(32)
            what = next((name for mark, name in OTHERS.items() if start.startswith(mark)), None)
            if what is None:
                file.seek(0)
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # of old and odd headers, which are read all the same
                    return _load(file, path.stem)
    except DAMAGED as error:
        reason = "it is no file of numpy's" if "pickled (object)" in str(error) else " ".join(str(error).split())[:200]
        reason = reason or type(error).__name__
        raise DataError(f"{path} cannot be read as npz arrays ({reason})") from None
    raise DataError(f"{path} cannot be read as npz arrays (it is {what})")


def _load(file: BinaryIO, stem: str) -> dict[str, NDArray[np.generic]]:
    loaded = np.load(file, allow_pickle=False)
    if isinstance(loaded, np.ndarray):
        return {stem: loaded}
    arrays = {}
    with loaded:
        for key in loaded.files:
            try:
                array = loaded[key]
            except ValueError as error:
                raise ValueError(f"array {key!r}: {_plainly(error)}") from None
            if not isinstance(array, np.ndarray):
                raise ValueError(f"{key!r} is no array")
            arrays[key] = array
    return arrays


def _plainly(error: ValueError) -> str:
    if "allow_pickle" in str(error):
        return "it holds Python objects, which are not unpickled; save it as numbers or words, all of one shape"
    return str(error)


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
    if x.ndim not in (2, 3, 4) or x.dtype.kind not in "biuf":
        raise DataError(f"{path} has examples of type {x.dtype} and shape {x.shape}; they must be vectors or maps")
    shaped = x if x.ndim == 4 else x[..., None] if x.ndim == 3 else x[:, :, None, None]
    return shaped.astype(np.uint8, copy=False) if x.dtype == np.uint8 else shaped.astype(np.float32, copy=False)
