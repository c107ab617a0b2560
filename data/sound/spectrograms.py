"""Labelled sound files as a data set of log-mel spectrograms."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from data.class_folders.labelled_files import Labelled, labelled_dataset
from data.class_folders.left_out import Reason
from data.dataset import Dataset
from data.errors import DataError
from data.files.decoded import decoded
from data.files.folder_or_archive import Tree
from data.phase import counted
from data.sound.audio import fit_length, read_wav, resample, varies
from data.sound.log_mel import BANDS, FEATURES, frame_count, log_mel
from data.sound.wav import Signal, WavError, samples_of

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
    tree: Tree,
    names: Sequence[str],
    *,
    rate: int,
    seconds: float,
    change: Change | None = None,
    strict: bool = True,
) -> NDArray[np.float32]:
    """Spectrograms of shape (n, frames, 40, 1) of the named wav files, in the order of `names`.

    Each is brought to `rate` hertz, cut off or filled up with silence to `seconds`, and then goes through `change`.
    Unless it is `strict`, the spectrogram of a file that cannot be read, or has no sound, is all zeros.

    Raises:
        DataError: if one cannot be read.
    """
    frames = frame_count(round(seconds * rate), rate)
    return decoded(
        tree,
        names,
        ("sounds", *FEATURES, rate, seconds, "" if change is None else change.key, strict),
        lambda: _compute(tree, names, rate, seconds, change, strict),
        size_bytes=4 * math.prod((len(names), frames, BANDS)),
        doing="computing spectrograms",
    )


def _compute(
    tree: Tree, names: Sequence[str], rate: int, seconds: float, change: Change | None, strict: bool
) -> NDArray[np.float32]:
    length = round(seconds * rate)
    x = np.zeros((len(names), frame_count(length, rate), BANDS, 1), np.float32)
    place = {name: index for index, name in enumerate(names)}
    signals = np.empty((CHUNK, length), np.float32)
    rows: list[int] = []
    for name, content in counted(tree.read(sorted(names)), "computing spectrograms", len(names)):
        try:
            fitted = _fitted(content, name, rate, length)
        except DataError:
            if strict:
                raise
            continue
        if not strict and not varies(fitted):
            continue
        signals[len(rows)] = fitted if change is None else change(name, fitted)
        rows.append(place[name])
        if len(rows) == CHUNK:
            x[rows] = log_mel(signals, rate)
            rows.clear()
    if rows:
        x[rows] = log_mel(signals[: len(rows)], rate)
    return x


def _fitted(content: bytes, name: str, rate: int, length: int) -> Signal:
    """Cut off before it is resampled, so that nothing of what comes after rings in it."""
    signal, own_rate = read_wav(content, name)
    return fit_length(resample(signal[: math.ceil(length * own_rate / rate)], own_rate, rate), length)


def why_unusable(tree: Tree, names: Sequence[str], *, rate: int, seconds: float) -> dict[str, Reason]:
    """What is wrong with each of the files whose spectrogram is all zeros."""
    return {name: _why(content, name, rate, seconds) for name, content in tree.read(sorted(names))}


def _why(content: bytes, name: str, rate: int, seconds: float) -> Reason:
    try:
        samples, own_rate = samples_of(content)
    except WavError as error:
        return Reason(str(error), "convert them to 16-bit PCM, or remove them")
    if not len(samples):
        return Reason("wav without samples", "record or remove them")
    if not varies(samples):
        return Reason("silent, of one value all along", "record or remove them")
    try:
        _fitted(content, name, rate, round(seconds * rate))
    except DataError:
        return Reason("too long to be read", "cut them")
    heard = varies(samples[: max(1, round(seconds * own_rate))])
    return Reason("too quiet, below -100 dB" if heard else f"silent in the first {seconds:g} s", "cut or remove them")


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
    return labelled_dataset(name, x, parts, classes, description=description, source=source)
