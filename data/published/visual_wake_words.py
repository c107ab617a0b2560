"""Visual Wake Words: is there a person in the picture?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from data.class_folders.labelled_files import find_classes
from data.dataset import Dataset, Labels, Split
from data.errors import DataError
from data.files.download import Download
from data.files.folder_or_archive import Tree, open_tree
from data.files.images import ImageForm, decode, is_image
from data.files.sources import Source
from data.files.tfrecord import read_examples
from data.own.image_folder import as_size, dataset_of_images
from data.request import VALIDATION_SHARE, Request
from data.splits import stratified_split

DEFAULT_SIZE = "96x96"
CLASS_NAMES = ("no person", "person")
DESCRIPTION = "Photographs with and without a person, colour"
CITATION = "A. Chowdhery et al.: Visual Wake Words dataset, 2019; images of COCO 2014, CC BY 4.0"

SOURCE = Source(
    "visual-wake-words",
    ("vw_coco2014_96.tar.gz", "vw_coco2014_96", "visual-wake-words.zip", "visual-wake-words"),
    (
        Download(
            "https://www.silabs.com/public/files/github/machine_learning/benchmarks/datasets/vw_coco2014_96.tar.gz",
            "sha256:f8746b9e44f8a7a4293f73be9ba6e8da9239fe69798d42364aae62b915cfab58",
            "users of MLPerf Tiny",
        ),
    ),
)


def load(request: Request) -> Dataset:
    """Colour images of 96×96, or of `?size=…`, as bytes; two classes.

    The download is the copy that MLPerf Tiny uses: 96×96 images in the folders `person` and `non_person`, of which a
    seeded stratified fifth each tests and validates. A local copy is that, any two folders of images, or the TFRecord
    files of the original script, whose validation images are then the test set.
    """
    request.only_options("visual-wake-words", "size")
    form = ImageForm(as_size(request.options.get("size", DEFAULT_SIZE)), 3)
    tree = open_tree(SOURCE.obtain(request.data_dir))
    if any(_is_record(name) for name in tree.names):
        return _of_records(tree, form, request)
    found = find_classes(tree, is_image, "images")
    if len(found.classes) != len(CLASS_NAMES):
        names = ", ".join(found.classes)
        raise DataError(f"{tree.path} has the classes {names}; there must be two, with and without a person")
    return dataset_of_images(
        "visual-wake-words", tree, found.parts, CLASS_NAMES, form, request, description=DESCRIPTION, source=CITATION
    )


def _is_record(name: str) -> bool:
    last = name.rsplit("/", maxsplit=1)[-1]
    return ".record" in last or ".tfrecord" in last


def _of_records(tree: Tree, form: ImageForm, request: Request) -> Dataset:
    names = [name for name in tree.names if _is_record(name)]
    train_names = [name for name in names if name.split("/")[-1].startswith("train")]
    test_names = [name for name in names if name.split("/")[-1].startswith("val")]
    x, y = _read(tree, train_names, form)
    x_test, y_test = _read(tree, test_names, form)
    sizes = request.sizes("visual-wake-words", len(y), max(1, round(VALIDATION_SHARE * len(y))))
    validation, train = stratified_split(y, (sizes[1], sizes[0]), seed=request.seed)
    return Dataset(
        name="visual-wake-words",
        input_shape=form.shape,
        num_classes=len(CLASS_NAMES),
        class_names=CLASS_NAMES,
        train=Split(x[train], y[train]),
        validation=Split(x[validation], y[validation]),
        test=Split(x_test, y_test),
        description=DESCRIPTION,
        source=CITATION,
    )


def _read(tree: Tree, names: list[str], form: ImageForm) -> tuple[np.ndarray, Labels]:
    if not names:
        raise DataError(f"{tree.path} lacks the record files of training or validation (train.record-…, val.record-…)")
    pairs = list(_labelled_images(tree, names, form))
    x = np.stack([image for image, _ in pairs])
    return x, np.array([label for _, label in pairs], np.int64)


def _labelled_images(tree: Tree, names: list[str], form: ImageForm) -> Iterator[tuple[np.ndarray, int]]:
    for name, content in sorted(tree.read(names)):
        for number, example in enumerate(read_examples(content, name)):
            images, labels = example.get("image/encoded", []), example.get("image/class/label", [])
            if len(images) != 1 or len(labels) != 1 or not isinstance(images[0], bytes):
                raise DataError(f"record {number} of {name} lacks image/encoded or image/class/label")
            yield decode(images[0], form, f"record {number} of {name}"), int(labels[0])
