"""One budget: slider and typed amount are two views of one value."""

from __future__ import annotations

from typing import Any

import traitlets

from search.budget import DEFAULT
from search.errors import BudgetError
from unas_widgets.budgets.budget_scale import BudgetScale, scale
from unas_widgets.widgets.in_turn import Live
from unas_widgets.widgets.markup import ASSETS
from unas_widgets.widgets.page_messages import Message, read


class Typed(Message, frozen=True):
    """What was typed into the field."""

    text: str


class BudgetRow(Live):
    """The budget of one resource.

    Traits:
        value: the bound in base units (bytes, seconds); None is no limit. Whatever else changes follows it.
        default: the bound that holds by default while `value` is None, until it is moved or typed over; None for none.
        position: the slider's position.
        typed: what was typed last, with a running number so that the same text counts again.
        error: why the typed text was not taken; the value stays as it was.
        note: a remark under the field.
        unit: stands beside the field; a number alone that is typed there has it.
        lacks: why there is no figure that a bound could be held against; without a bound, field and slider are hidden.
    """

    _esm = ASSETS / "budget_row.js"

    word = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    hover = traitlets.Unicode().tag(sync=True)
    position = traitlets.Int(0).tag(sync=True)
    maximum = traitlets.Int(1).tag(sync=True)
    typed: Any = traitlets.Dict({}).tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)
    lacks = traitlets.Unicode("").tag(sync=True)
    value: Any = traitlets.Any(None, allow_none=True)
    default: Any = traitlets.Any(None, allow_none=True)

    def __init__(self, key: str, value: float | None = None, **options: Any) -> None:
        self.scale: BudgetScale = scale(key)
        resource = self.scale.resource
        super().__init__(word=resource.word, unit=resource.unit, maximum=self.scale.maximum, **options)
        self.value = value
        self._show()

    @property
    def bound(self) -> float | None:
        """The bound that holds, be it one by default."""
        bound: float | None = self.default if self.value is None else self.value
        return bound

    def type(self, text: str) -> None:
        """Take an amount as text, e.g. "24 KiB", "24" or "none"; one that cannot be read only sets `error`."""
        try:
            value = self.scale.resource.read(text.removesuffix(f", {DEFAULT}"), bare=self.unit)
        except BudgetError as error:
            self.error = _sentence(str(error))
            return
        self.error = ""
        self._set(value)
        self._show()

    def _set(self, value: float | None) -> None:
        """Take a bound that somebody chose."""
        self.value = value
        self.default = None

    @traitlets.observe("value", "default")
    def _on_value(self, _change: Any) -> None:
        self._show()

    @traitlets.observe("position")
    def _on_position(self, change: Any) -> None:
        if change["new"] != self.scale.position(self.bound):
            self.error = ""
            self._set(self.scale.value(change["new"]))

    @traitlets.observe("typed")
    def _on_typed(self, change: Any) -> None:
        typed = read(change["new"], Typed)
        if typed is not None:
            self.type(typed.text)

    def _show(self) -> None:
        with self.hold_sync():
            self.error = ""
            by_default = self.value is None and self.default is not None
            self.text = self.scale.text(self.bound, default=by_default)
            self.hover = self.scale.hover(self.bound, default=by_default)
            self.position = self.scale.position(self.bound)


def _sentence(message: str) -> str:
    """The message without the command line's option in front, closed by a full stop."""
    text = message.split(": ", 1)[1] if message.startswith("--") else message
    return text if text.endswith(".") else f"{text}."
