"""Which data sets there are, and the one function that loads any of them by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl

from data.dataset import Dataset
from data.errors import DataError, DatasetUnavailableError, UnknownDatasetError
from data.example_kinds import Kind
from data.files import sources
from data.files.sources import Source
from data.own import audio_folder, image_folder, npz, table
from data.published import (
    chars74k,
    cifar10,
    digits,
    fashion_mnist,
    mnist,
    speech_commands,
    spoken_digits,
    synthetic,
    visual_wake_words,
    watch_exercises,
)
from data.request import Request

Origin = Literal["bundled", "local", "download"]

OWN_DATA: dict[str, Callable[[Path, Request], Dataset]] = {
    "folder": image_folder.load,
    "audio": audio_folder.load,
    "npz": npz.load,
    "table": table.load,
}
_OWN_KINDS: dict[str, Kind] = {"folder": "image", "audio": "spectrogram", "table": "window"}


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """What is known of a data set before it is loaded.

    Attributes:
        name: what `load` knows it by.
        title: what people call it.
        input_shape: (height, width, channels).
        num_classes: number of classes.
        available: whether it can be loaded here, perhaps after a download.
        reason: why not; None when it is available.
        origin: "bundled" with an installed package or computed, a "local" copy, or a "download" still to be made.
        kind: what an example is.
    """

    name: str
    title: str
    input_shape: tuple[int, int, int]
    num_classes: int
    available: bool = True
    reason: str | None = None
    origin: Origin = "bundled"
    kind: Kind = "unknown"


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    title: str
    input_shape: tuple[int, int, int]
    num_classes: int
    load: Callable[[Request], Dataset]
    kind: Kind
    source: Source | None = None
    package: str | None = None
    options: tuple[str, ...] = ()  # those that change neither shape nor classes


_ENTRIES = (
    _Entry("digits", "Handwritten digits (8×8)", (8, 8, 1), 10, digits.load, "image", package="sklearn"),
    _Entry("mnist", "MNIST", (28, 28, 1), 10, mnist.load, "image", mnist.SOURCE),
    _Entry("fashion-mnist", "Fashion-MNIST", (28, 28, 1), 10, fashion_mnist.load, "photo", fashion_mnist.SOURCE),
    _Entry("cifar10", "CIFAR-10", (32, 32, 3), 10, cifar10.load, "photo", cifar10.SOURCE),
    _Entry("cifar10-binary", "CIFAR-10, two classes", (32, 32, 3), 2, cifar10.load_binary, "photo", cifar10.SOURCE),
    _Entry("chars74k", "Chars74K", (48, 48, 1), 62, chars74k.load, "image", chars74k.SOURCE),
    _Entry("chars74k-binary", "Chars74K, two classes", (32, 32, 1), 2, chars74k.load_binary, "image", chars74k.SOURCE),
    _Entry(
        "speech-commands",
        "Speech Commands",
        (49, 40, 1),
        12,
        speech_commands.load,
        "spectrogram",
        speech_commands.SOURCE,
        options=speech_commands.OPTIONS,
    ),
    _Entry(
        "visual-wake-words",
        "Visual Wake Words",
        (96, 96, 3),
        2,
        visual_wake_words.load,
        "photo",
        visual_wake_words.SOURCE,
    ),
    _Entry(
        "spoken-digits",
        "Spoken digits",
        (49, 40, 1),
        10,
        spoken_digits.load,
        "spectrogram",
        spoken_digits.SOURCE,
        options=spoken_digits.OPTIONS,
    ),
    _Entry(
        "watch-exercises",
        "Exercises with a smartwatch",
        (watch_exercises.WINDOW, 1, len(watch_exercises.CHANNELS)),
        7,
        watch_exercises.load,
        "window",
        watch_exercises.SOURCE,
    ),
    _Entry("synthetic", "Synthetic stripes", (16, 16, 1), 4, synthetic.load, "image"),
)


def datasets(data_dir: Path | str | None = None) -> tuple[DatasetInfo, ...]:
    """Every data set known by name, those that cannot be loaded here included, with the reason.

    Args:
        data_dir: a folder of local copies; by default that of `UNAS_DATA_DIR`.
    """
    folder = sources.data_dir(data_dir)
    return tuple(_info(entry, folder) for entry in _ENTRIES)


def describe(name: str, *, data_dir: Path | str | None = None) -> DatasetInfo:
    """The shape and classes of any data set that `load` takes, known ones without their files.

    The user's own data is read for it, and so is what an option gives another shape.

    Raises:
        DataError: as `load` does.
    """
    plain, options = _parse(name)
    for entry in _ENTRIES:
        if entry.name == plain and set(options) <= set(entry.options):
            return replace(_info(entry, sources.data_dir(data_dir)), name=name)
    loaded = load(name, data_dir=data_dir)
    shape, classes = loaded.input_shape, loaded.num_classes
    return DatasetInfo(loaded.name, loaded.description, shape, classes, origin="local", kind=kind_of(name))


def kind_of(name: str) -> Kind:
    """What an example of any data set that `load` takes is; nothing is read for it, and nothing raised.

    The user's own images may be anything, characters too, so they are not taken for photographs.
    """
    plain = name.partition("?")[0]
    own = plain.partition(":")[0] if ":" in plain else ""
    named: Kind = next((entry.kind for entry in _ENTRIES if entry.name == plain), "unknown")
    return _OWN_KINDS.get(own, named)


def load(
    name: str,
    *,
    train_size: int | None = None,
    validation_size: int | None = None,
    data_dir: Path | str | None = None,
    seed: int = 0,
) -> Dataset:
    """Load a data set by name.

    Args:
        name: one of the names that `datasets` lists, or the user's own data: `folder:PATH` (images), `audio:PATH`,
            `npz:PATH`, `table:PATH`; either perhaps followed by options, as in `folder:photos?size=96x96`.
        train_size: number of training examples; by default all that are left.
        validation_size: number of validation examples; by default a share that the data set chooses.
        data_dir: a folder of local copies; by default that of `UNAS_DATA_DIR`.
        seed: seed of every random choice, such as a split where the data comes without one.

    Raises:
        UnknownDatasetError: if there is no data set of that name.
        DatasetUnavailableError: if its files or the package that reads them are missing.
        DatasetSizeError: if more examples are asked for than there are.
        DataError: if its files are damaged, or hold no classification data.
    """
    plain, options = _parse(name)
    request = Request(train_size, validation_size, sources.data_dir(data_dir), seed, options)
    kind, colon, path = plain.partition(":")
    if colon and kind in OWN_DATA:
        return OWN_DATA[kind](Path(path).expanduser(), request)
    entry = next((entry for entry in _ENTRIES if entry.name == plain), None)
    if entry is None:
        raise UnknownDatasetError(plain, [*(e.name for e in _ENTRIES), *(f"{kind}:PATH" for kind in OWN_DATA)])
    info = _info(entry, request.data_dir)
    if info.reason is not None:
        raise DatasetUnavailableError(plain, info.reason)
    return entry.load(request)


def _info(entry: _Entry, data_dir: Path | None) -> DatasetInfo:
    reason = None
    origin: Origin = "bundled"
    if entry.package is not None and find_spec(entry.package) is None:
        reason = f"the package {entry.package}, which brings it, is not installed"
    if entry.source is not None:
        origin = "local" if entry.source.find(data_dir) else "download"
    shape, classes = entry.input_shape, entry.num_classes
    return DatasetInfo(entry.name, entry.title, shape, classes, reason is None, reason, origin, entry.kind)


def _parse(name: str) -> tuple[str, dict[str, str]]:
    plain, mark, query = name.partition("?")
    try:
        return plain, dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(mark)))
    except ValueError:
        raise DataError(f"{name!r} does not end in options of the form ?key=value&key=value") from None
