"""The user's own sounds, `audio:PATH`: one folder of wav files for each class."""

from __future__ import annotations

from pathlib import Path

from data.dataset import Dataset
from data.errors import DataError
from data.files.folder_or_archive import Tree, open_tree
from data.labelled_files import Parts, divide, find_classes
from data.request import Request
from data.sound.audio import is_sound, read_wav
from data.sound.log_mel import frame_count
from data.sound.spectrograms import dataset_of_sounds

HIGHEST_RATE = 16_000


def load(path: Path, request: Request) -> Dataset:
    """A data set of log-mel spectrograms from a folder or archive with one folder of wav files for each class.

    Folders as for `folder:PATH`. `?seconds=1` is the length that all are cut or filled up to, `?rate=16000` the
    sampling rate in hertz (by default that of the first file, at most 16,000).

    Raises:
        DataError: if there are fewer than two classes, or unreadable files.
    """
    name = f"audio:{path}"
    request.only_options(name, "seconds", "rate")
    tree = open_tree(path)
    parts, classes = find_classes(tree, is_sound, "wav files")
    seconds = _number(request, "seconds", 1.0)
    rate = round(_number(request, "rate", _first_rate(tree, parts)))
    if frame_count(round(seconds * rate), rate) < 1:
        raise DataError(f"sounds of {seconds} s are shorter than one frame of 0.04 s; choose a larger ?seconds")
    return dataset_of_sounds(
        name,
        tree,
        divide(name, parts, request),
        classes,
        rate=rate,
        seconds=seconds,
        description=f"Sounds of {path.name}, log-mel spectrograms of {seconds:g} s at {rate} Hz",
        source=str(path),
    )


def _first_rate(tree: Tree, parts: Parts) -> float:
    first = min(name for part in parts.values() for name in part.names)
    ((name, content),) = tree.read([first])
    return min(read_wav(content, name)[1], HIGHEST_RATE)


def _number(request: Request, key: str, default: float) -> float:
    text = request.options.get(key, str(default))
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e6:
        raise DataError(f"{text!r} is not a number of {'hertz' if key == 'rate' else key}")
    return value
