"""What tells one data set from another that goes by the same name: its classes, its sizes and a hash of its arrays."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from data.dataset import Dataset

DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Equal for equal data, on every machine.

    Attributes:
        class_names: in the order of the labels.
        input_shape: (height, width, channels) of an example.
        dtype: of the examples, "float32" or "uint8".
        examples: of the train, validation and test split.
        digest: BLAKE2b, 16 bytes in hexadecimal, of examples and labels of the three splits in that order, each array
            little-endian and row by row; labels are int64.
    """

    class_names: tuple[str, ...]
    input_shape: tuple[int, int, int]
    dtype: str
    examples: tuple[int, ...]
    digest: str

    @property
    def task(self) -> tuple[tuple[int, int, int], int]:
        """Shape of an example and number of classes: what a network is built for."""
        return self.input_shape, len(self.class_names)

    def difference(self, other: Fingerprint) -> str | None:
        """How the other one differs from this one, as half a sentence; None where they are equal."""
        if other.class_names != self.class_names:
            return f"its classes were {_named(self.class_names)} and are {_named(other.class_names)}"
        if other.input_shape != self.input_shape:
            return f"an example was of shape {self.input_shape} and is of shape {other.input_shape}"
        if other.examples != self.examples:
            return f"its parts had {_counted(self.examples)} examples and have {_counted(other.examples)}"
        if other.dtype != self.dtype:
            return f"its values were {self.dtype} and are {other.dtype}"
        if other.digest != self.digest:
            return "classes and counts are the same, but values, labels or their order are not"
        return None


def fingerprint(dataset: Dataset) -> Fingerprint:
    """The fingerprint of a data set as it is trained on; 0.4 s of processor for 184 MB."""
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for split in dataset.splits().values():
        for array in (split.x, split.y):
            digest.update(np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<"), copy=False)).data)
    return Fingerprint(
        class_names=dataset.class_names,
        input_shape=dataset.input_shape,
        dtype=dataset.train.x.dtype.name,
        examples=tuple(len(split) for split in dataset.splits().values()),
        digest=digest.hexdigest(),
    )


def _named(names: tuple[str, ...]) -> str:
    return ", ".join(map(repr, names[:5])) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _counted(examples: tuple[int, ...]) -> str:
    return " + ".join(f"{count:,}" for count in examples)
