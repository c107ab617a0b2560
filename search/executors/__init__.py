"""Where trials run: executors with the interface of `concurrent.futures.Executor`."""

from search.executors.local import ExecutorClosedError, LocalExecutor, default_workers
from search.executors.worker_log import LOGS, last_words

__all__ = ["LOGS", "ExecutorClosedError", "LocalExecutor", "default_workers", "last_words"]
