"""A plotly figure in the page that neither sends nor stores plotly's code, and that no message gets past."""

from __future__ import annotations

import functools
import gzip
import sys
import threading
from copy import deepcopy
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any, Literal

import plotly
import plotly.graph_objects as go
import traitlets

from unas_widgets.widgets.in_turn import InTurn
from unas_widgets.widgets.markup import ASSETS
from unas_widgets.widgets.page_messages import Message, passed_over, read

_BUNDLE = Path(plotly.__file__).parent / "package_data" / "widgetbundle.js"
_FAST = 4  # gzip's level: a third of the size in less than a tenth of a second
_FRESH = "_fresh"
_DRAWN = ("_widget_data", "_widget_layout")
_EDITS = ("_last_trace_edit_id", "_last_layout_edit_id")


def postpone(name: str) -> None:
    """Have an installed package that is not loaded yet loaded by whoever is the first to ask it for anything.

    plotly imports nbformat with its figure widget, and asks it for its version where it shows a plain figure, never for
    a widget. nbformat loads jsonschema, and that, where it is installed for all formats, rfc3987_syntax, which builds
    38 grammars: several seconds. `importlib.util.LazyLoader` does not help, since Python 3.11 asks a module that is
    imported by name for its `__spec__`.
    """
    spec = None if name in sys.modules else find_spec(name)
    if spec is None or spec.loader is None or spec.submodule_search_locations is None:
        return
    places, loader, turn = spec.submodule_search_locations, spec.loader, threading.RLock()
    module = module_from_spec(spec)
    del module.__path__  # the first thing that whoever imports a part of it asks for

    def load(attribute: str) -> Any:
        with turn:
            if "__path__" not in vars(module):
                module.__path__ = places
                loader.exec_module(module)
        if attribute not in vars(module):
            raise AttributeError(f"module {name!r} has no attribute {attribute!r}")
        return vars(module)[attribute]

    module.__getattr__ = load  # type: ignore[method-assign]
    sys.modules[name] = module


postpone("nbformat")


class _Asked(Message, frozen=True):
    """What a page asks for: plotly's code, or the state where it has not seen the newest."""

    ask: Literal["plotly", "state"]
    seen: list[int] | None = None


class LiveFigure(InTurn, go.FigureWidget):
    """A `FigureWidget` of a few kilobytes instead of five megabytes.

    plotly's own widget carries all of plotly in its state: each figure sends it, and each notebook that is saved with
    the state of its widgets stores it. This one sends it, packed, to a page that asks, and unasked before it is
    displayed: a kernel that runs a cell answers nobody.

    plotly sends changes as messages, and leaves the state at what it was when the figure was made, which is what later
    views would begin with. Here the state is the newest. Whatever changes the figure holds `_changing`, so that nothing
    falls between a state that is sent and the messages that follow it.
    """

    _esm = ASSETS / "plotly.js"
    _plotly = traitlets.Unicode(plotly.__version__).tag(sync=True)
    _fresh = traitlets.Int(0).tag(sync=True)

    def __init__(self, **options: Any) -> None:
        self._changing = threading.RLock()
        super().__init__(**options)
        self.on_msg(self._on_asked)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """The state as it is now; with the number of the moment goes all that is drawn, in the same message."""
        keys = (_FRESH, *_DRAWN, *_EDITS) if key == _FRESH else key
        state: dict[str, Any] = super().get_state(key=keys, drop_defaults=drop_defaults)
        if "_layout_obj" not in vars(self):  # still under construction
            return state
        current = {"_widget_data": self._data, "_widget_layout": self._layout_obj._props}
        serialize = self.trait_metadata("_widget_data", "to_json")
        return state | {name: serialize(deepcopy(value), self) for name, value in current.items() if name in state}

    def send_plotly(self) -> None:
        """Send plotly's code to every page that has this figure; those that have the code drop it."""
        self.send({"answer": "plotly"}, buffers=[packed_plotly()])

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a page says; what plotly cannot read of it is passed over."""
        try:
            super().set_state(sync_data)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            passed_over(sync_data, error)

    def _on_asked(self, _widget: Any, content: object, _buffers: Any) -> None:
        asked = read(content, _Asked)
        if asked is None:
            return
        if asked.ask == "plotly":
            self.send_plotly()
            return
        with self._changing:
            if asked.seen != [getattr(self, name) for name in _EDITS]:
                self._fresh += 1


@functools.cache
def packed_plotly() -> bytes:
    """The code of plotly's widget, packed by gzip."""
    return gzip.compress(_BUNDLE.read_bytes(), _FAST)
