"""Errors of the widgets package.

WidgetError
"""

from __future__ import annotations


class WidgetError(Exception):
    """A panel was asked for something that it does not have or cannot do now; the message is for people."""
