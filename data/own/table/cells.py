"""What the cells of a column hold: numbers in any spelling, words, dates, or nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data.errors import DataError
from data.own.table.reading import Table

if TYPE_CHECKING:  # importing pandas takes as long as all the rest together
    import pandas as pd

WITH_THOUSANDS = {
    ".": re.compile(r"[+-]?([1-9]\d{0,2}(,\d{3})+|\d+)(\.\d+)?"),
    ",": re.compile(r"[+-]?([1-9]\d{0,2}(\.\d{3})+|\d+)(,\d+)?"),
}
"""By the decimal sign."""
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?|\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?.*")
LIKE_A_NUMBER = re.compile(
    r"\(?[+-]?(\d+([.,]\d*)*|[.,]\d+)([eE][+-]?\d+)?( ?[a-zA-Zµ°%][a-zA-Z²³/^]{0,7}|[+-].*[ij]\)?)?"
)
CHOOSE = "choose the columns of values: ?columns=A,B,…"

Numbers = NDArray[np.float64]


def complete(table: Table, column: str) -> NDArray[np.generic]:
    """The values of a column of which none may lack: numbers, truth values, or words as they are written.

    Raises:
        DataError: if there is no such column, some are missing, or they are lists.
    """
    if column not in table.frame.columns:
        raise DataError(f"{table.path} has no column {column!r}; it has {', '.join(table.frame.columns)}")
    series = table.frame[column]
    missing = series.isna().to_numpy()
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "biuf":
        _check_complete(missing, column, table)
        return series.to_numpy()
    words = np.array([_word(value, column, table) for value in series], dtype=np.str_)
    _check_complete(missing | (np.char.strip(words) == ""), column, table)
    return words


def _word(value: object, column: str, table: Table) -> str:
    if isinstance(value, (list, dict, tuple, np.ndarray)):
        raise DataError(f"column {column!r} of {table.path} holds {type(value).__name__} values; one row needs one")
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _check_complete(missing: NDArray[np.bool_], column: str, table: Table) -> None:
    if missing.any():
        raise DataError(
            f"column {column!r} of {table.path} has no value in {missing.sum()} of {len(missing)} rows, first in row "
            f"{missing.argmax() + 1}; fill them in or leave these rows out"
        )


def in_order(values: NDArray[np.generic]) -> NDArray[np.int64]:
    """A number for each value, counted from 0 in the order of numbers, or else of words."""
    different, inverse = np.unique(values, return_inverse=True)
    codes: NDArray[np.int64] = inverse.astype(np.int64)
    if different.dtype.kind == "U" and all(_is_number(str(value)) for value in different):
        order = np.argsort(different.astype(np.float64), kind="stable")
        places: NDArray[np.int64] = np.empty(len(order), np.int64)
        places[order] = np.arange(len(order))
        codes = places[codes]
    return codes


def all_numbers(table: Table, column: str) -> Numbers:
    """The numbers of a column of values.

    Raises:
        DataError: if it holds other things, gaps, or numbers that are not finite.
    """
    series = table.frame[column]
    numbers = as_numbers(series[series.notna()], table.decimal)
    if numbers is None:
        raise DataError(f"column {column!r} of {table.path} holds no numbers{_example(series)}; {CHOOSE}")
    _check_complete(series.isna().to_numpy(), column, table)
    if not np.isfinite(numbers).all():
        raise DataError(f"column {column!r} of {table.path} holds values that are not finite")
    if not can_be_scaled(numbers):
        raise DataError(f"column {column!r} of {table.path} holds values that are too large to be scaled")
    return numbers


def can_be_scaled(numbers: Numbers) -> bool:
    """Whether all are finite, and so is their range."""
    return bool(np.isfinite(numbers).all() and numbers.max() / 2 - numbers.min() / 2 < np.finfo(np.float64).max / 2)


def _example(series: pd.Series) -> str:
    import pandas as pd

    words = series.astype(object).where(series.notna(), "0")
    bad = np.flatnonzero(pd.to_numeric(words, errors="coerce").isna().to_numpy())
    return f", but {str(series.iloc[bad[0]])[:40]!r} in row {bad[0] + 1}" if len(bad) else ""


def as_numbers(series: pd.Series, decimal: str) -> Numbers | None:
    """The numbers of a column without gaps, whose words have that decimal sign; None if it holds other things."""
    import pandas as pd

    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "biuf":
        return series.to_numpy(dtype=np.float64)
    words = [value.strip() if isinstance(value, str) else value for value in series]
    is_text = [isinstance(word, str) for word in words]
    if any(is_text) and not all(is_text):
        return None
    try:
        if not any(is_text):  # truth values, decimal fractions
            plain = all(not hasattr(word, "isoformat") and not isinstance(word, bytes) for word in words)
            return np.array(words, dtype=np.float64).reshape(len(words)) if plain else None
        return pd.to_numeric(pd.Series(_spelt_plainly(words, decimal))).to_numpy(dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        return None


def _spelt_plainly(words: list[str], decimal: str) -> list[str]:
    for sign in (decimal, "," if decimal == "." else "."):
        if all(map(WITH_THOUSANDS[sign].fullmatch, words)):
            return [word.replace("," if sign == "." else ".", "").replace(sign, ".") for word in words]
    return words


def codes_of_words(table: Table, column: str, present: NDArray[np.bool_]) -> Numbers:
    """A number for each different word of a column.

    Raises:
        DataError: if it holds lists and the like.
    """
    words = [_word(value, column, table) for value in table.frame[column][present]]
    return np.unique(np.array(words, dtype=np.str_), return_inverse=True)[1].astype(np.float64)


def mostly_numbers(series: pd.Series) -> bool:
    """Whether more than half of the words of a column without gaps are numbers, perhaps with a unit, or complex."""
    return sum(LIKE_A_NUMBER.fullmatch(str(value).strip()) is not None for value in series) > len(series) / 2


def holds_dates(series: pd.Series) -> bool:
    """Whether a column without gaps holds dates or times, as such or in words."""
    head = list(series.iloc[:100])
    return all(
        DATE.fullmatch(value.strip()) is not None if isinstance(value, str) else hasattr(value, "isoformat")
        for value in head
    )


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False
