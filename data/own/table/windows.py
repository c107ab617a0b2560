"""Windows of rows, and their division into training, validation and test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from data.dataset import Labels
from data.errors import DataError
from data.every_class import split_every_class
from data.request import TEST_SHARE, VALIDATION_SHARE, Request

DRAWS = 5000
PARTS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Windows of shape (n, rows, 1, columns) with their labels and the group that each comes from."""

    x: NDArray[np.float64]
    y: Labels
    groups: NDArray[np.int64]


def borders_of_runs(*columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each run of rows begins that are equal in all columns, and where the last one ends."""
    change = np.zeros(len(columns[0]) - 1, np.bool_)
    for column in columns:
        change |= column[1:] != column[:-1]
    return np.concatenate([[0], np.flatnonzero(change) + 1, [len(columns[0])]]).astype(np.int64)


def cut_windows(
    values: NDArray[np.float64], labels: Labels, groups: NDArray[np.int64], borders: NDArray[np.int64], length: int
) -> Windows:
    """Windows of `length` rows that follow one another, within each run of rows."""
    starts = [start for first, end in pairwise(borders) for start in range(first, end - length + 1, length)]
    rows = np.array(starts, np.int64)[:, None] + np.arange(length)
    return Windows(values[rows][:, :, None, :], labels[rows[:, 0]], groups[rows[:, 0]])


def check_long_enough(
    labels: Labels, borders: NDArray[np.int64], names: Sequence[str], length: int, place: str
) -> None:
    """Check that each class has a window to train, one to validate and one to test.

    Raises:
        DataError: names the first class that has not, its longest run, and the longest window that it would give.
    """
    lengths, classes = np.diff(borders), labels[borders[:-1]]
    windows = np.bincount(classes, lengths // length, minlength=len(names)).astype(np.int64)
    lacking = np.flatnonzero(windows < PARTS)
    if not len(lacking):
        return
    runs = [lengths[classes == label] for label in lacking]
    first = int(np.argmin(windows[lacking]))
    others = f" ({len(lacking) - 1} more have too few, too)" if len(lacking) > 1 else ""
    raise DataError(
        f"class {names[lacking[first]]!r} of {place} gives {windows[lacking[first]]} windows of {length} rows, and "
        f"{PARTS} are needed, to train, validate and test; its longest run has {runs[first].max()} rows{others}; "
        + _way_out(runs)
    )


def _way_out(runs: Sequence[NDArray[np.int64]]) -> str:
    """The longest window of which each of these classes has enough."""
    longest = min(int(run.max()) for run in runs)
    fitting = [size for size in range(1, longest + 1) if all((run // size).sum() >= PARTS for run in runs)]
    return f"choose ?window={fitting[-1]} or less" if fitting else "record more of it, or leave it out"


def divide(name: str, windows: Windows, class_count: int, request: Request) -> dict[str, NDArray[np.int64]]:
    """A fifth of the windows each tests and validates, seeded and stratified; of each class one at least.

    Raises:
        DatasetSizeError: if more is asked for than there is.
    """
    count = len(windows.y)
    test = max(class_count, round(TEST_SHARE * count))
    train, validation = request.sizes(name, count - test, max(1, round(VALIDATION_SHARE * count)))
    if request.validation_size is None and validation < class_count:
        train = train if request.train_size is not None else train + validation - class_count
        validation = class_count
    parts = split_every_class(windows.y, (test, validation, train), seed=request.seed)
    return dict(zip(("test", "validation", "train"), parts, strict=True))


def divide_by_group(
    windows: Windows, names: Sequence[str], request: Request, place: str
) -> dict[str, NDArray[np.int64]]:
    """A fifth of the groups each test and validate, at least one; sizes draw from within their groups.

    The groups are drawn by the seed; where a class would lack in a part, again, until none does.

    Raises:
        DataError: if there are too few groups, or too few that hold some class.
    """
    groups, places = np.unique(windows.groups, return_inverse=True)
    if len(groups) < PARTS:
        raise DataError(f"there are only {len(groups)} groups, too few to train, validate and test on different ones")
    has = np.zeros((len(groups), len(names)), np.bool_)
    has[places, windows.y] = True
    rare = int(np.argmin(has.sum(axis=0)))
    if has[:, rare].sum() < PARTS:
        raise DataError(
            f"class {names[rare]!r} of {place} is in {has[:, rare].sum()} groups only; {PARTS} are needed, to train, "
            "validate and test on different ones; record more, or divide without ?group"
        )
    members = _draw_groups(groups, has, request.seed)
    if members is None:
        raise DataError(f"the groups of {place} cannot be divided so that each class is in each part")
    parts = {title: np.flatnonzero(np.isin(windows.groups, part)) for title, part in members.items()}
    for title, size in (("train", request.train_size), ("validation", request.validation_size)):
        if size is not None:
            (drawn,) = split_every_class(windows.y[parts[title]], (size,), seed=request.seed)
            parts[title] = parts[title][drawn]
    return parts


def _draw_groups(groups: NDArray[np.int64], has: NDArray[np.bool_], seed: int) -> dict[str, NDArray[np.int64]] | None:
    """Groups of each part such that each class is in each; `has` says which group has which class."""
    fifth = max(1, round(TEST_SHARE * len(groups)))
    parts = {"test": slice(0, fifth), "validation": slice(fifth, 2 * fifth), "train": slice(2 * fifth, None)}
    rng = np.random.default_rng(seed)
    for _ in range(DRAWS):
        order = rng.permutation(len(groups))
        if all(has[order[part]].any(axis=0).all() for part in parts.values()):
            return {title: groups[order[part]] for title, part in parts.items()}
    return None
