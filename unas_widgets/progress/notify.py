"""News of the end of a search for who looks elsewhere meanwhile: a notification of the browser, and a sound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets

from unas_widgets.widgets.in_turn import Live
from unas_widgets.widgets.markup import ASSETS

TITLES = {
    "finished": "The search has finished",
    "finalised": "The front was trained again",
    "failed": "The search failed",
}
"""States that are reported, and the title of the report."""
_BEFORE = ("starting", "running", "pausing", "paused", "finishing", "finalising")


class Notify(Live):
    """Two boxes to tick; both are empty at first.

    Traits:
        enabled: whether the browser shows a notification; it asks for permission when the box is ticked.
        sound: whether two short tones are heard.
        problem: why there is no notification, in a sentence; empty otherwise.
        news: the last one, as `title`, `body` and `number`; empty before there is any.
    """

    _esm = ASSETS / "notify.js"

    enabled = traitlets.Bool(False).tag(sync=True)
    sound = traitlets.Bool(False).tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
    news: Any = traitlets.Dict({}).tag(sync=True)

    def follow(self, panel: traitlets.HasTraits, about: Callable[[], str] = str) -> None:
        """Tell when the trait `state` of `panel` goes over from some activity to an end.

        Args:
            panel: e.g. a Workbench.
            about: what is said below the title at that moment, e.g. the best network so far.
        """
        panel.observe(lambda change: self._on_state(change["old"], change["new"], about), "state")

    def tell(self, title: str, body: str = "") -> None:
        """Show and sound it, as far as that is wanted."""
        if self.enabled or self.sound:
            self.news = {"title": title, "body": body, "number": self.news.get("number", 0) + 1}

    def _on_state(self, old: str, new: str, about: Callable[[], str]) -> None:
        if old in _BEFORE and new in TITLES:
            self.tell(TITLES[new], about())
