"""What would lower the peak of one network, by the cost model alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Protocol

import traitlets

from resource_models import Graph
from search.problem import Problem
from search.trial import Observation, Trial
from unas_widgets.live.unexpected_errors import guard
from unas_widgets.network.morphs_html import computing_html, morphs_html
from unas_widgets.network.morphs_view import Morph, lowering, morphs
from unas_widgets.trial.run_problem import Posed, problem_of
from unas_widgets.widgets.html import NOTHING, Html
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.panel import VIEW, Panel

AT_ONCE_S = 0.15
"""What takes longer is finished in a thread of its own."""
SLICE_S = 0.3


class Costed(Posed, Protocol):
    """The part of `search.runs.run.Run` that morphs are looked for with."""

    def graph(self, trial_id: int) -> Graph:
        """The network of a trial."""

    def observation(self, trial_id: int) -> Observation:
        """What is known of a trial."""


class PeakMorphs(Panel):
    """The networks one morphism away that need less RAM, with what each saves and what else it costs.

    Traits:
        computing: whether networks are still being costed, in a thread.
    """

    computing = traitlets.Bool(False)

    def __init__(self, run: Costed | None = None, trial: int | None = None) -> None:
        self._lock = threading.RLock()
        self._turn = 0
        self._found: tuple[Morph, ...] = ()
        self._markup = Markup()
        super().__init__((self._markup,))
        if run is not None and trial is not None:
            self.show(problem_of(run, run.graph(trial)), run.observation(trial).trial)

    def show(self, problem: Problem, trial: Trial) -> None:
        """Show what would lower the peak of a trial's network; returns at once, and goes on in a thread if need be."""
        turn = self._next_turn()
        source, found = morphs(problem, trial), list[Morph]()
        if self._over(source, found, AT_ONCE_S):
            self._finish(turn, found)
            return
        self._say(turn, found)
        threading.Thread(target=self._go_on, args=(turn, source, found), name="unas-morphs", daemon=True).start()

    def found(self) -> tuple[Morph, ...]:
        """The morphs that are shown; none while they are computed."""
        return self._found

    def clear(self) -> None:
        """Show nothing, and end what is being computed."""
        self._next_turn()
        self.computing, self._markup.html = False, NOTHING

    def static_html(self) -> Html:
        """The morphs as HTML without scripts."""
        return self._markup.html

    def static_text(self) -> str:
        """A line for each morph: what it changes, and what it saves in bytes."""
        return "\n".join(f"{m.text}: RAM −{m.saved_bytes:,} bytes, {m.others}" for m in self._found) or "PeakMorphs"

    def _next_turn(self) -> int:
        with self._lock:
            self._turn, self._found = self._turn + 1, ()
            self._failures.settle(VIEW)
            return self._turn

    def _over(self, source: Iterator[Morph], found: list[Morph], seconds: float) -> bool:
        """Cost some more of the networks; returns whether these were all."""
        end = time.monotonic() + seconds
        for morph in source:
            found.append(morph)
            if time.monotonic() > end:
                return False
        return True

    def _go_on(self, turn: int, source: Iterator[Morph], found: list[Morph]) -> None:
        if not guard(lambda: self._cost(turn, source, found), self.report_failure):
            self._give_up(turn)

    def _give_up(self, turn: int) -> None:
        with self._lock:
            if turn == self._turn:
                self.computing, self._markup.html = False, NOTHING

    def _cost(self, turn: int, source: Iterator[Morph], found: list[Morph]) -> None:
        while turn == self._turn:
            if self._over(source, found, SLICE_S):
                self._finish(turn, found)
                return
            self._say(turn, found)

    def _say(self, turn: int, found: list[Morph]) -> None:
        with self._lock:
            if turn == self._turn:
                self.computing, self._markup.html = True, computing_html(len(found))

    def _finish(self, turn: int, found: list[Morph]) -> None:
        with self._lock:
            if turn == self._turn:
                self._found = lowering(found)
                self._markup.html = morphs_html(self._found, looked_at=len(found))
                self.computing = False
