"""Which columns of a table hold the classes, the groups and the values, and what the others are left out for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data.class_labels import Classes, as_classes
from data.errors import DataError
from data.own.table.cells import (
    Numbers,
    all_numbers,
    as_numbers,
    can_be_scaled,
    codes_of_words,
    complete,
    holds_dates,
    in_order,
    mostly_numbers,
)
from data.own.table.leaks import Rows, find_leak, stays_long
from data.own.table.reading import Table
from data.request import Request

LABEL_NAMES = ("label", "labels", "class", "classes", "target", "activity")
TIME_NAMES = ("time", "timestamp", "index")
GROUP_NAMES = re.compile(
    r"(subject|person|participant|patient|user|session|recording|file|trial|experiment)s?[ _-]*(id|no|nr)?"
)


@dataclass(slots=True)
class Values:
    """Columns of values by name, in their order, and a sentence for each that was left out or is doubtful."""

    columns: dict[str, Numbers] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def leave_out(self, column: str, reason: str) -> None:
        """Note that a column is left out."""
        self.left_out.append(f"column {column!r} is left out: {reason}")


def label_column(names: Sequence[str], request: Request) -> str | None:
    """The name of the column of classes: the one that is asked for, or the first that is called so."""
    named = request.options.get("label")
    if named is not None:
        return named.strip()
    return next((name for name in names if name.lower() in LABEL_NAMES), None)


def classes_of(table: Table, request: Request) -> tuple[str, Classes]:
    """The column of the classes, and what it holds.

    Raises:
        DataError: if no column is known to hold them, several could, or it holds no classes.
    """
    label = label_column(list(table.frame.columns), request)
    if label is None:
        raise DataError(
            f"{table.path} has the columns {_listed(table.frame.columns)}; say which holds the classes: ?label=NAME"
        )
    classes = as_classes(complete(table, label), f"column {label!r} of {table.path}")
    if len(classes.names) < 2:
        raise DataError(f"{table.path} has one class only, {classes.names[0]!r}; a classifier needs at least two")
    if "label" not in request.options:
        _check_only(table, label, classes)
    return label, classes


def _check_only(table: Table, label: str, classes: Classes) -> None:
    """Check that other columns that are called so say the same."""
    for other in table.frame.columns:
        if other != label and other.lower() in LABEL_NAMES and not table.frame[other].isna().any():
            codes = in_order(complete(table, other))
            if len(np.unique(codes * len(classes.names) + classes.labels)) > codes.max() + 1:
                raise DataError(
                    f"columns {label!r} and {other!r} of {table.path} could both hold the classes; "
                    f"say which does: ?label={label}"
                )


def groups_of(table: Table, group: str | None) -> NDArray[np.int64]:
    """A number for the group of each row, counted from 0 in the order of numbers, or of words; 0 without groups.

    Raises:
        DataError: if there is no such column, or it lacks values.
    """
    if group is None:
        return np.zeros(len(table.frame), np.int64)
    return in_order(complete(table, group))


def values_of(table: Table, request: Request, others: Sequence[str], rows: Rows) -> Values:
    """The columns of values: those that are asked for, or all that are neither `others` nor leaks nor constant.

    Raises:
        DataError: if there are none, or one holds no numbers.
    """
    asked = request.options.get("columns")
    values = Values()
    if asked is not None:
        for column in _asked(asked, others, table):
            _take(values, table, column, rows)
    else:
        for column in table.frame.columns:
            if column not in others:
                _consider(values, table, column, rows)
    values.notes = _counted(values.left_out) + values.notes
    if not values.columns:
        why = f" ({'; '.join(values.left_out)})" if values.left_out else ""
        raise DataError(f"{table.path} has no columns of values beside {_listed(others)}{why}")
    return values


def _counted(left_out: Sequence[str]) -> list[str]:
    return [f"{len(left_out)} columns are left out", *left_out] if len(left_out) > 3 else list(left_out)


def _asked(text: str, others: Sequence[str], table: Table) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in table.frame.columns:
            raise DataError(f"{table.path} has no column {name!r}; it has {_listed(table.frame.columns)}")
        if name == others[0]:
            raise DataError(f"column {name!r} of {table.path} holds the classes, so it can be none of the values")
    return list(dict.fromkeys(names))


def _take(values: Values, table: Table, column: str, rows: Rows) -> None:
    """A column that was asked for; what speaks against it is said."""
    numbers = all_numbers(table, column)
    if np.ptp(numbers) == 0:
        values.leave_out(column, f"it is {numbers[0]:g} in each row")
        return
    values.columns[column] = numbers
    leak = find_leak(numbers, rows)
    if leak:
        values.notes.append(f"column {column!r} is taken as ?columns asks, but looks like a leak: {leak}")


def _consider(values: Values, table: Table, column: str, rows: Rows) -> None:
    """A column that nobody asked for: taken, or left out with the reason."""
    series = table.frame[column]
    present = series.notna().to_numpy()
    if not present.any():
        values.leave_out(column, "it is empty")
    elif column.lower() in TIME_NAMES:
        values.leave_out(column, "its name says that it is no reading")
    elif series.dtype.kind in "mM" or holds_dates(series[present]):
        values.leave_out(column, "it holds dates or times")
    else:
        numbers = as_numbers(series[present], table.decimal)
        if numbers is None and mostly_numbers(series[present]):
            all_numbers(table, column)  # which says where it holds something else
        codes = codes_of_words(table, column, present) if numbers is None else numbers
        reason = _reason(column, codes, rows.where(present), ordered=numbers is not None, first=series[present].iloc[0])
        if reason:
            values.leave_out(column, reason)
        else:
            values.columns[column] = all_numbers(table, column)


def _reason(column: str, values: Numbers, rows: Rows, *, ordered: bool, first: object) -> str | None:
    if not can_be_scaled(values):
        return None
    if np.all(values == values[0]):
        return f"it is {first} in each row"
    leak = find_leak(values, rows, ordered=ordered)
    if leak is None and GROUP_NAMES.fullmatch(column.lower()) and stays_long(values):
        return f"it names who or what was recorded; ?group={column} keeps each in one part"
    return leak


def _listed(names: Iterable[object]) -> str:
    return ", ".join(map(str, names))
