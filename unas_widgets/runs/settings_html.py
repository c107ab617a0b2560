"""Settings as HTML."""

from __future__ import annotations

from collections.abc import Mapping

from unas_widgets.widgets.html import Html, tag


def settings_html(settings: Mapping[str, object]) -> Html:
    """Names and values in one row."""
    cells = (tag("td", f"{name}: ", tag("b", str(value))) for name, value in settings.items())
    return tag("table", tag("tbody", tag("tr", cells)))
