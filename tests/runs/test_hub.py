"""A class on one hub: many kernels share one project and its data, read-only, and nothing of them is left behind."""

import hashlib
import json
import os
import shutil
import signal
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil
import pytest
from jupyter_client import BlockingKernelClient, KernelManager

from tests.support.running import PATIENCE_S, alive, wait_for

STUDENTS = int(os.environ.get("UNAS_HUB_STUDENTS", "40"))
SEARCHING = 4
AT_ONCE = 4
"""Kernels that start together; so many processors must do for all of them."""
PROJECT = ("resource_models", "search", "data", "unas_widgets")
ROOT = Path(__file__).parents[2]
ENDINGS = ("shutdown", "kill", "close")

pytestmark = [pytest.mark.slow, pytest.mark.tf, pytest.mark.timeout(3600)]

REPLAY = """
from unas_widgets import Workbench
w = Workbench.replay("digits")
w.speed = w.run.duration_s
w.play()
"""
CHOOSE = "setattr(w, 'selected', w.table.view().rows[0].trial_id)"
SEARCH = """
s = Workbench(dataset="digits", trials=400, workers=1)
_ = s.start()
"""


@dataclass(frozen=True)
class Student:
    """One kernel with its client, in a folder of its own."""

    folder: Path
    manager: KernelManager
    client: BlockingKernelClient

    @classmethod
    def arrive(cls, folder: Path, shared: Path, mark: str) -> "Student":
        """Start a kernel that sees the shared project alone."""
        folder.mkdir()
        own = {name: str(folder / name.lower()) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "HOME", "TMPDIR")}
        for path in own.values():
            Path(path).mkdir()
        ours = {
            "PYTHONPATH": str(shared / "project"),
            "UNAS_DATA_DIR": str(shared / "datasets"),
            "UNAS_CACHE_DIR": str(shared / "cache"),
            "UNAS_HUB_MARK": mark,
        }
        manager = KernelManager(kernel_name="python3")
        spec = manager.kernel_spec
        assert spec is not None
        spec.argv = [*without_rights(), sys.executable, *spec.argv[1:]]
        manager.start_kernel(cwd=str(folder), env=os.environ | own | ours)
        client = manager.blocking_client()
        client.start_channels()
        return cls(folder, manager, client)

    @property
    def process(self) -> psutil.Process:
        return psutil.Process(self.manager.provisioner.pid)

    def run(self, code: str) -> str:
        """Begin to execute code; returns the number of the request."""
        return self.client.execute(code)

    def done(self, request: str) -> None:
        """Wait until that is over; it must have gone well."""
        while True:
            reply = self.client.get_shell_msg(timeout=PATIENCE_S)
            if reply["parent_header"].get("msg_id") == request:
                assert reply["content"]["status"] == "ok", "\n".join(reply["content"]["traceback"])
                return

    def value(self, expression: str) -> object:
        """The value of an expression, by way of JSON."""
        asked = {"it": f"__import__('json').dumps({expression})"}
        reply = self.client.execute_interactive(
            "pass", user_expressions=asked, timeout=PATIENCE_S, output_hook=lambda _message: None
        )
        it = reply["content"]["user_expressions"]["it"]
        assert it["status"] == "ok", it
        return json.loads(it["data"]["text/plain"][1:-1].encode().decode("unicode_escape"))

    def leave(self, how: str) -> None:
        """End the kernel: as a hub does, with no chance to clean up, or by its own last cell."""
        if how == "shutdown":
            self.manager.shutdown_kernel()
        elif how == "kill":
            self.process.send_signal(signal.SIGKILL)
        else:
            self.run("w.close()\nexit()")
        wait_for(lambda: not self.manager.is_alive(), "the kernel's end")
        self.client.stop_channels()
        self.manager.cleanup_resources()


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Path]:
    """A copy of the project, data sets and a cache; nobody may write there."""
    folder = tmp_path / "shared"
    for name in PROJECT:
        ignored = shutil.ignore_patterns("__pycache__", "cache")
        shutil.copytree(ROOT / name, folder / "project" / name, ignore=ignored)
    (folder / "datasets").mkdir()
    (folder / "cache").mkdir()
    every = [folder, *folder.rglob("*")]
    for path in every:
        path.chmod(path.stat().st_mode & ~0o222)
    yield folder
    for path in every:
        path.chmod(path.stat().st_mode | 0o200)


