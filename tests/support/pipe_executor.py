"""A second executor, with nothing of the first: a thread and a pipe for each process, and no folder in common.

Its processes are in a folder of their own, and whatever they are to read or have written goes through the pipe.
"""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
import threading
from collections import deque
from concurrent.futures import BrokenExecutor, CancelledError, Future
from concurrent.futures import wait as wait_for
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

from search.errors import TrainingError
from search.executors import ExecutorClosedError, Slot, Task
from search.executors.call import call
from search.executors.transport import pack, unpack

_SPAWN = multiprocessing.get_context("spawn")


class PipeExecutor:
    """An `Executor` by value."""

    def __init__(self, workers: int, *, idle_s: float | None = None, log: Path | None = None) -> None:  # noqa: ARG002
        self._changed = threading.Condition(threading.RLock())
        self._waiting: deque[tuple[Task, Future[Any]]] = deque()
        self._slots: dict[int, _Slot] = {}
        self._cpu_before = 0.0
        self._closed = False
        self._node = tempfile.TemporaryDirectory()
        self.sent: list[str] = []
        self.resize(workers)

    def submit(self, task: Task) -> Future[Any]:
        future: Future[Any] = Future()
        with self._changed:
            if self._closed:
                raise ExecutorClosedError("This executor is shut down.")
            self._waiting.append((task, future))
            self._changed.notify_all()
        return future

    def cancel(self, future: Future[Any]) -> bool:
        with self._changed:
            if future.cancel():
                return True
            slot = next((s for s in self._slots.values() if s.future is future), None)
            if slot is not None:
                slot.end(CancelledError())
            return slot is not None

    def resize(self, workers: int) -> None:
        with self._changed:
            self.workers = workers
            while len(self._slots) < workers:
                number = next(n for n in count() if n not in self._slots)
                slot = self._slots[number] = _Slot(number)
                threading.Thread(target=self._serve, args=(slot,), daemon=True).start()
            self._changed.notify_all()

    def slots(self) -> tuple[Slot, ...]:
        with self._changed:
            return tuple(Slot(s.number, "elsewhere", (0,), task=s.task) for s in self._slots.values())

    def place(self, path: str) -> str:
        copy = Path(self._node.name) / Path(path).name
        with self._changed:
            if not copy.exists():
                self.sent.append(path)
                (shutil.copytree if Path(path).is_dir() else shutil.copyfile)(path, copy)
        return str(copy)

    def cpu_seconds(self) -> float:
        with self._changed:
            return self._cpu_before + sum(slot.cpu_seconds() for slot in self._slots.values())

    def shutdown(self) -> None:
        with self._changed:
            self._closed = True
            left = [f for _, f in self._waiting] + [s.future for s in self._slots.values() if s.future is not None]
        wait_for(left)
        self.kill()

    def kill(self) -> None:
        with self._changed:
            self._closed = True
            for _, future in self._waiting:
                if future.set_running_or_notify_cancel():
                    future.set_exception(ExecutorClosedError("ended"))
            self._waiting.clear()
            for slot in self._slots.values():
                slot.end(ExecutorClosedError("ended"))
            self._changed.notify_all()
        self._node.cleanup()

    def _serve(self, slot: _Slot) -> None:
        while (job := self._next(slot)) is not None:
            task, future = job
            try:
                result = unpack(task, slot.ask(pack(task, place=self.place)))
            except (TrainingError, EOFError, OSError) as error:
                gone = error if isinstance(error, TrainingError) else BrokenExecutor("its process died")
                slot.over(future, error=slot.cut_off or gone)
            else:
                slot.over(future, result=result)

    def _next(self, slot: _Slot) -> tuple[Task, Future[Any]] | None:
        with self._changed:
            while True:
                if (self._closed and not self._waiting) or len(self._slots) > self.workers:
                    slot.end(None)
                    self._cpu_before += slot.cpu_seconds()
                    del self._slots[slot.number]
                    return None
                if self._waiting:
                    task, future = self._waiting.popleft()
                    if future.set_running_or_notify_cancel():
                        slot.future, slot.task, slot.cut_off = future, task.path, None
                        return task, future
                else:
                    self._changed.wait()


class _Slot:
    def __init__(self, number: int) -> None:
        self.number, self.task = number, ""
        self.future: Future[Any] | None = None
        self.cut_off: BaseException | None = None
        self._process: Any = None
        self._cpu: dict[int, float] = {}

    def ask(self, task: Task) -> Any:
        """What a packed task gave; raises `EOFError` or `OSError` when the process dies over it."""
        if self._process is None or not self._process.is_alive():
            self._pipe, theirs = _SPAWN.Pipe()
            self._process = _SPAWN.Process(target=_work, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
            if self.cut_off is not None:
                raise EOFError
        try:
            self._pipe.send((task.path, task.arguments))
            well, answer = self._pipe.recv()
        except (EOFError, OSError):
            self._process.join()  # the pipe is closed a moment before the process is gone
            raise
        self.cpu_seconds()
        if not well:
            raise TrainingError(answer)
        return answer

    def over(self, future: Future[Any], *, result: Any = None, error: BaseException | None = None) -> None:
        self.future, self.task = None, ""
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def end(self, why: BaseException | None) -> None:
        self.cut_off = self.cut_off or why
        self.cpu_seconds()
        if self._process is not None and self._process.is_alive():
            self._process.kill()
            self._process.join()

    def cpu_seconds(self) -> float:
        if self._process is not None and self._process.is_alive():
            times = psutil.Process(self._process.pid).cpu_times()
            self._cpu[self._process.pid] = times.user + times.system
        return sum(self._cpu.values())


def _work(pipe: Connection) -> None:
    """In the process: do one task after the other, away from the folder of the program."""
    while True:
        path, arguments = pipe.recv()
        try:
            pipe.send((True, call(path, *arguments)))
        except TrainingError as error:
            pipe.send((False, str(error)))
