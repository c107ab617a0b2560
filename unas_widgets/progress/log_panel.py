"""What happened in a run: states, failures with the worker's last words, budgets. Closed until it is opened."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from search.journal import file as journal
from search.runs.events import RunEvent
from search.runs.protocols import Readable
from search.runs.replay import Replay
from unas_widgets.live.unexpected_errors import Report, guard
from unas_widgets.progress.log_html import log_html
from unas_widgets.progress.log_view import LogEntry, entries_of, entry_of
from unas_widgets.widgets.disclosure import Disclosure
from unas_widgets.widgets.html import Html, joined, tag
from unas_widgets.widgets.panel import Panel

KEPT = 200


class LogPanel(Panel):
    """The newest entry first, at most `KEPT` of them. `LogPanel(run)` follows a run by itself.

    Attributes:
        fold: what is opened; its trait `opened` says whether it is.
    """

    def __init__(self, run: Readable | None = None) -> None:
        self._lock = threading.RLock()
        self._entries: deque[LogEntry] = deque(maxlen=KEPT)
        self.fold = Disclosure("Log")
        super().__init__((self.fold,))
        self._draw()
        if run is not None:
            self.read(run)
            self._unfollow = self.listen(run)

    @property
    def entries(self) -> tuple[LogEntry, ...]:
        """What is shown, the newest first."""
        with self._lock:
            return tuple(reversed(self._entries))

    def read(self, run: Readable | None) -> None:
        """Begin with what the run's journal tells; without a run, with nothing."""
        records: Any = ()
        if isinstance(run, Replay):
            records = run.past
        elif run is not None and journal.begun(run.folder / journal.FILE_NAME):
            records = journal.read(run.folder / journal.FILE_NAME)[1]
        with self._lock:
            self._entries = deque(entries_of(records), maxlen=KEPT)
            self._draw()

    def listen(self, run: Readable, *, report: Report | None = None) -> Callable[[], None]:
        """Have the log hear of what happens to `run` from now on; the function returned ends it.

        Args:
            run: what is listened to.
            report: given what goes wrong with an event, in the thread that it comes from; by default it is said here.
        """
        return run.subscribe(lambda event: self._hear_safely(event, run, report or self.report_failure))

    def hear(self, event: RunEvent, run: Readable) -> None:
        """Add an event of the run, if it is one for the log; another moment of a replay shows what was known then."""
        if event.kind == "replay":
            self.read(run)
            return
        entry = entry_of(event, run.progress().elapsed_s, error=run.error or "")
        if entry is not None:
            self.add(entry)

    def _hear_safely(self, event: RunEvent, run: Readable, report: Report) -> None:
        guard(lambda: self.hear(event, run), report)

    def add(self, entry: LogEntry) -> None:
        """Add an entry."""
        with self._lock:
            self._entries.append(entry)
            self._draw()

    def static_html(self) -> Html:
        """The entries, the newest first, as HTML without scripts."""
        return joined(tag("h3", "Log"), self.fold.html)

    def _draw(self) -> None:
        count, failed = len(self._entries), sum(entry.bad for entry in self._entries)
        entries = f"{count} {'entry' if count == 1 else 'entries'}"
        self.fold.remark = f"{entries}, {failed} of failures" if failed else entries
        self.fold.html = log_html(reversed(self._entries))
