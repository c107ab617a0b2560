"""Examples that are there twice: those whose values are equal byte by byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from data.dataset import Dataset, Split

DIGEST_BYTES = 16
Place = tuple[str, int]


def named(title: str) -> str:
    """A part as sentences call it."""
    return "training" if title == "train" else title


@dataclass(frozen=True, slots=True)
class Pair:
    """Two places of one example.

    Attributes:
        first, second: part and number, counted from 0.
        labels: the label of each.
    """

    first: Place
    second: Place
    labels: tuple[int, int]

    def words(self, class_names: tuple[str, ...]) -> str:
        """E.g. "test example 3 is training example 12, both 'cat'"."""
        (part, number), (other, earlier) = self.second, self.first
        mine, theirs = class_names[self.labels[1]], class_names[self.labels[0]]
        classes = f"both {mine!r}" if mine == theirs else f"as {mine!r} and as {theirs!r}"
        return f"{named(part)} example {number} is {named(other)} example {earlier}, {classes}"


@dataclass(frozen=True, slots=True)
class Duplicates:
    """How many examples are there more than once.

    Attributes:
        within: for each part, its examples that are equal to an earlier one of it.
        across: for two parts, the examples of the second one that are in the first one.
        contradicting: examples that are equal to an earlier one, in any part, but have another label.
        first_within, first_across, first_contradicting: the first of each kind; None where there is none.
    """

    within: Mapping[str, int]
    across: Mapping[tuple[str, str], int]
    contradicting: int = 0
    first_within: Pair | None = None
    first_across: Pair | None = None
    first_contradicting: Pair | None = None

    def to_json(self, class_names: tuple[str, ...]) -> dict[str, Any]:
        """The same as plain JSON values, with the pairs in words."""
        pairs = {"within": self.first_within, "across": self.first_across, "contradicting": self.first_contradicting}
        return {
            "within": dict(self.within),
            "across": {f"{a}, {b}": count for (a, b), count in self.across.items()},
            "contradicting": self.contradicting,
            "examples": {kind: pair.words(class_names) for kind, pair in pairs.items() if pair is not None},
        }


def find_duplicates(dataset: Dataset) -> Duplicates:
    """The duplicates of a data set; a second for 70,000 small images."""
    splits = dataset.splits()
    names = {title: list(_digests(split)) for title, split in splits.items()}
    firsts = {title: _firsts(digests) for title, digests in names.items()}
    within, across, pairs = {}, {}, []
    for title, digests in names.items():
        inside = [
            _pair(splits, (title, firsts[title][d]), (title, n)) for n, d in enumerate(digests) if firsts[title][d] != n
        ]
        within[title] = len(inside)
        pairs += inside
    for one, other in combinations(names, 2):
        shared = [
            _pair(splits, (one, firsts[one][d]), (other, n)) for n, d in enumerate(names[other]) if d in firsts[one]
        ]
        across[one, other] = len(shared)
        pairs += shared
    contradicting = [pair for pair in pairs if pair.labels[0] != pair.labels[1]]
    return Duplicates(
        within,
        across,
        contradicting=len({pair.second for pair in contradicting}),
        first_within=next((p for p in pairs if p.first[0] == p.second[0]), None),
        first_across=next((p for p in pairs if p.first[0] != p.second[0]), None),
        first_contradicting=next(iter(contradicting), None),
    )


def _digests(split: Split) -> Iterator[bytes]:
    for example in np.ascontiguousarray(split.x):
        yield hashlib.blake2b(example.data, digest_size=DIGEST_BYTES).digest()


def _firsts(digests: list[bytes]) -> dict[bytes, int]:
    """The first place of each example."""
    return {digest: number for number, digest in reversed(list(enumerate(digests)))}


def _pair(splits: Mapping[str, Split], first: Place, second: Place) -> Pair:
    labels = [int(splits[title].y[number]) for title, number in (first, second)]
    return Pair(first, second, (labels[0], labels[1]))
