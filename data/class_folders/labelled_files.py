"""Files that are labelled by the folder they lie in, and their division into splits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.arrays import check_trained
from data.class_folders.edge_impulse import FILE_NAME as LABELS_FILE
from data.class_folders.edge_impulse import labels_files, listed_layout
from data.class_folders.left_out import LeftOut, Reason
from data.class_folders.split_folders import WHOLE, Layout, find_layout
from data.dataset import Dataset, Labels, Split
from data.errors import DataError, DatasetSizeError
from data.every_class import check_every_class, split_every_class
from data.files.folder_or_archive import Tree
from data.request import TEST_SHARE, VALIDATION_SHARE, Request
from data.splits import Indices

SPLITS = ("train", "validation", "test")


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Names of files, and a label for each."""

    names: tuple[str, ...]
    labels: Labels

    def __len__(self) -> int:
        return len(self.names)

    def take(self, indices: Indices) -> Labelled:
        """The files at those places."""
        return Labelled(tuple(self.names[i] for i in indices), self.labels[indices])


Parts = Mapping[str, Labelled]
"""Files by the part they belong to: "train", "test", "validation", or all of them under `WHOLE`."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassFiles:
    """The files of a folder or archive by part and class.

    Attributes:
        parts: the files.
        classes: names of the classes, in alphabetical order.
        notes: what was understood of the folders, one sentence each.
        left_out: files that are none of `parts`, and all that are found to be unusable later.
        kind: what the files are, in words.
    """

    parts: Parts
    classes: tuple[str, ...]
    notes: tuple[str, ...]
    left_out: LeftOut
    kind: str

    @property
    def names(self) -> list[str]:
        """The names of all files of `parts`."""
        return [name for files in self.parts.values() for name in files.names]

    def without(self, reasons: Mapping[str, Reason]) -> ClassFiles:
        """The rest when some files are left out.

        Raises:
            DataError: if a class loses most of its files; names the class and the reason.
        """
        self.left_out.reasons.update(reasons)
        self.left_out.check(self.kind)
        kept = {
            part: files.take(np.flatnonzero([name not in reasons for name in files.names]))
            for part, files in self.parts.items()
        }
        return replace(self, parts=kept)


def find_classes(
    tree: Tree, wanted: Callable[[str], bool], kind: str, other_kind: Callable[[str], str | None] | None = None
) -> ClassFiles:
    """The wanted files of a tree by part, and the names of the classes in alphabetical order.

    The folders are understood as `data.class_folders.split_folders.find_layout` says, or as the list of an export of
    Edge Impulse.

    Args:
        tree: the folder or archive.
        wanted: whether a file can be read, by its name.
        kind: what the wanted files are, in words.
        other_kind: what a file is that is not wanted but would be an example if it could be read, as "HEIC".

    Raises:
        DataError: if there are none of that `kind`, some lie in no class folder, there is only one class, or one that
            has no training examples.
    """
    examples = [name for name in tree.names if wanted(name)]
    reasons = _not_wanted(tree, wanted, kind, other_kind)
    if not examples:
        notes = LeftOut(str(tree.path), tree.names, {}, reasons).notes()
        raise DataError(f"{tree.path} holds no {kind}" + (f"; {notes[0]}" if notes else ""))
    is_listed = bool(labels_files(tree))
    layout = listed_layout(tree, examples) if is_listed else find_layout(examples, str(tree.path))
    known = {name: label for name, (_, label) in layout.placed.items()}
    left_out = LeftOut(str(tree.path), tree.names, known | _lost_classes(known, reasons), reasons)
    left_out.check(kind)
    parts, classes = _by_part(layout, str(tree.path))
    return ClassFiles(parts, classes, (*_hidden(tree), *layout.notes, *_alike(classes)), left_out, kind)


def _not_wanted(
    tree: Tree, wanted: Callable[[str], bool], kind: str, other_kind: Callable[[str], str | None] | None
) -> dict[str, Reason]:
    reasons = {}
    for name in tree.names:
        if not wanted(name) and name.rpartition("/")[2] != LABELS_FILE:
            other = other_kind(name) if other_kind else None
            aside = Reason(f"passed over, for by their endings they are no {kind}", is_loss=False)
            reasons[name] = Reason(f"{other}, which cannot be read", "convert them") if other else aside
    return reasons


def _lost_classes(known: Mapping[str, str], reasons: Mapping[str, Reason]) -> dict[str, str]:
    """The class of each file that would have been an example: that of its folder, or one of its own beside the others.

    A folder without any example is such a class if it holds a few of them, as one logo makes no class.
    """
    label_of = {_folder(name): label for name, label in known.items()}
    parents = {_folder(folder) for folder in label_of}
    lost = [name for name, reason in reasons.items() if reason.is_loss]
    sizes = Counter(map(_folder, lost))
    classes = {}
    for name in lost:
        folder = _folder(name)
        is_beside = folder and _folder(folder) in parents and sizes[folder] >= len(SPLITS)
        if folder in label_of or is_beside:
            classes[name] = label_of.get(folder, folder.rpartition("/")[2])
    return classes


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _by_part(layout: Layout, source: str) -> tuple[Parts, tuple[str, ...]]:
    classes = sorted({label for _, label in layout.placed.values()})
    if len(classes) < 2:
        raise DataError(f"{source} has one class only, {classes[0]!r}; a classifier needs at least two")
    placed: dict[str, list[tuple[str, str]]] = {}
    for name, (part, label) in layout.placed.items():
        placed.setdefault(part, []).append((name, label))
    parts = {part: _labelled(members, classes) for part, members in placed.items()}
    trained = parts.get(WHOLE, parts.get("train"))
    if trained is None:
        raise DataError(f"{source} has files for {' and '.join(sorted(parts))} only, none to train on")
    check_trained(trained.labels, classes, source)
    return parts, tuple(classes)


def _labelled(members: list[tuple[str, str]], classes: Sequence[str]) -> Labelled:
    number = {label: index for index, label in enumerate(classes)}
    labels = np.array([number[label] for _, label in members], np.int64)
    return Labelled(tuple(name for name, _ in members), labels)


def _hidden(tree: Tree) -> tuple[str, ...]:
    count = len(tree.hidden)
    return (f"{count:,} hidden files are passed over (first of all {tree.hidden[0]})",) if count else ()


def _alike(classes: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each group of classes whose names differ in nothing but case and blanks."""
    groups: dict[str, list[str]] = {}
    for name in classes:
        groups.setdefault("".join(re.split(r"[\s_-]+", name)).casefold(), []).append(name)
    return tuple(
        f"classes {' and '.join(map(repr, names))} differ only in case or blanks, and are kept apart"
        for names in groups.values()
        if len(names) > 1
    )


