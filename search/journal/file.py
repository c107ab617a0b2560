"""The journal: the whole durable state of a run, one JSON object a line, only ever appended to.

Line 1 is the header (schema, settings). Then, in the order of events:

| record        | meaning                                                              |
|---------------|----------------------------------------------------------------------|
| `trial`       | a candidate was handed to a worker (id, architecture, epochs, costs),|
|               | or one goes on to be trained (`promotes`)                            |
| `infeasible`  | a proposal is over a hard bound and was not trained (id, costs)      |
| `observation` | a trial is over (id, status, error, history, seconds)                |
| `budget`      | from here on the run has another budget than its settings say        |
| `final`       | a network of the front was trained again with a seed of its own      |
| `session`     | the run began or ended to run, its limits and its clocks             |

A program that does not know a kind of record refuses the whole journal: one that passed over a `budget` would go on
with another search.

A line that was cut off by a crash can only be the last one; it is dropped, and its candidate is trained again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import filelock

from search.errors import JournalError

SCHEMA = 1
FILE_NAME = "journal.jsonl"

Record = Mapping[str, Any]


class Journal:
    """An open journal that only this process appends to.

    Every record is flushed to the operating system at once, and `durable` ones to the disk, so that a killed
    process loses nothing and a power cut at most the newest records that are not durable.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = filelock.FileLock(str(path) + ".lock", timeout=0, thread_local=False)
        self._file: IO[str] | None = None

    @classmethod
    def create(cls, path: Path, header: Record) -> Journal:
        """A new journal at `path` with `header` as its first line.

        Raises:
            JournalError: the file exists, or cannot be written.
        """
        if path.exists():
            raise JournalError(f"{path} exists already; open that run, or choose another folder.")
        journal = cls(path)
        journal._open("x")
        journal.append({"record": "header", "schema": SCHEMA, **header}, durable=True)
        return journal

    @classmethod
    def reopen(cls, path: Path) -> Journal:
        """The journal at `path`, ready for more records; a torn last line is cut off.

        Raises:
            JournalError: another process writes it, or it cannot be written.
        """
        journal = cls(path)
        journal._open("a")
        journal._cut_torn_line()
        return journal

    def append(self, record: Record, *, durable: bool = False) -> None:
        """Write one record.

        Raises:
            JournalError: the disk is full or the file is gone; what was written before stays.
        """
        if self._file is None:
            raise JournalError(f"{self._path} is closed.")
        try:
            self._file.write(json.dumps(record, allow_nan=False, separators=(",", ":")) + "\n")
            self._file.flush()
            if durable:
                os.fsync(self._file.fileno())
        except OSError as error:
            raise JournalError(
                f"{self._path} cannot be written ({error.strerror}); everything up to here is kept: "
                "make room, then continue the run."
            ) from error

    def close(self) -> None:
        """Release the file; closing twice is harmless."""
        try:
            if self._file is not None:
                self._file.close()
        except OSError as error:
            raise JournalError(f"{self._path} cannot be written ({error.strerror}).") from error
        finally:
            self._file = None
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self, mode: str) -> None:
        try:
            self._lock.acquire()
            self._file = self._path.open(mode, encoding="utf-8", newline="\n")
        except filelock.Timeout:
            raise JournalError(
                f"{self._path} is being written by another process; stop that run first, or choose another folder."
            ) from None
        except OSError as error:
            self._lock.release()
            raise JournalError(
                f"The run folder {self._path.parent} cannot be written ({error.strerror}); choose another folder."
            ) from None

    def _cut_torn_line(self) -> None:
        with self._path.open("rb+") as file:
            content = file.read()
            if content and not content.endswith(b"\n"):
                file.truncate(content.rfind(b"\n") + 1)


def read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The header and the records of the journal at `path`; a torn last line is passed over.

    Raises:
        JournalError: no journal there, a line that is not a record, or one of a newer version of this program.
    """
    lines = _lines(path)
    header = next(lines, None)
    if header is None or header.get("record") != "header":
        raise JournalError(f"{path} does not begin with a header; it is not the journal of a run.")
    schema = header.get("schema")
    if not isinstance(schema, int) or schema > SCHEMA:
        raise JournalError(
            f"{path} was written by a newer version (journal schema {schema}; this one reads up to {SCHEMA}); "
            "update the workbench to open it."
        )
    return header, list(lines)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise JournalError(f"There is no run in {path.parent}: {path.name} is missing.") from None
    except OSError as error:
        raise JournalError(f"{path} cannot be read ({error.strerror}).") from None
    complete, _, _torn = content.rpartition(b"\n")
    for number, line in enumerate(complete.split(b"\n"), start=1):
        if not line and number == 1:
            return
        yield _record(path, number, line)


def _record(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if not isinstance(record, dict) or not isinstance(record.get("record"), str):
        raise JournalError(
            f"Line {number} of {path} is damaged (it is not a JSON record); nothing was changed: "
            "restore the file from a copy, or delete that line to go on without it."
        )
    return record
