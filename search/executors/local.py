"""Tasks on this machine: worker processes that are spawned, reused, and replaced when they die.

Each worker is a pool of one process (loky), so that the death of one costs only the task that it was running. Files
need no sending here: workers see the same folders.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from concurrent.futures import BrokenExecutor, CancelledError, Future
from concurrent.futures import wait as wait_for
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from loky.process_executor import ProcessPoolExecutor

from search.executors.base import ExecutorClosedError, Slot, Task
from search.executors.call import call
from search.executors.worker import prepare_worker
from search.executors.worker_log import WorkerLog, worker_log

_ENVIRONMENT = {  # oneDNN: an epoch on MNIST takes a quarter of the time (`tests/benchmarks/test_training_speed.py`)
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",  # several workers share a GPU: none takes all of its memory
    "KERAS_BACKEND": "tensorflow",
}
_KILL_WITHIN_S = 1.5
_GPUS = "CUDA_VISIBLE_DEVICES"


class LocalExecutor:
    """An `Executor` with `workers` processes of this machine, one task at a time in each.

    Where this process sees several GPUs by `CUDA_VISIBLE_DEVICES`, workers have one each, in turn.

    Args:
        workers: processes.
        idle_s: an idle process ends after so many seconds; None keeps it.
        log: where what the workers' libraries print goes, in one file each: `training.log` becomes `training-1.log`, …;
            None for stderr. The last words of a process that died are a note of its `BrokenExecutor`.
    """

    def __init__(self, workers: int, *, idle_s: float | None = None, log: Path | None = None) -> None:
        self._idle_s = idle_s
        self._log = log
        self._lock = threading.RLock()
        self._waiting: deque[_Job] = deque()
        self._closed = False
        self._workers = 0
        self._slots: list[_Slot] = []
        self._cpu_before = 0.0  # of workers that are no more
        self.resize(workers)

    @property
    def workers(self) -> int:
        """How many tasks run side by side."""
        return self._workers

    def submit(self, task: Task) -> Future[Any]:
        """Hand a task over; the first worker that is free takes it.

        Raises:
            ExecutorClosedError: after `shutdown` or `kill`.
        """
        job = _Job(task)
        with self._lock:  # a worker that began after `kill` would be nobody's
            if self._closed:
                raise ExecutorClosedError("This executor is shut down.")
            self._waiting.append(job)
            begun = self._hand_out()
        self._watch(begun)
        return job.future

    def cancel(self, future: Future[Any]) -> bool:
        """Have a task not begin, or end the process that runs it; False where it is over already."""
        if future.cancel():
            return True
        with self._lock:
            slot = next((s for s in self._slots if s.job is not None and s.job.future is future), None)
            if slot is None or slot.job is None:
                return False
            slot.job.cut_off = CancelledError()
            slot.end()
            return True

    def resize(self, workers: int) -> None:
        """Have so many processes from now on; those too many end once their tasks are over."""
        if workers < 1:
            raise ValueError("an executor needs at least one worker")
        with self._lock:
            self._workers = workers
            used = {slot.number for slot in self._slots}
            free = (number for number in range(workers + len(used)) if number not in used)
            while len(self._slots) < workers:
                number = next(free)
                log = None if self._log is None else worker_log(self._log, number)
                self._slots.append(_Slot(number, self._idle_s, log))
            self._let_go()
            begun = self._hand_out()
        self._watch(begun)

    def slots(self) -> tuple[Slot, ...]:
        """The processes, with the processors and the GPU that each may use."""
        with self._lock:
            return tuple(slot.described() for slot in self._slots)

    def place(self, path: str) -> str:
        """The same path: every worker sees this machine's folders."""
        return path

    def cpu_seconds(self) -> float:
        """Processor seconds of all processes that worked here so far, the dead ones as last seen."""
        with self._lock:
            return self._cpu_before + sum(slot.cpu_seconds() for slot in self._slots)

    def shutdown(self) -> None:
        """Take no more tasks, wait until all are over, then end the workers."""
        with self._lock:
            self._closed = True
            left = [job.future for job in (*self._waiting, *(s.job for s in self._slots)) if job is not None]
        wait_for(left)
        self.kill()

    def kill(self) -> None:
        """End all workers at once, whatever they are doing; calling it twice is harmless."""
        ended = ExecutorClosedError("The workers were ended before this task was over.")
        with self._lock:
            self._closed = True
            dropped, threads = tuple(self._waiting), []
            self._waiting.clear()
            for slot in self._slots:
                if slot.job is not None:
                    slot.job.cut_off = slot.job.cut_off or ended
                threads.append(slot.end())
        for job in dropped:
            if job.future.set_running_or_notify_cancel():
                job.future.set_exception(ended)
        _join(threads)

    def _hand_out(self) -> list[_Begun]:
        """Begin what can begin; the lock is held."""
        begun = []
        for slot in self._slots:
            while slot.job is None and self._waiting:
                job = self._waiting.popleft()
                if job.future.set_running_or_notify_cancel():
                    begun.append((slot, job, slot.begin(job)))
        return begun

    def _watch(self, begun: list[_Begun]) -> None:
        """Hear of the ends of tasks; without the lock, since those who wait for them may be called at once."""
        for slot, job, done in begun:
            done.add_done_callback(partial(self._over, slot, job))

    def _over(self, slot: _Slot, job: _Job, done: Future[Any]) -> None:
        error = job.cut_off or done.exception()
        with self._lock:
            slot.job = None
            if isinstance(error, BrokenExecutor):
                slot.bury(error)
            self._let_go()
            begun = self._hand_out()
        self._watch(begun)
        if error is not None:
            job.future.set_exception(error)
        else:
            job.future.set_result(done.result())

    def _let_go(self) -> None:
        """End workers that are too many and have nothing to do, the newest first."""
        for slot in reversed(self._slots.copy()):
            if len(self._slots) > self._workers and slot.job is None:
                slot.end()
                self._cpu_before += slot.cpu_seconds()
                self._slots.remove(slot)


