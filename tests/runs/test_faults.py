"""What goes wrong around a search: full disks, files taken away, a second command. Nothing hangs, nothing is lost."""

import errno
import os
import shutil
import threading
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from search import RunError, RunState
from search.errors import JournalError, TrainingError
from search.journal import file as journal
from search.runs.clock import RunClock
from search.runs.events import RunEvent
from search.runs.export_result import pass_on
from tests.support.pretended_run import SETTINGS, PretendedRun
from tests.support.running import PATIENCE_S, figures


def no_room_after(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the record of that number on the disk takes a part of each and no more."""
    written, write = [], journal._write_all

    def full(file: object, content: bytes) -> None:
        written.append(content)
        if len(written) > count:
            write(file, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(file, content)

    monkeypatch.setattr(journal, "_write_all", full)


@pytest.mark.parametrize("records", [0, 1, 4, 5])
def test_after_a_full_disk_the_same_run_goes_on_in_the_same_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, records: int
) -> None:
    whole = PretendedRun.create(SETTINGS, tmp_path / "whole")
    whole.start()
    whole.wait(PATIENCE_S)
    run = PretendedRun.create(SETTINGS, tmp_path / "run")
    no_room_after(records, monkeypatch)
    run.start()
    with pytest.raises(RunError, match=r"No space left on device.*make room, then continue"):
        run.wait(PATIENCE_S)
    assert run.state == RunState.FAILED
    monkeypatch.undo()
    run.start()
    assert run.wait(PATIENCE_S) == RunState.FINISHED
    assert len(run.observations()) == SETTINGS.trials
    assert figures(run) == figures(whole) == figures(PretendedRun.open(run.folder))


@pytest.mark.parametrize("where", ["stop_counting", "elapsed_s"])
def test_whatever_fails_at_the_end_a_session_ends_and_leaves_the_journal_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    run = PretendedRun.create(replace(SETTINGS, trials=2), tmp_path / "run")

    def fails(_clock: RunClock) -> float:
        raise ValueError("made to fail")

    def watch(event: RunEvent) -> None:
        if event.kind == "observation" and len(run.observations()) == 2:
            monkeypatch.setattr(RunClock, where, fails)

    run.subscribe(watch)
    run.start()
    with pytest.raises(RunError, match="made to fail"):
        run.wait(PATIENCE_S)
    monkeypatch.undo()
    assert run.state == RunState.FAILED
    journal.Journal.reopen(run.folder / journal.FILE_NAME).close()
    assert "made to fail" in (run.folder / "error.log").read_text()


def test_a_session_that_gets_no_thread_has_failed_and_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_thread(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    run = PretendedRun.create(replace(SETTINGS, trials=2), tmp_path / "run")
    with monkeypatch.context() as few:
        few.setattr(threading.Thread, "start", no_thread)
        run.start()
    with pytest.raises(RunError, match="can't start new thread"):
        run.wait(PATIENCE_S)
    run.start()
    assert run.wait(PATIENCE_S) == RunState.FINISHED


def in_training(run: PretendedRun, number: int) -> threading.Event:
    """An event that is set once so many networks were handed out."""
    seen, count = threading.Event(), iter(range(number - 1))

    def watch(event: RunEvent) -> None:
        if event.kind == "trial" and next(count, None) is None:
            seen.set()

    run.subscribe(watch)
    return seen


def test_a_journal_that_is_replaced_ends_the_search_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    run = PretendedRun.create(replace(SETTINGS, trials=500), tmp_path / "run")
    path = run.folder / journal.FILE_NAME
    seen = in_training(run, 4)
    run.start()
    assert seen.wait(PATIENCE_S)
    older = tmp_path / "older"
    older.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    older.replace(path)
    with pytest.raises(RunError, match=r"replaced by another program while the run wrote it.*recovered-1"):
        run.wait(PATIENCE_S)
    known = run.observations()
    assert len(known) >= 3
    (run.folder / "journal.recovered-1.jsonl").replace(path)
    again = PretendedRun.open(run.folder)
    assert again.observations()[: len(known)] == known
    again.extend(replace(SETTINGS, trials=len(again.networks()) + 1))
    again.start()
    assert again.wait(PATIENCE_S) == RunState.FINISHED


def test_a_run_whose_folder_is_removed_is_written_anew(tmp_path: Path) -> None:
    run = PretendedRun.create(replace(SETTINGS, trials=500), tmp_path / "run")
    seen = in_training(run, 4)
    run.start()
    assert seen.wait(PATIENCE_S)
    shutil.rmtree(run.folder, ignore_errors=True)
    with pytest.raises(RunError, match=r"removed by another program while the run wrote it|trainings all failed"):
        run.wait(PATIENCE_S)
    known = run.observations()
    assert len(known) >= 3
    assert PretendedRun.open(run.folder).observations()[: len(known)] == known


def test_the_same_command_twice_leaves_the_first_run_alone(tmp_path: Path) -> None:
    run = PretendedRun.create(SETTINGS, tmp_path / "run")
    refused: list[str] = []

    def second_command(event: RunEvent) -> None:
        if event.payload == RunState.STARTING:  # it warms up, and has proposed nothing yet
            with pytest.raises(JournalError, match="being written by another process") as refusal:
                PretendedRun.create(SETTINGS, run.folder)
            refused.append(str(refusal.value))

    run.subscribe(second_command)
    run.start()
    assert run.wait(PATIENCE_S) == RunState.FINISHED
    assert len(refused) == 1
    assert len(PretendedRun.open(run.folder).observations()) == SETTINGS.trials


def test_a_run_in_whose_place_another_was_begun_writes_nothing_into_that(tmp_path: Path) -> None:
    first = PretendedRun.create(SETTINGS, tmp_path / "run")
    PretendedRun.create(replace(SETTINGS, seed=6), tmp_path / "run")
    with pytest.raises(JournalError, match=r"Another run was begun .*--seed 6 there, 5 here"):
        first.start()
    assert journal.untouched(first.folder / journal.FILE_NAME)


def test_a_folder_that_was_left_without_a_header_takes_a_run(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / journal.FILE_NAME).touch()
    assert not PretendedRun.exists(tmp_path / "run")
    with pytest.raises(JournalError, match="was never begun"):
        PretendedRun.open(tmp_path / "run")
    assert PretendedRun.create(SETTINGS, tmp_path / "run").untouched


def test_limits_and_budget_wait_for_a_start_in_another_thread(tmp_path: Path) -> None:
    """Both take the lock that `start` takes: while it is held, neither goes on."""
    run = PretendedRun.create(SETTINGS, tmp_path / "run")
    wider = replace(SETTINGS.budget, ram_bytes=32 * 1024)
    changes = [
        threading.Thread(target=run.extend, args=(replace(SETTINGS, trials=9),)),
        threading.Thread(target=run.change_budget, args=(wider,)),
    ]
    with run._lock:
        for change in changes:
            change.start()
            change.join(0.3)
            assert change.is_alive()
        assert run.settings == PretendedRun.open(run.folder).settings
    for change in changes:
        change.join(PATIENCE_S)
    assert (run.settings.trials, run.settings.budget) == (9, wider)


def test_an_export_whose_answer_makes_no_sense_is_an_error_and_no_endless_wait(tmp_path: Path) -> None:
    source, target = Future(), Future()
    source.set_result({"model_bytes": 3})
    pass_on(source, target, tmp_path)
    with pytest.raises(TrainingError, match=r"the export gave an answer that cannot be: .*int8_val_error"):
        target.result(0)


class WronglyAnswered(PretendedRun):
    """A run whose trainer's every second answer cannot be."""

    train = "train_wrongly"


def test_a_wrong_answer_of_a_trainer_fails_its_candidate_and_not_the_search(tmp_path: Path) -> None:
    run = WronglyAnswered.create(replace(SETTINGS, algorithm="random", options={}, trials=14), tmp_path / "run")
    run.start()
    assert run.wait(PATIENCE_S) == RunState.FINISHED
    wrong = [o for o in run.observations() if o.trial_id % 2]
    assert {o.status for o in wrong} == {"failed"}
    assert {o.status for o in run.observations() if o not in wrong} == {"trained"}
    assert any("no finite validation error" in o.message for o in wrong)
    assert all("its training gave" in o.message for o in wrong)
    again = PretendedRun.open(run.folder)
    assert again.observations() == run.observations()
    assert again.state == RunState.FINISHED
