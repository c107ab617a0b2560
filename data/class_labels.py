"""Labels as people write them, and the classes that they stand for."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.dataset import Labels
from data.errors import DataError

MOST_FRACTIONS, LEAST_EXAMPLES = 20, 10
"""So many different labels may be broken numbers, with so many examples each on average; more are measurements."""
MOST_FLOATS = 100
LAST_LETTER, SURROGATES = 0x10FFFF, (0xD800, 0xDFFF)
NO_REGRESSION = "this library tells a few classes apart, it does no regression"


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """Labels counted from 0, of shape (n,); what each stands for; and what is to be said about them."""

    labels: Labels
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()


def as_classes(y: NDArray[np.generic], place: str) -> Classes:
    """The classes that an array of labels stands for: numbers, words, truth values, or rows of one 1 among zeros.

    Args:
        y: labels of shape (n,), (n, 1) and the like, or one-hot of shape (n, classes).
        place: the file, or column and file, as an error is to name it.

    Raises:
        DataError: if the values are no classes, but measurements, numbers that are not finite, or other things.
    """
    y = y.reshape(len(y)) if y.ndim > 1 and y.size == len(y) else y
    if y.ndim == 2 and y.size and y.dtype.kind in "biuf":
        return _from_one_hot(y, place)
    if y.ndim != 1 or not len(y):
        raise DataError(f"{place} has labels of shape {y.shape}; there must be one for each example")
    if y.dtype.kind == "S":
        y = np.char.decode(y.astype(np.bytes_), "utf-8", "replace")
    if y.dtype.kind == "U":
        check_letters(y, place)
    if y.dtype.kind not in "biufU":
        raise DataError(f"{place} has labels of type {y.dtype}; they must be numbers or words")
    if y.dtype.kind == "f" and not np.isfinite(y).all():
        raise DataError(f"{place} has labels that are not whole numbers but nan or infinite")
    if y.dtype.kind in "uf" and max(float(y.max()), -float(y.min())) >= 2.0**63:
        largest = y.max() if float(y.max()) >= 2.0**63 else y.min()
        raise DataError(f"{place} has the label {largest}; whole numbers must lie below 2 to the power of 63")
    return _from_words(y, place) if y.dtype.kind == "U" else _from_numbers(y, place)


def check_letters(y: NDArray[np.generic], place: str) -> None:
    """Check that words are made of letters that there are, before anything else is done with them.

    Raises:
        DataError: if they are not, as in a damaged array.
    """
    if not y.dtype.itemsize:
        raise DataError(f"{place} has labels without a letter")
    codes = np.ascontiguousarray(y.astype(y.dtype.newbyteorder("="), copy=False)).view(np.uint32)
    if codes.size and (codes.max() > LAST_LETTER or ((codes >= SURROGATES[0]) & (codes <= SURROGATES[1])).any()):
        raise DataError(f"{place} has labels with letters that there are not; it may be damaged")


def _from_one_hot(y: NDArray[np.generic], place: str) -> Classes:
    numbers = y.astype(np.float64)
    if not (np.isin(numbers, (0, 1)).all() and (numbers.sum(axis=1) == 1).all()):
        raise DataError(
            f"{place} has labels of shape {y.shape} that are not one 1 among zeros in each row; "
            "there must be one class for each example"
        )
    names = tuple(str(number) for number in range(y.shape[1]))
    note = f"the labels are one-hot, {y.shape[1]} columns; the number of the column is the class"
    return Classes(numbers.argmax(axis=1).astype(np.int64), names, (note,))


def _from_numbers(y: NDArray[np.generic], place: str) -> Classes:
    values, labels = np.unique(y, return_inverse=True)
    whole = y.dtype.kind != "f" or np.array_equal(values, np.round(values.astype(np.float64)))
    _check_few(len(values), len(y), place, whole=whole, is_float=y.dtype.kind == "f")
    named = values.astype(np.int64) if whole and y.dtype.kind == "f" else values
    return Classes(labels.astype(np.int64), tuple(str(value) for value in named))


def _from_words(y: NDArray[np.generic], place: str) -> Classes:
    values, labels = np.unique(y, return_inverse=True)
    words = [str(value) for value in values]
    if any(not word.strip() for word in words):
        raise DataError(f"{place} has labels without a letter; fill them in or leave these examples out")
    numbers = [_number(word) for word in words]
    finite = [number for number in numbers if number is not None]
    is_numeric = len(finite) == len(words)
    whole = not is_numeric or all(number == round(number) for number in finite)
    is_float = is_numeric and any(not re.fullmatch(r"\s*[+-]?\d+\s*", word) for word in words)
    _check_few(len(words), len(y), place, whole=whole, is_float=is_float)
    notes = _alike(words)
    bare = [" ".join(word.split()) for word in words]
    names = bare if len(set(bare)) == len(bare) else words
    if is_numeric:  # as they count, not as they are spelt
        order = sorted(range(len(words)), key=lambda i: (finite[i], words[i]))
        places = np.empty(len(order), np.int64)
        places[order] = np.arange(len(order))
        labels, names = places[labels], [names[i] for i in order]
    return Classes(labels.astype(np.int64), tuple(names), notes)


def _check_few(different: int, count: int, place: str, *, whole: bool, is_float: bool) -> None:
    if not whole and (different > MOST_FRACTIONS or count < LEAST_EXAMPLES * different):
        raise DataError(f"{place} has {different} different labels that are not whole numbers; {NO_REGRESSION}")
    if 2 * different > count > 2 or (is_float and different > MOST_FLOATS):
        raise DataError(f"{place} has {different} different labels for {count} examples; {NO_REGRESSION}")


def _number(word: str) -> float | None:
    try:
        number = float(word)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in word else None


def _alike(words: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each set of labels that are probably one."""
    sets: dict[object, list[str]] = {}
    for word in words:
        number = _number(word)
        sets.setdefault("".join(word.split()).casefold() if number is None else number, []).append(word)
    return tuple(
        f"the labels {' and '.join(map(repr, alike))} differ only in case, blanks or how a number is written; "
        f"they are kept as {len(alike)} classes"
        for alike in sets.values()
        if len(alike) > 1
    )
