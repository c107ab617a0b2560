"""Labelled sound files as a data set of log-mel spectrograms."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from data.dataset import Dataset, Split
from data.files.decoded import decoded
from data.files.folder_or_archive import Tree
from data.labelled_files import Labelled
from data.phase import counted
from data.sound.audio import Signal, fit_length, read_wav, resample
from data.sound.log_mel import BANDS, FEATURES, frame_count, log_mel

CHUNK = 256


class Change(Protocol):
    """What is done to recordings before their features are computed."""

    @property
    def key(self) -> str:
        """Another one for every other change."""
        ...

    def __call__(self, name: str, signal: Signal) -> Signal:
        """As many samples, from a file's name and its samples."""
        ...


def read_spectrograms(
    tree: Tree, names: Sequence[str], *, rate: int, seconds: float, change: Change | None = None
) -> NDArray[np.float32]:
    """Spectrograms of shape (n, frames, 40, 1) of the named wav files, in the order of `names`.

    Each is brought to `rate` hertz, cut off or filled up with silence to `seconds`, and then goes through `change`.

    Raises:
        DataError: if one cannot be read.
    """
    frames = frame_count(round(seconds * rate), rate)
    return decoded(
        tree,
        names,
        ("sounds", *FEATURES, rate, seconds, "" if change is None else change.key),
        lambda: _compute(tree, names, rate, seconds, change),
        size_bytes=4 * math.prod((len(names), frames, BANDS)),
        doing="computing spectrograms",
    )


def _compute(tree: Tree, names: Sequence[str], rate: int, seconds: float, change: Change | None) -> NDArray[np.float32]:
    length = round(seconds * rate)
    x = np.empty((len(names), frame_count(length, rate), BANDS, 1), np.float32)
    place = {name: index for index, name in enumerate(names)}
    signals = np.empty((CHUNK, length), np.float32)
    rows: list[int] = []
    for name, content in counted(tree.read(sorted(names)), "computing spectrograms", len(names)):
        signal, own_rate = read_wav(content, name)
        fitted = fit_length(resample(signal, own_rate, rate), length)
        signals[len(rows)] = fitted if change is None else change(name, fitted)
        rows.append(place[name])
        if len(rows) == CHUNK:
            x[rows] = log_mel(signals, rate)
            rows.clear()
    if rows:
        x[rows] = log_mel(signals[: len(rows)], rate)
    return x


def dataset_of_sounds(
    name: str,
    tree: Tree,
    parts: Mapping[str, Labelled],
    classes: Sequence[str],
    *,
    rate: int,
    seconds: float,
    description: str,
    source: str,
) -> Dataset:
    """The data set of the files of the three splits in `parts`."""
    # All in one pass, since an archive is read from its beginning each time.
    names = [file for part in parts.values() for file in part.names]
    x = read_spectrograms(tree, names, rate=rate, seconds=seconds)
    ends = np.cumsum([len(part) for part in parts.values()])
    splits = {
        title: Split(values, part.labels)
        for (title, part), values in zip(parts.items(), np.split(x, ends[:-1]), strict=True)
    }
    height, width, channels = x.shape[1:]
    return Dataset(
        name=name,
        input_shape=(height, width, channels),
        num_classes=len(classes),
        class_names=tuple(classes),
        description=description,
        source=source,
        train=splits["train"],
        validation=splits["validation"],
        test=splits["test"],
    )
