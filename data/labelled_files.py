"""Files that are labelled by the folder they lie in, and their division into splits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from data.arrays import check_trained
from data.dataset import Labels
from data.errors import DataError, DatasetSizeError
from data.files.folder_or_archive import Tree
from data.request import TEST_SHARE, VALIDATION_SHARE, Request
from data.splits import Indices, stratified_split

WHOLE = ""
PARTS = {"train": "train", "test": "test", "validation": "validation", "valid": "validation", "val": "validation"}


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


def find_classes(tree: Tree, wanted: Callable[[str], bool], kind: str) -> tuple[Parts, tuple[str, ...]]:
    """The wanted files of a tree by part, and the names of the classes in alphabetical order.

    The classes are the folders at the top, or those below folders called train, test and validation. A folder that
    holds everything, as archives have it, is passed over.

    Raises:
        DataError: if there are none of that `kind`, some lie in no class folder, there is only one class, or one that
            has no training examples.
    """
    files = {name: tuple(name.split("/")) for name in tree.names if wanted(name)}
    if not files:
        raise DataError(f"{tree.path} holds no {kind}")
    files = _without_outer_folder(files)
    has_parts = "train" in {path[0].lower() for path in files.values()}
    placed: dict[str, list[tuple[str, str]]] = {}
    for name, path in files.items():
        part = PARTS.get(path[0].lower()) if has_parts else WHOLE
        folders = path[1:-1] if has_parts else path[:-1]
        if part is None:
            continue
        if not folders:
            raise DataError(f"{name} of {tree.path} lies in no folder that names its class")
        placed.setdefault(part, []).append((name, folders[0]))
    classes = sorted({label for members in placed.values() for _, label in members})
    if len(classes) < 2:
        raise DataError(f"{tree.path} has one class only, {classes[0]!r}; a classifier needs at least two")
    parts = {part: _labelled(members, classes) for part, members in placed.items()}
    check_trained(parts["train" if has_parts else WHOLE].labels, classes, str(tree.path))
    return parts, tuple(classes)


def _without_outer_folder(files: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    paths = dict(files)
    while len({path[0] for path in paths.values()}) == 1 and min(map(len, paths.values())) > 2:
        paths = {name: path[1:] for name, path in paths.items()}
    return paths


def _labelled(members: list[tuple[str, str]], classes: list[str]) -> Labelled:
    number = {label: index for index, label in enumerate(classes)}
    labels = np.array([number[label] for _, label in members], np.int64)
    return Labelled(tuple(name for name, _ in members), labels)


def divide(dataset: str, parts: Parts, request: Request) -> dict[str, Labelled]:
    """Training, validation and test files: given parts as they are, the others as seeded stratified samples.

    Raises:
        DatasetSizeError: if more is asked for than there is.
    """
    pool = parts[WHOLE] if WHOLE in parts else parts["train"]
    sizes: dict[str, int] = {}
    if "test" not in parts:
        sizes["test"] = max(1, round(TEST_SHARE * len(pool)))
    left = len(pool) - sum(sizes.values())
    if "validation" not in parts:
        default = max(1, round(VALIDATION_SHARE * len(pool)))
        train, sizes["validation"] = request.sizes(dataset, left, default)
    else:
        train = left if request.train_size is None else request.train_size
        if not 0 < train <= left:
            raise DatasetSizeError(f"{dataset} has {left} training examples, not {train}")
    sizes["train"] = train
    drawn = stratified_split(pool.labels, tuple(sizes.values()), seed=request.seed)
    divided = {title: pool.take(indices) for title, indices in zip(sizes, drawn, strict=True)}
    if "test" in parts:
        divided["test"] = parts["test"]
    if "validation" in parts:
        size = request.validation_size or len(parts["validation"])
        (indices,) = stratified_split(parts["validation"].labels, (size,), seed=request.seed)
        divided["validation"] = parts["validation"].take(indices)
    return divided