def test_a_class_shares_read_only_data_and_leaves_nothing(tmp_path: Path, shared: Path) -> None:
    before, mark = fingerprint(shared), uuid.uuid4().hex
    students: list[Student] = []
    began = time.monotonic()
    try:
        for first in range(0, STUDENTS, AT_ONCE):
            names = range(first, min(first + AT_ONCE, STUDENTS))
            group = [Student.arrive(tmp_path / f"student-{number}", shared, mark) for number in names]
            students += group
            together(group, REPLAY)
            for student in group:
                wait_for(partial(student.value, "not w.playing"), "the end of the replay")
                assert student.value("[w.state, w.position == len(w.run) > 0]") == ["replay", True]
            together(group, f"{CHOOSE}\nassert w.trial_panel.network.static_html()")
        report(students, began)
        searching = students[:: max(1, STUDENTS // SEARCHING)][:SEARCHING]
        for student in searching:
            together([student], SEARCH)
            wait_for(partial(student.value, "s.run.progress().trained > 0"), "a trained network")
        report(students, began)
        pids = [process.pid for process in marked(mark)]
        for number, student in enumerate(students):
            student.leave(ENDINGS[number % len(ENDINGS)])
        wait_for(lambda: not marked(mark), "the end of every process")
    finally:
        for process in marked(mark):
            process.kill()
    assert fingerprint(shared) == before
    for student in students:
        assert bool(list(student.folder.glob("runs/*/journal.jsonl"))) == (student in searching)
    left = [path.name for path in Path("/dev/shm").glob("loky-*") if int(path.name.split("-")[1]) in pids]
    assert not left, left


def without_rights() -> Sequence[str]:
    """For root, who may write everywhere, a command that takes that right away."""
    tool = shutil.which("setpriv")
    if tool is None or getattr(os, "geteuid", lambda: 1)() != 0:
        return ()
    return (tool, "--bounding-set=-dac_override,-dac_read_search,-fowner")


def together(students: Sequence[Student], code: str) -> None:
    """Execute code in all of these kernels at the same time."""
    for student, request in [(student, student.run(code)) for student in students]:
        student.done(request)


def marked(mark: str) -> list[psutil.Process]:
    """The living processes that a student's kernel began, and the kernels."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("UNAS_HUB_MARK") == mark:
                found.append(process)
        except psutil.Error:  # of somebody else, or over
            continue
    return alive(found)


def fingerprint(folder: Path) -> dict[str, tuple[int, str]]:
    """What is in a folder: each path with the time of its last change and its content."""
    found = {}
    for path in (folder, *folder.rglob("*")):
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path)] = (path.stat().st_mtime_ns, content)
    return found


def report(students: Sequence[Student], began: float) -> None:
    """Prints the memory of the kernels, shared pages counted once in all, and the time."""
    memory = [student.process.memory_full_info() for student in students]
    whole, most = sum(m.pss for m in memory) / 2**20, max(m.rss for m in memory) / 2**20
    workers = [p for s in students for p in s.process.children(recursive=True)]
    held = sum(p.memory_full_info().pss for p in alive(workers)) / 2**20
    print(
        f"\n{len(students)} kernels: {whole / len(students):.0f} MiB each ({most:.0f} MiB resident at most), "
        f"{whole:.0f} MiB in all; {len(workers)} further processes with {held:.0f} MiB; "
        f"{time.monotonic() - began:.0f} s"
    )
