"""Where a data set's files are: a local copy that the user names, the cache, or the network."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from data.errors import DataError, DatasetUnavailableError
from data.files.download import Download, fetch

DATA_DIR_VARIABLE = "UNAS_DATA_DIR"
CACHE_DIR_VARIABLE = "UNAS_CACHE_DIR"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the files of a data set come from.

    Attributes:
        dataset: name of the data set.
        local: file or folder names by which a local copy is known, the preferred one first.
        downloads: the original's files; none where there is nothing to fetch.
    """

    dataset: str
    local: tuple[str, ...]
    downloads: tuple[Download, ...] = ()

    def find(self, data_dir: Path | None) -> Path | None:
        """A local copy in `data_dir` or in the cache; None where there is none."""
        folders = [folder for folder in (data_dir, cache_dir() / self.dataset) if folder is not None]
        for folder in folders:
            for name in self.local:
                if (folder / name).exists():
                    return folder / name
        whole = cache_dir() / self.dataset
        if self.downloads and all((whole / download.file_name).exists() for download in self.downloads):
            return self._downloaded(whole)
        return None

    def obtain(self, data_dir: Path | None) -> Path:
        """A local copy, or the downloaded original: its one file, or the folder of its files.

        Raises:
            DatasetUnavailableError: if there is neither; says what to put where.
        """
        found = self.find(data_dir)
        if found is not None:
            return found
        if not self.downloads:
            raise DatasetUnavailableError(self.dataset, f"it cannot be downloaded; {self.advice()}")
        folder = cache_dir() / self.dataset
        try:
            for download in self.downloads:
                fetch(download, folder)
        except DataError as error:
            raise DatasetUnavailableError(self.dataset, f"{error}; {self.advice()}") from None
        return self._downloaded(folder)

    def advice(self) -> str:
        """What to put where to do without a download."""
        return f"put {' or '.join(self.local)} into a folder, and name that folder by --data-dir or {DATA_DIR_VARIABLE}"

    def _downloaded(self, folder: Path) -> Path:
        return folder / self.downloads[0].file_name if len(self.downloads) == 1 else folder


def cache_dir() -> Path:
    """The folder of what was downloaded or decoded.

    That is `UNAS_CACHE_DIR`, or `data/cache` of the project, or the user's own cache.
    """
    named = os.environ.get(CACHE_DIR_VARIABLE)
    if named:
        return Path(named)
    own = Path(__file__).resolve().parent.parent
    if os.access(own, os.W_OK):
        return own / "cache"
    import pooch

    return Path(pooch.os_cache("unas-workbench"))


def data_dir(named: Path | str | None) -> Path | None:
    """The folder of local copies: the one that is named, else that of `UNAS_DATA_DIR`, else none.

    Raises:
        DataError: if it is not a folder.
    """
    chosen = named or os.environ.get(DATA_DIR_VARIABLE)
    if not chosen:
        return None
    folder = Path(chosen).expanduser()
    if not folder.is_dir():
        raise DataError(f"the folder of local copies, {folder}, is not a folder")
    return folder
