"""The user's own arrays: `npz:PATH`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from data.arrays import check_trained, value_range
from data.class_labels import Classes, as_classes, check_letters
from data.dataset import Dataset, Labels, Split
from data.errors import DataError, DatasetSizeError
from data.every_class import check_every_class, split_every_class
from data.files.array_file import read_arrays
from data.own.array_names import WHOLE, Array, Contents, sort_arrays
from data.own.example_arrays import as_examples, laid_out
from data.request import TEST_SHARE, VALIDATION_SHARE, Request

Parts = Mapping[str, tuple[Array, Labels]]


def load(path: Path, request: Request) -> Dataset:
    """A data set from a file of arrays, or a folder of npy files.

    With `x_train y_train x_test y_test`, the first examples of the training part train and the next ones validate, or
    a seeded stratified sample where that would leave a class out; `x_val y_val` validate where they are there. With `x`
    and `y` alone, a seeded stratified fifth each is the test and the validation set. Other usual names are known, as
    `images` and `labels`, `X_train`, `train_images`. x has shape (n, height, width, channels), (n, height, width),
    (n, length, channels) or (n, length), perhaps with the channels first; `?shape=28x28x1` lays out each example
    anew. y holds whole numbers, words, or one-hot rows.

    Raises:
        DataError: if the file cannot be read, or its arrays are no classification data.
    """
    name = f"npz:{path}"
    request.only_options(name, "shape")
    contents = sort_arrays(read_arrays(path), path)
    order = [title for title in ("train", WHOLE, "validation", "test") if title in contents.parts]
    x, layout = laid_out(
        {title: _array(contents, title, "x") for title in order}, request.options.get("shape"), str(path)
    )
    classes = _classes(contents, order, path)
    ends = np.cumsum([len(_array(contents, title, "y")) for title in order])
    y = dict(zip(order, np.split(classes.labels, ends[:-1]), strict=True))
    for title in order:
        if len(x[title]) != len(y[title]):
            raise DataError(f"{path} has {len(x[title])} examples but {len(y[title])} labels")
    if len(classes.names) < 2:
        raise DataError(f"{path} has one class only, {classes.names[0]!r}; a classifier needs at least two")
    check_trained(y[order[0]], classes.names, str(path))
    divided = _divided(name, {title: (x[title], y[title]) for title in order}, len(classes.names), request)
    check_every_class({title: labels for title, (_, labels) in divided.items()}, classes.names, str(path))
    examples, scale = as_examples({title: values for title, (values, _) in divided.items()}, str(path))
    splits = {title: Split(examples[title], labels) for title, (_, labels) in divided.items()}
    unused = [f"array {extra!r} is not used" for extra in contents.unused]
    notes = [*filter(None, (layout, scale)), *classes.notes, *unused, *_constant(splits, classes)]
    return _dataset(name, path, splits, classes, notes)


def _dataset(name: str, path: Path, splits: Mapping[str, Split], classes: Classes, notes: Sequence[str]) -> Dataset:
    height, width, channels = splits["train"].x.shape[1:]
    return Dataset(
        name=name,
        input_shape=(height, width, channels),
        num_classes=len(classes.names),
        class_names=classes.names,
        description=f"Arrays of {path.name}",
        source=str(path),
        value_range=value_range(*(split.x for split in splits.values())),
        notes=tuple(notes),
        train=splits["train"],
        validation=splits["validation"],
        test=splits["test"],
    )


def _array(contents: Contents, title: str, role: str) -> Array:
    array = getattr(contents.parts[title], role)
    return np.asarray(array)


def _classes(contents: Contents, order: list[str], path: Path) -> Classes:
    """The classes of all parts together, by the names that the file gives them."""
    labels = [_array(contents, title, "y") for title in order]
    flat = [y.reshape(-1) if y.ndim and y.size == max(y.shape) else y for y in labels]
    if len({y.shape[1:] for y in flat}) > 1 or any(y.ndim == 0 for y in flat):
        raise DataError(
            f"{path} has labels of shapes {', '.join(str(y.shape) for y in flat)}; one for each example is needed"
        )
    classes = as_classes(np.concatenate(flat), str(path))
    names = contents.class_names
    counted = classes.names == tuple(str(number) for number in range(len(classes.names)))
    if names is None or not counted or names.shape != (len(classes.names),) or names.dtype.kind not in "US":
        return classes
    if names.dtype.kind == "U":
        check_letters(names, str(path))
    words = [str(word) for word in names.astype(np.str_)]
    return Classes(classes.labels, tuple(words), classes.notes) if len(set(words)) == len(words) else classes


def _divided(name: str, parts: Parts, class_count: int, request: Request) -> dict[str, tuple[Array, Labels]]:
    """Training, validation and test: given parts as they are, in their order, the others as stratified samples."""
    x, y = parts.get("train", parts.get(WHOLE, next(iter(parts.values()))))
    divided = {title: parts[title] for title in ("test", "validation") if title in parts}
    count, sizes = len(y), {}
    if "test" not in parts:
        sizes["test"] = max(1, round(TEST_SHARE * count))
    left = count - sum(sizes.values())
    if "validation" in parts:
        sizes["train"] = left if request.train_size is None else request.train_size
        divided["validation"] = _sample(parts["validation"], request.validation_size, request.seed)
        if not 0 < sizes["train"] <= left:
            raise DatasetSizeError(f"{name} has {left} training examples, not {sizes['train']}")
    else:
        train, sizes["validation"] = request.sizes(name, left, max(1, round(VALIDATION_SHARE * count)))
        sizes["train"] = train
    in_order = {
        "train": slice(0, sizes["train"]),
        "validation": slice(sizes["train"], sizes["train"] + sizes.get("validation", 0)),
    }
    if "test" in parts and all(len(np.unique(y[in_order[title]])) == class_count for title in sizes):
        return divided | {title: (x[in_order[title]], y[in_order[title]]) for title in sizes}
    drawn = split_every_class(y, tuple(sizes.values()), seed=request.seed)
    return divided | {title: (x[part], y[part]) for title, part in zip(sizes, drawn, strict=True)}


def _sample(part: tuple[Array, Labels], size: int | None, seed: int) -> tuple[Array, Labels]:
    if size is None or size == len(part[1]):
        return part
    (drawn,) = split_every_class(part[1], (size,), seed=seed)
    return part[0][drawn], part[1][drawn]


def _constant(splits: Mapping[str, Split], classes: Classes) -> list[str]:
    """What is to be said of examples of which all values are the same, class by class."""
    notes = []
    flat = [(split.x.reshape(len(split), -1), split.y) for split in splits.values()]
    constant = np.concatenate([(x == x[:, :1]).all(axis=1) & (x.shape[1] > 1) for x, _ in flat])
    labels = np.concatenate([y for _, y in flat])
    for label, name in enumerate(classes.names):
        count, of = int(constant[labels == label].sum()), int((labels == label).sum())
        if count:
            notes.append(f"{count} of {of} examples of class {name!r} hold one value only")
    return notes
