"""Which folders are parts of a data set, such as training and test, and which are its classes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from data.errors import DataError

WHOLE = ""
NOISE_FOLDER = "_background_noise_"
PART_WORDS = {
    "train": ("train", "training", "trn", "learn", "learning"),
    "validation": ("validation", "validate", "valid", "val", "dev", "development"),
    "test": ("test", "testing", "tst", "holdout", "heldout"),
    "eval": ("eval", "evaluation", "evaluate"),
}
_PART_OF_WORD = {word: part for part, words in PART_WORDS.items() for word in words}
FILLERS = frozenset(
    {"seg", "set", "sets", "split", "data", "dataset", "images", "image", "imgs", "img", "pictures", "photos"}
    | {"audio", "sounds", "wav", "wavs"}
)
_TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+")
_NAMED_LABEL = re.compile(r"([^.]+)\.[^.]+\..+")

Path = tuple[str, ...]
"""The parts of a file's path, its name last."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where files belong.

    Attributes:
        placed: (part, class) of each file; the part is "train", "validation", "test", or `WHOLE`.
        notes: what was understood of the folders, and what of them was left out, one sentence each.
    """

    placed: Mapping[str, tuple[str, str]]
    notes: tuple[str, ...]


def part_of_folder(name: str) -> str | None:
    """The part that a folder's name stands for, as "test" for `Testing`, `seg_test` or `test_set`; None for none."""
    words = [token.lower() for token in _TOKEN.findall(name)]
    words = [word.removesuffix("set").removesuffix("data") or word for word in words]
    if words in (["hold", "out"], ["held", "out"]):
        return "test"
    telling = [word for word in words if word not in FILLERS]
    return _PART_OF_WORD.get(telling[0]) if len(telling) == 1 else None


def find_layout(names: Iterable[str], source: str) -> Layout:
    """The part and class of each file by the folders that it lies in.

    Classes are the folders at the top, or those below folders that are parts (`train/cat`), or above them
    (`cat/train`). A folder that holds everything is passed over, and so is one that repeats its part's name. Files
    that lie in no class folder of any part have their class in front of the first dot of their names, if all of the
    training part do, as in exports of Edge Impulse (`yes.4f1a.wav`).

    Raises:
        DataError: if there is a file without a class, or all folders look like parts and none like a class.
    """
    paths = _without_outer_folder({name: tuple(name.split("/")) for name in names})
    notes = []
    noises = [name for name, path in paths.items() if NOISE_FOLDER in path[:-1]]
    if noises:
        paths = {name: path for name, path in paths.items() if NOISE_FOLDER not in path[:-1]}
        notes.append(f"{len(noises):,} files in {NOISE_FOLDER}/ are left out; that is no class")
    tops = sorted({path[0] for path in paths.values() if len(path) > 1})
    part_of = _parts_of(tops)
    if _are_parts_second(paths):
        layout = _classes_first(paths)
    elif "train" in part_of.values() and (below := _below_parts(paths, part_of)) is not None:
        layout = below
    else:
        layout = _classes_only(paths, tops, part_of, source)
    return Layout(layout.placed, (*notes, *layout.notes))


def _without_outer_folder(paths: dict[str, Path]) -> dict[str, Path]:
    while len({path[0] for path in paths.values()}) == 1 and min(map(len, paths.values())) > 2:
        paths = {name: path[1:] for name, path in paths.items()}
    return paths


def _parts_of(folders: Collection[str]) -> dict[str, str]:
    """The part of each folder that is one; evaluation is the test part, or that of validation beside a test part."""
    found = {folder: part for folder in folders if (part := part_of_folder(folder)) is not None}
    evaluation = "validation" if "test" in found.values() else "test"
    return {folder: evaluation if part == "eval" else part for folder, part in found.items()}


def _are_parts_second(paths: Mapping[str, Path]) -> bool:
    """Whether the parts lie below the classes: cat/train, cat/test."""
    if not paths or min(map(len, paths.values())) < 3:
        return False
    seconds = {path[1] for path in paths.values()}
    parts = _parts_of(seconds)
    return len(parts) == len(seconds) and "train" in parts.values() and not _parts_of({p[0] for p in paths.values()})


