"""Tasks by value: where their files lie on another machine."""

import os
import tempfile
from pathlib import Path

import pytest

from search.errors import TrainingError
from search.executors.base import Task
from search.executors.call import call
from search.executors.transport import call_with_files, pack, unpack

needs_owners = pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owners here")


def double(source: str, to: str) -> int:
    """A task's function: reads one file, and writes another."""
    content = Path(source).read_bytes()
    Path(to).write_bytes(2 * content)
    return len(content)


def packed(tmp_path: Path) -> tuple[Task, Task]:
    source, to, folder = tmp_path / "weights.npz", tmp_path / "out" / "more.npz", tmp_path / "run"
    source.write_bytes(b"abc")
    task = Task(f"{__name__}:double", (str(source), str(to)), reads=(source,), writes=(to,), folder=folder)
    return task, pack(task)


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_files_go_out_and_come_back(tmp_path: Path, own_temporary_folder: Path):
    task, sent = packed(tmp_path)
    (tmp_path / "weights.npz").unlink()  # the worker does not see it
    answer = call(sent.path, *sent.arguments)
    assert not task.writes[0].exists()
    assert unpack(task, answer) == 3
    assert task.writes[0].read_bytes() == b"abcabc"
    assert [path.name.partition("-")[0] for path in own_temporary_folder.iterdir()] == ["unas"]


@needs_owners
def test_what_is_common_to_a_run_is_nobody_elses(tmp_path: Path, own_temporary_folder: Path):
    _, sent = packed(tmp_path)
    call_with_files(sent.values)
    mine = own_temporary_folder / f"unas-{os.getuid()}"
    assert [path.stat().st_mode & 0o777 for path in (mine, *mine.iterdir())] == [0o700, 0o700]


@needs_owners
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, own_temporary_folder: Path):
    _, sent = packed(tmp_path)
    (tmp_path / "theirs").mkdir()
    (own_temporary_folder / f"unas-{os.getuid()}").symlink_to(tmp_path / "theirs")
    with pytest.raises(TrainingError, match="belongs to somebody else"):
        call_with_files(sent.values)
    assert list((tmp_path / "theirs").iterdir()) == []
