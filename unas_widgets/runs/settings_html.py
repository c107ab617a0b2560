"""Settings as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape


def settings_html(settings: Mapping[str, object]) -> str:
    """Names and values in one row."""
    cells = "".join(f"<td>{escape(name)}: <b>{escape(str(value))}</b></td>" for name, value in settings.items())
    return f"<table><tbody><tr>{cells}</tr></tbody></table>"
