"""The journal: nothing that was written is lost, nothing damaged is passed over in silence."""

import errno
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import JournalError
from search.journal import Journal
from search.journal import file as journal

RECORDS = [{"record": "trial", "id": 0}, {"record": "observation", "id": 0, "note": "µ"}]


def write(path: Path, records: list[dict]) -> Path:
    path.parent.mkdir(exist_ok=True)
    with Journal.create(path, {"settings": {}}) as new:
        for record in records:
            new.append(record)
    return path


def test_round_trip(tmp_path: Path) -> None:
    header, records = journal.read(write(tmp_path / "j", RECORDS))
    assert header["schema"] == journal.SCHEMA
    assert records == RECORDS


@given(cut=st.integers(min_value=1, max_value=200))
def test_any_torn_end_costs_at_most_the_last_record(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = write(tmp_path_factory.mktemp("torn") / "j", RECORDS)
    content = path.read_bytes()
    header_length = content.index(b"\n") + 1
    kept = max(header_length, len(content) - cut)
    path.write_bytes(content[:kept])
    complete = content[:kept].count(b"\n") - 1
    assert journal.read(path)[1] == RECORDS[:complete]
    with Journal.reopen(path) as again:
        again.append({"record": "session"})
    assert journal.read(path)[1] == [*RECORDS[:complete], {"record": "session"}]


@pytest.mark.parametrize("damage", [b"{", b"[1]", b"", b'{"no": "kind"}', b"\xff\xfe"])
def test_a_damaged_line_is_named_and_the_file_left_alone(tmp_path: Path, damage: bytes) -> None:
    path = write(tmp_path / "j", RECORDS)
    lines = path.read_bytes().splitlines()
    lines[1] = damage
    path.write_bytes(b"\n".join(lines) + b"\n")
    before = path.read_bytes()
    with pytest.raises(JournalError, match=r"Line 2 of .* is damaged"):
        journal.read(path)
    assert path.read_bytes() == before


def test_a_newer_schema_asks_for_an_update(tmp_path: Path) -> None:
    path = tmp_path / "j"
    path.write_text(json.dumps({"record": "header", "schema": journal.SCHEMA + 1}) + "\n")
    with pytest.raises(JournalError, match=r"newer version .*update"):
        journal.read(path)


@pytest.mark.parametrize("content", ["\n", '{"record": "trial"}\n', '{"record": "header"}\n'])
def test_something_else_is_not_a_journal(tmp_path: Path, content: str) -> None:
    path = tmp_path / "j"
    path.write_text(content)
    with pytest.raises(JournalError):
        journal.read(path)


def test_a_missing_journal_says_so(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="There is no run in"):
        journal.read(tmp_path / "journal.jsonl")


def test_create_overwrites_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "j", RECORDS)
    with pytest.raises(JournalError, match="exists already"):
        Journal.create(path, {})
    assert journal.read(path)[1] == RECORDS


def test_an_unwritable_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="cannot be written"):
        Journal.create(tmp_path / "file" / "j", {})


def _hold(path: str, ready: object, done: object) -> None:
    with Journal.reopen(Path(path)):
        ready.set()
        done.wait(60)


def test_two_processes_cannot_write_one_run(tmp_path: Path) -> None:
    path = write(tmp_path / "j", RECORDS)
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(str(path), ready, done))
    other.start()
    try:
        assert ready.wait(60)
        with pytest.raises(JournalError, match="another process"):
            Journal.reopen(path)
    finally:
        done.set()
        other.join(60)
    Journal.reopen(path).close()


