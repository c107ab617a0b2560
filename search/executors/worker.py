"""What a worker process does before its first task: mind its coordinator, keep quiet, leave Ctrl-C to others."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import psutil

from search.executors.worker_log import WorkerLog

_WATCH_PERIOD_S = 0.5


def prepare_worker(coordinator_pid: int, log: WorkerLog | None = None) -> None:
    """Called once in every new worker.

    The worker ends when its coordinator is gone, however that died.

    Args:
        coordinator_pid: process id of the coordinator.
        log: where what libraries print goes; without one to stderr, so that the coordinator's stdout holds nothing
            but its answer.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if log is None:
        sys.stdout.flush()
        os.dup2(2, 1)
    else:
        log.redirect()
    threading.Thread(target=_watch, args=(coordinator_pid, log), daemon=True).start()


def _watch(pid: int, log: WorkerLog | None) -> None:
    """Keep the log small, and die with the coordinator."""
    try:
        coordinator = psutil.Process(pid)
        while os.getppid() == pid and coordinator.is_running():
            time.sleep(_WATCH_PERIOD_S)
            if log is not None:
                log.trim()
    except psutil.NoSuchProcess:
        pass  # gone already
    os._exit(1)
