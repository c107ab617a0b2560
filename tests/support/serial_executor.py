"""Tasks one after the other, in this very process: over before `submit` returns, in an order that tests can rely on."""

from concurrent.futures import Future
from pathlib import Path
from typing import Any

from search.errors import TrainingError
from search.executors import Slot, Task
from search.executors.call import call


class SerialExecutor:
    """An `Executor` without workers, so that there is nothing to end."""

    def __init__(self, workers: int, *, idle_s: float | None = None, log: Path | None = None) -> None:  # noqa: ARG002
        self.workers = workers

    def submit(self, task: Task) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(call(task.path, *task.arguments))
        except TrainingError as error:
            future.set_exception(error)
        return future

    def cancel(self, future: Future[Any]) -> bool:
        return not future.done()

    def resize(self, workers: int) -> None:
        self.workers = workers

    def slots(self) -> tuple[Slot, ...]:
        return (Slot(0, "here", (0,)),)

    def place(self, path: str) -> str:
        return path

    def cpu_seconds(self) -> float:
        return 0.0

    def shutdown(self) -> None:
        pass

    def kill(self) -> None:
        pass
