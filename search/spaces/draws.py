"""Random decisions for spaces: fast, and from the generator that is passed in alone."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TypeAlias, TypeVar

import numpy as np

Option = TypeVar("Option")
Part: TypeAlias = tuple[int, Iterator[Option]]
"""Options that belong together, with about how many they are; they are made only once they are asked for."""


class Draws:
    """Random decisions from one generator, many times faster than a call of it for each."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._uniform = _uniform(rng)

    def choice(self, options: Sequence[Option]) -> Option:
        """One of the options, all equally likely."""
        return options[int(next(self._uniform) * len(options))]

    def chance(self, share: float) -> bool:
        """True in that share of the calls."""
        return next(self._uniform) < share

    def log_uniform(self, bounds: range) -> int:
        """A number of the range, which starts above 0: 2 to 4 as likely as 20 to 40, ends included."""
        first, end = bounds[0], bounds[-1] + 1
        return min(bounds[-1], int(first * (end / first) ** next(self._uniform)))


def _uniform(rng: np.random.Generator) -> Iterator[float]:
    while True:
        yield from rng.random(128).tolist()


def any_of_any(parts: Iterable[Part[Option]], rng: np.random.Generator) -> Option:
    """One of the options of one of the parts, of which one at least has to have some; all about as likely."""
    left = list(parts)
    while True:
        ends = list(accumulate(about for about, _ in left))
        options = tuple(left.pop(bisect(ends, rng.random() * ends[-1]))[1])
        if options:
            return options[int(rng.random() * len(options))]
