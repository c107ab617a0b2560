"""What every panel has: the look, and a face that stays when there is no kernel."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import ipywidgets

from unas_widgets.live.follow import Runlike, follow
from unas_widgets.live.unexpected_errors import Failure, FailureNotice
from unas_widgets.widgets.html import NOTHING, Html, html_of, joined, tag
from unas_widgets.widgets.look import look
from unas_widgets.widgets.markup import Markup
from unas_widgets.widgets.static_output import StillOutput

VIEW, ACTION = "view", "action"
"""Parts of a panel that may fail: its drawing, and what was asked for last."""

# The live output is a widget, or will be as soon as it is loaded; one that cannot be loaded has a class more.
_STATIC_STYLE = Html(
    "<style>.jp-OutputArea-child:has(> .lm-Panel.jp-OutputArea-output:not(.jupyter-widgets))"
    ":not(:has(.unas-without-kernel:not([hidden])))"
    " + .jp-OutputArea-child:has(.unas-static),[data-voila] .unas-static{display:none}"
    ".unas-static table{border-collapse:collapse;font-size:13px}"
    ".unas-static td,.unas-static th{padding:2px 10px;text-align:right}.unas-static h3{margin:8px 0 4px}"
    ".unas-static img{max-width:100%}.unas-static button{all:unset}</style>"
)


class Panel(ipywidgets.VBox):
    """A box of widgets that displays itself, with a static HTML version for viewers without a kernel."""

    _unfollow: Callable[[], None] | None = None
    _alert: Markup | None = None

    def __init__(self, children: tuple[Any, ...] = (), **options: Any) -> None:
        self._failures = FailureNotice(self._show_failures, log=self._log_failure)
        self._still = StillOutput(self, report=self.report_failure)
        super().__init__(children=(*children, look()), **options)
        self.add_class("unas")

    def close(self) -> None:
        """Also end the thread that keeps it up to date, where it follows a run."""
        self._end_following()
        self._still.close()
        super().close()

    def report_failure(self, error: BaseException, part: str = VIEW) -> None:
        """Say above the panel that a part of it failed, and write the traceback to the program's log.

        Args:
            error: what nobody expected; what is expected is said in the panel's own words.
            part: what failed; said until it works again.
        """
        self._failures.report(error, part)

    def send_failures(self, log: Callable[[Failure], None]) -> None:
        """Have each failure of this panel go to `log` too, e.g. to that of the panel around it."""
        self._failures = FailureNotice(self._show_failures, log=log)

    def _follow(self, run: Runlike, refresh: Callable[[], None]) -> None:
        """Refresh now and whenever the run has news, until it is closed or follows another run."""

        def refresh_and_settle() -> None:
            refresh()
            self._failures.settle(VIEW)

        self._end_following()
        self._unfollow = follow(run, refresh_and_settle, report=self.report_failure)

    def _end_following(self) -> None:
        unfollow, self._unfollow = self._unfollow, None
        if unfollow is not None:
            unfollow()

    def _show_failures(self, sentences: str) -> None:
        if self._alert is None:  # most panels never need one
            self._alert = Markup(attributes={"role": "alert"})
            below: tuple[Any, ...] = self.children  # type: ignore[has-type]
            self.children = (self._alert, *below)
        self._alert.html = tag("div", sentences, class_="unas-bad") if sentences else NOTHING

    def _log_failure(self, failure: Failure) -> None:
        """For panels that keep a log which people see."""

    def static_html(self) -> Html:
        """The panel's content as HTML without scripts."""
        return NOTHING

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
            "text/html": str(joined(_STATIC_STYLE, tag("div", html_of(self.static_html()), class_="unas-static"))),
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
