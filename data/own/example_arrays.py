"""Arrays of examples in whatever layout and type they were saved, as (n, height, width, channels)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.dataset import Examples
from data.errors import DataError

Array = NDArray[np.generic]
Shape = tuple[int, int, int]

MOST_COLOURS = 4
MOST_SENSORS, TIMES_LONGER = 9, 4
"""An example of so few rows or columns, and so many times as many of the other, is a series of so many channels."""
LARGE = 16.0
"""Larger numbers are scaled: networks are trained on numbers about 1."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How one example of an array becomes (height, width, channels).

    Attributes:
        axes: the order of the array's axes, the first of them the examples.
        shape: what one example becomes.
        note: what is to be said; "" where nothing is changed.
    """

    axes: tuple[int, ...]
    shape: Shape
    note: str = ""


def find_layout(shape: tuple[int, ...], asked: str | None, place: str) -> Layout:
    """The layout of an array of that shape; `asked` is a shape as in "28x28x1".

    Raises:
        DataError: if it is no set of vectors, series or maps, or not of the shape that is asked for.
    """
    plain = tuple(range(len(shape)))
    if len(shape) not in (2, 3, 4) or 0 in shape:
        raise DataError(f"{place} has examples of shape {shape}; they must be vectors or maps, and not empty")
    if asked is not None:
        return Layout(plain, _asked(asked, shape, place))
    one = shape[1:]
    if len(one) == 1:
        return Layout(plain, (one[0], 1, 1))
    if len(one) == 3:
        return _of_maps(one)
    first, last = one
    if last <= MOST_SENSORS and first >= TIMES_LONGER * last:
        note = f"examples of shape {one} are taken as series of {first} readings in {last} channels"
        return Layout(plain, (first, 1, last), f"{note}; ?shape={first}x{last}x1 takes them as images")
    if first <= MOST_SENSORS and last >= TIMES_LONGER * first:
        note = f"examples of shape {one} are taken as series of {last} readings, channels first"
        return Layout((0, 2, 1), (last, 1, first), f"{note}; ?shape={first}x{last}x1 takes them as images")
    return Layout(plain, (first, last, 1))


def _of_maps(one: tuple[int, ...]) -> Layout:
    first, second, third = one
    long = third <= MOST_SENSORS and second >= TIMES_LONGER * third  # (1, length, channels): a series lying down
    if first <= MOST_COLOURS < min(second, third) and not (first == 1 and long):
        note = f"examples of shape {one} have their channels first; they were moved to the end"
        return Layout((0, 2, 3, 1), (second, third, first), note)
    return Layout((0, 1, 2, 3), (first, second, third))


def _asked(text: str, shape: tuple[int, ...], place: str) -> Shape:
    match = re.fullmatch(r"(\d+)x(\d+)x(\d+)", text.strip(), re.ASCII)
    size = int(np.prod(shape[1:], dtype=object))
    if not match or int(match[1]) * int(match[2]) * int(match[3]) != size:
        raise DataError(
            f"?shape={text} does not lay out the {size} numbers of an example of {place}; write HEIGHTxWIDTHxCHANNELS"
        )
    return int(match[1]), int(match[2]), int(match[3])


def laid_out(parts: Mapping[str, Array], asked: str | None, place: str) -> tuple[dict[str, Array], str]:
    """The examples of each part as (n, height, width, channels), and what is to be said about it, or "".

    Raises:
        DataError: if they are no numbers, not finite, none, or the parts differ in shape.
    """
    first = next(iter(parts.values()))
    for x in parts.values():
        if x.dtype.kind not in "biuf":
            way_out = "; save real and imaginary parts as two channels" if x.dtype.kind == "c" else ""
            raise DataError(
                f"{place} has examples of type {x.dtype}, but they must be vectors or maps of real numbers{way_out}"
            )
        if x.shape[1:] != first.shape[1:]:
            raise DataError(f"{place} has examples of shape {first.shape[1:]} and of shape {x.shape[1:]}")
    layout = find_layout(first.shape, asked, place)
    for x in parts.values():
        if not len(x):
            raise DataError(f"{place} has a part without examples")
        if x.dtype.kind == "f" and not np.isfinite(x).all():
            raise DataError(f"{place} holds {np.count_nonzero(~np.isfinite(x))} values that are not finite numbers")
    return {title: x.transpose(layout.axes).reshape(len(x), *layout.shape) for title, x in parts.items()}, layout.note


def as_examples(parts: Mapping[str, Array], place: str) -> tuple[dict[str, Examples], str]:
    """The examples of "train" and other parts, and what is to be said about it, or "".

    Bytes stay as they are, and other whole numbers from 0 to 255 become bytes. What is left becomes float32; if there
    are large numbers, all are scaled so that the range of "train" becomes [0, 1].

    Raises:
        DataError: if the numbers of a part are all the same, perhaps only beside a much larger one elsewhere.
    """
    examples, note = _as_examples(parts)
    constant = [title for title, x in examples.items() if x.min() == x.max()]
    if constant:
        part = f" in its part {constant[0]!r}" if len(constant) < len(examples) else ""
        value = examples[constant[0]].flat[0]
        raise DataError(f"{place} holds the value {value:g} only{part}; there is nothing to learn from")
    return examples, note


def _as_examples(parts: Mapping[str, Array]) -> tuple[dict[str, Examples], str]:
    if all(x.dtype == np.uint8 for x in parts.values()):
        return {title: np.ascontiguousarray(x, np.uint8) for title, x in parts.items()}, ""
    low = min(float(x.min()) for x in parts.values())
    high = max(float(x.max()) for x in parts.values())
    if low >= 0 and 127 < high <= 255 and all(map(_is_whole, parts.values())):
        note = "whole numbers from 0 to 255 are taken as bytes, of which 255 stands for 1"
        return {title: x.astype(np.uint8, order="C") for title, x in parts.items()}, note
    if max(-low, high) <= LARGE:
        return {title: x.astype(np.float32, order="C") for title, x in parts.items()}, ""
    low, high = min(0.0, float(parts["train"].min())), float(parts["train"].max())
    with np.errstate(over="ignore", invalid="ignore"):  # the data set refuses what is not finite
        span = np.float64(high) - low if high > low else np.float64(1.0)
        scaled: dict[str, Examples] = {
            title: ((x.astype(np.float64) - low) / span).astype(np.float32) for title, x in parts.items()
        }
    return scaled, f"values are scaled: 0…1 stands for {low:g}…{high:g}"


def _is_whole(x: Array) -> bool:
    return x.dtype.kind in "iu" or np.array_equal(x, np.round(x.astype(np.float64)))
