"""Where trials run: executors with the interface of `concurrent.futures.Executor`."""

from search.executors.local import LocalExecutor, default_workers

__all__ = ["LocalExecutor", "default_workers"]
