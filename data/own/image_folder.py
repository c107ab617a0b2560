"""The user's own images, `folder:PATH`: one folder for each class; and whatever else is laid out like that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from data.class_folders.labelled_files import Parts, divide, divide_readable, find_classes, labelled_dataset
from data.dataset import Dataset
from data.errors import DataError
from data.files.file_kinds import PICTURES, kind_of_ending
from data.files.folder_or_archive import Tree, open_tree
from data.files.images import (
    ImageForm,
    common_form,
    in_one_colour,
    is_image,
    look_at_images,
    read_images,
    why_unreadable,
)
from data.request import Request


def load(path: Path, request: Request) -> Dataset:
    """A data set from a folder or archive with one folder of images for each class.

    The class folders stand at the top, or below `train`, `test` and perhaps `validation`; other names and places of
    these are understood as `data.class_folders.split_folders.find_layout` says. Without a `test` folder a seeded
    stratified fifth of the images is the test set; without a `validation` folder a fifth validates.
    `?size=96x96` scales all images; without it they must have one size. Grey images stay grey, and images are as they
    are seen (`data.files.seen`). Those that cannot be read or have one value all over are left out, and noted.

    Raises:
        DataError: if there are fewer than two classes, several sizes, a class that loses most of its images, or one
            that is missing in a split.
    """
    name = f"folder:{path}"
    request.only_options(name, "size")
    tree = open_tree(path)
    size = as_size(request.options["size"]) if "size" in request.options else None
    files = find_classes(tree, is_image, "images", lambda file: kind_of_ending(file, PICTURES))
    looks = look_at_images(tree, files.names)
    files = files.without(why_unreadable(tree, looks.unreadable()))
    form = common_form(looks, size, str(tree.path))
    divided, x, files = divide_readable(
        name,
        files,
        request,
        lambda names: read_images(tree, names, form, strict=False),
        lambda names: why_unreadable(tree, names, form),
    )
    return labelled_dataset(
        name,
        x,
        divided,
        files.classes,
        description=f"Images of {path.name}",
        source=str(path),
        notes=(*files.notes, *files.left_out.notes(), *looks.of(files.names).notes(form), *in_one_colour(x)),
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
    return labelled_dataset(name, x, divided, classes, description=description, source=source)


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
