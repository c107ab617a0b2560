"""The conformance kit of executors: what a run relies on, whatever its tasks run on.

>>> from search.executors import LocalExecutor
>>> check_executor(LocalExecutor)
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from search.errors import TrainingError
from search.executors.base import Executor, ExecutorClosedError, Task

_CHORES = "search.executors.chores:"
_PATIENCE_S = 120.0
_KILL_S = 2.0
_CPU_S = 0.3
_LOOK_AGAIN_S = 0.01


class MakeExecutor(Protocol):
    """The class of an executor, or what makes one."""

    def __call__(self, workers: int, /, *, idle_s: float | None = None, log: Path | None = None) -> Executor: ...


def check_executor(make: MakeExecutor) -> None:
    """Raise `AssertionError`, in words, when the executor breaks a promise of `search.executors.Executor`.

    Takes some ten starts of a worker.

    Args:
        make: called with the number of workers; returns a new executor.
    """
    for check in (_check_results, _check_files, _check_deaths, _check_cancel, _check_sizes, _check_cpu, _check_ends):
        check(make)


def _check_results(make: MakeExecutor) -> None:
    with _running(make, 1) as executor:
        values = [{"n": n, "list": [1, 2.5, None, True, "text", b"\x00\xff"]} for n in range(3)]
        order: list[int] = []
        futures = [executor.submit(_chore("give", value)) for value in values]
        for number, future in enumerate(futures):
            future.add_done_callback(lambda _, n=number: order.append(n))  # type: ignore[misc]
        _expect([_result(f) for f in futures] == values, "a task must give what its function returned")
        _wait(lambda: len(order) == len(futures), "every future must call back")
        _expect(order == [0, 1, 2], f"one worker must do tasks in their order, not {order}")
        failed = executor.submit(_chore("fail", "made to fail"))
        error = failed.exception(_PATIENCE_S)
        _expect(isinstance(error, TrainingError), f"what a function raises must come as TrainingError, not {error!r}")
        _expect("ValueError: made to fail" in str(error), f"the error must say what was raised, not {error}")
        nowhere = executor.submit(Task("search.executors.chores:nothing")).exception(_PATIENCE_S)
        _expect(isinstance(nowhere, TrainingError), "a function that there is not must come as TrainingError")
        _expect(_result(executor.submit(_chore("give", 1))) == 1, "a worker must go on after an error")


def _check_files(make: MakeExecutor) -> None:
    with tempfile.TemporaryDirectory() as name, _running(make, 1) as executor:
        folder = Path(name)
        source, to, data = folder / "in" / "source", folder / "out" / "to", folder / "data"
        for made in (source.parent, to.parent, data):
            made.mkdir()
        source.write_bytes(b"\x00weights\xff")
        (data / "example").write_text("1")
        document = {"source": str(source), "to": str(to)}
        task = Task(f"{_CHORES}copy", (document,), reads=(source,), writes=(to, folder / "never"), folder=folder)
        _expect(_result(executor.submit(task)) == source.stat().st_size, "a task must read the files that it names")
        _expect(to.exists(), "what a task wrote must be where it was to write it once its future is done")
        _expect(to.read_bytes() == 2 * source.read_bytes(), "a file must come back as it was written, byte by byte")
        _expect(sorted(p.name for p in to.parent.iterdir()) == ["to"], "nothing else may stand beside it")
        seen = executor.submit(Task(f"{_CHORES}look", ({"folder": str(data)},), places=(str(data),)))
        _expect(_result(seen) == ["example"], "a task must find the folders that it names as places")


def _check_deaths(make: MakeExecutor) -> None:
    with _running(make, 2) as executor:
        slow = executor.submit(_chore("compute", _CPU_S))
        doomed = executor.submit(_chore("die"))
        after = executor.submit(_chore("give", "alive"))
        error = doomed.exception(_PATIENCE_S)
        _expect(isinstance(error, BrokenExecutor), f"a worker's death must come as BrokenExecutor, not {error!r}")
        _expect(_result(slow) >= _CPU_S, "a worker's death must not touch the task of another")
        _expect(_result(after) == "alive", "a worker that died must be replaced")


def _check_cancel(make: MakeExecutor) -> None:
    with _running(make, 1) as executor:
        going = executor.submit(_chore("dawdle"))
        waiting, last = executor.submit(_chore("give", "never")), executor.submit(_chore("give", "last"))
        _wait(going.running, "a task that has begun must say so by running()")
        _expect(not waiting.running(), "one worker must not begin two tasks")
        _expect(executor.cancel(waiting), "a task that waits can be cancelled")
        _expect(executor.cancel(going), "a task that runs can be cancelled")
        for future in (going, waiting):
            _expect(isinstance(_error(future), CancelledError), "a cancelled task must end with CancelledError")
        _expect(_result(last) == "last", "others must go on after a task was cancelled")
        _expect(not executor.cancel(last), "what is over cannot be cancelled")


def _check_sizes(make: MakeExecutor) -> None:
    with _running(make, 1) as executor:
        tasks = [executor.submit(_chore("dawdle")) for _ in range(3)]
        executor.resize(2)
        _wait(tasks[1].running, "a worker that is added must take a task that waits")
        _expect((executor.workers, len(executor.slots())) == (2, 2), "workers and slots must say how many there are")
        numbers = {slot.number for slot in executor.slots()}
        _expect(len(numbers) == 2, f"slots must have numbers of their own, not {numbers}")
        _expect(
            all(slot.task and slot.cpus for slot in executor.slots()), "slots must say what runs where, and on what"
        )
        executor.resize(1)
        _expect(executor.workers == 1, "workers must say the new number at once")
        _expect(tasks[0].running() and tasks[1].running(), "fewer workers must not end tasks that run")
        executor.cancel(tasks[0])
        _expect(isinstance(_error(tasks[0]), CancelledError), "a cancelled task must end with CancelledError")
        _wait(lambda: len(executor.slots()) == 1, "a worker too many must go once its task is over")
        _expect(not tasks[2].running(), "a worker too many must take no other task")
        executor.cancel(tasks[1])
        _wait(tasks[2].running, "the worker that stays must take the next task")


def _check_cpu(make: MakeExecutor) -> None:
    with _running(make, 2) as executor:
        seen = [executor.cpu_seconds()]
        for _ in range(2):
            _result(executor.submit(_chore("compute", _CPU_S)))
            seen.append(executor.cpu_seconds())
        executor.resize(1)
        seen.append(executor.cpu_seconds())
        _error(executor.submit(_chore("die")))
        seen.append(executor.cpu_seconds())
        executor.kill()
        seen.append(executor.cpu_seconds())
    _expect(seen == sorted(seen), f"processor seconds must never fall: {seen}")
    _expect(seen[2] - seen[0] >= 2 * _CPU_S, f"processor seconds must count what tasks used: {seen}")


def _check_ends(make: MakeExecutor) -> None:
    executor = make(2)
    _expect(_result(executor.submit(_chore("give", 1))) == 1, "a task must give what its function returned")
    futures = [executor.submit(_chore("dawdle")) for _ in range(3)]
    _wait(lambda: futures[0].running() and futures[1].running(), "two workers must begin two tasks")
    began = time.monotonic()
    executor.kill()
    executor.kill()
    took = time.monotonic() - began
    _expect(took < _KILL_S, f"kill must take less than {_KILL_S} s, not {took:.1f} s")
    for future in futures:
        error = _error(future)
        _expect(isinstance(error, ExecutorClosedError), f"kill must end tasks with ExecutorClosedError, not {error!r}")
    _expect_closed(executor, "kill")
    orderly = make(1)
    futures = [orderly.submit(_chore("give", n)) for n in range(3)]
    orderly.shutdown()
    _expect([f.done() and f.result() for f in futures] == [0, 1, 2], "shutdown must wait for the tasks that were there")
    _expect_closed(orderly, "shutdown")


def _expect_closed(executor: Executor, how: str) -> None:
    try:
        executor.submit(_chore("give", 1))
    except ExecutorClosedError:
        return
    raise AssertionError(f"executor: to submit after {how} must raise ExecutorClosedError")


@contextmanager
def _running(make: MakeExecutor, workers: int) -> Iterator[Executor]:
    executor = make(workers)
    try:
        _expect(executor.workers == workers, f"workers must be {workers}, not {executor.workers}")
        yield executor
    finally:
        executor.kill()


def _chore(name: str, *arguments: Any) -> Task:
    return Task(_CHORES + name, arguments)


def _result(future: Future[Any]) -> Any:
    return future.result(_PATIENCE_S)


def _error(future: Future[Any]) -> BaseException | None:
    """Why a task failed; a future that was cancelled raises where others give their error."""
    try:
        return future.exception(_PATIENCE_S)
    except CancelledError as error:
        return error


def _wait(holds: Callable[[], bool], rule: str) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not holds():
        _expect(time.monotonic() < until, rule)
        time.sleep(_LOOK_AGAIN_S)


def _expect(holds: bool, rule: str) -> None:
    if not holds:
        raise AssertionError(f"executor: {rule}")
