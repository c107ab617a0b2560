"""Errors that nobody expected, raised where nobody catches them: in threads, in callbacks of futures, in clicks.

Whoever looks at the page reads a sentence, the program's log has the traceback, and what was under way goes on.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

Report = Callable[[BaseException], None]
"""What is done with an error that nobody expected."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that nobody expected.

    Attributes:
        sentence: what went wrong and what follows from it.
        traceback: where it was raised, as Python prints it.
    """

    sentence: str
    traceback: str

    @classmethod
    def of(cls, error: BaseException) -> Self:
        """The failure that `error` is."""
        words = f"{type(error).__name__}: {error}".rstrip(": ").rstrip(".")
        sentence = f"A part of this view failed ({words}). The rest goes on; please report it with the log's traceback."
        return cls(sentence, "".join(traceback.format_exception(error)))


def log_failure(error: BaseException) -> None:
    """Write an error with its traceback to the program's log."""
    logging.getLogger(__name__).error("A part of a panel failed.", exc_info=error)


def guard(action: Callable[[], object], report: Report) -> bool:
    """Do it and return whether it went well; an error goes to `report`, and to the log where that fails as well."""
    try:
        action()
    except Exception as error:  # noqa: BLE001 - the last handler of a thread: beyond it an error is seen by nobody
        _report(error, report)
        return False
    return True


class FailureNotice:
    """What a panel says of its failures: by the part that failed, until that part works again."""

    def __init__(self, show: Callable[[str], None], *, log: Callable[[Failure], None] = lambda _failure: None) -> None:
        """Nothing has failed yet.

        Args:
            show: given the sentences whenever they change; empty where all works.
            log: given each failure that is not the same as the one before it.
        """
        self._show, self._log = show, log
        self._failures: dict[str, Failure] = {}

    def report(self, error: BaseException, part: str) -> None:
        """Say that `part` failed; the same failure again, as of a view that is drawn ten times a second, is no news."""
        failure = Failure.of(error)
        if self._failures.get(part) == failure:
            return
        self._failures[part] = failure
        log_failure(error)
        self._log(failure)
        self._say()

    def settle(self, part: str) -> None:
        """Say no more of `part`: it works again."""
        if self._failures.pop(part, None) is not None:
            self._say()

    def _say(self) -> None:
        self._show(" ".join(dict.fromkeys(failure.sentence for failure in self._failures.values())))


def _report(error: Exception, report: Report) -> None:
    try:
        report(error)
    except Exception as second:  # noqa: BLE001 - a report that fails must not end what reports
        log_failure(error)
        log_failure(second)
