"""An export's folder: replaced when it is as it was written, never when somebody changed it."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import threading
from pathlib import Path

import pytest

from search.deploy.project import folder as folders
from search.deploy.project.card import CARD, SCHEMA
from search.deploy.project.folder import write_folder
from search.errors import DeployError


def export(mark: bytes, *names: str) -> dict[str, bytes]:
    files = {name: mark + name.encode() for name in names or ("a.txt", "deep/b.txt")}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return {**files, CARD: json.dumps({"schema": SCHEMA, "files": sums}).encode()}


def held(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_new_folder_holds_the_files(tmp_path: Path) -> None:
    write_folder(tmp_path / "x" / "out", export(b"1"))
    assert held(tmp_path / "x" / "out") == export(b"1")
    assert [p.name for p in (tmp_path / "x").iterdir()] == ["out"]


def test_an_empty_folder_and_one_of_an_earlier_export_are_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    write_folder(out, export(b"1"))
    write_folder(out, export(b"2", "other.txt"))
    assert held(out) == export(b"2", "other.txt")
    (out / "other.txt").unlink()  # what is gone is no work of anybody's
    write_folder(out, export(b"3"))
    assert held(out) == export(b"3")


@pytest.mark.parametrize("name", ["a.txt", "mine.txt", "deep/c.txt"])
def test_what_somebody_changed_or_added_stays(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    write_folder(out, export(b"1"))
    (out / name).write_bytes(b"mine")
    before = held(out)
    with pytest.raises(DeployError, match=rf"left as it is, .*\({name}\).*another folder"):
        write_folder(out, export(b"2"))
    assert held(out) == before


def test_a_folder_or_file_of_somebody_else_stays(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / CARD).write_text('{"schema": "another"}')
    (tmp_path / "file").write_text("mine")
    for name in ("work", "file"):
        with pytest.raises(DeployError, match="left as it is"):
            write_folder(tmp_path / name, export(b"1"))
    assert (tmp_path / "file").read_text() == "mine"


def test_a_full_disk_is_one_sentence_and_leaves_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    write_folder(out, export(b"1"))

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(folders.os, "fsync", full)
    with pytest.raises(DeployError, match=r"No space left on device.*another folder"):
        write_folder(out, export(b"2"))
    assert held(out) == export(b"1")
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(os.name == "nt", reason="a file where a folder is to be, as on Linux and macOS")
def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeployError, match=r"cannot be written|cannot be read"):
        write_folder(tmp_path / "file" / "out", export(b"1"))


def test_two_at_once_both_succeed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    errors: list[BaseException] = []

    def work(mark: bytes) -> None:
        try:
            for _ in range(15):
                write_folder(out, export(mark))
        except BaseException as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [threading.Thread(target=work, args=(mark,)) for mark in (b"1", b"2", b"3")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert held(out) in [export(mark) for mark in (b"1", b"2", b"3")]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
