"""The process that a Gaussian process runs in, seen from the search that asks it."""

from __future__ import annotations

import threading
import uuid
import weakref
from concurrent.futures import BrokenExecutor, CancelledError
from typing import Any

from search.algorithms.bayesian.proposer import Setup
from search.errors import SearchError
from search.executors import Executor, Task, make_executor

Json = dict[str, Any]

PREPARE = "search.algorithms.bayesian.worker:prepare"
PROPOSE = "search.algorithms.bayesian.worker:propose"
ATTEMPTS = 3
"""Processes that may die over one proposal."""


class ProposerProcess:
    """Keeps the events of a search, and a process that has learned them; one that died is replaced, and told again.

    The process ends with the coordinator, with this object, and with `close`.

    Args:
        setup: of the search.
        executor: of one worker, where other searches have theirs too; it stays when this search ends. By default the
            search has a process to itself.
    """

    def __init__(self, setup: Setup, executor: Executor | None = None) -> None:
        self._setup = setup
        self._shared = executor is not None
        self._search = uuid.uuid4().hex
        self._events: list[Json] = []
        self._sent = 0
        self._warm = False
        self._executor = executor
        self._closed = threading.Event()

    def learn(self, event: Json) -> None:
        """What the process is to know before the next proposal; see `Proposer.learn`."""
        self._events.append(event)

    def warm_up(self) -> None:
        """Start the process, unless it runs, without waiting for it."""
        if not self._warm and not self._closed.is_set():
            self._warm = True
            self._started().submit(Task(PREPARE))

    def propose(self, trial_id: int) -> Json:
        """The proposal of that number; waits for it.

        Raises:
            SearchError: the process died again and again, or was closed; or it says what went wrong in it.
        """
        broken = 0
        while not self._closed.is_set() and broken < ATTEMPTS:
            setup = self._setup if self._sent == 0 else None
            news = self._events[self._sent :]
            try:
                arguments = (self._search, setup, self._sent, news, trial_id)
                answer: Json = self._started().submit(Task(PROPOSE, arguments)).result()
            except (BrokenExecutor, CancelledError):
                broken += 1
                answer = {}
            except RuntimeError:  # from handing the task over, or from the task that was cut off
                if self._closed.is_set():
                    break
                raise
            self._sent = len(self._events) if answer else 0
            if answer:
                return answer
        if self._closed.is_set():
            raise SearchError("The search was closed, so it proposes nothing more.")
        raise SearchError(
            f"The process of the Gaussian process was ended by the system {ATTEMPTS} times in a row, most likely for "
            "want of memory; use fewer workers, or the algorithm aging_evolution."
        )

    def cpu_seconds(self) -> float:
        """Processor seconds of the process so far, those of dead ones as last seen."""
        return 0.0 if self._executor is None else self._executor.cpu_seconds()

    def close(self) -> None:
        """End the process at once, from any thread; a proposal that is waited for ends in `SearchError`."""
        self._closed.set()
        if self._executor is not None and not self._shared:
            self._executor.kill()

    def _started(self) -> Executor:
        if self._executor is None:
            self._executor = make_executor(workers=1)  # on this machine, whatever the trials run on
            weakref.finalize(self, self._executor.kill)
        return self._executor
