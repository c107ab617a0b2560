"""What a run asks of whatever its tasks run on: this machine's processes, or others behind the same few methods."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol


class ExecutorClosedError(RuntimeError):
    """A task was handed to an executor whose workers were ended, or was cut off by that end."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is asked to do.

    Attributes:
        path: `package.module:function`; named, so that no framework loads before its worker.
        arguments: of the function, in their order; plain JSON-like values. Files stand in them as absolute paths.
        reads: files that it reads, as far as they exist.
        writes: files that it may write.
        folder: of the run; what is directly in it is common to the tasks of the run, such as a teacher.
        places: files and folders of the user's that it reads and that are too large to go with every task: data sets.
    """

    path: str
    arguments: tuple[Any, ...] = ()
    reads: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()
    folder: Path | None = None
    places: tuple[str, ...] = ()

    @property
    def values(self) -> Mapping[str, Any]:
        """The first argument of a task that has a single document for one."""
        values: Mapping[str, Any] = self.arguments[0]
        return values

    def changed(self, **values: Any) -> Task:
        """The same with other values in its document."""
        return replace(self, arguments=({**self.values, **values}, *self.arguments[1:]))


@dataclass(frozen=True, slots=True)
class Slot:
    """A place where one task runs at a time.

    Attributes:
        number: from 0.
        node: name of its machine.
        cpus: processors that its tasks may use; they use one at a time.
        gpus: ids of the GPUs that its tasks see; empty where the machine has none or nothing was said about them.
        task: path of the one that runs there; empty where it waits for one.
    """

    number: int
    node: str
    cpus: tuple[int, ...]
    gpus: tuple[str, ...] = ()
    task: str = ""


class Executor(Protocol):
    """Runs tasks, one at a time on each of its workers; every method may be called from any thread.

    Tasks begin in the order in which they were handed over, as workers become free. What a task gave, or why it failed,
    stands in its future, whose `running()` says whether it has begun:

    - `TrainingError`: the function raised; says what, in words.
    - `concurrent.futures.BrokenExecutor`: its worker died. That costs this task only; the next one gets a new worker.
    - `ExecutorClosedError`: the workers were ended.
    - `concurrent.futures.CancelledError`: it was cancelled.

    How data and weights travel is the executor's own affair: where workers see this machine's folders, by path; else
    with `pack` and `unpack` of `search.executors.transport`, by value. `check_executor` in `search.testing` holds an
    executor to all of this.

    An executor of one's own is a class that is called with the number of workers and the keyword arguments `idle_s` and
    `log` of `make_executor`; runs name it `package.module:Class`.
    """

    @property
    def workers(self) -> int:
        """How many tasks run side by side."""
        ...

    def submit(self, task: Task) -> Future[Any]:
        """Hand a task over; returns at once.

        Raises:
            ExecutorClosedError: after `shutdown` or `kill`.
        """
        ...

    def cancel(self, future: Future[Any]) -> bool:
        """Have a task not begin, or cut it off, without harm to others; False where it is over already."""
        ...

    def resize(self, workers: int) -> None:
        """Have so many workers from now on, at least one; those too many end once their tasks are over."""
        ...

    def slots(self) -> tuple[Slot, ...]:
        """Where tasks run, with what each place has."""
        ...

    def place(self, path: str) -> str:
        """The path under which tasks find a file or folder of this machine; to another machine it is sent once."""
        ...

    def cpu_seconds(self) -> float:
        """Processor seconds of all workers so far, the dead ones as last seen; it never falls."""
        ...

    def shutdown(self) -> None:
        """Take no more tasks, wait until all are over, then end the workers."""
        ...

    def kill(self) -> None:
        """End all workers at once, whatever they are doing; takes less than 2 s, and twice is as good as once."""
        ...
