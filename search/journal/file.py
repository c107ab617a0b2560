"""The journal: the whole durable state of a run, one JSON object a line, only ever appended to.

Line 1 is the header (schema, settings, the networks that the run begins with where it was begun from another one).
Then, in the order of events:

- `trial`: a candidate was handed to a worker (id, architecture, epochs, costs), or one goes on to be trained
  (`promotes`).
- `infeasible`: a proposal is over a hard bound and was not trained (id, costs).
- `observation`: a trial is over (id, status, error, history, seconds).
- `budget`: from here on the run has another budget than its settings say.
- `final`: a network of the front was trained again with a seed of its own, by the run's recipe or a named one.
- `session`: the run began or ended to run, its limits and its clocks.

A program that does not know a kind of record refuses the whole journal: one that passed over a `budget` would go on
with another search.

A line that was cut off by a crash can only be the last one; it is dropped, and its candidate is trained again.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

import filelock
import msgspec

from data.files.atomic import atomic_write
from search.errors import JournalError
from search.journal.rescue import SessionMemory, write_anew

SCHEMA = 1
FILE_NAME = "journal.jsonl"
BLOCK_BYTES = 1 << 20
_HEADER_START = b'{"record":"header"'

Record = Mapping[str, Any]


class Journal:
    """An open journal that only this process appends to.

    Every record is flushed to the operating system at once, and `durable` ones to the disk, so that a killed
    process loses nothing and a power cut at most the newest records that are not durable. A record is written whole or
    not at all, also where the disk is full.

    Before each record the path is compared with the file that is open: where another program replaced, removed or
    changed it, the journal ends with an error, and what it had is written anew (see `search.journal.rescue`).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = filelock.FileLock(str(path) + ".lock", timeout=0, thread_local=False)
        self._file: io.FileIO | None = None
        self._size = 0
        self._memory: SessionMemory | None = None
        self._lost = ""  # why nothing more can be written

    @classmethod
    def create(cls, path: Path, header: Record, *, prepare: Callable[[], object] | None = None) -> Journal:
        """A new journal at `path` with `header` as its first line; one in which nothing has happened yet is replaced.

        Args:
            path: of the journal; its folder is there.
            header: what its first line says.
            prepare: called when the place is known to be free and nobody else's, before anything is written.

        Raises:
            JournalError: a run is there already or another process has begun one, or it cannot be written.
        """
        journal = cls(path)
        journal._acquire()
        with ExitStack() as until_open:
            until_open.callback(journal.close)
            if not untouched(path):
                raise JournalError(f"{path} exists already; open that run, or choose another folder.")
            try:
                if prepare is not None:
                    prepare()
                atomic_write(path, _line({"record": "header", "schema": SCHEMA, **header}))
                journal._open()
            except OSError as error:
                raise _unwritable(path, error) from None
            until_open.pop_all()
        return journal

    @classmethod
    def reopen(cls, path: Path) -> Journal:
        """The journal at `path`, ready for more records; a torn last line is cut off.

        Raises:
            JournalError: another process writes it, or it is missing or cannot be written.
        """
        journal = cls(path)
        journal._acquire()
        with ExitStack() as until_open:
            until_open.callback(journal.close)
            try:
                journal._open()
            except FileNotFoundError:
                raise _missing(path) from None
            except OSError as error:
                raise _unwritable(path, error) from None
            until_open.pop_all()
        return journal

    def append(self, record: Record, *, durable: bool = False) -> None:
        """Write one record.

        Raises:
            JournalError: the disk is full, or the file is no longer what it was; what was written before stays.
        """
        if self._file is None or self._memory is None:
            raise JournalError(f"{self._path} is closed.")
        if self._lost:
            raise JournalError(self._lost)
        line = _line(record)
        changed = self._changed()
        if changed:
            self._rescue(line, changed)
        try:
            _write_all(self._file, line)
            if durable:
                os.fsync(self._file.fileno())
        except OSError as error:
            self._take_back()
            raise JournalError(
                f"{self._path} cannot be written ({error.strerror}); everything up to here is kept: "
                "make room, then continue the run."
            ) from error
        self._size += len(line)
        self._memory.add(line)

    def close(self) -> None:
        """Release the file; closing twice is harmless."""
        try:
            if self._file is not None:
                self._file.close()
        except OSError as error:
            raise JournalError(f"{self._path} cannot be written ({error.strerror}).") from error
        finally:
            self._file = self._memory = None
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _acquire(self) -> None:
        try:
            self._lock.acquire()
        except filelock.Timeout:
            raise JournalError(
                f"{self._path} is being written by another process; stop that run first, or choose another folder."
            ) from None
        except OSError as error:
            raise _unwritable(self._path, error) from None

    def _open(self) -> None:
        """Open the file that is there, and have it end with a whole line."""
        self._file = open(self._path, "a+b", buffering=0, opener=_open_existing)  # noqa: SIM115 - `close` closes it
        self._size = _whole_lines_bytes(self._file)
        if self._size != self._file.seek(0, os.SEEK_END):
            self._file.truncate(self._size)
        self._memory = SessionMemory(self._file)

    def _changed(self) -> str:
        """What another program did to the file, as in "it was …"; empty where nothing."""
        assert self._file is not None
        try:
            named, mine = self._path.stat(), os.fstat(self._file.fileno())
        except FileNotFoundError:
            return "removed"
        except OSError as error:
            return f"made unreadable ({error.strerror})"
        if not os.path.samestat(named, mine):
            return "replaced"
        return "" if mine.st_size == self._size else "changed"

    def _rescue(self, line: bytes, what: str) -> NoReturn:
        """Write anew what this journal had, the record `line` included, and end it."""
        assert self._file is not None
        assert self._memory is not None
        self._lost = f"{self._path} was {what} by another program while the run wrote it"
        try:
            place = write_anew(self._path, self._memory.whole(self._file) + line)
        except OSError as error:
            self._lost += f", and could not be written anew ({error.strerror}): make room, or look for a copy of it."
            raise JournalError(self._lost) from error
        if place == self._path:
            self._lost += "; everything up to here was written there anew: continue the run."
        else:
            self._lost += (
                f"; everything up to here is in {place.name} beside it: put that in its place, then continue the run."
            )
        raise JournalError(self._lost)

    def _take_back(self) -> None:
        """Have the file end where it did before a record that could not be written whole."""
        assert self._file is not None
        try:
            self._file.truncate(self._size)
        except OSError as error:
            self._lost = (
                f"{self._path} cannot be written ({error.strerror}); everything up to here is kept: make room, then "
                "continue the run."
            )


