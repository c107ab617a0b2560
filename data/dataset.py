"""A classification data set in memory: three labelled splits of equally shaped examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from data.errors import DataError

Scalar = TypeVar("Scalar", bound=np.generic)
Labels = NDArray[np.int64]
Examples = NDArray[np.float32] | NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Examples `x` of shape (n, height, width, channels) with labels `y` of shape (n,), counted from 0.

    `x` is float32, or uint8 where that saves three quarters of the memory; a uint8 value v then stands
    for v / 255. Use `as_float` to have one kind. Both arrays are read-only.
    """

    x: Examples
    y: Labels

    def __post_init__(self) -> None:
        if self.x.dtype not in (np.float32, np.uint8) or self.x.ndim != 4:
            raise DataError(
                f"examples must be float32 or uint8 of shape (n, height, width, channels), "
                f"not {self.x.dtype} of shape {self.x.shape}"
            )
        if self.y.dtype != np.int64 or self.y.shape != self.x.shape[:1]:
            raise DataError(
                f"labels must be int64 of shape ({self.x.shape[0]},), one per example, "
                f"not {self.y.dtype} of shape {self.y.shape}"
            )
        object.__setattr__(self, "x", _read_only(self.x))
        object.__setattr__(self, "y", _read_only(self.y))

    def __len__(self) -> int:
        """Number of examples."""
        return int(self.x.shape[0])

    def as_float(self) -> NDArray[np.float32]:
        """The examples as float32; bytes are scaled to [0, 1]. No copy where they are float32 already."""
        if self.x.dtype == np.float32:
            return self.x.view(np.float32)
        return np.divide(self.x, 255.0, dtype=np.float32)

    def class_counts(self, num_classes: int) -> tuple[int, ...]:
        """Number of examples of each class."""
        return tuple(np.bincount(self.y, minlength=num_classes).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A named classification task.

    The test split is for `finalise` only: nothing that chooses between networks may look at it.

    Attributes:
        name: the name that `data.load` knows it by.
        input_shape: (height, width, channels) of one example.
        num_classes: number of classes, at least 2.
        class_names: what each label means.
        value_range: (low, high) that the values of `Split.as_float` stay within.
        notes: what was left out or changed on the way from the files, and why, one sentence each.
        description: one sentence for people.
        source: where the data comes from, with its licence.
    """

    name: str
    input_shape: tuple[int, int, int]
    num_classes: int
    class_names: tuple[str, ...]
    train: Split
    validation: Split
    test: Split
    description: str
    source: str
    value_range: tuple[float, float] = (0.0, 1.0)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.num_classes < 2:
            raise DataError(f"{self.name} has one class only; a classifier needs at least two")
        if len(self.class_names) != self.num_classes:
            raise DataError(f"{self.name} has {self.num_classes} classes but {len(self.class_names)} names for them")
        for title, split in self.splits().items():
            self._check_split(title, split)

    def splits(self) -> dict[str, Split]:
        """The three splits by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    def _check_split(self, title: str, split: Split) -> None:
        if len(split) == 0:
            raise DataError(f"the {title} split of {self.name} is empty")
        if split.x.shape[1:] != self.input_shape:
            raise DataError(
                f"the {title} split of {self.name} has examples of shape {split.x.shape[1:]}, "
                f"but the data set declares {self.input_shape}"
            )
        if split.y.min() < 0 or split.y.max() >= self.num_classes:
            raise DataError(
                f"the {title} split of {self.name} has labels from {split.y.min()} to {split.y.max()}, "
                f"outside 0 to {self.num_classes - 1}"
            )
        if split.x.dtype == np.float32 and not np.isfinite(split.x).all():
            raise DataError(f"the {title} split of {self.name} holds values that are not finite numbers")


def _read_only(array: NDArray[Scalar]) -> NDArray[Scalar]:
    view = array.view()
    view.flags.writeable = False
    return view