def _classes_first(paths: Mapping[str, Path]) -> Layout:
    part_of = _parts_of({path[1] for path in paths.values()})
    placed = {name: (part_of[path[1]], path[0]) for name, path in paths.items()}
    return Layout(placed, (f"{_listed(part_of)} below each class are taken for parts",))


def _below_parts(paths: Mapping[str, Path], part_of: Mapping[str, str]) -> Layout | None:
    """The layout where classes lie below parts, or are in the names of files; None where neither is so."""
    inner = {
        name: _without_repetition(path, part_of[path[0]])
        for name, path in paths.items()
        if len(path) > 1 and path[0] in part_of
    }
    trained = [name for name in inner if part_of[paths[name][0]] == "train"]
    by_name = all(len(inner[name]) == 1 for name in trained)
    if by_name and not _have_labels(inner[name][0] for name in trained):
        return None
    labels = {name: _label(path, by_name) for name, path in inner.items()}
    stray = next((name for name in trained if labels[name] is None), None)
    if stray is not None:
        raise DataError(f"{stray} lies in no folder that names its class")
    known = {labels[name] for name in trained}
    placed: dict[str, tuple[str, str]] = {}
    notes = [f"{_listed(part_of)} are taken for parts"]
    if by_name:
        notes.append("the class of each file is what stands in front of the first dot of its name")
    for folder in sorted({path[0] for path in paths.values()}):
        members = [name for name, path in paths.items() if path[0] == folder]
        told = {name: str(labels[name]) for name in members if labels.get(name) is not None}
        if known.isdisjoint(told.values()):  # such as test/unknown, or a copy of everything
            told = {}
        placed |= {name: (part_of[folder], label) for name, label in told.items()}
        if len(told) < len(members):
            notes.append(_left_out(folder, len(members) - len(told), len(members), folder in part_of))
    return Layout(placed, tuple(notes))


def _label(path: Path, by_name: bool) -> str | None:
    if len(path) > 1:
        return path[0]
    return _label_of_name(path[0]) if by_name else None


def _left_out(folder: str, count: int, total: int, is_part: bool) -> str:
    why = "they are in no folder of a class" if is_part else "they are in no part"
    return f"{count:,} of {total:,} files of {folder} are left out, for {why}"


def _without_repetition(path: Path, part: str) -> Path:
    """The path below its part: `seg_train/seg_train/cat/1.jpg` and `train/images/cat/1.jpg` become `cat/1.jpg`."""
    inner = path[1:]
    while len(inner) > 1 and (part_of_folder(inner[0]) in (part, "eval") or (len(inner) > 2 and _is_filler(inner[0]))):
        inner = inner[1:]
    return inner


def _is_filler(folder: str) -> bool:
    words = [token.lower() for token in _TOKEN.findall(folder)]
    return bool(words) and set(words) <= FILLERS


def _label_of_name(name: str) -> str | None:
    match = _NAMED_LABEL.fullmatch(name)
    return match[1] if match else None


def _have_labels(names: Iterable[str]) -> bool:
    """Whether each name begins with a label, of which there are several, and on average two files of each."""
    labels = [_label_of_name(name) for name in names]
    return None not in labels and 2 <= len(set(labels)) <= len(labels) / 2


def _classes_only(paths: Mapping[str, Path], tops: list[str], part_of: Mapping[str, str], source: str) -> Layout:
    no_classes = [top for top in tops if top in part_of or _is_filler(top)]
    if part_of and (len(no_classes) == len(tops) or {"train", "test"} <= set(part_of.values())):
        raise DataError(
            f"{_listed(part_of)} of {source} look like parts of a data set, not like classes, and what the classes are "
            "cannot be told; put the files of each class into a folder of its own, as in train/cat and test/cat"
        )
    stray = next((name for name, path in paths.items() if len(path) == 1), None)
    if stray is not None:
        raise DataError(f"{stray} of {source} lies in no folder that names its class")
    placed = {name: (WHOLE, path[0]) for name, path in paths.items()}
    taken = (f"{_listed(part_of)} is taken for a class, like the folders beside it",) if part_of else ()
    return Layout(placed, taken)


def _listed(folders: Iterable[str]) -> str:
    return " and ".join(f"{folder}/" for folder in sorted(folders))
