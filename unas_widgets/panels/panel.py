"""What every panel has: the look, and a face that stays when there is no kernel."""

from __future__ import annotations

import base64
from typing import Any

import ipywidgets

from unas_widgets.panels.static_output import StaticOutput

_STATIC_STYLE = (
    "<style>[data-voila] .unas-static{display:none}.unas-static table{border-collapse:collapse;font-size:13px}"
    ".unas-static td,.unas-static th{padding:2px 10px;text-align:right}.unas-static h3{margin:8px 0 4px}"
    ".unas-static img{max-width:100%}.unas-static button{all:unset}</style>"
)
_ACTIVE = ("starting", "running", "pausing", "paused", "finishing", "finalising")


class Panel(ipywidgets.VBox):
    """A box of widgets that displays itself, with a static HTML version for viewers without a kernel."""

    def __init__(self, children: tuple[Any, ...] = (), **options: Any) -> None:
        super().__init__(children=children, **options)
        self.add_class("unas")

    def close(self) -> None:
        """Also end the thread that keeps it up to date, where it follows a run."""
        unfollow, still = getattr(self, "_unfollow", None), getattr(self, "_still", None)
        if unfollow is not None:
            unfollow()
        if still is not None:
            still.close()
        super().close()

    def static_html(self) -> str:
        """The panel's content as HTML without scripts."""
        return ""

    def static_png(self) -> bytes | None:
        """The panel's picture as a PNG; None where it has none."""
        return None

    def static_text(self) -> str:
        """The panel's content in a few lines of text."""
        return type(self).__name__

    def still_bundle(self) -> dict[str, Any]:
        """What viewers without a kernel get, by MIME type."""
        bundle = {"text/html": f'{_STATIC_STYLE}<div class="unas-static">{self.static_html()}</div>'}
        png = self.static_png()
        if png is not None:
            bundle["image/png"] = base64.b64encode(png).decode("ascii")
        return bundle

    def still_active(self) -> bool:
        """Whether it changes by itself, so that the still face has to follow."""
        return getattr(self, "state", "") in _ACTIVE

    def _ipython_display_(self) -> None:
        still = getattr(self, "_still", None)
        if still is None:
            still = self._still = StaticOutput(self)
        still.show()

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        bundle["text/plain"] = self.static_text()
        return bundle | self.still_bundle()
