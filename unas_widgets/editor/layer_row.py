"""One layer of the network editor: its choices, and buttons that move or remove it."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets

from search.spaces.cnn import LayerType
from search.spaces.cnn.architecture import FILTERS, KERNELS, STRIDES
from unas_widgets.editor.editor_view import KINDS, PLACES, Row, layer_of
from unas_widgets.widgets.in_turn import Button, Checkbox, Choice, WholeNumber

Act = Callable[[str, int], None]
_BUTTONS = {"up": ("↑", "Move this layer up"), "down": ("↓", "Move this layer down"), "remove": ("✕", "Remove it")}


class LayerRow(ipywidgets.Box):
    """The fields of one layer. What its kind does not have is switched off.

    Args:
        number: its place in the list, from 0.
        row: what the fields say.
        on_edit: called after a field has changed.
        on_button: called with "up", "down" or "remove" and the number.
    """

    def __init__(self, number: int, row: Row, *, on_edit: Callable[[], None], on_button: Act) -> None:
        self._number = number
        layer, kind = row.layer, next(word for word, value in KINDS.items() if value is row.layer.type)
        drop, check = Choice, Checkbox
        self._place = drop(options=PLACES, value=row.place, description=self._label("place"))
        self._place.disabled = number == 0
        self._kind = drop(options=tuple(KINDS), value=kind, description=self._label("kind"))
        kernels = [(f"{size}×{size}", size) for size in KERNELS]
        kernel = layer.kernel if layer.kernel in KERNELS else KERNELS[0]
        self._kernel = drop(options=kernels, value=kernel, description=self._label("kernel"))
        self._filters = WholeNumber(min=FILTERS[0], max=FILTERS[-1], value=max(layer.filters, 8))
        self._filters.description, self._filters.continuous_update = self._label("channels"), False
        self._filters.value = layer.filters or 8
        strides = [(f"stride {s}", s) for s in STRIDES]
        self._stride = drop(options=strides, value=layer.stride, description=self._label("stride"))
        self._pool = check(
            value=layer.pre_pool, description="pool first", indent=False, tooltip="2×2 max pool before it"
        )
        self._norm = check(value=layer.batch_norm, description="batch norm", indent=False)
        self._relu = check(value=layer.relu, description="ReLU", indent=False)
        self._fields = (
            self._place, self._kind, self._kernel, self._filters, self._stride, self._pool, self._norm, self._relu
        )  # fmt: skip
        name = ipywidgets.Label(f"{number + 1}")
        buttons = tuple(self._button(name, number, on_button) for name in _BUTTONS)
        super().__init__((name, *self._fields, *buttons))
        self.add_class("unas-layer-row")
        self._switch()
        for field in self._fields:
            field.observe(lambda _change: self._edited(on_edit), "value")

    def row(self) -> Row:
        """What the fields say."""
        layer = layer_of(
            self._kind.value,
            kernel=self._kernel.value,
            filters=self._filters.value,
            stride=self._stride.value,
            norm=self._norm.value,
            relu=self._relu.value,
            pool=self._pool.value,
        )
        return Row(self._place.value, layer)

    def _label(self, word: str) -> str:
        """The name of a field, which screen readers say and nobody sees: the row speaks for itself."""
        return f"Layer {self._number + 1}, {word}"

    def _edited(self, on_edit: Callable[[], None]) -> None:
        self._switch()
        on_edit()

    def _switch(self) -> None:
        kind = KINDS[self._kind.value]
        self._kernel.disabled = self._stride.disabled = kind is LayerType.POINTWISE
        self._filters.disabled = kind is LayerType.DEPTHWISE

    def _button(self, name: str, number: int, on_button: Act) -> Button:
        text, tip = _BUTTONS[name]
        button = Button(description=text, tooltip=f"{tip} (layer {number + 1})")
        button.add_class(f"unas-{name}")
        button.on_click(lambda _button: on_button(name, number))
        return button
