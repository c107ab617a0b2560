"""Fetching one file over the network: checked, resumed where it broke off, and never half there."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

from data.errors import DataError
from data.files.alone import alone
from data.phase import Phase, tell

ATTEMPTS = 3
CHUNK_BYTES = 1 << 18
TIMEOUT_S = 30.0

Progress = Callable[[str, int, int | None], None]
"""Called with the file's name, the bytes that are there, and the bytes of the whole file if known."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file on the network and the checksum that its publisher or a well-known library states for it.

    Attributes:
        url: where it is.
        checksum: "sha256:…" or "md5:…".
        stated_by: who states the checksum.
    """

    url: str
    checksum: str
    stated_by: str

    @property
    def file_name(self) -> str:
        """The last part of the address."""
        return self.url.rsplit("/", 1)[-1]


def fetch(download: Download, folder: Path, *, progress: Progress | None = None) -> Path:
    """The file in `folder`, downloaded if it is not there yet.

    What was received of a broken download is kept beside it as `<name>.part`, and continued the next time. A
    file under its final name is always complete and has the right checksum.

    Raises:
        DataError: if it cannot be fetched, or what came has another checksum.
    """
    import pooch

    part = folder / f"{download.file_name}.part"
    lock = folder.with_name(f"{folder.name}.lock")

    def resume(url: str, output_file: Any, _: Any) -> None:
        receive(url, part, progress=progress or show_progress)
        part.replace(output_file)

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with alone(lock, f"downloading {download.file_name}"):  # two that write one part would spoil it
            path = pooch.retrieve(
                download.url, download.checksum, fname=download.file_name, path=folder, downloader=resume
            )
    except ValueError:
        raise DataError(
            f"{download.url} has another checksum than {download.stated_by} states for it; "
            "what came was thrown away, so try again, or fetch the file by other means"
        ) from None
    except (OSError, HTTPException) as error:
        raise DataError(f"{download.url} cannot be fetched ({_reason(error)})") from None
    return Path(path)


def receive(url: str, part: Path, *, progress: Progress) -> None:
    """Receive a file into `part`, after the bytes that are there already.

    Raises:
        OSError: if it fails for the third time in a row.
        HTTPException: if the server breaks the protocol for the third time in a row.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _continue(url, part, progress)
        except (OSError, HTTPException):
            if attempt == ATTEMPTS:
                raise
        else:
            return


def _continue(url: str, part: Path, progress: Progress) -> None:
    start = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={start}-"} if start else {})
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if start and error.code == 416:  # nothing follows: all of it is here, or the file has become another
            return
        raise
    with response:
        if start and response.status != 206:
            start = 0
        length = response.headers.get("Content-Length")
        total = None if length is None else start + int(length)
        with part.open("ab" if start else "wb") as file:
            _copy(response, file, lambda done: progress(part.stem, start + done, total))
    if total is not None and part.stat().st_size < total:
        raise ConnectionError(f"the connection broke after {part.stat().st_size} of {total} bytes")


def _copy(source: Any, target: Any, done: Callable[[int], None]) -> None:
    received = 0
    while chunk := source.read(CHUNK_BYTES):
        target.write(chunk)
        received += len(chunk)
        done(received)


def show_progress(name: str, received: int, total: int | None) -> None:
    """One line on a terminal's stderr that counts up, none where no person looks on; and a phase (`data.telling`)."""
    tell(Phase(f"downloading {name}", received // 10**6, None if total is None else total // 10**6, "MB"))
    if not sys.stderr.isatty():
        return
    of = f" of {total / 1e6:.1f}" if total else ""
    end = "\n" if received == total else ""
    sys.stderr.write(f"\r{name}: {received / 1e6:.1f}{of} MB{end}")
    sys.stderr.flush()


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return str(reason) or type(error).__name__
