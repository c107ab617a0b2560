"""Free Spoken Digit Dataset: the ten digits, spoken by a handful of people."""

from __future__ import annotations

import re

import numpy as np

from data.class_folders.labelled_files import Labelled, divide
from data.dataset import Dataset
from data.errors import DataError
from data.files.download import Download
from data.files.folder_or_archive import open_tree
from data.files.sources import Source
from data.request import Request
from data.sound.spectrograms import dataset_of_sounds

RATE = 8_000
SECONDS = 1.0
TEST_RECORDINGS = range(5)
OPTIONS = ("test_speaker",)
FILE_NAME = re.compile(r"(?:.*/)?(\d)_(\w+)_(\d+)\.wav")

SOURCE = Source(
    "spoken-digits",
    ("fsdd.zip", "fsdd", "free-spoken-digit-dataset-1.0.9.tar.gz", "free-spoken-digit-dataset-1.0.9"),
    (
        Download(
            "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/v1.0.9.tar.gz",
            "sha256:8bc44cde129d505cbbb6b365c09f80c663f2aa77578afc634e6141a2f87100c0",
            "TensorFlow Datasets",
        ),
    ),
)


def load(request: Request) -> Dataset:
    """Log-mel spectrograms of 49×40 of one second at 8 kHz.

    The test set is the data set's own: recordings 0–4 of each speaker and digit. With `?test_speaker=NAME` it is
    instead everything that this speaker says, which nobody else's training has heard. Of the rest, a seeded
    stratified fifth validates.

    Raises:
        DataError: if there are no recordings, or no such speaker.
    """
    request.only_options("spoken-digits", *OPTIONS)
    tree = open_tree(SOURCE.obtain(request.data_dir))
    matches = [match for name in tree.names if (match := FILE_NAME.fullmatch(name))]
    if not matches:
        raise DataError(f"{tree.path} has no files DIGIT_SPEAKER_NUMBER.wav")
    speakers = sorted({match[2] for match in matches})
    left_out = request.options.get("test_speaker")
    if left_out is not None and left_out not in speakers:
        raise DataError(f"spoken-digits has no speaker {left_out!r}; there are {', '.join(speakers)}")
    parts: dict[str, list[re.Match[str]]] = {"train": [], "test": []}
    for match in matches:
        is_test = match[2] == left_out if left_out else int(match[3]) in TEST_RECORDINGS
        parts["test" if is_test else "train"].append(match)
    return dataset_of_sounds(
        "spoken-digits",
        tree,
        divide("spoken-digits", {title: _labelled(found) for title, found in parts.items()}, request),
        tuple("0123456789"),
        rate=RATE,
        seconds=SECONDS,
        description=f"Spoken digits of {len(speakers)} speakers, log-mel spectrograms of one second",
        source="Z. Jackson et al.: Free Spoken Digit Dataset, CC BY-SA 4.0",
    )


def _labelled(matches: list[re.Match[str]]) -> Labelled:
    return Labelled(tuple(match[0] for match in matches), np.array([int(match[1]) for match in matches], np.int64))
