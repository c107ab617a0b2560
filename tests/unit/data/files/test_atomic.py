"""Files that are there whole or not at all."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np
import pytest

from data.files import atomic
from data.files.atomic import atomic_write, atomic_writer

OURS = ("search", "data", "unas_widgets")


def write_half(file: IO[bytes]) -> None:
    file.write(b"half")
    file.flush()
    file.close()
    file.write(b"the other half")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("before", [None, b"what was there"])
def test_what_breaks_off_changes_nothing(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "file.json"
    if before is not None:
        path.write_bytes(before)
    with pytest.raises(ValueError, match="closed"), atomic_writer(path) as file:
        write_half(file)
    assert (path.read_bytes() if path.exists() else None) == before
    assert names(tmp_path) == ([] if before is None else ["file.json"])


def test_text_and_bytes_take_the_place_of_what_was_there(tmp_path: Path) -> None:
    atomic_write(tmp_path / "f", "µ\n")
    assert (tmp_path / "f").read_bytes() == "µ\n".encode()
    atomic_write(tmp_path / "f", b"other")
    assert (tmp_path / "f").read_bytes() == b"other"
    assert names(tmp_path) == ["f"]


def no_links(_source: object, _target: object) -> None:
    raise PermissionError("this file system has no links")


@pytest.mark.parametrize("link", [os.link, no_links])
def test_exclusive_writes_over_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: Callable[..., None]
) -> None:
    monkeypatch.setattr(atomic.os, "link", link)
    atomic_write(tmp_path / "f", b"first", exclusive=True)
    with pytest.raises(FileExistsError):
        atomic_write(tmp_path / "f", b"second", exclusive=True)
    assert (tmp_path / "f").read_bytes() == b"first"
    assert names(tmp_path) == ["f"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    try:
        (tmp_path / "link").symlink_to(tmp_path / "file")
    except OSError:
        pytest.skip("no symbolic links here")
    atomic_write(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "new"


def test_arrays_can_be_written_into_it(tmp_path: Path) -> None:
    with atomic_writer(tmp_path / "a.npz") as file:
        np.savez(file, np.arange(3))
    assert np.load(tmp_path / "a.npz")["arr_0"].tolist() == [0, 1, 2]


def test_nobody_else_writes_files(project_root: Path) -> None:
    """Whoever writes a file in one go uses the helper; those that append, and logs, are named here."""
    writing = re.compile(r'\.write_(text|bytes)\(|\.open\("[wx]|np\.save|copyfile\(|to_(csv|parquet)\(path')
    allowed = {
        "data/files/atomic.py": 1,  # the helper
        "data/files/download.py": 0,
        "search/runs/coordinator.py": 1,  # error.log: half of it is better than none
        "search/training/arrays.py": 1,  # into the helper's file
        "search/tabular/table.py": 1,  # into the helper's file
        "search/deploy/project/folder.py": 1,  # into a folder that takes its place as a whole
        "search/deploy/proof/host.py": 2,  # sources in a temporary folder, for a compiler
        "search/deploy/proof/cortex_m/simulate.py": 1,  # likewise
        "search/executors/testing.py": 2,  # the kit's examples
        "search/executors/chores.py": 1,  # and what they are turned into
    }
    found = {}
    for package in OURS:
        for file in (project_root / package).rglob("*.py"):
            count = len(writing.findall(file.read_text(encoding="utf-8")))
            name = file.relative_to(project_root).as_posix()
            if count > allowed.get(name, 0):
                found[name] = count
    assert not found
