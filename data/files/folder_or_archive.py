"""Reading the files of a folder, a zip or a tar archive in the same way, without unpacking anything."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from data.errors import DataError
from data.files.decoded import Stamp, decoded, stamp
from data.phase import counted

ZIP_ENDINGS = (".zip",)
TAR_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")


class Tree(Protocol):
    """Named files; names are relative, with forward slashes, in alphabetical order."""

    @property
    def path(self) -> Path:
        """Where the folder or archive is."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all files but hidden ones."""
        ...

    def stamps(self, names: Collection[str], /) -> list[Stamp]:
        """What tells whether the named files have changed since it was last asked for.

        Raises:
            OSError: one is not there any more.
        """
        ...

    def read(self, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Name and content of the named files, in the order that is fastest to read.

        Raises:
            DataError: if one cannot be read.
        """
        ...


def open_tree(path: Path) -> Tree:
    """The files below a folder or in an archive.

    Raises:
        DataError: if there is no such folder or archive, or it is damaged.
    """
    if path.is_dir():
        return FolderTree(path)
    if not path.exists():
        raise DataError(f"there is no folder or archive {path}")
    if path.name.lower().endswith(ZIP_ENDINGS):
        return ZipTree(path)
    if path.name.lower().endswith(TAR_ENDINGS):
        return TarTree(path)
    raise DataError(f"{path} is neither a folder nor a zip or tar archive")


class FolderTree:
    """The files below a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        files = (file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())
        self.names = _visible(files)

    def stamps(self, names: Collection[str], /) -> list[Stamp]:
        """One of each named file."""
        return [stamp(self.path / name) for name in names]

    def read(self, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Name and content of each named file."""
        for name in names:
            with _damage(self.path / name):
                content = (self.path / name).read_bytes()
            yield name, content


class ZipTree:
    """The files of a zip archive."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with _damage(path), zipfile.ZipFile(path) as archive:
            self.names = _visible(info.filename for info in archive.infolist() if not info.is_dir())

    def stamps(self, _names: Collection[str], /) -> list[Stamp]:
        """That of the archive."""
        return [stamp(self.path)]

    def read(self, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Name and content of each named file."""
        with _damage(self.path), zipfile.ZipFile(self.path) as archive:
            for name in names:
                yield name, archive.read(name)


class TarTree:
    """The files of a tar archive, which is read from its beginning each time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        doing = "listing the files of an archive"
        listed = decoded(self, (), ("names", 1), self._list, size_bytes=1 << 20, doing=doing, by_name=False)
        self.names = tuple(listed.tobytes().decode("utf-8", "surrogateescape").split("\0")) if listed.size else ()

    def _list(self) -> NDArray[np.uint8]:
        with _damage(self.path), tarfile.open(self.path, "r|*") as archive:
            members = counted(archive, "listing the files of an archive", None)
            names = _visible(member.name for member in members if member.isfile())
        return np.frombuffer("\0".join(names).encode("utf-8", "surrogateescape"), np.uint8)

    def stamps(self, _names: Collection[str], /) -> list[Stamp]:
        """That of the archive."""
        return [stamp(self.path)]

    def read(self, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Name and content of each named file, in the order of the archive."""
        wanted = set(names)
        left = sum(name in wanted for name in self.names)
        with _damage(self.path), tarfile.open(self.path, "r|*") as archive:
            for member in archive:
                name = member.name.removeprefix("./")
                content = archive.extractfile(member) if name in wanted else None
                if content is not None:
                    yield name, content.read()
                    left -= 1
                if left == 0:
                    return


def _visible(names: Iterator[str]) -> tuple[str, ...]:
    plain = (name.removeprefix("./") for name in names)
    return tuple(sorted(name for name in plain if not any(_is_hidden(part) for part in name.split("/"))))


def _is_hidden(part: str) -> bool:
    return part.startswith(".") or part == "__MACOSX"


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Turns what damaged files raise into one sentence."""
    try:
        yield
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise DataError(f"{path} cannot be read, it may be damaged or incomplete ({error}); fetch it again") from None
