"""A stranger's run whose words try to be HTML, and what tells words from elements in the pages that show it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np

from data import DataError
from resource_models import ResourceModelError
from resource_models import board as find_board
from search import Run, SearchError
from search.journal import FILE_NAME
from tests.support.finalised_run import finalised_run
from tests.support.recorded_run import SETTINGS

CANARY = "\"'><img src=x onerror=window.pwned=1 class=canary><script>window.pwned=1</script><b id=canary>`&amp;%{x}"
"""Ends what it stands in, and begins elements of its own; as a name of a file, without a slash: `FOLDER`."""
FOLDER = "run\"'><img src=x onerror=window.pwned=1 class=canary>"
FORBIDDEN = {
    "script",
    "iframe",
    "object",
    "embed",
    "link",
    "base",
    "form",
    "a",
    "video",
    "audio",
    "use",
    "foreignobject",
}


class Elements(HTMLParser):
    """What a browser would make of HTML: elements with their attributes, and the words between them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def text(self) -> str:
        """All that is seen or read aloud, with the values of attributes."""
        return "\n".join([*self.words, *(value for _tag, attributes in self.elements for value in attributes.values())])

    def intruders(self) -> list[str]:
        """Elements and attributes that no page of ours has."""
        found = []
        for tag, attributes in self.elements:
            names = [name for name in attributes if name.startswith("on") or name in ("srcdoc", "href")]
            foreign = "canary" in (attributes.get("class"), attributes.get("id"))
            picture = tag == "img" and not attributes.get("src", "").startswith("data:image/png;base64,")
            if tag in FORBIDDEN or names or foreign or picture:
                found.append(f"<{tag} {attributes}>")
        return found


def hostile_run(folder: Path) -> Run:
    """A run with networks trained again; every string of journal, board and data that can hold a canary has one."""
    settings = replace(SETTINGS, board=str(_hostile_board(folder)), dataset=f"npz:{_hostile_data(folder)}")
    run = finalised_run(folder / FOLDER, settings=settings)
    journal = run.folder / FILE_NAME
    for place in sorted(set(_places(_records(journal)))):
        before = journal.read_text(encoding="utf-8")
        _write(journal, (_changed(record, place) for record in _records(journal)))
        if not _opens(run.folder):
            journal.write_text(before, encoding="utf-8")
    return Run.open(run.folder)


def _hostile_board(folder: Path) -> Path:
    known = find_board("arduino-nano-33-ble")
    path = folder / "board.json"
    stated = {
        "id": "mine",
        "name": f"Board {CANARY}",
        "core": known.core,
        "clock_hz": known.clock_hz,
        "ram_bytes": known.ram_bytes,
        "flash_bytes": known.flash_bytes,
    }
    path.write_text(json.dumps(stated), encoding="utf-8")
    find_board(path)
    return path


def _hostile_data(folder: Path) -> Path:
    path = folder / f"{FOLDER}.npz"
    labels = np.array([f"class {number} {CANARY}" for number in (0, 1)] * 40)
    np.savez(path, x=np.random.default_rng(0).integers(0, 256, (len(labels), 8, 8, 1), np.uint8), y=labels)
    return path


def _records(journal: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]


def _write(journal: Path, records: Iterator[dict[str, Any]]) -> None:
    journal.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def _places(records: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Where records hold strings: the kind of the record and the path, with * for every place of a list."""
    for record in records:
        for path, value in _leaves(record):
            if isinstance(value, str) and path != ("record",):
                yield (record["record"], *path)


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, (*path, "*"))
    else:
        yield path, value


def _changed(record: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
    return _with(record, place[1:], lambda words: words + CANARY) if record["record"] == place[0] else record


def _with(value: Any, path: tuple[str, ...], change: Callable[[str], str]) -> Any:
    if not path:
        return change(value) if isinstance(value, str) else value
    if isinstance(value, dict) and path[0] in value:
        return value | {path[0]: _with(value[path[0]], path[1:], change)}
    if isinstance(value, list) and path[0] == "*":
        return [_with(inner, path[1:], change) for inner in value]
    return value


def _opens(folder: Path) -> bool:
    """Whether a run can be opened and its networks be looked at: what the journal's schema lets through."""
    with suppress(SearchError, ResourceModelError, DataError, KeyError, TypeError, ValueError):
        run = Run.open(folder)
        for observation in run.front():
            run.report(observation.trial_id)
        run.finals()
        return bool(run.front())
    return False
