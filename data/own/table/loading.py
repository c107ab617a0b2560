"""From a table to a data set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.arrays import value_range
from data.class_labels import Classes
from data.dataset import Dataset, Split
from data.errors import DataError
from data.every_class import check_every_class
from data.own.table.cells import Numbers
from data.own.table.columns import classes_of, groups_of, label_column, values_of
from data.own.table.leaks import Rows
from data.own.table.reading import Table, read_table
from data.own.table.windows import Windows, borders_of_runs, check_long_enough, cut_windows, divide, divide_by_group
from data.request import Request

DEFAULT_WINDOW = "64"
OPTIONS = ("label", "columns", "group", "window")


def load(path: Path, request: Request) -> Dataset:
    """A data set of windows of `?window=64` rows, of shape (window, 1, columns), from a table in order of time.

    `?label=NAME` names the column of the classes (by default the one called label, class, target or activity),
    `?columns=ax,ay,az` the values (by default all other columns but those that are constant or tell the class by
    themselves: row numbers, times, names of recordings, further labels), `?group=NAME` a column, say of persons, whose
    values are never spread over two splits. A window lies within rows of one class and group; windows never overlap.
    Without groups a seeded stratified fifth of the windows each tests and validates. Values are scaled so that each
    column's training range becomes [0, 1].

    Raises:
        DataError: if the file cannot be read, columns are missing or hold no numbers, or a class has too few windows.
    """
    name = f"table:{path}"
    request.only_options(name, *OPTIONS)
    group = request.options["group"].strip() if "group" in request.options else None
    table = read_table(path, lambda names: [n for n in (label_column(names, request), group) if n is not None])
    return dataset_of_table(
        name, table, request, group=group, description="Windows of {rows} rows of " + path.name, source=str(path)
    )


def dataset_of_table(
    name: str,
    table: Table,
    request: Request,
    *,
    group: str | None = None,
    run: str | None = None,
    description: str,
    source: str,
) -> Dataset:
    """The windows of a table: of the columns that the request names, divided by `group`, within each `run`.

    Args:
        name: of the data set.
        table: with its notes.
        request: with the options of `load`.
        group: a column whose values are never spread over two splits.
        run: a column whose values no window goes beyond.
        description: with a place for the number of `{rows}`.
        source: where the data comes from.
    """
    length = _window(request)
    label, classes = classes_of(table, request)
    groups, runs = groups_of(table, group), groups_of(table, run)
    others = [label, *(column for column in (group, run) if column is not None)]
    values = values_of(table, request, others, Rows.of(classes.labels, groups))
    borders = borders_of_runs(classes.labels, groups, runs)
    check_long_enough(classes.labels, borders, classes.names, length, str(table.path))
    windows = cut_windows(np.column_stack(list(values.columns.values())), classes.labels, groups, borders, length)
    if group is None:
        parts = divide(name, windows, len(classes.names), request)
    else:
        parts = divide_by_group(windows, classes.names, request, str(table.path))
    check_every_class({title: windows.y[part] for title, part in parts.items()}, classes.names, str(table.path))
    x, ranges, still = _scaled(windows.x, parts["train"], list(values.columns))
    return Dataset(
        name=name,
        input_shape=(x.shape[1], 1, x.shape[3]),
        num_classes=len(classes.names),
        class_names=classes.names,
        description=f"{description.format(rows=length)}; 0…1 stands for {ranges}",
        source=source,
        value_range=value_range(x),
        notes=(*table.notes, *classes.notes, *values.notes, *still, *_of_windows(windows, classes, len(table.frame))),
        **{title: Split(x[part], windows.y[part]) for title, part in parts.items()},
    )


def _scaled(
    x: Numbers, train: NDArray[np.int64], columns: Sequence[str]
) -> tuple[NDArray[np.float32], str, tuple[str, ...]]:
    """Values whose training range is 0 to 1; what that stands for; and the columns that are constant in training."""
    low, high = x[train].min((0, 1, 2)), x[train].max((0, 1, 2))
    with np.errstate(over="ignore"):  # far outside of the training range; the data set refuses what is not finite
        scaled = ((x - low) / np.where(high > low, high - low, 1)).astype(np.float32)
    ranges = ", ".join(f"{c} {a:g}…{b:g}" for c, a, b in zip(columns, low, high, strict=True))
    still = [
        f"column {c!r} is {a:g} in each training window" for c, a, b in zip(columns, low, high, strict=True) if a == b
    ]
    if len(still) == len(columns):
        raise DataError(f"{'; '.join(still)}: there is nothing to learn from")
    return scaled, ranges, tuple(still)


def _of_windows(windows: Windows, classes: Classes, rows: int) -> list[str]:
    """What is to be said of rows without a window, and of windows in which nothing changes."""
    notes = []
    left_out = rows - windows.x.shape[0] * windows.x.shape[1]
    if left_out:
        notes.append(f"{left_out} of {rows} rows are left out: a window lies within one run of a class and is full")
    constant = (windows.x == windows.x[:, :1]).all(axis=(1, 2, 3))
    for label, name in enumerate(classes.names):
        count, of = int(constant[windows.y == label].sum()), int((windows.y == label).sum())
        if count:
            notes.append(f"in {count} of {of} windows of class {name!r} no value ever changes")
    return notes


def _window(request: Request) -> int:
    text = request.options.get("window", DEFAULT_WINDOW)
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 10**6:
        raise DataError(f"{text!r} is not a number of rows; write for example ?window=64")
    return int(text)
