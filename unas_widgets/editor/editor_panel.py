"""Design your own: a network built by hand, its needs after every edit, and its training beside the search."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any

import ipywidgets
import traitlets

from resource_models import ResourceReport
from search.budget import Budget
from search.runs.handmade import OwnNetworks
from search.spaces import Architecture, UnloadedSpace
from search.spaces.cnn import CnnArchitecture
from search.trial import Observation, epochs_text
from unas_widgets.editor.editor_html import needs_html
from unas_widgets.editor.editor_view import (
    POOLINGS,
    Row,
    architecture_of,
    first_network,
    first_of,
    needs_of,
    rows_of,
    units_of,
)
from unas_widgets.editor.layer_row import LayerRow
from unas_widgets.editor.morph_choice import MorphChoice
from unas_widgets.errors import WidgetError
from unas_widgets.live.unexpected_errors import guard
from unas_widgets.network.memory_panel import MemoryPanel
from unas_widgets.network.network_panel import NetworkPanel
from unas_widgets.quantities.quantity import error_quantity
from unas_widgets.widgets.guarded import Guarded
from unas_widgets.widgets.html import NOTHING, Html, joined, tag
from unas_widgets.widgets.in_turn import Button, Choice, Text
from unas_widgets.widgets.markup import Markup

SPACE = "cnn"
_TITLE = tag("h3", "Design your own")
_BEGINNING = "Change it and see what it costs. Train it, and it stands beside what the search found."


class NetworkEditor(Guarded):
    """A network to edit: in the space `cnn` as a list of layers, in any other by the changes that the space lists.

    `NetworkEditor(OwnNetworks.beside(run))` trains with the data and recipe of a run; without any it shows no needs
    until `show` has given it some.

    Traits:
        architecture: the network, of the space of the networks made by hand; setting it fills the list.
        budget: what needs are compared with.
        message: why the last thing asked for was not done; empty otherwise.
    """

    architecture: Any = traitlets.Any()
    budget = traitlets.Instance(Budget, args=())

    def __init__(
        self, own: OwnNetworks | None = None, *, on_trained: Callable[[Observation], object] | None = None
    ) -> None:
        self._own: OwnNetworks | None = None
        self._on_trained = on_trained
        self._filling = self._undoing = False
        self._report: ResourceReport | None = None
        self._undo: list[Architecture] = []
        self._rows = ipywidgets.VBox(())
        self._rows.add_class("unas-layer-rows")
        self._pooling = Choice(options=tuple(POOLINGS), description="Final pooling")
        self._dense = Text(description="Dense layers", tooltip="Units of each, e.g. 64, 32")
        self._dense.continuous_update = False
        self._buttons = {
            "add": self._button("Add layer", self.add_layer),
            "undo": self._button("Undo", self.undo),
            "train": self._button("Train it", self.train),
        }
        self._buttons["train"].add_class("unas-primary")
        self._changes = MorphChoice(on_apply=self.change, on_drawn=self._guarded(self._list_changes))
        self._needs, self._said = Markup(), Markup(attributes={"role": "status"})
        self.network, self.memory = NetworkPanel(), MemoryPanel()
        tail = ipywidgets.Box((self._pooling, self._dense, *self._buttons.values()))
        tail.add_class("unas-editor-tail")
        pictures = ipywidgets.Box((self.network, self.memory))
        pictures.add_class("unas-editor-pictures")
        head = Markup(html=_TITLE)
        head.add_class("unas-title")
        parts = (head, self._rows, self._changes, tail, self._said, self._needs, pictures)
        super().__init__(parts, architecture=first_network())
        self.add_class("unas-editor")
        for field in (self._pooling, self._dense):
            field.observe(lambda _change: self._edited(), "value")
        self._say(_BEGINNING)
        if own is not None:
            self.budget = own.settings.budget
        self.show(own)

    # ----------------------------------------------------------------------------------------------- what clicks do

    def show(self, own: OwnNetworks | None) -> None:
        """Take needs, data and recipe from these, not their budget; None switches training off."""
        self._own, self._report = own, None
        usable = own is None or not isinstance(own.space, UnloadedSpace)
        if not usable and own is not None:
            self._say(f"The networks of the space {own.space.name} are built by code that is not loaded.", bad=True)
        for name, button in self._buttons.items():
            button.disabled = not usable or (name == "train" and own is None)
        layered = usable and self._layered
        for part, shown in (
            (self._rows, layered),
            (self._pooling, layered),
            (self._dense, layered),
            (self._buttons["add"], layered),
            (self._changes, usable and not layered),
        ):
            part.layout.display = None if shown else "none"
        if usable and self._of_space(self.architecture):
            self._draw()
        elif usable:
            self._begin()

    def change(self, architecture: Architecture) -> None:
        """Have another network of the space be edited, such as one of those that a morphism gives."""
        self.message = ""
        self.architecture = architecture

    def add_layer(self) -> None:
        """Append a copy of the last layer, in a block of its own."""
        rows = rows_of(self.architecture)
        self._take((*rows, Row("next", rows[-1].layer)))

    def remove_layer(self, number: int) -> None:
        """Remove a layer, counted from 0."""
        rows = rows_of(self.architecture)
        self._take((*rows[:number], *rows[number + 1 :]))

    def move_layer(self, number: int, by: int) -> None:
        """Exchange a layer with the one `by` places further on (−1: the one before it); nothing at the ends.

        A layer that is gone already, because its button was pressed twice, is not moved either.
        """
        rows = list(rows_of(self.architecture))
        if number < len(rows) and 0 <= number + by < len(rows):
            rows[number], rows[number + by] = rows[number + by], rows[number]
            self._take(tuple(rows))

    def undo(self) -> None:
        """Take the last edit back."""
        if self._undo:
            self._undoing = True
            self.architecture = self._undo.pop()
            self._undoing = False

    def train(self) -> Future[Observation]:
        """Train the network in a worker process; returns at once.

        Raises:
            WidgetError: it was given no data and recipe; `message` says so.
            SearchError: it cannot be trained; `message` says why.
        """
        return self._try(self._train)

    # ----------------------------------------------------------------------------------------------- inside

    @property
    def _layered(self) -> bool:
        """Whether networks are lists of layers here."""
        return self._own is None or self._own.space.name == SPACE

    def _of_space(self, architecture: Any) -> bool:
        """Whether a network can be edited here."""
        return (
            isinstance(architecture, CnnArchitecture) if self._own is None else self._own.space.contains(architecture)
        )

    def _begin(self) -> None:
        """Begin with a network of the space, which is another one than before: there is nothing to take back."""
        own = self._own
        first = first_network() if own is None or self._layered else first_of(own, self.budget)
        self._undoing = True
        self.architecture = first
        self._undoing = False
        self._undo.clear()
        self._buttons["undo"].disabled = True

    def _train(self) -> Future[Observation]:
        if self._own is None:
            raise WidgetError("There is no data set that the network could be trained on.")
        future = self._own.train(self.architecture)
        self._buttons["train"].disabled = True
        self._say(f"Training it for {self._own.settings.epochs} epochs in a worker of its own.")
        future.add_done_callback(self._hear_of_training)
        return future

    def _hear_of_training(self, future: Future[Observation]) -> None:
        guard(lambda: self._trained(future), self.report_failure)

    def _trained(self, future: Future[Observation]) -> None:
        self._buttons["train"].disabled = False
        error = CancelledError("it was cancelled") if future.cancelled() else future.exception()
        if error is not None:
            self._say(f"It was not trained: {error}", bad=True)
            return
        observation = future.result()
        size = None if self._own is None else self._own.validation_size
        error_words = error_quantity(observation.val_error, size).text
        self._say(
            f"Own network {observation.trial_id}: validation error {error_words} after "
            f"{epochs_text(observation.epochs)} epochs in {observation.seconds:.3g} s."
        )
        if self._on_trained is not None:
            self._on_trained(observation)

    def _edited(self) -> None:
        if not self._filling:
            self._take(tuple(row.row() for row in self._rows.children))

    def _take(self, rows: tuple[Row, ...]) -> None:
        """Make the network that the list says; what cannot be is said, and the network stays as it was."""

        def take() -> None:
            self.message = ""
            self.architecture = architecture_of(rows, POOLINGS[self._pooling.value], units_of(self._dense.value))

        self._guarded(take)()
        if self.message:
            self._fill()

    @traitlets.observe("message")
    def _on_message(self, _change: Any) -> None:
        self._say(self.message, bad=True)

    @traitlets.observe("architecture")
    def _on_architecture(self, change: Any) -> None:
        if not hasattr(self, "_rows"):
            return
        if change["old"] is not None and not self._undoing:
            self._undo.append(change["old"])
        self._draw()

    @traitlets.validate("architecture")
    def _on_proposed(self, proposal: Any) -> Any:
        if not self._of_space(proposal["value"]):
            where = SPACE if self._own is None else self._own.space.name
            raise traitlets.TraitError(f"This is not a network of the space {where}.")
        return proposal["value"]

    @traitlets.observe("budget")
    def _on_budget(self, _change: Any) -> None:
        if self._own is not None and self._report is not None:
            self._needs.html = needs_html(needs_of(self._report, None, self.budget), bound="budget")

    def _draw(self) -> None:
        self._fill()
        self._buttons["undo"].disabled = not self._undo
        if self._own is None:
            self._needs.html = NOTHING
            return
        graph, report = self._own.graph_of(self.architecture), self._own.report_of(self.architecture)
        self._needs.html = needs_html(needs_of(report, self._report, self.budget), bound="budget")
        self._report = report
        self.network.show(graph, report, totals=False)
        self.memory.show(graph, report.accounting, runtime=report.runtime)

    def _fill(self) -> None:
        """Have the fields say what the network is, or what can be changed in it."""
        if not self._layered:
            self._list_changes()
            return
        rows = rows_of(self.architecture)
        if tuple(row.row() for row in self._rows.children) != rows:
            self._rows.children = tuple(
                LayerRow(number, row, on_edit=self._edited, on_button=self._pressed) for number, row in enumerate(rows)
            )
        self._filling = True
        self._pooling.value = next(word for word, value in POOLINGS.items() if value == self.architecture.pooling)
        self._dense.value = ", ".join(str(units) for units in self.architecture.dense)
        self._filling = False

    def _list_changes(self) -> None:
        if self._own is not None and not self._layered:
            self._changes.show(self._own.space, self.architecture)

    def _pressed(self, name: str, number: int) -> None:
        if name == "remove":
            self.remove_layer(number)
        else:
            self.move_layer(number, -1 if name == "up" else 1)

    def _say(self, sentence: str, *, bad: bool = False) -> None:
        look = "unas-bad" if bad else "unas-quiet"
        self._said.html = tag("div", sentence, class_=look) if sentence else NOTHING

    def _button(self, text: str, action: Callable[[], object]) -> Any:
        button = Button(description=text)
        button.on_click(lambda _button: self._guarded(action)())
        return button

    def static_html(self) -> Html:
        """The network, its needs and its memory as they are, for saved notebooks."""
        return joined(_TITLE, self._needs.html, self.network.static_html(), self.memory.static_html())

    def static_text(self) -> str:
        """The network in a line, for terminals."""
        if not isinstance(self.architecture, CnnArchitecture):
            return f"NetworkEditor: {self.architecture}"
        return f"NetworkEditor: {len(rows_of(self.architecture))} convolutions, dense {self.architecture.dense}"