FULL = """
import resource, sys
from pathlib import Path
from search.errors import JournalError
from search.journal import Journal
path = Path(sys.argv[1])
with Journal.reopen(path) as journal:
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 50, resource.RLIM_INFINITY))
    try:
        journal.append({"record": "trial", "id": 7, "filler": "x" * 200}, durable=True)
    except JournalError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    journal.append({"record": "session"})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are POSIX")
def test_where_there_is_no_room_a_record_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = write(tmp_path / "j", RECORDS)
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=True)
    assert "cannot be written (File too large); everything up to here is kept: make room" in done.stdout
    assert journal.read(path)[1] == [*RECORDS, {"record": "session"}]


@pytest.mark.parametrize("content", [b"", b'{"rec', b'{"record":"header","schema":1,"sett', b"\0\0\0"])
def test_a_file_that_its_writer_never_began_is_no_journal_and_in_nobodys_way(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(content)
    assert not journal.begun(path)
    with pytest.raises(JournalError, match="was never begun"):
        journal.read(path)
    assert journal.read(write(path, RECORDS))[1] == RECORDS


def test_somebody_elses_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text("Dear diary")
    with pytest.raises(JournalError):
        Journal.create(path, {})
    assert path.read_text() == "Dear diary"


def test_a_journal_is_never_there_without_its_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(_handle: int) -> None:
        raise KeyboardInterrupt  # as good as a kill: nothing that follows is done

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        Journal.create(tmp_path / "j", {})
    assert not (tmp_path / "j").exists()
    monkeypatch.undo()
    Journal.create(tmp_path / "j", {}).close()  # the lock is free


def test_a_missing_journal_is_not_made_by_reopening(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"There is no run in .*: j is missing"):
        Journal.reopen(tmp_path / "j")
    assert not (tmp_path / "j").exists()


def test_what_cannot_be_reopened_is_one_sentence_and_the_lock_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_file: object) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    path = write(tmp_path / "j", RECORDS)
    monkeypatch.setattr(journal, "_whole_lines_bytes", broken)
    with pytest.raises(JournalError, match=r"cannot be written \(Input/output error\)"):
        Journal.reopen(path)
    monkeypatch.undo()
    Journal.reopen(path).close()


NEWS = {"record": "session", "event": "ready"}


def test_a_journal_that_was_removed_is_written_anew_in_its_place(tmp_path: Path) -> None:
    path = write(tmp_path / "run" / "j", RECORDS)
    with Journal.reopen(path) as mine:
        mine.append(NEWS)
        shutil.rmtree(path.parent)
        for _ in range(2):
            with pytest.raises(JournalError, match=r"removed by another program .* continue the run"):
                mine.append(NEWS)
    assert journal.read(path)[1] == [*RECORDS, NEWS, NEWS]
    assert [p.name for p in path.parent.iterdir()] == ["j"]


def test_a_journal_that_was_replaced_is_written_anew_beside_the_file_that_is_there(tmp_path: Path) -> None:
    path = write(tmp_path / "journal.jsonl", RECORDS)
    (tmp_path / "journal.recovered-1.jsonl").write_text("an earlier one")
    with Journal.reopen(path) as mine:
        mine.append(NEWS)
        edited = tmp_path / "edited"
        edited.write_text("an editor's")
        edited.replace(path)
        for _ in range(2):
            with pytest.raises(JournalError, match=r"replaced by another program .* is in journal.recovered-2.jsonl"):
                mine.append(NEWS)
    assert path.read_text() == "an editor's"
    assert (tmp_path / "journal.recovered-1.jsonl").read_text() == "an earlier one"
    assert journal.read(tmp_path / "journal.recovered-2.jsonl")[1] == [*RECORDS, NEWS, NEWS]
    assert not list(tmp_path.glob("*.partial"))


def test_a_journal_that_an_editor_wrote_over_is_kept_whole_from_memory(tmp_path: Path) -> None:
    path = write(tmp_path / "journal.jsonl", RECORDS)
    before = path.read_bytes()
    with Journal.reopen(path) as mine:
        for _ in range(100):
            mine.append(NEWS)
        path.write_bytes(before)  # as it was when the editor read it; the file is the same one
        with pytest.raises(JournalError, match=r"changed by another program"):
            mine.append(NEWS)
    assert path.read_bytes() == before
    assert journal.read(tmp_path / "journal.recovered-1.jsonl")[1] == [*RECORDS, *[NEWS] * 101]


def test_not_a_number_is_never_written(tmp_path: Path) -> None:
    with Journal.create(tmp_path / "j", {}) as new, pytest.raises(ValueError, match=r"nan|JSON"):
        new.append({"record": "observation", "val_error": float("nan")})
