"""Which array of a file holds what, by the names that people give them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.errors import DataError

Array = NDArray[np.generic]

EXAMPLES = {"", "x", "xs", "data", "image", "images", "img", "imgs", "feature", "features", "input", "inputs", "signal"}
EXAMPLES |= {"signals", "sample", "samples", "example", "examples", "window", "windows", "arr0"}
LABELS = {"y", "ys", "label", "labels", "target", "targets", "class", "classes", "output", "outputs", "arr1"}
CLASS_NAMES = {"classnames", "labelnames", "targetnames", "categories"}
PARTS = {
    "train": r"tr|train|training",
    "validation": r"va|val|valid|validation|dev",
    "test": r"te|tst|test|testing|eval",
}
WHOLE = ""
NEEDED = "x_train y_train x_test y_test, or x and y"


@dataclass(slots=True)
class Part:
    """Examples and labels, as the file has them."""

    x: Array | None = None
    y: Array | None = None


@dataclass(slots=True)
class Contents:
    """The parts of a file, "" for one that is not divided; the names of the classes; and arrays that are neither."""

    parts: dict[str, Part] = field(default_factory=dict)
    class_names: Array | None = None
    unused: list[str] = field(default_factory=list)


def sort_arrays(arrays: Mapping[str, Array], path: Path) -> Contents:
    """What each array of a file holds.

    Raises:
        DataError: if there are no examples with labels, or several that could be them.
    """
    contents = Contents()
    taken: dict[tuple[str, str], str] = {}
    for name, array in arrays.items():
        part, role = _part_and_role(name)
        if role == "names":
            contents.class_names = array
        elif role is None:
            contents.unused.append(name)
        elif (part, role) in taken:
            raise DataError(f"{path} has the arrays {taken[part, role]!r} and {name!r} for the same thing; keep one")
        else:
            taken[part, role] = name
            setattr(contents.parts.setdefault(part, Part()), role, array)
    _check(contents, arrays, path)
    return contents


def _check(contents: Contents, arrays: Mapping[str, Array], path: Path) -> None:
    whole = [part for part in contents.parts.values() if part.x is not None and part.y is not None]
    if len(whole) < len(contents.parts) or not ({WHOLE, "train"} & contents.parts.keys()):
        if len(arrays) == 1:
            (array,) = arrays.values()
            raise DataError(
                f"{path} has the arrays {next(iter(arrays))}; it needs {NEEDED}, not one of shape {array.shape}: save "
                "both in one npz file, or name the folder that holds x.npy and y.npy"
            )
        raise DataError(f"{path} has the arrays {', '.join(arrays) or 'none'}; it needs {NEEDED}")
    if {WHOLE, "train"} <= contents.parts.keys():
        raise DataError(f"{path} has examples both for training and for no part; it needs {NEEDED}")


def _part_and_role(name: str) -> tuple[str, str | None]:
    words = [word for word in re.split(r"[^a-z0-9]+", _spaced(name).lower()) if word]
    part = next((p for word in words for p, known in PARTS.items() if re.fullmatch(known, word)), WHOLE)
    rest = "".join(word for word in words if part == WHOLE or not re.fullmatch(PARTS[part], word))
    if rest in CLASS_NAMES:
        return part, "names"
    if rest in LABELS:
        return part, "y"
    return part, "x" if rest in EXAMPLES and (rest or part) else None


def _spaced(name: str) -> str:
    """The name with a blank before each capital and each word for a part: xTrain, Xtrain, x0."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.sub(r"^([xy])(?=(train|test|val|valid|tr|te)$)", r"\1 ", name, flags=re.IGNORECASE)
