"""Two traits that are one, also where several threads set them."""

from __future__ import annotations

from typing import Any

import traitlets


def tie(*ends: tuple[traitlets.HasTraits, str]) -> None:
    """Keep these traits the same from now on; the first one says what they begin with.

    `traitlets.link` calls it an error when one end changes while the other is told of an earlier change. Where a
    thread moves a trait that a person may move as well, that is no error: the newer value counts.
    """
    (first, name), *others = ends
    for other, word in others:
        setattr(other, word, getattr(first, name))
        _forward(first, name, other, word)
        _forward(other, word, first, name)


def _forward(source: Any, name: str, target: Any, word: str) -> None:
    def pass_on(_change: Any) -> None:
        value = getattr(source, name)
        if getattr(target, word) != value:
            setattr(target, word, value)

    source.observe(pass_on, name)
