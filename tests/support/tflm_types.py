"""The element types in which each operator is tried: those of the table of what TFLM takes, and those that it lacks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from tests.support.tflm_probes import PLAIN, Probe

Types = tuple[str, ...]
_MOST = 40


def combinations(probe: Probe, line: dict[str, Any]) -> Iterator[tuple[Types, Types]]:
    """Element types of the inputs and outputs: each pattern of the operator's line, with any plain type as its T."""
    found: dict[tuple[Types, Types], None] = {}
    for pattern in line["types"]:
        reads, _, writes = pattern.partition(">")
        for kind in PLAIN if re.search(r"\bT\b", pattern) else ("",):
            sides = _side(reads, kind, len(probe.inputs)), _side(writes, kind, len(probe.outputs))
            if None not in sides:
                every = itertools.product(*map(_choices, sides))
                found.update(dict.fromkeys(itertools.islice(every, _MOST)))
    yield from found


def _side(text: str, kind: str, count: int) -> list[Sequence[str]] | None:
    """The types that each of `count` tensors may have; None where the pattern is for another number of them."""
    slots: list[Sequence[str]] = []
    for token in text.split():
        names, times = re.fullmatch(r"([A-Za-z0-9|]+?)(\?|\+|\*\d*|)", token).groups()  # type: ignore[union-attr]
        types = (kind,) if names == "T" else PLAIN if names == "any" else names.split("|")
        repeats = max(count - len(slots), 0) if times in ("*", "+") else int(times[1:]) if times[:1] == "*" else 1
        slots += [types] * repeats
    return slots[:count] if len(slots) >= count else None


def _choices(slots: list[Sequence[str]]) -> list[Types]:
    return list(itertools.islice(itertools.product(*slots), _MOST))
