"""The journal: nothing that was written is lost, nothing damaged is passed over in silence."""

import json
import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import JournalError
from search.journal import Journal
from search.journal import file as journal

RECORDS = [{"record": "trial", "id": 0}, {"record": "observation", "id": 0, "note": "µ"}]


def write(path: Path, records: list[dict]) -> Path:
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


@pytest.mark.parametrize("content", ["", "\n", '{"record": "trial"}\n', '{"record": "header"}\n'])
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


def test_a_full_disk_is_reported_and_keeps_what_was_written(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    path = tmp_path / "j"
    broken = Journal(path)
    broken._file = full.open("w")
    with pytest.raises(JournalError, match=r"cannot be written \(No space left"):
        broken.append({"record": "trial"})


def test_not_a_number_is_never_written(tmp_path: Path) -> None:
    with Journal.create(tmp_path / "j", {}) as new, pytest.raises(ValueError, match=r"nan|JSON"):
        new.append({"record": "observation", "val_error": float("nan")})
