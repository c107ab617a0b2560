"""What the process of a Gaussian process is asked to do, by dotted path: get ready, propose."""

from __future__ import annotations

import functools
import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search.algorithms.bayesian.dragonfly_compat import load
from search.algorithms.bayesian.proposer import Proposer, Setup

KEPT = 8
"""Searches of which one process remembers what it was told; in a run there is one."""


def prepare() -> None:
    """Load the libraries, which takes seconds."""
    load()


def propose(
    search: str, setup: Setup | None, start: int, events: Sequence[Mapping[str, Any]], trial_id: int
) -> dict[str, Any]:
    """The next network of a search.

    Args:
        search: its name.
        setup: with the first of its events.
        start: how many events came before `events`.
        events: what it learned since; see `Proposer.learn`.
        trial_id: number of the proposal.

    Returns:
        `architecture` as JSON and `parent`; nothing where events are missing, since this process is a new one: then
        they are all sent again.
    """
    memory = _memory(search)
    if setup is not None:
        memory.proposer, memory.known = Proposer(setup), 0
        gc.freeze()  # what the libraries hold stays anyway, and looking through it takes a tenth of the time
    if memory.proposer is None or memory.known < start:
        return {}
    for event in events[memory.known - start :]:
        memory.proposer.learn(event)
        memory.known += 1
    return memory.proposer.propose(trial_id)


@dataclass(slots=True)
class _Memory:
    proposer: Proposer | None = None
    known: int = 0


@functools.lru_cache(maxsize=KEPT)
def _memory(search: str) -> _Memory:  # noqa: ARG001 - it is the key
    return _Memory()
