"""What a session wrote into its journal, kept in memory too: for the day another program takes the file away.

Editors and sync tools replace a file, remove it, or write an older text into it. A journal notices before its next
record, and writes anew what it had: in its place where there is no file any more, beside it otherwise.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import os
import zlib
from pathlib import Path

from data.files.atomic import atomic_write


class SessionMemory:
    """The lines of a session, compressed to about a tenth, and how the file began before them.

    Args:
        file: the open journal, which has nothing of this session yet.
    """

    def __init__(self, file: io.FileIO) -> None:
        file.seek(0)
        self._before = hashlib.file_digest(file, "blake2b").digest()
        self._before_bytes = file.seek(0, os.SEEK_END)
        self._packer = zlib.compressobj(1)
        self._packed: list[bytes] = []

    def add(self, line: bytes) -> None:
        """Keep a line that was written."""
        self._packed.append(self._packer.compress(line))

    def whole(self, file: io.FileIO) -> bytes:
        """All that the journal had: what `file`, still open, holds from before this session, and the session's lines.

        Where another program wrote over the older part, that part is as it left it.
        """
        lines = zlib.decompress(b"".join(self._packed) + self._packer.copy().flush())
        file.seek(0)
        before = file.read(self._before_bytes)
        if hashlib.blake2b(before).digest() != self._before and before and not before.endswith(b"\n"):
            before += b"\n"
        return before + lines


def write_anew(path: Path, content: bytes) -> Path:
    """Write a journal where no file is lost by it; returns where: at `path` if that is free, else beside it.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = (path.with_name(f"{path.stem}.recovered-{number}{path.suffix}") for number in itertools.count(1))
    for place in itertools.chain((path,), beside):
        try:
            atomic_write(place, content, exclusive=True)
        except FileExistsError:
            continue
        return place
    raise AssertionError("there is always another number")
