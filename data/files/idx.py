"""The idx file format of MNIST: a magic number, the sizes as big-endian int32, then the bytes."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.arrays import Arrays, as_labels
from data.errors import DataError

UNSIGNED_BYTE = 0x08
FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The array of a file of bytes, plain or compressed with gzip.

    Raises:
        DataError: if it is damaged or of another format.
    """
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        zeros, kind, rank = struct.unpack_from(">HBB", content)
        shape = struct.unpack_from(f">{rank}i", content, 4)
    except (OSError, EOFError, zlib.error, struct.error) as error:
        raise DataError(f"{path} cannot be read, it may be damaged or incomplete ({error}); fetch it again") from None
    if zeros != 0 or kind != UNSIGNED_BYTE:
        raise DataError(f"{path} is not an idx file of bytes")
    values = np.frombuffer(content, np.uint8, offset=4 + 4 * rank)
    if len(values) != math.prod(shape):
        raise DataError(f"{path} holds {len(values)} of {math.prod(shape)} bytes; fetch it again")
    return values.reshape(shape)


def read_idx_folder(folder: Path) -> Arrays:
    """The four files of MNIST and its kin.

    Raises:
        DataError: if one is missing or damaged.
    """
    x, y, x_test, y_test = (read_idx(_plain_or_compressed(folder, name)) for name in FILES)
    return Arrays(x[..., None], as_labels(y), x_test[..., None], as_labels(y_test))


def _plain_or_compressed(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / f"{name}.gz"):
        if path.exists():
            return path
    raise DataError(f"{folder} has no file {name} or {name}.gz")
