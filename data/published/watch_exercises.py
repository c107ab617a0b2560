"""Exercises of the shoulder, told apart by the motion of a smartwatch."""

from __future__ import annotations

import pickletools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from data.dataset import Dataset
from data.errors import DataError
from data.files.download import Download
from data.files.sources import Source
from data.own.table.loading import DEFAULT_WINDOW, dataset_of_table
from data.own.table.reading import Table, read_table
from data.request import Request

if TYPE_CHECKING:  # importing pandas takes as long as all the rest together
    import pandas as pd

CHANNELS = ("ax", "ay", "az", "wx", "wy", "wz")
WINDOW = int(DEFAULT_WINDOW)
KEYS = ("X", "y_labels", "y", "subject", "side", "X_labels")
ABOUT_EACH = {"y": np.int64, "subject": np.int64, "side": np.float64}

SOURCE = Source(
    "watch-exercises",
    ("watch-exercises.parquet", "watch_dataset.npy"),
    (
        Download(
            "https://raw.githubusercontent.com/dmbee/seglearn/b93b670fd62d4ff22bd44d15023422f20789fd23/"
            "seglearn/data/watch_dataset.npy",
            "sha256:eb122f23cdf06ef6bd6c6c5312958ec5cf9d038e2e6d457b8081662c75a42537",
            "the release 1.2.5 of seglearn",
        ),
    ),
)


def load(request: Request) -> Dataset:
    """Windows of `?window=64` readings at 50 Hz, of shape (64, 1, 6): acceleration and turning of a smartwatch.

    Ten people did seven exercises, with the watch on either side. Two people test and two others validate, drawn by
    the seed: nobody is in two parts. A window lies within one recording; otherwise as for `table:PATH`.

    Raises:
        DataError: if the file is damaged, or a recording shorter than the window.
    """
    request.only_options("watch-exercises", "window")
    path = SOURCE.obtain(request.data_dir)
    table = read_table(path, lambda _: ()) if path.suffix == ".parquet" else _read_original(path)
    chosen = {"label": "exercise", "columns": ",".join(CHANNELS), **request.options}
    return dataset_of_table(
        "watch-exercises",
        table,
        replace(request, options=MappingProxyType(chosen)),
        group="subject",
        run="recording",
        description="Seven exercises of the shoulder by ten people, {rows} readings at 50 Hz of a smartwatch's motion",
        source="D. Burns et al.: Shoulder physiotherapy exercise recognition: machine learning the inertial signals "
        "from a smartwatch, 2018, arXiv 1802.01489; the part that comes with seglearn 1.2.5, BSD-3-Clause",
    )


def _read_original(path: Path) -> Table:
    """The table of seglearn's file."""
    try:
        return Table(_frame(_words(path.read_bytes())), path)
    except (OSError, LookupError, ValueError) as error:
        raise DataError(f"{path} cannot be read as the data of seglearn 1.2.5 ({error})") from None


def _words(content: bytes) -> dict[str, list[str]]:
    """The words of the file below each of its keys.

    It is a pickled dictionary of arrays, whose bytes are words of its own. Nothing is unpickled: what would be executed
    is only listed, and the words are taken from the list.
    """
    header = 10 + int.from_bytes(content[8:10], "little")
    found: dict[str, list[str]] = {}
    key = ""
    for operation, argument, _ in pickletools.genops(content[header:]):
        if operation.name == "BINUNICODE" and argument in KEYS:
            key = str(argument)
        elif operation.name == "BINUNICODE":
            found.setdefault(key, []).append(str(argument))
    return found


def _frame(words: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    import pandas as pd

    if tuple(words["X_labels"]) != CHANNELS:
        raise ValueError(f"it has the channels {', '.join(words['X_labels'])}")
    recordings = [_numbers(word, np.float64).reshape(len(CHANNELS), -1).T for word in words["X"] if len(word) > 1000]
    exercise, subject, side = (_numbers(max(words[key], key=len), kind) for key, kind in ABOUT_EACH.items())
    number = np.repeat(np.arange(len(recordings)), [len(recording) for recording in recordings])
    columns: dict[str, NDArray[np.generic]] = {
        "subject": subject[number],
        "side": np.array(["left", "right"])[side.astype(np.int64)][number],
        "recording": number,
        "exercise": np.array(words["y_labels"])[exercise][number],
    }
    readings = np.concatenate(recordings).astype(np.float32)
    return pd.DataFrame(columns | {name: readings[:, place] for place, name in enumerate(CHANNELS)})


def _numbers(word: str, kind: DTypeLike) -> NDArray[Any]:
    return np.frombuffer(word.encode("latin-1"), np.dtype(kind).newbyteorder("<"))
