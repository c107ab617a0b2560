"""Fashion-MNIST: pictures of clothes, 28×28."""

from __future__ import annotations

from data.arrays import dataset_of_arrays
from data.dataset import Dataset
from data.files.array_file import read_npz
from data.files.download import Download
from data.files.idx import FILES, read_idx_folder
from data.files.sources import Source
from data.request import Request

CLASS_NAMES = (
    "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip

_CHECKSUMS = (
    "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "md5:25c81989df183df01b3e8a0aad5dffbe",
    "md5:bef4ecab320f06d8554ea6380940ec79",
    "md5:bb300cfdad3c16e7a12a480ee83cd310",
)

SOURCE = Source(
    "fashion-mnist",
    ("fashion-mnist.npz", "fashion-mnist"),
    tuple(
        Download(
            f"https://storage.googleapis.com/tensorflow/tf-keras-datasets/{name}.gz",
            checksum,
            "its publisher",
        )
        for name, checksum in zip(FILES, _CHECKSUMS, strict=True)
    ),
)


def load(request: Request) -> Dataset:
    """60,000 + 10,000 grey images of ten classes, as bytes; 10,000 of the training part validate by default.

    A local copy is `fashion-mnist.npz`, or a folder `fashion-mnist` with the four idx files.
    """
    request.only_options("fashion-mnist")
    path = SOURCE.obtain(request.data_dir)
    return dataset_of_arrays(
        "fashion-mnist",
        read_idx_folder(path) if path.is_dir() else read_npz(path),
        request,
        class_names=CLASS_NAMES,
        default_validation=10_000,
        description="Pictures of clothes, 28×28 pixels, grey",
        source="H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, Zalando Research, MIT licence",
    )
