"""What was decoded of files is kept in the cache, so that it is decoded once: not in every worker of every search.

An array is found again by all that decides it: path, size and times of the archive or of each file, which of them, how
they were decoded, and by which version. Files that change give another array; what was kept of them is never taken.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from data.files.alone import alone
from data.files.array_store import ArrayStore
from data.files.sources import cache_dir

FOLDER = "decoded"
LEAST_FILES = 1_000
LEAST_BYTES = 32 << 20
LOCK_DIGITS = 3  # of keys: so that locks, which stay, are few

Scalar = TypeVar("Scalar", bound=np.generic)
Stamp = tuple[int, int, int]
"""Size in bytes, and when content and status changed last, in ns."""


class Stamped(Protocol):
    """A folder or an archive of files."""

    @property
    def path(self) -> Path:
        """Where it is."""
        ...

    def stamps(self, names: Collection[str], /) -> list[Stamp]:
        """What tells whether the named files have changed; raises OSError where there is no telling."""
        ...


def stamp(path: Path) -> Stamp:
    """The stamp of a file.

    Raises:
        OSError: there is none.
    """
    state = path.stat()
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns


def decoded(
    files: Stamped,
    names: Sequence[str],
    how: Sequence[object],
    decode: Callable[[], NDArray[Scalar]],
    *,
    size_bytes: int,
    doing: str,
    by_name: bool = True,
    count: int | None = None,
) -> NDArray[Scalar]:
    """What `decode` gives, from the cache where it is there; another process that decodes the same is waited for.

    What takes but a moment is not kept: fewer than `LEAST_FILES`, out of less than `LEAST_BYTES`.

    Args:
        files: that hold them.
        names: of the files that are decoded.
        how: all that decides the array beside the files, as JSON-like values: kind and version of the decoder, form.
        decode: gives the array.
        size_bytes: about as large as the array is.
        doing: what is done, in words.
        by_name: whether the array has a row for each of `names`, in their order, which depends on that file only.
        count: number of things that are decoded, where it is not that of `names`.
    """
    store = ArrayStore(cache_dir() / FOLDER)
    find_key = partial(_key, files, names, how, len(names) if count is None else count)
    key = find_key()
    if key is None:
        return decode()
    order = np.array(sorted(range(len(names)), key=names.__getitem__), np.intp) if by_name else None
    kept: NDArray[Any] | None = store.read(key, order)
    if kept is not None:
        return kept
    if not store.takes(size_bytes):
        return decode()
    with alone(store.folder / f"{key[:LOCK_DIGITS]}.lock", doing):
        kept = store.read(key, order)
        if kept is not None:
            return kept
        made = decode()
        if made.size and find_key() == key:  # else files changed meanwhile
            store.write(key, made, order)
        return made


def _key(files: Stamped, names: Sequence[str], how: Sequence[object], count: int) -> str | None:
    """The key of an array; None where it is not worth to be kept."""
    chosen = sorted(names)
    try:
        stamps = files.stamps(chosen)
        path = str(files.path.resolve())
    except OSError:  # what reads the file will say what is wrong
        return None
    if count < LEAST_FILES and sum(size for size, _, _ in stamps) < LEAST_BYTES:
        return None
    text = json.dumps([np.__version__, how, path, stamps, chosen])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
