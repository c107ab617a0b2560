"""CIFAR-10: photographs of ten kinds of things, 32×32, and its form with two classes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from data.arrays import Arrays, dataset_of_arrays
from data.class_folders.labelled_files import Labelled, find_classes
from data.dataset import Dataset
from data.errors import DataError
from data.files.array_file import read_npz
from data.files.download import Download
from data.files.folder_or_archive import open_tree
from data.files.images import ImageForm, is_image
from data.files.sources import Source
from data.own.image_folder import dataset_of_images
from data.request import Request

CLASS_NAMES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip
BINARY_NAMES = ("airplane to deer", "dog to truck")
BINARY_GROUPS = (0, 0, 0, 0, 0, 1, 1, 1, 1, 1)
FORM = ImageForm((32, 32), 3)
RECORD_BYTES = 1 + 3 * 32 * 32
TRAIN_FILES = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
TEST_FILE = "test_batch.bin"

# The form for C programs: the one for Python would have to be unpickled.
SOURCE = Source(
    "cifar10",
    (
        "cifar10.npz",
        "cifar-10-binary.tar.gz",
        "cifar-10-batches-bin",
        "cifar10-images.zip",
        "cifar10-images",
    ),
    (
        Download(
            "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
            "md5:c32a1d4ab5d03f1284b67883e8d87530",
            "its publisher",
        ),
    ),
)


def load(request: Request) -> Dataset:
    """50,000 + 10,000 colour images, as bytes; 10,000 of the training part validate by default.

    A local copy is the original archive, `cifar10.npz`, or folders `train/<class>` and `test/<class>` of images
    (then the parts of the training images are seeded stratified samples).
    """
    return _load("cifar10", request, CLASS_NAMES, tuple(range(10)))


def load_binary(request: Request) -> Dataset:
    """The same images; classes 0–4 against 5–9."""
    return _load("cifar10-binary", request, BINARY_NAMES, BINARY_GROUPS)


def _load(name: str, request: Request, names: Sequence[str], groups: Sequence[int]) -> Dataset:
    request.only_options(name)
    path = SOURCE.obtain(request.data_dir)
    description = "Photographs, 32×32 pixels, colour"
    source = "A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009"
    if "images" in path.name:
        tree = open_tree(path)
        found = find_classes(tree, is_image, "images")
        if found.classes != CLASS_NAMES:
            raise DataError(f"{path} has the classes {', '.join(found.classes)}, not those of CIFAR-10")
        table = np.asarray(groups, np.int64)
        parts = {title: Labelled(part.names, table[part.labels]) for title, part in found.parts.items()}
        return dataset_of_images(name, tree, parts, names, FORM, request, description=description, source=source)
    arrays = read_npz(path) if path.suffix == ".npz" else read_binary(path)
    return dataset_of_arrays(
        name,
        arrays.relabelled(groups),
        request,
        class_names=names,
        default_validation=10_000,
        description=description,
        source=source,
    )


def read_binary(path: Path) -> Arrays:
    """The original's records, a label and then 32×32 bytes each of red, green and blue, from archive or folder.

    Raises:
        DataError: if a file is missing, damaged or cut off.
    """
    tree = open_tree(path)
    found = {name.rsplit("/", 1)[-1]: name for name in tree.names}
    missing = [name for name in (*TRAIN_FILES, TEST_FILE) if name not in found]
    if missing:
        raise DataError(f"{path} has no file {missing[0]}")
    contents = dict(tree.read([found[name] for name in (*TRAIN_FILES, TEST_FILE)]))
    x, y = _records([contents[found[name]] for name in TRAIN_FILES], path)
    x_test, y_test = _records([contents[found[TEST_FILE]]], path)
    return Arrays(x, y, x_test, y_test)


def _records(contents: Sequence[bytes], path: Path) -> tuple[np.ndarray, np.ndarray]:
    if any(len(content) % RECORD_BYTES or not content for content in contents):
        raise DataError(f"{path} has a file that is no whole number of records; fetch it again")
    records = np.concatenate([np.frombuffer(content, np.uint8).reshape(-1, RECORD_BYTES) for content in contents])
    images = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(images), records[:, 0].astype(np.int64)
