"""The user's own sounds, `audio:PATH`: one folder of wav files for each class."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.class_folders.labelled_files import divide_readable, find_classes, labelled_dataset
from data.dataset import Dataset
from data.errors import DataError
from data.files.decoded import decoded
from data.files.file_kinds import SOUNDS, kind_of_ending
from data.files.folder_or_archive import Tree, open_tree
from data.request import Request
from data.sound.audio import is_sound
from data.sound.log_mel import VERSION, frame_count
from data.sound.spectrograms import read_spectrograms, why_unusable
from data.sound.wav import WavError, rate_of

HIGHEST_RATE = 16_000


def load(path: Path, request: Request) -> Dataset:
    """A data set of log-mel spectrograms from a folder or archive with one folder of wav files for each class.

    Folders as for `folder:PATH`. `?seconds=1` is the length that all are cut or filled up to, `?rate=16000` the
    sampling rate in hertz (by default that of the first file, at most 16,000). Channels are averaged. Files that
    cannot be read or have no sound are left out, and noted.

    Raises:
        DataError: if there are fewer than two classes, a class that loses most of its files, or one that is missing in
            a split.
    """
    name = f"audio:{path}"
    request.only_options(name, "seconds", "rate")
    tree = open_tree(path)
    files = find_classes(tree, is_sound, "wav files", lambda file: kind_of_ending(file, SOUNDS))
    seconds = _number(request, "seconds", 1.0)
    rates = _rates(tree, files.names) if "rate" not in request.options else ()
    rate = round(_number(request, "rate", min(rates[0], HIGHEST_RATE) if rates else HIGHEST_RATE))
    if frame_count(round(seconds * rate), rate) < 1:
        raise DataError(f"sounds of {seconds} s are shorter than one frame of 0.04 s; choose a larger ?seconds")
    divided, x, files = divide_readable(
        name,
        files,
        request,
        lambda names: read_spectrograms(tree, names, rate=rate, seconds=seconds, strict=False),
        lambda names: why_unusable(tree, names, rate=rate, seconds=seconds),
    )
    return labelled_dataset(
        name,
        x,
        divided,
        files.classes,
        description=f"Sounds of {path.name}, log-mel spectrograms of {seconds:g} s at {rate} Hz",
        source=str(path),
        notes=(*files.notes, *files.left_out.notes(), *_rate_notes(rates, rate)),
    )


def _rates(tree: Tree, names: Sequence[str]) -> tuple[int, ...]:
    """The sampling rates of the files, that of the first readable one first."""

    def look() -> NDArray[np.int64]:
        rates = {name: _rate_or_0(content) for name, content in tree.read(sorted(names))}
        return np.array([rates[name] for name in names], np.int64)

    how, doing = ("rates", VERSION), "looking for sampling rates"
    rates = dict(zip(names, decoded(tree, names, how, look, size_bytes=8 * len(names), doing=doing), strict=True))
    return tuple(dict.fromkeys(int(rates[name]) for name in sorted(names) if rates[name]))


def _rate_or_0(content: bytes) -> int:
    try:
        return rate_of(content)
    except WavError:  # `why_unusable` says what is wrong with it
        return 0


def _rate_notes(rates: Sequence[int], rate: int) -> tuple[str, ...]:
    if len(rates) < 2:
        return ()
    listed = ", ".join(map(str, sorted(rates)))
    return (f"the sounds have {len(rates)} sampling rates ({listed} Hz); all are brought to {rate} Hz",)


def _number(request: Request, key: str, default: float) -> float:
    text = request.options.get(key, str(default))
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e6:
        raise DataError(f"{text!r} is not a number of {'hertz' if key == 'rate' else key}")
    return value
