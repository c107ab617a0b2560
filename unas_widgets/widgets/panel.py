"""What every panel has: the look, and a face that stays when there is no kernel."""

from __future__ import annotations

import base64
from typing import Any

import ipywidgets

from unas_widgets.widgets.look import look
from unas_widgets.widgets.still_output import StillOutput

_LIVE = (
    ".jp-OutputArea-child:has(> .lm-Panel.jp-OutputArea-output:not(.jupyter-widgets))"
    ":not(:has(.unas-without-kernel:not([hidden])))"
)
"""An output that is a widget, or will be as soon as it is loaded; one that cannot be loaded has a class more."""
_STATIC_STYLE = (
    f"<style>{_LIVE} + .jp-OutputArea-child:has(.unas-static),[data-voila] .unas-static{{display:none}}"
    ".unas-static table{border-collapse:collapse;font-size:13px}"
    ".unas-static td,.unas-static th{padding:2px 10px;text-align:right}.unas-static h3{margin:8px 0 4px}"
    ".unas-static img{max-width:100%}.unas-static button{all:unset}</style>"
)


class Panel(ipywidgets.VBox):
    """A box of widgets that displays itself, with a static HTML version for viewers without a kernel."""

    def __init__(self, children: tuple[Any, ...] = (), **options: Any) -> None:
        self._still = StillOutput(self)
        super().__init__(children=(*children, look()), **options)
        self.add_class("unas")

    def close(self) -> None:
        """Also end the thread that keeps it up to date, where it follows a run."""
        unfollow = getattr(self, "_unfollow", None)
        if unfollow is not None:
            unfollow()
        self._still.close()
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
        """What viewers without widgets get, by MIME type."""
        bundle = {
            "text/plain": self.static_text(),
            "text/html": f'{_STATIC_STYLE}<div class="unas-static">{self.static_html()}</div>',
        }
        png = self.static_png()
        if png is not None:
            bundle["image/png"] = base64.b64encode(png).decode("ascii")
        return bundle

    def _ipython_display_(self) -> None:
        if self.comm is None:
            raise NotImplementedError  # IPython's word for: closed, so show its name alone
        self._still.show()

    def live_bundle(self) -> dict[str, Any]:
        """What front ends with widgets get, by MIME type."""
        bundle: dict[str, Any] = super()._repr_mimebundle_()
        return bundle | {"text/plain": self.static_text()}

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        return self.live_bundle() | self.still_bundle()
