"""Labels of an export of Edge Impulse, `info.labels`: JSON that names each file with its part and its label."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from data.class_folders.split_folders import WHOLE, Layout
from data.errors import DataError
from data.files.folder_or_archive import Tree

FILE_NAME = "info.labels"
PARTS = {"training": "train", "testing": "test", "split": WHOLE}


def labels_files(tree: Tree) -> tuple[str, ...]:
    """The names of all such files; none in a folder that is no such export."""
    return tuple(name for name in tree.names if name.rpartition("/")[2] == FILE_NAME)


def listed_layout(tree: Tree, names: Collection[str]) -> Layout:
    """The part and class of each named file, by the lists of the export; files without a label are left out.

    Raises:
        DataError: if a list is damaged, or its labels are no classes.
    """
    listed: dict[str, tuple[str, str | None]] = {}
    for name, content in tree.read(labels_files(tree)):
        for entry in _entries(content, f"{name} of {tree.path}"):
            listed |= _listed(entry, name.rpartition("/")[0])
    placed = {name: (part, label) for name in names if (part := _part(listed, name)) and (label := listed[name][1])}
    if not placed:
        raise DataError(f"{FILE_NAME} of {tree.path} gives none of its files a label")
    return Layout(_with_one_whole(placed), _notes(names, placed))


def _part(listed: Mapping[str, tuple[str, str | None]], name: str) -> str | None:
    return (listed[name][0] or "whole") if name in listed else None


def _with_one_whole(placed: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Files that the export leaves to be divided are divided, alone, or together with those for training."""
    rest = WHOLE if all(part == "whole" for part, _ in placed.values()) else "train"
    return {name: (rest if part == "whole" else part, label) for name, (part, label) in placed.items()}


def _notes(names: Collection[str], placed: Mapping[str, object]) -> tuple[str, ...]:
    lost = sorted(set(names) - set(placed))
    said = f"labels and parts are those of {FILE_NAME}"
    return (said, f"{len(lost):,} of {len(names):,} files have no label there ({lost[0]})") if lost else (said,)


def _entries(content: bytes, place: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise DataError(f"{place} is no JSON; export the data again") from None
    entries = document.get("files") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DataError(f"{place} has no list of files; export the data again")
    return entries


def _listed(entry: Mapping[str, Any], folder: str) -> dict[str, tuple[str, str | None]]:
    path, label = entry.get("path"), entry.get("label")
    if not isinstance(path, str):
        return {}
    kind, value = (label.get("type"), label.get("label")) if isinstance(label, dict) else ("label", label)
    if kind == "multi-label" or entry.get("boundingBoxes"):
        raise DataError(
            f"{path} of {FILE_NAME} has several labels or boxes; this library tells classes apart, one for each file"
        )
    path = path.replace("\\", "/").removeprefix("./")
    part = PARTS.get(str(entry.get("category")), WHOLE)
    named = str(value) if kind == "label" and isinstance(value, (str, int)) and str(value) else None
    return {f"{folder}/{path}" if folder else path: (part, named)}
