"""A part that is closed until it is opened, by mouse, by keyboard, or by its trait."""

from __future__ import annotations

from typing import Any

import traitlets

from unas_widgets.widgets.html import HtmlTrait
from unas_widgets.widgets.in_turn import Live
from unas_widgets.widgets.markup import ASSETS


class Disclosure(Live):
    """A title that opens what is below it.

    Traits:
        title, remark: what is always seen; the remark is quieter.
        html: what is seen once it is open, as `Html`.
        text: what the button Copy puts on the clipboard; without it there is no such button.
        opened: whether it is open.
    """

    _esm = ASSETS / "disclosure.js"

    title = traitlets.Unicode("").tag(sync=True)
    remark = traitlets.Unicode("").tag(sync=True)
    html = HtmlTrait().tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)
    opened = traitlets.Bool(False).tag(sync=True)

    def __init__(self, title: str, **traits: Any) -> None:
        super().__init__(title=title, **traits)
