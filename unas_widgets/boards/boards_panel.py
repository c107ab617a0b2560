"""Boards: which take a network, which take the networks of a front, and the smallest for an accuracy."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any, Protocol

import ipywidgets
import pandas as pd
import traitlets

from resource_models import Board, Graph
from resource_models import boards as all_boards
from search.trial import Observation
from unas_widgets.boards.boards_html import boards_html, matrix_html
from unas_widgets.boards.boards_view import BoardsView, boards_view
from unas_widgets.boards.networks_by_board import (
    NO_PRICES,
    Candidate,
    MatrixView,
    Need,
    accuracy_of,
    board_front,
    cell_of,
    matrix_view,
    needs_of,
    smallest_board_words,
)
from unas_widgets.errors import WidgetError
from unas_widgets.live.follow import Runlike
from unas_widgets.quantities.report_cache import ChannelsKey, channels_key
from unas_widgets.widgets.html import NOTHING, Html, joined, tag
from unas_widgets.widgets.in_turn import Text
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.panel import Panel


class Drawable(Runlike, Protocol):
    """A run whose networks can be had as graphs, and the board that it is for."""

    @property
    def board(self) -> Board | None:
        """The board that the run is for; None for none."""

    def graph(self, trial_id: int) -> Graph:
        """The network of a trial."""


class BoardsMatrix(Panel):
    """`BoardsMatrix(graph)`: which boards take it. `BoardsMatrix(run)`: trials of the front against boards.

    Traits:
        accuracy: the least that is wanted, as people type it ("95 %"); empty for the best there is.
        selected: number of a trial; with a run, its boards are shown in full.
        message: why `accuracy` cannot be read; empty otherwise.
    """

    accuracy = traitlets.Unicode("")
    selected = traitlets.Int(None, allow_none=True)
    message = traitlets.Unicode("")

    def __init__(
        self,
        source: Graph | Drawable | None = None,
        *,
        boards: Iterable[Board] | None = None,
        **traits: Any,
    ) -> None:
        """Show a graph or a run.

        Args:
            source: a network, or a run, which is followed.
            boards: the boards to look at, by default the whole catalogue.
            traits: first values of any trait.
        """
        self._lock = threading.RLock()
        self._named = tuple(boards) if boards is not None else all_boards()
        self._own: Board | None = None
        self._needs: dict[tuple[int, ChannelsKey], dict[str, Need]] = {}
        self._candidates: tuple[Candidate, ...] = ()
        self._validation_size: int | None = None
        self._run: Drawable | None = None
        self._front_of: Drawable | None = None
        self._graph: Graph | None = None
        self._one: BoardsView | None = None
        self._of_one, self._answer, self._matrix = Markup(), Markup(attributes={"role": "status"}), Markup()
        self._answer.add_class("unas-answer")
        self._front = ipywidgets.VBox((self._target(), self._answer, self._matrix))
        super().__init__((self._of_one, self._front), **traits)
        self.add_class("unas-boards-panel")
        traitlets.link((self, "selected"), (self._matrix, "selected"))
        self._front.layout.display = "none"
        if isinstance(source, Graph):
            self.show_graph(source)
        elif source is not None:
            run = self._run = source
            self._follow(run, lambda: self.show_front(run))
            self._on_selected(None)

    @property
    def boards(self) -> tuple[Board, ...]:
        """The boards that are looked at: those that were named, and the one that was searched for, as it was then."""
        own = self._own
        if own is None:
            return self._named
        named = tuple(own if board.id == own.id else board for board in self._named)
        return named if own in named else (*named, own)

    def look_at(self, boards: Iterable[Board]) -> None:
        """Look at these boards, and no longer at those that were named before."""
        with self._lock:
            self._named, self._needs = tuple(boards), {}
            if self._graph is not None:
                self.show_graph(self._graph, own=self._own)
            if self._front_of is not None:
                self.show_front(self._front_of)

    def show_graph(self, graph: Graph, *, own: Board | None = None) -> None:
        """Show which boards take `graph`; `own` is the board that was searched for, of the catalogue or not."""
        with self._lock:
            self._take(own)
            self._graph = graph
            self._one = boards_view(graph, own="" if own is None else own.id, candidates=self.boards)
        self._of_one.html = boards_html(self._one)

    def show_front(self, run: Drawable) -> None:
        """Show the networks of `run` that no other beats in error, RAM and flash, against the boards."""
        with self._lock:
            self._take(run.board)
            if run is not self._front_of:
                self._front_of, self._needs = run, {}
            self._candidates = tuple(self._candidate(run, o) for o in board_front(run.networks()))
            self._validation_size = run.validation_size
            self._front.layout.display = None
            self._draw()

    def view(self) -> BoardsView | None:
        """The boards of one network, as shown; None where there is none."""
        return self._one

    def matrix(self) -> MatrixView:
        """Trials against boards, as shown."""
        with self._lock:
            return matrix_view(self._candidates, self.boards, validation_size=self._validation_size)

    def answer(self) -> str:
        """The smallest board that takes a network of `accuracy`, in words; empty without trained networks.

        Raises:
            WidgetError: `accuracy` cannot be read.
        """
        with self._lock:
            return smallest_board_words(self._candidates, self.boards, accuracy_of(self.accuracy))

    def frame(self) -> pd.DataFrame:
        """The whole matrix: a row for each trial of the front, a column for each board's id, verdicts as words."""
        with self._lock:
            rows = {c.trial_id: [str(cell_of(c, b).verdict) for b in self.boards] for c in self._candidates}
        frame = pd.DataFrame.from_dict(rows, orient="index", columns=[b.id for b in self.boards])
        return frame.rename_axis("trial")

    def clear(self) -> None:
        """Show nothing."""
        self._graph, self._one, self._of_one.html = None, None, NOTHING

    def static_html(self) -> Html:
        """What is shown of one network and of the front, as HTML without scripts."""
        return joined(self._of_one.html, self._answer.html, self._matrix.html)

    def static_text(self) -> str:
        """The sentences on one network and on the front."""
        parts = (self._one.sentence if self._one else "", self.matrix().sentence if self._candidates else "")
        return " ".join(part for part in parts if part) or "BoardsMatrix"

    @traitlets.observe("accuracy")
    def _on_accuracy(self, _change: Any) -> None:
        if hasattr(self, "_answer"):
            self._say()

    @traitlets.observe("selected")
    def _on_selected(self, _change: Any) -> None:
        run = getattr(self, "_run", None)
        if run is not None and self.selected is not None:
            self.show_graph(run.graph(self.selected), own=run.board)

    def _take(self, own: Board | None) -> None:
        """Look at this board too; needs that were found without it are found again."""
        if own != self._own:
            self._own, self._needs, self._candidates = own, {}, ()

    def _target(self) -> Any:
        field = Text(
            description="At least", placeholder="the best", continuous_update=False, tooltip="Accuracy, e.g. 95 %"
        )
        traitlets.link((self, "accuracy"), (field, "value"))
        box = ipywidgets.Box((Markup(html=tag("h3", "Smallest board for an accuracy")), field))
        box.add_class("unas-target")
        return box

    def _candidate(self, run: Drawable, observation: Observation) -> Candidate:
        key = (observation.trial_id, channels_key(observation.channels))
        if key not in self._needs:
            self._needs[key] = needs_of(run.graph(observation.trial_id), self.boards)
        return Candidate(observation.trial_id, observation.val_error or 0.0, self._needs[key])

    def _draw(self) -> None:
        self._matrix.html = matrix_html(self.matrix())
        self._say()

    def _say(self) -> None:
        try:
            words, self.message = self.answer(), ""
        except WidgetError as error:
            self.message = str(error)
            self._answer.html = tag("div", f"▲ {self.message}", class_="unas-bad")
            return
        quiet = tag("div", NO_PRICES if words else "Known as soon as a network is trained.", class_="unas-quiet")
        self._answer.html = joined(tag("div", words) if words else None, quiet)
