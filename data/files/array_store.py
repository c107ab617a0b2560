"""A folder of arrays that can be made again: plain `.npy` files, of bounded size, each with its checksum in its name.

What is missing, damaged or cannot be written costs nothing but the time to make the array again.
"""

from __future__ import annotations

import io
import os
import shutil
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.files.atomic import atomic_writer

LIMIT_BYTES = 4 << 30
SPARE_BYTES = 1 << 30
PIECE_BYTES = 8 << 20
ABANDONED_S = 3600.0

Order = NDArray[np.intp] | None
"""Where each stored row stands in the array; None where the rows are stored as they are."""


@dataclass(frozen=True, slots=True)
class ArrayStore:
    """Arrays by their keys, texts of hexadecimal digits.

    Attributes:
        folder: of the files; made when it is needed. It may be emptied at any time.
        limit_bytes: of all arrays together; those that were not used for longest make room for a new one.
        spare_bytes: that stay free on the disk.
    """

    folder: Path
    limit_bytes: int = LIMIT_BYTES
    spare_bytes: int = SPARE_BYTES

    def takes(self, size_bytes: int) -> bool:
        """Whether an array of that size would be kept."""
        if size_bytes > self.limit_bytes:
            return False
        try:
            there = next(path for path in (self.folder, *self.folder.absolute().parents) if path.exists())
            return shutil.disk_usage(there).free >= size_bytes + self.spare_bytes
        except OSError:
            return False

    def read(self, key: str, order: Order = None) -> NDArray[Any] | None:
        """The array of that key; None where there is none that is whole."""
        try:
            found = [_read_or_remove(path, order) for path in self.folder.glob(f"{key}-*.npy")]
        except OSError:
            return None
        return next((x for x in found if x is not None), None)

    def write(self, key: str, x: NDArray[Any], order: Order = None) -> None:
        """Keep an array, if that can be done; older ones make room for it."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            checksum = size_bytes = 0
            for piece in _pieces(x, order):
                checksum, size_bytes = zlib.crc32(piece, checksum), size_bytes + len(piece)
            self._make_room(size_bytes)
            with atomic_writer(self.folder / f"{key}-{checksum:08x}.npy") as file:
                for piece in _pieces(x, order):
                    file.write(piece)

    def _make_room(self, size_bytes: int) -> None:
        kept = [(path, path.stat()) for path in self.folder.iterdir() if path.suffix in (".npy", ".partial")]
        total = sum(state.st_size for _, state in kept)
        for path, state in sorted(kept, key=lambda entry: entry[1].st_mtime_ns):
            abandoned = path.suffix == ".partial" and state.st_mtime < time.time() - ABANDONED_S
            if abandoned or (path.suffix == ".npy" and total + size_bytes > self.limit_bytes):
                with suppress(OSError):  # another process was faster, or has it open where that keeps files
                    path.unlink()
                    total -= state.st_size


def _read_or_remove(path: Path, order: Order) -> NDArray[Any] | None:
    """What a file holds, which is noted as used; a damaged one is removed, and None."""
    try:
        x = _read(path, order)
    except ValueError:
        with suppress(OSError):
            path.unlink()
        return None
    with suppress(OSError):  # another user's, who alone may say so
        os.utime(path)
    return x


def _read(path: Path, order: Order) -> NDArray[Any]:
    checksum = 0
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            checksum = zlib.crc32(piece, checksum)
    if path.stem.rpartition("-")[2] != f"{checksum:08x}":
        raise ValueError("it is not what was written")
    stored = np.load(path, mmap_mode="r", allow_pickle=False)  # mapped, so that its rows are in memory once
    x = np.empty(stored.shape, stored.dtype)
    x[... if order is None else order] = stored
    return x


def _pieces(x: NDArray[Any], order: Order) -> Iterator[bytes]:
    """The bytes of the file."""
    header = io.BytesIO()
    described = {"descr": x.dtype.str, "fortran_order": False, "shape": x.shape}
    np.lib.format.write_array_header_1_0(header, described)  # type: ignore[no-untyped-call]  # numpy has no types here
    yield header.getvalue()
    step = max(1, PIECE_BYTES // max(1, x.nbytes // len(x)))
    for start in range(0, len(x), step):
        rows = slice(start, start + step)
        yield x[rows if order is None else order[rows]].tobytes()
