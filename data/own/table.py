"""The user's own time series, `table:PATH`: windows of rows of a CSV or Parquet file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data.arrays import as_classes, value_range
from data.dataset import Dataset, Labels, Split
from data.errors import DataError
from data.request import TEST_SHARE, VALIDATION_SHARE, Request
from data.splits import stratified_split

if TYPE_CHECKING:  # importing pandas takes as long as all the rest together
    import pandas as pd

LABEL_NAMES = ("label", "class", "target", "activity")
TIME_NAMES = ("time", "timestamp", "index")
DEFAULT_WINDOW = "64"


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Windows of shape (n, rows, 1, columns) with their labels and the group that each comes from."""

    x: NDArray[np.float32]
    y: Labels
    groups: NDArray[np.generic]


def load(path: Path, request: Request) -> Dataset:
    """A data set of windows of `?window=64` rows, of shape (window, 1, columns), from a table in order of time.

    `?label=NAME` names the column of the classes (by default the one called label, class, target or activity),
    `?columns=ax,ay,az` the values (by default all other columns but time, timestamp, index), `?group=NAME` a
    column, say of persons, whose values are never spread over two splits. A window lies within rows of one class
    and group; windows never overlap. Without groups a seeded stratified fifth of the windows each tests and
    validates. Values are scaled so that each column's training range becomes [0, 1].

    Raises:
        DataError: if the file cannot be read, columns are missing or hold no numbers, or there are too few windows.
    """
    name = f"table:{path}"
    request.only_options(name, "label", "columns", "group", "window")
    frame = _read(path)
    label = _label_column(frame, request, path)
    group = request.options.get("group")
    columns = _value_columns(frame, request, [label, *([group] if group else [])], path)
    classes, names = as_classes(_complete(frame, label, path), path)
    groups = _complete(frame, group, path) if group else np.zeros(len(frame), np.int64)
    values = np.column_stack([_numbers(frame, column, path) for column in columns])
    windows = cut_windows(values, classes, groups, _window(request))
    if len(windows.y) < 5:
        raise DataError(
            f"{path} gives only {len(windows.y)} windows of {_window(request)} rows; choose a smaller ?window"
        )
    parts = _by_group(windows, request) if group else _stratified(name, windows, request)
    train = windows.x[parts["train"]]
    low, high = train.min((0, 1, 2)), train.max((0, 1, 2))
    x = (windows.x - low) / np.where(high > low, high - low, 1).astype(np.float32)
    splits = {title: Split(x[indices], windows.y[indices]) for title, indices in parts.items()}
    ranges = ", ".join(f"{c} {a:g}…{b:g}" for c, a, b in zip(columns, low, high, strict=True))
    return Dataset(
        name=name,
        input_shape=(x.shape[1], 1, x.shape[3]),
        num_classes=len(names),
        class_names=names,
        description=f"Windows of {x.shape[1]} rows of {path.name}; 0…1 stands for {ranges}",
        source=str(path),
        value_range=value_range(x),
        train=splits["train"],
        validation=splits["validation"],
        test=splits["test"],
    )


def cut_windows(values: NDArray[np.float32], labels: Labels, groups: NDArray[np.generic], length: int) -> Windows:
    """Windows of `length` rows that follow one another, within each run of rows of one label and group."""
    change = (labels[1:] != labels[:-1]) | (groups[1:] != groups[:-1])
    borders = [0, *(np.flatnonzero(change) + 1), len(labels)]
    starts = [start for first, end in pairwise(borders) for start in range(first, end - length + 1, length)]
    rows = np.array(starts, np.int64)[:, None] + np.arange(length)
    return Windows(values[rows][:, :, None, :], labels[rows[:, 0]], groups[rows[:, 0]])


def _read(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_parquet(path) if path.suffix.lower() in (".parquet", ".pq") else pd.read_csv(path)
    except (OSError, ValueError) as error:  # what pandas and its parsers raise for all that is no table
        raise DataError(f"{path} cannot be read as a table ({str(error).splitlines()[0]})") from None


def _label_column(frame: pd.DataFrame, request: Request, path: Path) -> str:
    named = request.options.get("label")
    found = [named] if named else [column for column in frame.columns if str(column).lower() in LABEL_NAMES]
    if not found:
        raise DataError(f"{path} has the columns {_listed(frame.columns)}; say which holds the classes: ?label=NAME")
    return str(found[0])


def _value_columns(frame: pd.DataFrame, request: Request, others: Sequence[str], path: Path) -> list[str]:
    named = request.options.get("columns")
    if named:
        return named.split(",")
    left = [str(c) for c in frame.columns if c not in others and str(c).lower() not in TIME_NAMES]
    if not left:
        raise DataError(f"{path} has no columns of values beside {_listed(others)}")
    return left


def _complete(frame: pd.DataFrame, column: str, path: Path) -> NDArray[np.generic]:
    if column not in frame.columns:
        raise DataError(f"{path} has no column {column!r}; it has {_listed(frame.columns)}")
    missing = np.flatnonzero(frame[column].isna())
    if len(missing):
        raise DataError(
            f"column {column!r} of {path} has no value in {len(missing)} of {len(frame)} rows, first in row "
            f"{missing[0] + 1}; fill them in or leave these rows out"
        )
    values = frame[column].to_numpy()
    return values if values.dtype != object else values.astype(str)


def _numbers(frame: pd.DataFrame, column: str, path: Path) -> NDArray[np.float32]:
    values = _complete(frame, column, path)
    if not np.issubdtype(values.dtype, np.number):
        raise DataError(f"column {column!r} of {path} holds no numbers; choose the columns of values: ?columns=A,B,…")
    if not np.isfinite(values).all():
        raise DataError(f"column {column!r} of {path} holds values that are not finite")
    return values.astype(np.float32)


def _window(request: Request) -> int:
    text = request.options.get("window", DEFAULT_WINDOW)
    if not text.isdecimal() or int(text) < 1:
        raise DataError(f"{text!r} is not a number of rows; write for example ?window=64")
    return int(text)


def _stratified(name: str, windows: Windows, request: Request) -> dict[str, NDArray[np.int64]]:
    count = len(windows.y)
    test = max(1, round(TEST_SHARE * count))
    train, validation = request.sizes(name, count - test, max(1, round(VALIDATION_SHARE * count)))
    parts = stratified_split(windows.y, (test, validation, train), seed=request.seed)
    return dict(zip(("test", "validation", "train"), parts, strict=True))


def _by_group(windows: Windows, request: Request) -> dict[str, NDArray[np.int64]]:
    """A fifth of the groups each test and validate, at least one; sizes draw from within their groups."""
    groups = np.random.default_rng(request.seed).permutation(np.unique(windows.groups))
    fifth = max(1, round(TEST_SHARE * len(groups)))
    if len(groups) < 3:
        raise DataError(f"there are only {len(groups)} groups, too few to train, validate and test on different ones")
    members = {"test": groups[:fifth], "validation": groups[fifth : 2 * fifth], "train": groups[2 * fifth :]}
    parts = {title: np.flatnonzero(np.isin(windows.groups, part)) for title, part in members.items()}
    for title, size in (("train", request.train_size), ("validation", request.validation_size)):
        if size is not None:
            (drawn,) = stratified_split(windows.y[parts[title]], (size,), seed=request.seed)
            parts[title] = parts[title][drawn]
    return parts


def _listed(names: Iterable[object]) -> str:
    return ", ".join(map(str, names))
