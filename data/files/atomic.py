"""Files that are there whole or not at all: written beside their place, brought to the disk, and only then renamed.

A program that is killed, or a disk that is full, leaves the file that was there before, or none; never half of one.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def atomic_writer(path: Path, *, exclusive: bool = False) -> Iterator[IO[bytes]]:
    """A file to write into, which takes its place at `path` when the block ends; after an error nothing is changed.

    Args:
        path: of the file; where it is a link, the file that it leads to is replaced, and the link stays.
        exclusive: leave a file alone that is there already.

    Raises:
        FileExistsError: with `exclusive`, there is one.
        OSError: it cannot be written; what was there before is as it was.
    """
    place = Path(os.path.realpath(path))
    partial = place.with_name(f"{place.name}.{secrets.token_hex(4)}.partial")
    try:
        with partial.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if exclusive:
            _move_to_free_place(partial, place)
        else:
            partial.replace(place)
        _bring_folder_to_disk(place.parent)
    finally:
        with contextlib.suppress(OSError):  # gone where all went well; else what went wrong is told by the error itself
            partial.unlink()


def atomic_write(path: Path, content: bytes | str, *, exclusive: bool = False) -> None:
    """Write a file whole or not at all; text as UTF-8. Raises as `atomic_writer` does."""
    with atomic_writer(path, exclusive=exclusive) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)


def _move_to_free_place(partial: Path, place: Path) -> None:
    """Rename, but over nothing; two names for one file are the way to do so at once, where file systems have them."""
    try:
        os.link(partial, place)
    except FileExistsError:
        raise
    except OSError:
        if place.exists():
            raise FileExistsError(f"{place} exists already.") from None
        partial.replace(place)


def _bring_folder_to_disk(folder: Path) -> None:
    """Have the new name survive a power cut, on systems that open folders; others do it by themselves."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
