"""A board of one's own: typed into a form, kept as a file, chosen like any other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import ipywidgets
import traitlets

from resource_models import Board
from unas_widgets.boards.board_entry import (
    EXAMPLES,
    UNITS,
    WORDS,
    BoardEntry,
    board_of,
    cores,
    doubt,
    entry_of,
    with_unit,
)
from unas_widgets.boards.board_files import FOLDER, write_board
from unas_widgets.errors import WidgetError
from unas_widgets.widgets.guarded import Guarded
from unas_widgets.widgets.html import NOTHING, Html, joined, tag
from unas_widgets.widgets.in_turn import Button, Suggested, Text
from unas_widgets.widgets.markup import Markup

_TITLE = tag("h3", "Your own board")
_ABOUT = tag(
    "div",
    "A board that is not in the list; it is kept as a file in ",
    tag("code", "boards/"),
    ". Latency is known for the cores that are suggested. The last two fields may stay empty.",
    class_="unas-quiet",
)
SAVE, SAVE_ODD = "Use this board", "Yes, use it"


class BoardForm(Guarded):
    """Fields for a board that is not in the catalogue; `save` writes it to `<folder>/<name>.json`.

    Traits:
        entry: what the fields say; setting it fills them.
        opened: whether the form is seen.
        message: why the board cannot be made; empty otherwise.
    """

    entry: Any = traitlets.Instance(BoardEntry, args=())
    opened = traitlets.Bool(False)

    def __init__(
        self, folder: Path | str = FOLDER, *, on_saved: Callable[[Path], object] | None = None, **traits: Any
    ) -> None:
        """A form whose boards go to `folder`; `on_saved` is called with each file."""
        self._folder, self._on_saved = Path(folder), on_saved
        self._filling = False
        self._asked: BoardEntry | None = None
        self._fields = {field.name: _field(field.name) for field in fields(BoardEntry)}
        self._said = Markup(attributes={"role": "status"})
        about = Markup(html=joined(_TITLE, _ABOUT))
        self._save, self._cancel = Button(description=SAVE), Button(description="Cancel")
        self._save.add_class("unas-primary")
        self._save.on_click(lambda _button: self._guarded(self.save)())
        self._cancel.on_click(lambda _button: setattr(self, "opened", False))
        inputs = ipywidgets.Box(tuple(self._fields.values()))
        inputs.add_class("unas-fields")
        buttons = ipywidgets.Box((self._save, self._cancel, self._said))
        buttons.add_class("unas-form-actions")
        super().__init__((about, inputs, buttons), **traits)
        self.add_class("unas-board-form")
        self.layout.display = None if self.opened else "none"
        for name, field in self._fields.items():
            field.observe(lambda change, name=name: self._typed(name, change["new"]), "value")

    def board(self) -> Board:
        """The board that the fields say.

        Raises:
            WidgetError: they do not say one; the sentence names the field.
        """
        return board_of(self.entry)

    def fill(self, board: Board) -> None:
        """Have the fields say what a board is, as a beginning."""
        self.entry = entry_of(board)

    def save(self) -> Path:
        """Write the board to its file, which replaces an earlier one of the same name; returns the file.

        Raises:
            WidgetError: the fields do not say a board, or it cannot be written; `message` says so. Also where its
                figures are unlike any board's: then `message` asks whether they are meant, and saving again says yes.
        """
        path = self._try(lambda: write_board(self._meant(), self._folder))
        self.opened = False
        if self._on_saved is not None:
            self._on_saved(path)
        return path

    def _meant(self) -> Board:
        """The board, unless its figures are unlikely and nobody was asked about them yet."""
        board = self.board()
        question = "" if self._asked == self.entry else doubt(board)
        if question:
            self._asked, self._save.description = self.entry, SAVE_ODD
            raise WidgetError(f"{question} Press “{SAVE_ODD}” if it is, or correct the fields.")
        return board

    def _ask_anew(self) -> None:
        self.message, self._asked, self._save.description = "", None, SAVE

    def _typed(self, name: str, text: str) -> None:
        if not self._filling:
            self.entry = replace(self.entry, **{name: with_unit(name, text)})

    @traitlets.observe("entry")
    def _on_entry(self, change: Any) -> None:
        self.message = ""
        if hasattr(self, "_save"):
            self._ask_anew()
            self._filling = True
            for name, field in self._fields.items():
                field.value = getattr(change["new"], name)
            self._filling = False

    @traitlets.observe("opened")
    def _on_opened(self, _change: Any) -> None:
        self._ask_anew()
        self.layout.display = None if self.opened else "none"

    @traitlets.observe("message")
    def _on_message(self, _change: Any) -> None:
        if hasattr(self, "_said"):
            self._said.html = tag("div", f"▲ {self.message}", class_="unas-bad") if self.message else NOTHING

    def static_html(self) -> Html:
        """The entries as HTML without scripts."""
        rows = (tag("tr", tag("th", WORDS[n]), tag("td", f.value)) for n, f in self._fields.items())
        return joined(_TITLE, tag("table", rows), self._said.html)


def _field(name: str) -> Any:
    made: Any = Suggested(options=cores(), ensure_option=False) if name == "core" else Text()
    if name in UNITS:
        made.add_class(f"unas-in-{UNITS[name].lower()}")  # the style sheet writes it beside the word
    made.description, made.placeholder, made.continuous_update = WORDS[name], EXAMPLES[name], False
    return made
