"""How far something is that takes long, such as decoding or a download, told to whoever wants to know.

Who waits for a data set says so with `telling`; whoever reads, decodes or downloads calls `tell` or loops over
`counted`, which cost next to nothing where nobody listens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Phase:
    """What is done, and how far it is.

    Attributes:
        words: what is done, e.g. "decoding images".
        done: how much of it; None where that is not known.
        total: how much there is; None where that is not known.
        unit: of both, e.g. "MB"; empty for things that are counted.
    """

    words: str
    done: int | None = None
    total: int | None = None
    unit: str = ""

    def __str__(self) -> str:
        """In words, e.g. "decoding images: 12,000 of 60,000"."""
        if self.done is None:
            return self.words
        of = "" if self.total is None else f" of {self.total:,}"
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.words}: {self.done:,}{of}{unit}"

    @property
    def share(self) -> float:
        """Share that is done, from 0 to 1; 1 where it is not known."""
        return 1.0 if self.done is None or not self.total else self.done / self.total


Listener = Callable[[Phase], None]
_listener: ContextVar[Listener | None] = ContextVar("unas_phase_listener", default=None)


@contextmanager
def telling(listener: Listener) -> Iterator[None]:
    """Have `listener` called with each phase that this thread tells within the block.

    It is called often, once for each image, so it should mostly return at once.
    """
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(phase: Phase) -> None:
    """Say how far it is."""
    listener = _listener.get()
    if listener is not None:
        listener(phase)


def counted(items: Iterable[Item], words: str, total: int | None) -> Iterator[Item]:
    """The items, each told of once whoever loops over them is done with it."""
    listener = _listener.get()
    if listener is None:
        yield from items
        return
    listener(Phase(words, 0, total))
    for done, item in enumerate(items, start=1):
        yield item
        listener(Phase(words, done, total))
