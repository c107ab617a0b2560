"""The user's own images, `folder:PATH`: one folder for each class; also how downloaded image sets are laid out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.dataset import Dataset, Labels, Split
from data.errors import DataError
from data.images import ImageForm, common_form, is_image, read_images
from data.request import TEST_SHARE, VALIDATION_SHARE, Request
from data.splits import stratified_split
from data.tree import Tree, open_tree

PARTS = {"train": "train", "test": "test", "validation": "validation", "valid": "validation", "val": "validation"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """Names of files with their labels; `part` says whether they train, validate or test, or "" where nothing does."""

    names: tuple[str, ...]
    labels: Labels


def load(path: Path, request: Request) -> Dataset:
    """A data set from a folder or archive with one folder of images for each class.

    The class folders stand at the top, or below `train`, `test` and perhaps `validation`. Without a `test` folder a
    seeded stratified fifth of the images is the test set; without a `validation` folder a fifth validates.
    `?size=96x96` scales all images; without it they must have one size. Grey images stay grey.

    Raises:
        DataError: if the folder holds fewer than two classes, or unreadable images.
    """
    name = f"folder:{path}"
    request.only_options(name, "size")
    tree = open_tree(path)
    parts, classes = find_classes(tree, is_image, kind="images")
    size = _size(request.options["size"]) if "size" in request.options else None
    form = common_form(tree, [file for part in parts.values() for file in part.names], size)
    return dataset_of_images(
        name, tree, parts, classes, form, request, description=f"Images of {path.name}", source=str(path)
    )


def dataset_of_images(
    name: str,
    tree: Tree,
    parts: Mapping[str, Labelled],
    classes: Sequence[str],
    form: ImageForm,
    request: Request,
    *,
    description: str,
    source: str,
) -> Dataset:
    """The data set of labelled image files; only the files that are asked for are decoded."""
    splits = {
        title: Split(read_images(tree, part.names, form), part.labels)
        for title, part in divide(name, parts, request).items()
    }
    return Dataset(
        name=name,
        input_shape=form.shape,
        num_classes=len(classes),
        class_names=tuple(classes),
        train=splits["train"],
        validation=splits["validation"],
        test=splits["test"],
        description=description,
        source=source,
    )


def find_classes(tree: Tree, wanted: object, *, kind: str) -> tuple[dict[str, Labelled], tuple[str, ...]]:
    """The files of each part ("train", "test", "validation"; "" where there are no parts), and the class names."""
    raise NotImplementedError
