"""The user's own images, `folder:PATH`: one folder for each class; and whatever else is laid out like that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from data.dataset import Dataset, Split
from data.errors import DataError
from data.files.folder_or_archive import Tree, open_tree
from data.files.images import ImageForm, common_form, is_image, read_images
from data.labelled_files import Parts, divide, find_classes
from data.request import Request


def load(path: Path, request: Request) -> Dataset:
    """A data set from a folder or archive with one folder of images for each class.

    The class folders stand at the top, or below `train`, `test` and perhaps `validation`. Without a `test` folder a
    seeded stratified fifth of the images is the test set; without a `validation` folder a fifth validates.
    `?size=96x96` scales all images; without it they must have one size. Grey images stay grey.

    Raises:
        DataError: if there are fewer than two classes, unreadable images, or several sizes.
    """
    name = f"folder:{path}"
    request.only_options(name, "size")
    tree = open_tree(path)
    parts, classes = find_classes(tree, is_image, "images")
    size = as_size(request.options["size"]) if "size" in request.options else None
    form = common_form(tree, [file for part in parts.values() for file in part.names], size)
    return dataset_of_images(
        name, tree, parts, classes, form, request, description=f"Images of {path.name}", source=str(path)
    )


def dataset_of_images(
    name: str,
    tree: Tree,
    parts: Parts,
    classes: Sequence[str],
    form: ImageForm,
    request: Request,
    *,
    description: str,
    source: str,
) -> Dataset:
    """The data set of labelled image files; only those that are asked for are decoded."""
    divided = divide(name, parts, request)
    # All in one pass, since an archive is read from its beginning each time.
    x = read_images(tree, [file for part in divided.values() for file in part.names], form)
    ends = np.cumsum([len(part) for part in divided.values()])
    splits = {
        title: Split(values, part.labels)
        for (title, part), values in zip(divided.items(), np.split(x, ends[:-1]), strict=True)
    }
    return Dataset(
        name=name,
        input_shape=form.shape,
        num_classes=len(classes),
        class_names=tuple(classes),
        description=description,
        source=source,
        train=splits["train"],
        validation=splits["validation"],
        test=splits["test"],
    )


def as_size(text: str) -> tuple[int, int]:
    """(height, width) of "96x64", which states the width first, or of "96" for a square.

    Raises:
        DataError: if the text is neither.
    """
    match = re.fullmatch(r"(\d+)(?:[x×](\d+))?", text.strip())
    width, height = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if min(width, height) < 1:
        raise DataError(f"{text!r} is not a size of images; write for example 96x96")
    return height, width
