"""Speech Commands: ten spoken words, silence, and other words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from data.class_folders.labelled_files import Labelled, divide
from data.dataset import Dataset, Split
from data.errors import DataError
from data.files.decoded import decoded
from data.files.download import Download
from data.files.folder_or_archive import Tree, open_tree
from data.files.sources import Source
from data.request import Request
from data.sound.audio import fit_length, read_wav
from data.sound.log_mel import BANDS, FEATURES, frame_count, log_mel
from data.sound.noise import DEFAULT_VOLUME, BackgroundNoise, key_of
from data.sound.spectrograms import read_spectrograms
from data.sound.wav import Signal

WORDS = ("yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go")
CLASS_NAMES = (*WORDS, "silence", "unknown")
SILENCE, UNKNOWN = CLASS_NAMES.index("silence"), CLASS_NAMES.index("unknown")
NOISE_FOLDER = "_background_noise_"
LISTS = {"validation": "validation_list.txt", "test": "testing_list.txt"}
RATE = 16_000
SECONDS = 1.0
OPTIONS = ("noise", "volume")

Drawn = tuple[int, int, float]
"""Which noise, its first sample, and its volume."""

SOURCE = Source(
    "speech-commands",
    ("speech_commands_v0.02.tar.gz", "speech_commands_v0.02.zip", "speech_commands_v0.02"),
    (
        Download(
            "https://storage.googleapis.com/download.tensorflow.org/data/speech_commands_v0.02.tar.gz",
            "sha256:af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58",
            "TensorFlow Datasets and torchaudio",
        ),
    ),
)


def load(request: Request) -> Dataset:
    """Log-mel spectrograms of 49×40 of one second at 16 kHz, twelve classes.

    Training, validation and test recordings are those of the data set's own lists. "unknown" is a seeded sample of
    the 25 other words, "silence" are seconds of the background noises at a random place and volume; both are as
    many as the ten words have on average.

    With `?noise=0.8` each training recording gets, with that probability, a random piece of the background noises at a
    random volume of at most `?volume=0.1`; validation and test stay as they are. It is mixed into the wave before the
    features, so it is drawn once from the seed, not anew in each epoch.

    Raises:
        DataError: if lists, words or noises are missing, or an option is no share from 0 to 1.
    """
    request.only_options("speech-commands", *OPTIONS)
    share, volume = request.share("noise", 0.0), request.share("volume", DEFAULT_VOLUME)
    tree = open_tree(SOURCE.obtain(request.data_dir))
    inner = {name: "/".join(name.split("/")[-2:]) for name in tree.names}
    rng = np.random.default_rng(request.seed)
    parts = {title: _with_silence_and_unknown(names, rng) for title, names in _parts(tree, inner).items()}
    parts = divide("speech-commands", parts, request)
    noises = _noises(tree)
    words = [name for part in parts.values() for name in part.names if name]
    place = {name: index for index, name in enumerate(words)}
    trained = [name for name in parts["train"].names if name]
    noisy = BackgroundNoise(noises, trained, share=share, volume=volume, seed=request.seed)
    x = read_spectrograms(tree, words, rate=RATE, seconds=SECONDS, change=noisy)
    silent = _silences(tree, noises, {title: part.names.count("") for title, part in parts.items()}, rng)
    splits = {}
    for title, part in parts.items():
        values = np.empty((len(part), *x.shape[1:]), np.float32)
        spoken = np.array([bool(name) for name in part.names])
        values[spoken] = x[[place[name] for name in part.names if name]]
        values[~spoken] = silent[title]
        splits[title] = Split(values, part.labels)
    height, width, channels = x.shape[1:]
    return Dataset(
        name="speech-commands",
        input_shape=(height, width, channels),
        num_classes=len(CLASS_NAMES),
        class_names=CLASS_NAMES,
        description="Spoken words, log-mel spectrograms of one second" + _told(share, volume),
        source="P. Warden: Speech Commands, a dataset for limited-vocabulary speech recognition, 2018, CC BY 4.0",
        train=splits["train"],
        validation=splits["validation"],
        test=splits["test"],
    )


def _told(share: float, volume: float) -> str:
    return f"; {share:.0%} of the training recordings with noise of volume up to {volume:g}" if share else ""


def _parts(tree: Tree, inner: dict[str, str]) -> dict[str, list[str]]:
    """The recordings of each part; `inner` gives each file's name from its word's folder on."""
    lists = {title: next((n for n in tree.names if n.split("/")[-1] == file), "") for title, file in LISTS.items()}
    missing = [file for title, file in LISTS.items() if not lists[title]]
    if missing:
        raise DataError(f"{tree.path} has no {missing[0]}")
    contents = dict(tree.read(list(lists.values())))
    listed = {title: set(contents[name].decode().split()) for title, name in lists.items()}
    parts: dict[str, list[str]] = {"train": [], "validation": [], "test": []}
    for name, file in inner.items():
        if file.endswith(".wav") and not file.startswith(f"{NOISE_FOLDER}/"):
            part = next((title for title, files in listed.items() if file in files), "train")
            parts[part].append(name)
    return parts


def _with_silence_and_unknown(names: Sequence[str], rng: np.random.Generator) -> Labelled:
    """All recordings of the ten words, some of the others, and places without a name for silence."""
    words = [name for name in names if _word(name) in WORDS]
    others = [name for name in names if _word(name) not in WORDS]
    count = round(len(words) / len(WORDS))
    if not words or not others:
        raise DataError("the recordings lack the ten words, or other words beside them")
    drawn = rng.permutation(len(others))[:count]
    chosen = [*words, *(others[i] for i in drawn), *[""] * count]
    labels = [WORDS.index(_word(name)) for name in words] + [UNKNOWN] * len(drawn) + [SILENCE] * count
    return Labelled(tuple(chosen), np.array(labels, np.int64))


def _word(name: str) -> str:
    return name.split("/")[-2]


def _noises(tree: Tree) -> list[Signal]:
    names = [name for name in tree.names if f"{NOISE_FOLDER}/" in name and name.endswith(".wav")]
    if not names:
        raise DataError(f"{tree.path} has no wav files in {NOISE_FOLDER}")
    return [read_wav(content, name)[0] for name, content in sorted(tree.read(names))]


def _silences(
    tree: Tree, noises: Sequence[Signal], counts: Mapping[str, int], rng: np.random.Generator
) -> dict[str, NDArray[np.float32]]:
    """Features of so many random seconds of the noises for each part."""
    draws = {title: _draw(noises, count, rng) for title, count in counts.items()}
    total = sum(counts.values())
    x = decoded(
        tree,
        (),
        ("silences", *FEATURES, RATE, SECONDS, key_of(noises, list(draws.values()))),
        lambda: np.concatenate([log_mel(_cut(noises, drawn), RATE) for drawn in draws.values()]),
        size_bytes=4 * total * frame_count(round(SECONDS * RATE), RATE) * BANDS,
        doing="computing spectrograms of silence",
        by_name=False,
        count=total,
    )
    return dict(zip(draws, np.split(x, np.cumsum(list(counts.values()))[:-1]), strict=True))


def _draw(noises: Sequence[Signal], count: int, rng: np.random.Generator) -> list[Drawn]:
    length = round(SECONDS * RATE)
    drawn = []
    for _ in range(count):
        kind = int(rng.integers(len(noises)))
        start = int(rng.integers(max(1, len(noises[kind]) - length + 1)))
        drawn.append((kind, start, float(rng.random())))
    return drawn


def _cut(noises: Sequence[Signal], drawn: Sequence[Drawn]) -> NDArray[np.float32]:
    length = round(SECONDS * RATE)
    cuts = np.empty((len(drawn), length), np.float32)
    for row, (kind, start, volume) in enumerate(drawn):
        cuts[row] = fit_length(noises[kind][start : start + length], length) * volume
    return cuts
