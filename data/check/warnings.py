"""What is doubtful about a data set, in a sentence each: it can be trained on, but a person should know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from data.check.duplicates import Duplicates, named
from data.dataset import Dataset

FEW = 10
"""Examples of a class in a part below which its error is hardly measured."""
DOMINATES = 0.5
"""Share of all examples above which a class dominates; with two or three classes, 1.6 times the even share."""
OTHER_SHARE, STANDARD_ERRORS = 0.1, 4.0
"""A class has another share in a part if it differs by that much, and by that many standard errors."""
Counts = NDArray[np.int64]


def few_examples(counts: Mapping[str, Counts], names: Sequence[str]) -> list[str]:
    """Parts in which classes have few examples."""
    found = []
    for title, of_part in counts.items():
        few = np.flatnonzero(of_part < FEW)
        if len(few):
            least = int(np.argmin(of_part))
            more = len(few) - 1
            others = f", {more} more {'class has' if more == 1 else 'classes have'} fewer than {FEW}" if more else ""
            examples = "example" if of_part[least] == 1 else "examples"
            found.append(
                f"class {names[least]!r} has {of_part[least]} {named(title)} {examples}{others}: too few to rely on"
            )
    return found


def dominating_class(counts: Mapping[str, Counts], names: Sequence[str]) -> list[str]:
    """A class that most examples belong to."""
    total = sum(counts.values(), np.zeros(len(names), np.int64))
    largest, share = int(np.argmax(total)), float(total.max() / total.sum())
    if share <= max(DOMINATES, 1.6 / len(names)):
        return []
    error = f"{100 * (1 - share):.2g} %"
    return [f"class {names[largest]!r} has {100 * share:.0f} % of all examples: an error of {error} is had blindly"]


def other_shares(counts: Mapping[str, Counts], names: Sequence[str]) -> list[str]:
    """Parts whose classes have very different shares than those of the training part."""
    train, found = counts["train"] / counts["train"].sum(), []
    for title in ("validation", "test"):
        size = counts[title].sum()
        gap = np.abs(counts[title] / size - train)
        error = np.sqrt(train * (1 - train) * (1 / size + 1 / counts["train"].sum()))
        gap[gap < np.maximum(OTHER_SHARE, STANDARD_ERRORS * error)] = 0
        if gap.any():
            worst = int(np.argmax(gap))
            found.append(
                f"class {names[worst]!r} is {100 * train[worst]:.0f} % of the training examples, but "
                f"{100 * counts[title][worst] / size:.0f} % of the {title} examples"
            )
    return found


def duplicate_words(duplicates: Duplicates, counts: Mapping[str, Counts], names: tuple[str, ...]) -> list[str]:
    """Duplicates that make errors look smaller than they are, or that contradict one another."""
    found = []
    for (one, other), number in duplicates.across.items():
        if number:
            share = 100 * number / counts[other].sum()
            found.append(f"{number:,} {other} examples ({share:.2g} %) are in the {named(one)} part too")
    if found and duplicates.first_across is not None:
        found[-1] += f" ({duplicates.first_across.words(names)}): errors look smaller than they are"
    if duplicates.first_contradicting is not None:
        pair = duplicates.first_contradicting.words(names)
        found.append(f"{duplicates.contradicting:,} examples are there with another label too ({pair})")
    return found


def constant_words(dataset: Dataset, constant: NDArray[np.bool_]) -> list[str]:
    """Channels, or most of an example, that have one value in all of the training part; colours that are none.

    Args:
        dataset: of the examples.
        constant: which values of an example are, of shape (height, width, channels).
    """
    found, channels = [], constant.shape[2]
    still = np.flatnonzero(constant.all(axis=(0, 1)))
    if len(still):
        listed = ", ".join(map(str, still[:FEW]))
        found.append(f"channel {listed} of {channels} (counted from 0) has one value in all training examples")
    elif 2 * constant.sum() > constant.size:
        found.append(
            f"{constant.sum():,} of {constant.size:,} values of an example are the same in all training examples"
        )
    if channels == 3 and not len(still) and _is_grey(dataset):
        found.append("the three channels of each training example are equal: one would do")
    return found


def _is_grey(dataset: Dataset) -> bool:
    x = dataset.train.x
    return bool((x[..., :1] == x).all())
