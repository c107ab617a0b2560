"""What workers print: in a file of bounded size, not in the terminal; the last words of a worker that dies are kept."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from search import Run
from search.executors import LOGS, LocalExecutor, Task, last_words
from search.executors.worker_log import MOST_BYTES, WorkerLog
from search.runs.tasks import Tasks
from tests.support.running import SHORT, conduct, wait_for

NOISY = "tests.support.noisy_tasks"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "run" / "logs" / "training.log"


@pytest.fixture
def executor(log: Path) -> Iterator[LocalExecutor]:
    executor = LocalExecutor(1, log=log)
    yield executor
    executor.kill()


def test_both_streams_and_what_comes_from_native_code_are_in_the_file(executor: LocalExecutor, log: Path) -> None:
    executor.submit(Task(f"{NOISY}:chatter")).result()
    written = (log.parent / "training-1.log").read_text().splitlines()
    assert sorted(line for line in written if " " in line and line.split()[0] in ("python", "native")) == [
        "native err", "native out", "python err", "python out",
    ]  # fmt: skip


def test_nothing_reaches_the_terminal(log: Path, project_root: Path) -> None:
    code = (
        "from pathlib import Path\n"
        "from search.executors import LocalExecutor, Task\n"
        "if __name__ == '__main__':\n"
        f"    executor = LocalExecutor(1, log=Path({str(log)!r}))\n"
        f"    executor.submit(Task('{NOISY}:chatter')).result()\n"
        "    executor.shutdown()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=project_root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_each_worker_has_a_file_of_its_own(log: Path) -> None:
    executor = LocalExecutor(2, log=log)
    try:
        first, second = [executor.submit(Task(f"{NOISY}:chatter")) for _ in range(2)]
        assert first.result() != second.result()
    finally:
        executor.kill()
    assert sorted(path.name for path in log.parent.iterdir()) == ["training-1.log", "training-2.log"]


def test_the_file_stays_small_and_keeps_the_newest(executor: LocalExecutor, log: Path) -> None:
    path, lines = log.parent / "training-1.log", 4 * MOST_BYTES // 100
    executor.submit(Task(f"{NOISY}:flood", (lines,))).result()
    wait_for(lambda: path.stat().st_size <= MOST_BYTES, "the file to be cut")
    kept = [int(line) for line in path.read_text().splitlines()]
    assert kept == list(range(kept[0], lines))
    assert len(kept) > MOST_BYTES // 400
    executor.submit(Task(f"{NOISY}:chatter")).result()
    assert path.read_text().splitlines()[-1].endswith(("out", "err"))


def test_the_last_words_of_a_worker_are_those_of_its_task(executor: LocalExecutor) -> None:
    executor.submit(Task(f"{NOISY}:chatter")).result()
    with pytest.raises(BrokenExecutor) as died:
        executor.submit(Task(f"{NOISY}:die_with_words")).result()
    words = last_words(died.value)
    assert words.startswith("; its last words: F0000 tensor.cc:1 Check failed: size > 0")
    assert "Fatal Python error: Aborted" in words
    assert "File " not in words
    assert executor.submit(Task(f"{NOISY}:chatter")).result() > 0  # another worker took its place


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_who_said_nothing_has_no_last_words(executor: LocalExecutor) -> None:
    executor.submit(Task(f"{NOISY}:chatter")).result()
    with pytest.raises(BrokenExecutor) as died:
        executor.submit(Task(f"{NOISY}:die_silently")).result()
    assert last_words(died.value) == ""


def test_without_a_file_work_goes_on(tmp_path: Path) -> None:
    (tmp_path / "logs").touch()  # no folder can be made there
    executor = LocalExecutor(1, log=tmp_path / "logs" / "training.log")
    try:
        assert executor.submit(Task(f"{NOISY}:chatter")).result() > 0
    finally:
        executor.kill()
    assert WorkerLog(tmp_path / "logs" / "training-1.log").size() == 0


def test_a_failed_training_tells_what_its_worker_said_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run.create(replace(SHORT, trials=1), tmp_path / "run")
    paths = {"warm_up_path": "tests.support.synthetic_tasks:warm_up", "train_path": f"{NOISY}:train_and_die"}
    monkeypatch.setattr(run, "_tasks", lambda: Tasks(run.settings, run._problem.space, run.folder, **paths))
    conduct(run)
    (failed,) = run.networks()
    assert "Check failed: size > 0" in failed.message
    assert (run.folder / LOGS / "training-1.log").exists()