class _Job:
    """A task and its future; `cut_off` says why it ended where neither it nor its worker did so by itself."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.future: Future[Any] = Future()
        self.cut_off: BaseException | None = None


class _Slot:
    """One worker process at a time."""

    def __init__(self, number: int, idle_s: float | None, log: WorkerLog | None) -> None:
        self.number = number
        self._log = log
        self.job: _Job | None = None
        self._idle_s = idle_s
        self._pool: ProcessPoolExecutor | None = None
        self._cpu: dict[tuple[int, float], float] = {}  # by process: numbers alone come again

    def begin(self, job: _Job) -> Future[Any]:
        self.job = job
        try:
            return self._hand_over(job.task)
        except BrokenExecutor:  # the process died while it was idle
            self.end()
            return self._hand_over(job.task)
        except RuntimeError as error:  # this program is ending
            failed: Future[Any] = Future()
            failed.set_exception(ExecutorClosedError(str(error)))
            return failed

    def described(self) -> Slot:
        task = "" if self.job is None else self.job.task.path
        return Slot(self.number, os.uname().nodename if hasattr(os, "uname") else "", _cpus(), self._gpus(), task)

    def cpu_seconds(self) -> float:
        for pid in tuple(getattr(self._pool, "_processes", None) or ()):
            try:
                process = psutil.Process(pid)
                times = process.cpu_times()
                self._cpu[pid, process.create_time()] = times.user + times.system
            except psutil.Error:
                continue  # it died; what was last seen stays
        return sum(self._cpu.values())

    def bury(self, error: BrokenExecutor) -> None:
        """Note what a process that died had said last; the next task gets another one."""
        self.end()
        if self._log is not None and (words := self._log.last_words()):
            error.add_note(words)

    def end(self) -> threading.Thread | None:
        """End the process at once; returns the thread that sees to it, which another task's process has not."""
        self.cpu_seconds()
        pool, self._pool = self._pool, None
        thread: threading.Thread | None = getattr(pool, "_executor_manager_thread", None)
        if pool is not None:
            pool.shutdown(wait=False, kill_workers=True)
        return thread

    def _hand_over(self, task: Task) -> Future[Any]:
        self._pool = self._pool or self._new_pool()
        work = (call,) if self._log is None else (self._log.during, call)
        future: Future[Any] = self._pool.submit(*work, task.path, *task.arguments)
        return future

    def _new_pool(self) -> ProcessPoolExecutor:
        gpus = self._gpus()
        return ProcessPoolExecutor(
            max_workers=1,
            timeout=self._idle_s,
            initializer=prepare_worker,
            initargs=(psutil.Process().pid, self._log),
            env={**_ENVIRONMENT, **({_GPUS: gpus[0]} if gpus else {})},
        )

    def _gpus(self) -> tuple[str, ...]:
        """The GPU of this worker, where there are several to share out."""
        seen = [gpu.strip() for gpu in os.environ.get(_GPUS, "").split(",") if gpu.strip()]
        return (seen[self.number % len(seen)],) if seen else ()


_Begun = tuple[_Slot, _Job, "Future[Any]"]


def _cpus() -> tuple[int, ...]:
    """The processors that this process, and so its workers, may use."""
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):  # not on macOS
        return tuple(process.cpu_affinity())
    return tuple(range(psutil.cpu_count() or 1))


def _join(threads: list[threading.Thread | None]) -> None:
    """Wait for threads of other pools, but not for ever; a watcher may call from one of them."""
    until = time.monotonic() + _KILL_WITHIN_S
    for thread in threads:
        if thread is not None and thread is not threading.current_thread():
            thread.join(max(0.0, until - time.monotonic()))