def divide(dataset: str, parts: Parts, request: Request) -> dict[str, Labelled]:
    """Training, validation and test files: given parts as they are, the others as seeded stratified samples.

    A sample has at least one example of each class that has enough of them.

    Raises:
        DatasetSizeError: if more is asked for than there is.
    """
    pool = parts[WHOLE] if WHOLE in parts else parts["train"]
    least = len(np.unique(pool.labels))
    sizes: dict[str, int] = {}
    if "test" not in parts:
        sizes["test"] = max(least if len(pool) >= 3 * least else 1, round(TEST_SHARE * len(pool)))
    left = len(pool) - sum(sizes.values())
    if "validation" not in parts:
        default = max(1, round(VALIDATION_SHARE * len(pool)))
        if request.validation_size is None and left // 4 < least <= left // 2:
            request = replace(request, validation_size=least)
        train, sizes["validation"] = request.sizes(dataset, left, default)
    else:
        train = left if request.train_size is None else request.train_size
        if not 0 < train <= left:
            raise DatasetSizeError(f"{dataset} has {left} training examples, not {train}")
    sizes["train"] = train
    drawn = split_every_class(pool.labels, tuple(sizes.values()), seed=request.seed)
    divided = {title: pool.take(indices) for title, indices in zip(sizes, drawn, strict=True)}
    if "test" in parts:
        divided["test"] = parts["test"]
    if "validation" in parts:
        size = request.validation_size or len(parts["validation"])
        (indices,) = split_every_class(parts["validation"].labels, (size,), seed=request.seed)
        divided["validation"] = parts["validation"].take(indices)
    return divided


def labelled_dataset(
    name: str,
    x: NDArray[Any],
    divided: Mapping[str, Labelled],
    classes: Sequence[str],
    *,
    description: str,
    source: str,
    notes: Sequence[str] = (),
) -> Dataset:
    """The data set of arrays of shape (n, height, width, channels), one after the other in the order of `divided`."""
    ends = np.cumsum([len(part) for part in divided.values()])
    pieces = zip(divided.items(), np.split(x, ends[:-1]), strict=True)
    splits = {title: Split(values, part.labels) for (title, part), values in pieces}
    height, width, channels = x.shape[1:]
    return Dataset(
        name=name,
        input_shape=(height, width, channels),
        num_classes=len(classes),
        class_names=tuple(classes),
        description=description,
        source=source,
        notes=tuple(notes),
        train=splits["train"],
        validation=splits["validation"],
        test=splits["test"],
    )


Read = Callable[[Sequence[str]], NDArray[Any]]
"""Named files as arrays, in the order of the names; those that cannot be used are constant, or not finite."""


def divide_readable(
    dataset: str, files: ClassFiles, request: Request, read: Read, explain: Callable[[Sequence[str]], dict[str, Reason]]
) -> tuple[dict[str, Labelled], NDArray[Any], ClassFiles]:
    """The files of the three splits, their arrays in that order, and `files` without those that cannot be used.

    Raises:
        DataError: if a class loses most of its files, or is missing in a split.
        DatasetSizeError: if more is asked for than there is.
    """
    row: dict[str, int] = {}
    x: NDArray[Any] = np.empty(0, np.uint8)
    while True:
        divided = divide(dataset, files.parts, request)
        names = [name for part in divided.values() for name in part.names]
        if not row.keys() >= set(names):
            x, row = read(names), {name: index for index, name in enumerate(names)}
        chosen = x if list(row) == names else x[[row[name] for name in names]]
        unusable = [names[index] for index in np.flatnonzero(_tell_nothing(chosen))]
        if not unusable:
            labels = {title: part.labels for title, part in divided.items()}
            check_every_class({title: labels[title] for title in SPLITS}, files.classes, files.left_out.path)
            return divided, chosen, files
        files = files.without(explain(unusable))


def _tell_nothing(x: NDArray[Any]) -> NDArray[np.bool_]:
    flat = x.reshape(len(x), -1)
    varies: NDArray[np.bool_] = flat.max(axis=1) > flat.min(axis=1)  # also false where either is not a number
    return ~varies
