"""What of a panel stays in a saved notebook: a picture and tables beside the live widget, kept up to date.

The live widget and the still face are two outputs of one cell. The still one says to front ends that have widgets that
its view was removed, which hides it; viewers without scripts, nbconvert and the like show it. It is renewed after each
cell, some seconds after something that it shows has changed, and now and then while a search goes on.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from typing import Any, Protocol
from uuid import uuid4

import anywidget
from IPython.core.getipython import get_ipython
from IPython.display import publish_display_data

from unas_widgets.panels.markup import Markup
from unas_widgets.panels.static_state import WITHOUT_KERNEL, store_instead

VIEW = "application/vnd.jupyter.widget-view+json"
REMOVED = {"version_major": 2, "version_minor": 0, "model_id": ""}
"""The widgets' own way to say that there is no view any more: front ends hide the output."""
QUIET_S, WHILE_ACTIVE_S = 2.0, 30.0
WATCHED = ("state", "selected", "budget", "x", "y", "log_error", "bands", "position")
_LOOK = "_css"


class Displayed(Protocol):
    """The part of a panel that is read here."""

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]: ...
    def still_bundle(self) -> dict[str, Any]: ...
    def still_active(self) -> bool: ...
    def has_trait(self, name: str) -> bool: ...
    def observe(self, handler: Any, names: Any = ...) -> None: ...


class StaticOutput:
    """The outputs of one panel; all that is public may be called from any thread."""

    def __init__(self, panel: Displayed) -> None:
        self._panel = weakref.ref(panel, lambda _gone: self.close())
        self._lock = threading.RLock()
        self._names: list[str] = []
        self._last: dict[str, Any] = {}
        self._slim: set[str] = set()
        self._styles: set[str] = set()
        self._due: float | None = None
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False
        panel.observe(lambda _change: self.request(), [name for name in WATCHED if panel.has_trait(name)])

    def show(self) -> None:
        """Put the live widget and the still face into the output of the cell that runs."""
        panel = self._panel()
        if panel is None:
            return
        live = {key: value for key, value in panel._repr_mimebundle_().items() if key in (VIEW, "text/plain")}
        _publish(live)
        self._slim_down(panel)
        if not self._names:
            shell: Any = get_ipython()
            if shell is not None:
                shell.events.register("post_run_cell", self._after_cell)
        name = f"unas-{uuid4().hex}"
        with self._lock:
            self._names.append(name)
            self._last = panel.still_bundle()
        _publish(self._bundle(), transient={"display_id": name})
        self.request()

    def renew(self) -> None:
        """Replace the still face where it has changed; the live widget is left alone."""
        panel = self._panel()
        if panel is None or self._closed or not self._names:
            return
        with self._lock:
            fresh = panel.still_bundle()
            if fresh == self._last:
                return
            self._last = fresh
            for name in self._names:
                _publish(self._bundle(), transient={"display_id": name}, update=True)

    def request(self) -> None:
        """Renew soon, once nothing has changed for some seconds; and again while a search goes on."""
        with self._lock:
            if self._closed or not self._names:
                return
            self._due = time.monotonic() + QUIET_S
            self._wake.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._wait_and_renew, name="unas-still", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Leave what was displayed as it is."""
        self._closed = True
        self._wake.set()
        shell: Any = get_ipython()
        if shell is not None and self._after_cell in shell.events.callbacks.get("post_run_cell", ()):
            shell.events.unregister("post_run_cell", self._after_cell)

    def _bundle(self) -> dict[str, Any]:
        return {VIEW: REMOVED, **self._last}

    def _after_cell(self, _result: Any = None) -> None:
        panel = self._panel()
        if panel is not None:
            self._slim_down(panel)
        self.renew()

    def _wait_and_renew(self) -> None:
        while not self._closed:
            with self._lock:
                if self._due is None:
                    self._thread = None
                    return
                left = self._due - time.monotonic()
                self._wake.clear()
                if left <= 0:
                    self._due = None
            if left > 0:
                self._wake.wait(left)
                continue
            self.renew()
            panel = self._panel()
            with self._lock:
                if self._due is None and panel is not None and panel.still_active():
                    self._due = time.monotonic() + WHILE_ACTIVE_S
            del panel

    def _slim_down(self, panel: Any) -> None:
        """Have a notebook that is run without a front end store neither the plot's code nor a style more than once."""
        for widget in _all_widgets(panel):
            if widget.model_id in self._slim:
                continue
            self._slim.add(widget.model_id)
            kept = dict(WITHOUT_KERNEL) if widget.has_trait("_widget_data") else {}
            style = "" if isinstance(widget, Markup) else getattr(widget, _LOOK, "")
            if style and style in self._styles:
                kept[_LOOK] = ""
            self._styles.add(style)
            if kept:
                store_instead(widget, kept)


def _publish(data: dict[str, Any], **options: Any) -> None:
    publish: Any = publish_display_data  # which IPython has no types for
    publish(data, **options)


def _all_widgets(widget: Any) -> Iterator[Any]:
    if isinstance(widget, anywidget.AnyWidget):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from _all_widgets(child)
