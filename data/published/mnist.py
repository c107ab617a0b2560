"""MNIST: handwritten digits, 28×28."""

from __future__ import annotations

from data.arrays import dataset_of_arrays
from data.dataset import Dataset
from data.files.array_file import read_npz
from data.files.download import Download
from data.files.idx import read_idx_folder
from data.files.sources import Source
from data.request import Request

SOURCE = Source(
    "mnist",
    ("mnist.npz", "mnist"),
    (
        Download(
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
            "sha256:731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
            "Keras",
        ),
    ),
)


def load(request: Request) -> Dataset:
    """60,000 + 10,000 grey images of ten digits, as bytes; 10,000 of the training part validate by default.

    A local copy is `mnist.npz`, or a folder `mnist` with the four idx files.
    """
    request.only_options("mnist")
    path = SOURCE.obtain(request.data_dir)
    return dataset_of_arrays(
        "mnist",
        read_idx_folder(path) if path.is_dir() else read_npz(path),
        request,
        class_names=tuple("0123456789"),
        default_validation=10_000,
        description="Handwritten digits, 28×28 pixels, grey",
        source="Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits, CC BY-SA 3.0",
    )
