"""The text of a file: unpacked, decoded, its lines ended alike; and what is no text, named for what it is."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import zlib
from pathlib import Path

from data.errors import DataError

MOST_BYTES = 4 << 30  # unpacked: a packed file may claim more than any machine holds
OTHERS = {
    b"PK\x03\x04": "a zip archive, perhaps of Excel: unpack it, or save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "a file of Excel: save the sheet as CSV",
    b"\x89HDF": "an HDF5 file: save the table as CSV or Parquet",
    b"ARROW1": "an Arrow file: save the table as CSV or Parquet",
    b"FEA1": "a Feather file: save the table as CSV or Parquet",
    b"\x93NUMPY": "an array of numpy, which is read as npz:PATH",
    b"MATLAB 5": "a file of Matlab: save the table as CSV",
    b"\x28\xb5\x2f\xfd": "packed with zstd: unpack it",
    b"7z\xbc\xaf": "a 7z archive: unpack it",
    b"version https://git-lfs": "a pointer of Git LFS, not the file itself: run `git lfs pull`",
    b"%PDF": "a PDF",
    b"SQLite format 3": "a database: save the table as CSV",
    b"<!DOCTYPE html": "a page of the web: download the file itself",
    b"<html": "a page of the web: download the file itself",
    b"@relation": "an ARFF file: save the table as CSV",
    b"@RELATION": "an ARFF file: save the table as CSV",
    b"{": "JSON: save the table as CSV",
    b"[{": "JSON: save the table as CSV",
}
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before that of UTF-16, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_bytes(path: Path) -> bytes:
    """What is in a file; unpacked if it was packed by gzip, bzip2 or xz.

    Raises:
        DataError: if it cannot be read or unpacked, is empty, or of another kind.
    """
    try:
        content = path.read_bytes()
        content = _unpacked(content)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, MemoryError) as error:
        raise DataError(f"{path} cannot be read as a table ({str(error) or type(error).__name__})") from None
    if len(content) > MOST_BYTES:
        raise DataError(f"{path} cannot be read as a table (it is larger than 4 GiB when unpacked)")
    for start, what in OTHERS.items():
        if content.lstrip(b"\xef\xbb\xbf \r\n").startswith(start):
            raise DataError(f"{path} cannot be read as a table (it is {what})")
    return content


def _unpacked(content: bytes) -> bytes:
    if content[:2] == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=io.BytesIO(content)).read(MOST_BYTES + 1)
    if content[:3] == b"BZh":
        return bz2.BZ2File(io.BytesIO(content)).read(MOST_BYTES + 1)
    if content[:6] == b"\xfd7zXZ\x00":
        return lzma.LZMAFile(io.BytesIO(content)).read(MOST_BYTES + 1)
    return content


def to_text(content: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    r"""The text of a file, its lines ended by "\n", and what is to be said about it.

    Raises:
        DataError: if it is no text.
    """
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), None) or _without_mark(content)
    notes: tuple[str, ...] = ()
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252" if encoding == "utf-8" else encoding, "replace")
        notes = ("the text is not UTF-8; it was read as Windows-1252",)
    if "\x00" in text:
        raise DataError(f"{path} cannot be read as a table (it holds zero bytes, as no text does)")
    if not text.strip():
        raise DataError(f"{path} cannot be read as a table (it is empty)")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def _without_mark(content: bytes) -> str:
    """UTF-8, unless every second byte is zero."""
    start = content[:2000]
    if len(start) >= 4 and start[1::2].count(0) > 0.9 * len(start[1::2]) and 0 not in start[::2]:
        return "utf-16-le"
    if len(start) >= 4 and start[::2].count(0) > 0.9 * len(start[::2]) and 0 not in start[1::2]:
        return "utf-16-be"
    return "utf-8"
