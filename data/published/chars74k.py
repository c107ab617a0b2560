"""Chars74K: characters cut out of photographs of streets, and its form with two classes."""

from __future__ import annotations

import string
from collections.abc import Sequence

import numpy as np

from data.class_folders.labelled_files import Labelled
from data.class_folders.split_folders import WHOLE
from data.dataset import Dataset
from data.errors import DataError
from data.files.download import Download
from data.files.folder_or_archive import open_tree
from data.files.images import ImageForm, is_image
from data.files.sources import Source
from data.own.image_folder import dataset_of_images
from data.request import Request

CLASS_NAMES = tuple(string.digits + string.ascii_uppercase + string.ascii_lowercase)
BINARY_NAMES = ("0 to U", "V to z")
BINARY_GROUPS = (0,) * 31 + (1,) * 31
GOOD_IMAGES = "Img/GoodImg/Bmp/"

SOURCE = Source(
    "chars74k",
    ("EnglishImg.tgz", "EnglishImg.zip", "EnglishImg", "English"),
    (
        Download(
            "http://www.ee.surrey.ac.uk/CVSSP/demos/chars74k/EnglishImg.tgz",
            "md5:85d157e0c58f998e1cda8def62bcda0d",
            "avalanche, torch-uncertainty and others",
        ),
    ),
)


def load(request: Request) -> Dataset:
    """7,705 characters of 62 classes, the "good" images, scaled to 48×48 grey pixels, as bytes.

    The set has no split of its own: a seeded stratified fifth each tests and validates.
    """
    return _load("chars74k", request, CLASS_NAMES, tuple(range(62)), ImageForm((48, 48), 1))


def load_binary(request: Request) -> Dataset:
    """The same images at 32×32; the first 31 classes against the rest."""
    return _load("chars74k-binary", request, BINARY_NAMES, BINARY_GROUPS, ImageForm((32, 32), 1))


def _load(name: str, request: Request, names: Sequence[str], groups: Sequence[int], form: ImageForm) -> Dataset:
    request.only_options(name)
    tree = open_tree(SOURCE.obtain(request.data_dir))
    files = tuple(file for file in tree.names if GOOD_IMAGES in file and is_image(file))
    if not files:
        raise DataError(f"{tree.path} has no images below {GOOD_IMAGES}")
    labels = np.array([groups[_class_number(file)] for file in files], np.int64)
    return dataset_of_images(
        name,
        tree,
        {WHOLE: Labelled(files, labels)},
        names,
        form,
        request,
        description=f"Characters in photographs, {form.size[1]}×{form.size[0]} pixels, grey",
        source="T. E. de Campos, B. R. Babu, M. Varma: Character recognition in natural images, VISAPP 2009",
    )


def _class_number(file: str) -> int:
    """Folders are called Sample001 to Sample062."""
    folder = file.split("/")[-2]
    number = folder.removeprefix("Sample")
    if not number.isdecimal() or not 1 <= int(number) <= 62:
        raise DataError(f"{file} lies in no folder Sample001 to Sample062")
    return int(number) - 1
