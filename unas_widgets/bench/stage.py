"""Which run is shown: controllers put runs on the stage, and whatever shows runs hears of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeAlias

from search import Run
from search.runs.replay import Replay
from unas_widgets.progress.run_words import busy

Shown: TypeAlias = Run | Replay
"""What the Workbench shows: a search, or a replay of one."""
ONLY_SHOWN = "This is a replay, which only shows what was; open the run itself to go on with it."
Listener = Callable[[Shown | None], None]


class Stage:
    """The run that is shown.

    Attributes:
        run: None for none.
        earlier: networks that it had when it was shown, or when it last began.
        lock: held while another run takes its place, and by whoever draws it.
    """

    def __init__(
        self, *, follow: Callable[[Shown], None], end_following: Callable[[], None], refresh: Callable[[], None]
    ) -> None:
        """Nothing is shown yet.

        Args:
            follow: keeps what is shown up to date with a run, from a thread.
            end_following: ends that; no more than harmless where nothing is followed.
            refresh: brings what is shown up to date now.
        """
        self.run: Shown | None = None
        self.earlier = 0
        self.lock = threading.RLock()
        self.refresh = refresh
        self._follow, self._end_following = follow, end_following
        self._listeners: list[Listener] = []

    def on_change(self, listener: Listener) -> None:
        """Have `listener` called with each run that is shown from now on, or None, in the order of these calls."""
        self._listeners.append(listener)

    def show(self, run: Shown | None, *, earlier: int = 0) -> None:
        """Show this run, or none, in place of the one before, and follow it where it is under way."""
        self._end_following()
        with self.lock:
            self.run, self.earlier = run, earlier
            for listener in self._listeners:
                listener(run)
        if run is not None and busy(run):
            self._follow(run)

    def follow(self) -> None:
        """Keep what is shown up to date with the run from now on: something in it has begun."""
        if self.run is not None:
            self._follow(self.run)

    def end_following(self) -> None:
        """Leave what is shown as it is."""
        self._end_following()