def _open_existing(path: str, flags: int) -> int:
    """As `os.open`, but a file that is not there is not made: it would be a journal without a header."""
    return os.open(path, flags & ~os.O_CREAT)


def _whole_lines_bytes(file: io.FileIO) -> int:
    """How many bytes of a file are lines that end; the rest is of a record that a crash cut off."""
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - BLOCK_BYTES)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _write_all(file: io.FileIO, content: bytes) -> None:
    """Write to a file without a buffer, which may take less than it is given."""
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]


def _line(record: Record) -> bytes:
    return (json.dumps(record, allow_nan=False, separators=(",", ":")) + "\n").encode("utf-8")


def _unwritable(path: Path, error: OSError) -> JournalError:
    return JournalError(f"The run folder {path.parent} cannot be written ({error.strerror}); choose another folder.")


def _missing(path: Path) -> JournalError:
    return JournalError(f"There is no run in {path.parent}: {path.name} is missing.")


def begun(path: Path) -> bool:
    """Whether there is a journal that has at least its first line; a program may have been killed before it had."""
    try:
        with path.open("rb") as file:
            first = file.readline(BLOCK_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # it is there; what is wrong with it is for those to say who read it
    torn = len(first) < BLOCK_BYTES and not first.endswith(b"\n")
    ours = first.startswith(_HEADER_START) or _HEADER_START.startswith(first.strip(b"\0"))  # zeros: a power cut
    return not (torn and ours)


def untouched(path: Path) -> bool:
    """Whether nothing has happened in the run whose journal is at `path`, or there is none yet.

    Raises:
        JournalError: the journal is damaged.
    """
    return not begun(path) or all(record["record"] in ("session", "budget") for record in read(path)[1])


def read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The header and the records of the journal at `path`, as plain values; a torn last line is passed over.

    Raises:
        JournalError: no journal there, a line that is not a record, or one of a newer version of this program.
    """
    header = read_header(path)
    return header, [_record(path, number, line) for number, line in lines(path) if number > 1]


def read_header(path: Path) -> dict[str, Any]:
    """The header of the journal at `path`.

    Raises:
        JournalError: no journal there, or one of a newer version of this program.
    """
    _number, first = next(lines(path), (1, b""))
    if not first and not begun(path):
        raise JournalError(
            f"The run in {path.parent} was never begun: a program was ended before it had written the first line of "
            f"{path.name}; begin a run there anew."
        )
    header = _record(path, 1, first) if first else {}
    if header.get("record") != "header":
        raise JournalError(f"{path} does not begin with a header; it is not the journal of a run.")
    schema = header.get("schema")
    if type(schema) is not int or schema > SCHEMA:
        raise JournalError(
            f"{path} was written by a newer version (journal schema {schema}; this one reads up to {SCHEMA}); "
            "update the workbench to open it."
        )
    return header


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers, without their ends; one that does not end was cut off and is left out.

    Raises:
        JournalError: there is no file, or it cannot be read.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.endswith(b"\n"):
                    yield number, line[:-1]
    except (FileNotFoundError, NotADirectoryError):
        raise _missing(path) from None
    except OSError as error:
        raise JournalError(f"{path} cannot be read ({error.strerror}).") from None


def _record(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        record = msgspec.json.decode(line) if b"\\ud" not in line else json.loads(line)
    except (ValueError, RecursionError):  # which msgspec's errors are
        record = None
    if not isinstance(record, dict) or not isinstance(record.get("record"), str):
        raise JournalError(
            f"Line {number} of {path} is damaged (it is not a JSON record); nothing was changed: "
            "restore the file from a copy, or delete that line to go on without it."
        )
    return record
