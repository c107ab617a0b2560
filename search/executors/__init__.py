"""Where trials run: executors with the interface of `concurrent.futures.Executor`."""

from search.executors.local import ExecutorClosedError, LocalExecutor, default_workers

__all__ = ["ExecutorClosedError", "LocalExecutor", "default_workers"]
