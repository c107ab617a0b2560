"""What of a panel stays in a saved notebook: a second output beside the live one, renewed when there is news to keep.

The live widget and its still face are two outputs of one cell. Where widgets run, a rule of the style sheet hides the
still one; everywhere else it is what is seen. It is renewed after each cell, and when it is asked for, from a thread of
its own: front ends find the output by its number, whatever cell is running. Programs that run notebooks (nbclient) hear
of it only while a cell runs: what ends while none does is not in their notebook.
"""

from __future__ import annotations

import threading
import time
from typing import Any, Protocol
from uuid import uuid4

from IPython.core.getipython import get_ipython
from IPython.display import publish_display_data

from unas_widgets.live.unexpected_errors import Report, guard, log_failure

SOON_S = 1.0
"""After the last of several requests: drawing the face must not hold up somebody who goes from network to network."""


class Faced(Protocol):
    """The part of a panel that is read here."""

    def live_bundle(self) -> dict[str, Any]:
        """What front ends with widgets get, by MIME type."""

    def still_bundle(self) -> dict[str, Any]:
        """What viewers without widgets get, by MIME type."""


class StillOutput:
    """The still outputs of one panel; everything public may be called from any thread."""

    def __init__(self, panel: Faced, *, report: Report = log_failure) -> None:
        """Keep the still outputs of `panel`; `report` is given what its drawing raises in a thread of its own."""
        self._panel, self._report = panel, report
        self._lock, self._renewing = threading.Lock(), threading.Lock()
        self._names: list[str] = []
        self._last: dict[str, Any] = {}
        self._asked = self._closed = False
        self._due = 0.0
        self._shell: Any = None  # whose cells it follows, from the first display on

    def show(self) -> None:
        """Put the live widget and its still face into the output of the cell that runs; in a terminal, one line."""
        shell = get_ipython()
        _publish(self._panel.live_bundle())
        if shell is not None and not hasattr(shell, "kernel"):
            return
        if not self._names and shell is not None:
            shell.events.register("post_run_cell", self._after_cell)
            self._shell = shell
        with self._renewing:
            name = f"unas-{uuid4().hex}"
            self._names.append(name)
            self._last = self._panel.still_bundle()
            _publish(self._last, transient={"display_id": name})

    def request(self) -> None:
        """Renew soon, without having the caller wait for it."""
        with self._lock:
            if self._closed or not self._names:
                return
            self._due = time.monotonic() + SOON_S
            if self._asked:
                return
            self._asked = True
        timer = threading.Timer(SOON_S, self._renew_as_asked)
        timer.daemon = True
        timer.start()

    def renew(self) -> None:
        """Replace the still face where it has changed; the live widget is left alone."""
        with self._renewing:
            if self._closed or not self._names:
                return
            fresh = self._panel.still_bundle()
            if fresh == self._last:
                return
            self._last = fresh
            for name in self._names:
                _publish(fresh, transient={"display_id": name}, update=True)

    def close(self) -> None:
        """Leave what was displayed as it is."""
        self._closed = True
        shell, self._shell = self._shell, None
        if shell is not None:
            shell.events.unregister("post_run_cell", self._after_cell)

    def _renew_as_asked(self) -> None:
        while True:
            with self._lock:
                left = self._due - time.monotonic()
                self._asked = left > 0
            if left <= 0:
                break
            time.sleep(left)
        guard(self.renew, self._report)

    def _after_cell(self, _result: Any = None) -> None:
        self.renew()


def _publish(data: dict[str, Any], **options: Any) -> None:
    publish: Any = publish_display_data  # which IPython has no types for
    publish(data, **options)
