"""Networks of any space, edited by the morphisms that it lists: choose one and apply it."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets
import numpy as np

from search.spaces import Architecture, SearchSpace, morphisms_of
from unas_widgets.widgets.in_turn import Button, Choice


class MorphChoice(ipywidgets.Box):
    """A list of what can be changed in a network, a button that does it, and one that draws anew.

    What a morphism leaves open, such as the size of a layer that comes in, is drawn; drawing anew gives others.

    Args:
        on_apply: called with the network after the change that is chosen.
        on_drawn: called after the list was drawn anew.
    """

    def __init__(self, *, on_apply: Callable[[Architecture], None], on_drawn: Callable[[], None]) -> None:
        self._found: dict[str, Architecture] = {}
        self._draws = 0
        self._on_apply, self._on_drawn = on_apply, on_drawn
        self.choice = Choice(options=(), description="Change")
        self.apply = Button(description="Apply", tooltip="Make the change that is chosen")
        self.redraw = Button(description="Draw anew", tooltip="Draw again what the changes leave open")
        self.apply.on_click(lambda _button: self.apply_chosen())
        self.redraw.on_click(lambda _button: self.draw_anew())
        super().__init__((self.choice, self.apply, self.redraw))
        self.add_class("unas-morph-choice")

    def show(self, space: SearchSpace, architecture: Architecture) -> None:
        """List what can be changed in a network of a space.

        Raises:
            SearchError: the space cannot say.
        """
        found = morphisms_of(space, architecture, np.random.default_rng(self._draws))
        self._found = _distinct(found)
        chosen = self.choice.value if self.choice.value in self._found else next(iter(self._found), None)
        self.choice.offer(((name, name) for name in self._found), chosen)
        self.apply.disabled = not self._found

    def apply_chosen(self) -> None:
        """Make the change that is chosen."""
        if self.choice.value in self._found:
            self._on_apply(self._found[self.choice.value])

    def draw_anew(self) -> None:
        """Draw again what the changes leave open."""
        self._draws += 1
        self._on_drawn()


def _distinct(found: tuple[tuple[str, Architecture], ...]) -> dict[str, Architecture]:
    """Each change under a name of its own: a second one of the same name is numbered."""
    named: dict[str, Architecture] = {}
    for label, architecture in found:
        count = 2
        name = label
        while name in named:
            name, count = f"{label} ({count})", count + 1
        named[name] = architecture
    return named
