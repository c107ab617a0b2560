"""What tells one set of data from another: names, counts, shape, and a hash of the arrays as they are trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.dataset import Dataset, Split

NAMED = 5  # classes in one sentence
HASH_LENGTH = 32  # of the hexadecimal digits of SHA-256, which processors compute faster than any other


@dataclass(frozen=True, slots=True)
class PartPrint:
    """One part of the data.

    Attributes:
        count: examples.
        values, labels: hashes of both arrays, in hexadecimal.
    """

    count: int
    values: str
    labels: str


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells one set of data from another.

    A hash is the first half of SHA-256 over the element type and shape, as "<f4 (60, 8, 8, 1)" in ASCII, and the elements
    in C order, little-endian: the same on every machine for the same arrays. Values that are computed from a file, such as
    spectrograms, may differ in their last bits between processors, and then so do their hashes.

    Attributes:
        classes: names of the classes, in the order of their labels.
        shape: (height, width, channels) of an example.
        train, validation, test: the parts.
    """

    classes: tuple[str, ...]
    shape: tuple[int, int, int]
    train: PartPrint
    validation: PartPrint
    test: PartPrint

    def difference(self, now: Fingerprint) -> str:
        """In half a sentence how the data are `now`, where they were this; empty where nothing differs."""
        return (
            self._other_classes(now)
            or _other_shape(self.shape, now.shape)
            or self._other_counts(now)
            or self._other_arrays(now)
        )

    def same_task(self, other: Fingerprint) -> bool:
        """Whether a network of one can be trained on the other: examples of one shape, and as many classes."""
        return self.shape == other.shape and len(self.classes) == len(other.classes)

    def _other_classes(self, now: Fingerprint) -> str:
        if self.classes == now.classes:
            return ""
        if sorted(self.classes) == sorted(now.classes):
            return f"the classes are in another order, {_listed(now.classes)}, not {_listed(self.classes)}"
        lost = [name for name in self.classes if name not in now.classes]
        new = [name for name in now.classes if name not in self.classes]
        parts = [f"{_listed(new)} {_are(new)} new"] if new else []
        parts += [f"{_listed(lost)} {_are(lost)} gone"] if lost else []
        return f"there are {len(now.classes)} classes, not {len(self.classes)}: {', '.join(parts)}"

    def _other_counts(self, now: Fingerprint) -> str:
        pairs = [(title, before.count, part.count) for title, before, part in self._parts(now)]
        words = [f"{part:,} {title} examples, not {before:,}" for title, before, part in pairs if before != part]
        return f"there are {' and '.join(words)}" if words else ""

    def _other_arrays(self, now: Fingerprint) -> str:
        parts = [(title, before, part) for title, before, part in self._parts(now) if before != part]
        values = [title for title, before, part in parts if before.values != part.values]
        labels = [title for title, before, part in parts if before.labels != part.labels]
        words = [f"values of the {' and '.join(values)} examples"] if values else []
        words += [f"labels of the {' and '.join(labels)} examples"] if labels else []
        return f"the {' and the '.join(words)} are others" if words else ""

    def _parts(self, now: Fingerprint) -> list[tuple[str, PartPrint, PartPrint]]:
        return [
            ("training", self.train, now.train),
            ("validation", self.validation, now.validation),
            ("test", self.test, now.test),
        ]


def fingerprint(dataset: Dataset) -> Fingerprint:
    """The fingerprint of a data set; a fifth of a second for 60,000 colour images of 32×32 bytes."""
    return Fingerprint(
        classes=dataset.class_names,
        shape=dataset.input_shape,
        **{title: _of_part(split) for title, split in dataset.splits().items()},
    )


def _of_part(split: Split) -> PartPrint:
    return PartPrint(len(split), _hash(split.x), _hash(split.y))


def _hash(array: NDArray[Any]) -> str:
    plain = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    digest = hashlib.sha256(f"{plain.dtype.str} {plain.shape}".encode("ascii"))
    digest.update(plain.data)
    return digest.hexdigest()[:HASH_LENGTH]


def _other_shape(before: tuple[int, int, int], now: tuple[int, int, int]) -> str:
    words = ["×".join(map(str, shape)) for shape in (now, before)]
    return f"an example has the shape {words[0]}, not {words[1]}" if before != now else ""


def _listed(names: Sequence[str]) -> str:
    named = ", ".join(map(repr, names[:NAMED]))
    return named if len(names) <= NAMED else f"{named} and {len(names) - NAMED} more"


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
