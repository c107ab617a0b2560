"""What a worker process does before its first task: mind its coordinator, keep quiet, leave Ctrl-C to others."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import psutil

_WATCH_PERIOD_S = 0.5


def prepare_worker(coordinator_pid: int) -> None:
    """Called once in every new worker.

    The worker ends when its coordinator is gone, however that died; what libraries print goes to stderr, so that
    the coordinator's stdout holds nothing but its answer.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout.flush()
    os.dup2(2, 1)
    threading.Thread(target=_die_with, args=(coordinator_pid,), daemon=True).start()


def _die_with(pid: int) -> None:
    try:
        coordinator = psutil.Process(pid)
        while os.getppid() == pid and coordinator.is_running():
            time.sleep(_WATCH_PERIOD_S)
    except psutil.NoSuchProcess:
        pass  # gone already
    os._exit(1)
