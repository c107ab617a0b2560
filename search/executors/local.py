"""Trials on this machine: worker processes that are spawned, reused, and replaced when they die.

Each worker is a pool of one process (loky), so that the death of one costs only the task that it was running.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import loky
import psutil
from loky.process_executor import ProcessPoolExecutor

from data import DataError
from resource_models import ResourceModelError
from search.errors import SearchError, TrainingError
from search.executors.worker import prepare_worker
from search.executors.worker_log import WorkerLog, worker_logs

P = ParamSpec("P")
T = TypeVar("T")

BYTES_PER_WORKER = 1_500_000_000  # TensorFlow with a small data set takes about half of it
_ENVIRONMENT = {  # oneDNN: an epoch on MNIST takes a quarter of the time (`tests/benchmarks/test_training_speed.py`)
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "KERAS_BACKEND": "tensorflow",
}


def default_workers() -> int:
    """As many workers as the processors and the memory that this process may use allow, at least one."""
    memory = psutil.virtual_memory().available
    return max(1, min(int(loky.cpu_count()), memory // BYTES_PER_WORKER))


def call(path: str, *args: Any, **kwargs: Any) -> Any:
    """Call the function at `package.module:function`; tasks are named so that no framework loads before its worker.

    Raises:
        TrainingError: whatever the function raised, in words; other errors might not survive the way between
            processes.
    """
    module, _, name = path.partition(":")
    try:
        return getattr(importlib.import_module(module), name)(*args, **kwargs)
    except (SearchError, DataError, ResourceModelError) as error:
        raise TrainingError(str(error)) from error
    except Exception as error:
        raise TrainingError(f"{type(error).__name__}: {error}") from error


class ExecutorClosedError(RuntimeError):
    """A task was handed to an executor whose workers were ended."""


class LocalExecutor(Executor):
    """Runs tasks in `workers` processes of this machine, one task at a time in each.

    A task whose process dies ends with `concurrent.futures.BrokenExecutor`; the next one gets a new process.

    Args:
        workers: processes.
        idle_s: an idle process ends after so many seconds; None keeps it.
        log: where what the workers' libraries print goes, in one file each: `training.log` becomes `training-1.log`, …;
            None for stderr. The last words of a process that died are a note of its `BrokenExecutor`.
    """

    def __init__(self, workers: int, *, idle_s: float | None = None, log: Path | None = None) -> None:
        logs = [None] * workers if log is None else worker_logs(log, workers)
        self._slots = [_Slot(idle_s, own) for own in logs]
        self._closed = False
        self._lock = threading.Lock()

    @property
    def workers(self) -> int:
        """How many tasks run side by side."""
        return len(self._slots)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand a task to the worker that has the fewest.

        Raises:
            ExecutorClosedError: after `shutdown` or `kill`.
        """
        with self._lock:  # a worker that began after `kill` would be nobody's
            if self._closed:
                raise ExecutorClosedError("This executor is shut down.")
            slot = min(self._slots, key=lambda s: s.waiting)
            return slot.submit(fn, *args, **kwargs)

    def cpu_seconds(self) -> float:
        """Processor seconds of all processes that worked here so far, the dead ones as last seen."""
        return sum(slot.cpu_seconds() for slot in self._slots)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let running tasks end, then end the workers."""
        with self._lock:
            self._closed = True
        for slot in self._slots:
            slot.close(wait=wait, kill=cancel_futures)

    def kill(self) -> None:
        """End all workers at once, whatever they are doing; calling it twice is harmless."""
        with self._lock:
            self._closed = True
        for slot in self._slots:
            slot.close(wait=False, kill=True)


class _Slot:
    """One worker process at a time."""

    def __init__(self, idle_s: float | None, log: WorkerLog | None) -> None:
        self._idle_s = idle_s
        self._log = log
        self._pool: ProcessPoolExecutor | None = None
        self._cpu: dict[int, float] = {}
        self.waiting = 0

    def submit(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        try:
            inner = self._submitted(fn, *args, **kwargs)
        except BrokenExecutor:  # the process died while it was idle
            self._pool = None
            inner = self._submitted(fn, *args, **kwargs)
        self.waiting += 1
        outer = _Outcome(inner)
        inner.add_done_callback(lambda _: self._done(inner, outer))
        return outer

    def _submitted(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        pool, log = self._ready_pool(), self._log
        future: Future[T] = (
            pool.submit(fn, *args, **kwargs) if log is None else pool.submit(log.during, fn, *args, **kwargs)
        )
        return future

    def cpu_seconds(self) -> float:
        for pid in tuple(getattr(self._pool, "_processes", None) or ()):
            try:
                times = psutil.Process(pid).cpu_times()
            except psutil.Error:
                continue  # it died; what was last seen stays
            self._cpu[pid] = times.user + times.system
        return sum(self._cpu.values())

    def close(self, *, wait: bool, kill: bool) -> None:
        self.cpu_seconds()
        if self._pool is not None:
            self._pool.shutdown(wait=wait or kill, kill_workers=kill)

    def _ready_pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max_workers=1,
                timeout=self._idle_s,
                initializer=prepare_worker,
                initargs=(psutil.Process().pid, self._log),
                env=_ENVIRONMENT,
            )
        return self._pool

    def _done(self, inner: Future[T], outer: _Outcome[T]) -> None:
        self.waiting -= 1
        error = None if inner.cancelled() else inner.exception()
        if isinstance(error, BrokenExecutor):
            self._pool = None
            if self._log is not None and (words := self._log.last_words()):
                error.add_note(words)
        outer.follow()


class _Outcome(Future[T]):
    """What a task came to, once the slot has noted it: who waits for a dead worker finds its last words."""

    def __init__(self, inner: Future[T]) -> None:
        super().__init__()
        self._inner = inner

    def cancel(self) -> bool:
        return self._inner.cancel()

    def follow(self) -> None:
        """Take over what the task came to."""
        if self._inner.cancelled():
            super().cancel()
            self.set_running_or_notify_cancel()
        elif (error := self._inner.exception()) is not None:
            self.set_exception(error)
        else:
            self.set_result(self._inner.result())
