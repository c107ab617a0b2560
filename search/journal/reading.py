"""Going through the journal of a run from its first event to its last, record by record, without keeping them."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from data.fingerprint import Fingerprint
from search.budget import Budget
from search.errors import JournalError
from search.journal.file import BLOCK_BYTES, lines
from search.journal.history import budget_of
from search.journal.records import BudgetRecord, Record, SessionRecord, damage, decode

Tell = Callable[[int, int], None]
"""Called with the events that were gone through and those there are."""
TELL_EVERY = 500


def go_through(path: Path, take: Callable[[Record], object], *, tell: Tell | None = None) -> None:
    """Hand every record of the journal at `path` to `take`; a torn last line is passed over.

    Args:
        path: of the journal.
        take: what refuses a record that does not follow from those before it with a `JournalError`.
        tell: what wants to know how far it is; what it raises ends the going through.

    Raises:
        JournalError: a line that is no record, or one that `take` refused; it is named.
    """
    total = 0 if tell is None else max(0, _count_lines(path) - 1)
    if tell is not None:
        tell(0, total)
    for number, line in _events(path):
        try:
            take(decode(line))
        except JournalError as error:
            raise damage(path, number, str(error)) from error
        if tell is not None and (number - 1) % TELL_EVERY == 0:
            tell(number - 1, max(total, number - 1))
    if tell is not None:
        tell(total, total)


def records(path: Path) -> Iterator[Record]:
    """The records of the journal at `path`; raises as `go_through` does."""
    for number, line in _events(path):
        try:
            record = decode(line)
        except JournalError as error:
            raise damage(path, number, str(error)) from None
        yield record


def last_budget(path: Path) -> Budget | None:
    """The last budget that was set after the beginning; None where none was. Raises as `go_through` does."""
    found = None
    for number, line in _events(path):
        if b'"budget"' in line:  # of the few that may be one; the others are read later
            try:
                record = decode(line)
                found = budget_of(record) if isinstance(record, BudgetRecord) else found
            except JournalError as error:
                raise damage(path, number, str(error)) from None
    return found


def first_data(path: Path) -> Fingerprint | None:
    """The fingerprint of the data that the run began with; None where there is none. Raises as `go_through` does."""
    for number, line in _events(path):
        if b'"session"' in line and b'"data"' in line:
            try:
                record = decode(line)
            except JournalError as error:
                raise damage(path, number, str(error)) from None
            if isinstance(record, SessionRecord) and record.data is not None:
                return record.data
    return None


def versions_of(header: dict[str, Any]) -> dict[str, str]:
    """Versions of this program and its frameworks that a header names; what is no version is left out."""
    named = header.get("versions")
    pairs = named.items() if isinstance(named, dict) else ()
    return {name: value for name, value in pairs if isinstance(value, str)}


@contextlib.contextmanager
def no_garbage() -> Iterator[None]:
    """Look for no garbage while a history is read: it has none, and looking through it takes a fifth of the time."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()


def _events(path: Path) -> Iterator[tuple[int, bytes]]:
    return ((number, line) for number, line in lines(path) if number > 1)


def _count_lines(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK_BYTES), b""))
    except OSError as error:
        raise JournalError(f"{path} cannot be read ({error.strerror}).") from None
