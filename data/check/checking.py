"""The check of a data set: what a person should see of it before anything is trained on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.check import warnings
from data.check.duplicates import Duplicates, find_duplicates
from data.dataset import Dataset, Split

_BLOCK = 4096  # examples whose extremes are looked for at a time


@dataclass(frozen=True, slots=True)
class DataCheck:
    """What a data set holds, in plain values; the words in it may hold any character, and are not HTML.

    Attributes:
        name, description, source: of the data set.
        input_shape: (height, width, channels) of an example.
        class_names: what each label means.
        counts: examples of each class, in the order of `class_names`, for each part.
        element: type of the values: "float32", or "uint8", where v stands for v / 255.
        low, high: the least and the largest value over all parts, as they are trained on.
        constant_values: of the values of an example, those that are the same in all training examples.
        duplicates: examples that are there more than once.
        notes: what was left out or changed on the way from the files, and why.
        warnings: what is doubtful, a sentence each.
    """

    name: str
    description: str
    source: str
    input_shape: tuple[int, int, int]
    class_names: tuple[str, ...]
    counts: Mapping[str, tuple[int, ...]]
    element: str
    low: float
    high: float
    constant_values: int
    duplicates: Duplicates
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def sizes(self) -> dict[str, int]:
        """Examples of each part."""
        return {title: sum(counts) for title, counts in self.counts.items()}

    @property
    def chance_error(self) -> float:
        """The error (0 to 1) of guessing, each class as often as any other."""
        return 1 - 1 / len(self.class_names)

    @property
    def largest_class(self) -> str:
        """The class with most training examples; the first of them."""
        return self.class_names[self._largest]

    @property
    def largest_share(self) -> float:
        """Its share (0 to 1) of the training part."""
        return self.counts["train"][self._largest] / self.sizes["train"]

    @property
    def majority_error(self) -> float:
        """The error (0 to 1) on the test part of saying always the largest class."""
        return 1 - self.counts["test"][self._largest] / self.sizes["test"]

    @property
    def _largest(self) -> int:
        counts = self.counts["train"]
        return counts.index(max(counts))

    def to_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        titles = list(self.counts)
        rows = zip(self.class_names, *self.counts.values(), strict=True)
        return {
            "name": self.name,
            "description": self.description,
            "source": self.source,
            "input_shape": list(self.input_shape),
            "num_classes": len(self.class_names),
            "sizes": self.sizes,
            "classes": [{"class": name, **dict(zip(titles, counts, strict=True))} for name, *counts in rows],
            "element": self.element,
            "range": [self.low, self.high],
            "constant_values": self.constant_values,
            "chance_error": self.chance_error,
            "largest_class": self.largest_class,
            "largest_share": self.largest_share,
            "majority_error": self.majority_error,
            "duplicates": self.duplicates.to_json(self.class_names),
            "notes": list(self.notes),
            "warnings": list(self.warnings),
        }


def check_data(dataset: Dataset) -> DataCheck:
    """Look at all examples of a data set; a few seconds for 60,000 colour images of 32×32."""
    names, splits = dataset.class_names, dataset.splits()
    counts = {title: np.array(split.class_counts(len(names)), np.int64) for title, split in splits.items()}
    extremes = {title: _extremes(split) for title, split in splits.items()}
    constant = extremes["train"][0] == extremes["train"][1]
    scale = 255.0 if dataset.train.x.dtype == np.uint8 else 1.0
    duplicates = find_duplicates(dataset)
    return DataCheck(
        name=dataset.name,
        description=dataset.description,
        source=dataset.source,
        input_shape=dataset.input_shape,
        class_names=names,
        counts={title: tuple(of_part.tolist()) for title, of_part in counts.items()},
        element=str(dataset.train.x.dtype),
        low=min(float(low.min()) for low, _ in extremes.values()) / scale,
        high=max(float(high.max()) for _, high in extremes.values()) / scale,
        constant_values=int(constant.sum()),
        duplicates=duplicates,
        notes=dataset.notes,
        warnings=(
            *warnings.few_examples(counts, names),
            *warnings.dominating_class(counts, names),
            *warnings.other_shares(counts, names),
            *warnings.duplicate_words(duplicates, counts, names),
            *warnings.constant_words(dataset, constant),
        ),
    )


def _extremes(split: Split) -> tuple[NDArray[Any], NDArray[Any]]:
    """The least and the largest of each value of an example, over a part; in blocks, so that no copy is made."""
    low, high = split.x[0].copy(), split.x[0].copy()
    for first in range(0, len(split), _BLOCK):
        block = split.x[first : first + _BLOCK]
        np.minimum(low, block.min(axis=0), out=low)
        np.maximum(high, block.max(axis=0), out=high)
    return low, high
