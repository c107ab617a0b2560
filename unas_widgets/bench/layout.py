"""Where the panels of the Workbench stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import ipywidgets

from unas_widgets.widgets.panel import Panel


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The parts of the page, from the top down."""

    head: tuple[Any, ...]
    left: tuple[Any, ...]
    middle: tuple[Any, ...]
    right: Any
    table: Any
    actions: tuple[Any, ...]
    foot: tuple[Any, ...]
    news: Any


def arranged(parts: Arrangement) -> tuple[Any, ...]:
    """The children of the Workbench; the look of each box is its class."""
    zones = _box("unas-zones", (ipywidgets.VBox(parts.left), ipywidgets.VBox(parts.middle), parts.right))
    actions = _box("unas-actions", parts.actions)
    foot = _column("unas-foot", (parts.table, actions, *parts.foot))
    frame = _column("unas-frame", (*parts.head, zones, foot))
    parts.news.add_class("unas-live")
    for part in (*parts.head, *parts.middle, parts.right, parts.table, *parts.foot):
        if isinstance(part, Panel):
            part.remove_class("unas")  # the Workbench is the frame of reference for what is narrow
    return (frame, parts.news)


def _box(name: str, children: Iterable[Any]) -> Any:
    return _named(ipywidgets.Box(tuple(children)), name)


def _column(name: str, children: Iterable[Any]) -> Any:
    return _named(ipywidgets.VBox(tuple(children)), name)


def _named(box: Any, name: str) -> Any:
    box.add_class(name)
    return box
