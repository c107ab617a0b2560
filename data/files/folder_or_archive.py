"""Reading the files of a folder, a zip or a tar archive in the same way, without unpacking anything."""

from __future__ import annotations

import os
import tarfile
import zipfile
from collections.abc import Collection, Iterable, Iterator
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

SYSTEM_FILES = ("__macosx", "thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r")
LARGEST_BYTES = 1 << 30
"""Of one file; a larger one in an archive is taken for one made to fill the memory."""


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

    @property
    def hidden(self) -> tuple[str, ...]:
        """The names of hidden files, and of those that systems leave in folders."""
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
        with _damage(path):
            self.names, self.hidden = _visible(_files_below(path))

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
            members = [info for info in archive.infolist() if not info.is_dir()]
            self._members = {_as_path(info.filename): info.filename for info in members}
            self.names, self.hidden = _visible(self._members)

    def stamps(self, _names: Collection[str], /) -> list[Stamp]:
        """That of the archive."""
        return [stamp(self.path)]

    def read(self, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Name and content of each named file."""
        with _damage(self.path), zipfile.ZipFile(self.path) as archive:
            for name in names:
                member = archive.getinfo(self._members[name])
                _check_size(member.file_size, f"{name} of {self.path}")
                yield name, archive.read(member)


class TarTree:
    """The files of a tar archive, which is read from its beginning each time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        doing = "listing the files of an archive"
        listed = decoded(self, (), ("names", 2), self._list, size_bytes=1 << 20, doing=doing, by_name=False)
        names = listed.tobytes().decode("utf-8", "surrogateescape").split("\0") if listed.size else ()
        self.names, self.hidden = _visible(names)

    def _list(self) -> NDArray[np.uint8]:
        with _damage(self.path), tarfile.open(self.path, "r|*") as archive:
            members = counted(archive, "listing the files of an archive", None)
            names = [_as_path(member.name) for member in members if member.isfile()]
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
                name = _as_path(member.name)
                content = archive.extractfile(member) if name in wanted and member.isfile() else None
                if content is not None:
                    _check_size(member.size, f"{name} of {self.path}")
                    yield name, content.read()
                    left -= 1
                if left == 0:
                    return


def _files_below(path: Path) -> Iterator[str]:
    """The files below a folder, those of linked folders included, unless a link leads back to where it stands."""

    def refuse(error: OSError) -> None:
        raise error

    for folder, below, files in os.walk(path, onerror=refuse, followlinks=True):
        here = Path(folder).resolve()
        below[:] = [name for name in below if not here.is_relative_to((here / name).resolve())]
        yield from ((Path(folder) / file).relative_to(path).as_posix() for file in files if (here / file).is_file())


def _as_path(name: str) -> str:
    """A member's name with forward slashes; some archives made by Windows have others."""
    return name.replace("\\", "/").removeprefix("./").lstrip("/")


def _visible(names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(all but hidden names, hidden ones), each in alphabetical order."""
    ordered = sorted(set(names))
    hidden = {name for name in ordered if any(_is_hidden(part) for part in name.split("/"))}
    return tuple(name for name in ordered if name not in hidden), tuple(name for name in ordered if name in hidden)


def _is_hidden(part: str) -> bool:
    return part.startswith(".") or part.lower() in SYSTEM_FILES


def _check_size(size_bytes: int, name: str) -> None:
    if size_bytes > LARGEST_BYTES:
        raise DataError(f"{name} would be {size_bytes:,} bytes, more than the {LARGEST_BYTES:,} that one file may have")


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Turns what damaged files raise into one sentence."""
    try:
        yield
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001 - the readers of archives raise nearly anything for damaged ones
        if "encrypted" in str(error):
            raise DataError(f"{path} is locked by a password ({error}); unlock it first") from None
        raise DataError(f"{path} cannot be read, it may be damaged or incomplete ({error}); fetch it again") from None
