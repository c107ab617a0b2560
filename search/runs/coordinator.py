"""The thread that conducts one session of a run: asks, checks costs, hands out, writes down, tells.

It alone owns the algorithm, the journal and the executor. Others send it commands and hear its events.
"""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import msgspec

from data import DataError
from data.fingerprint import Fingerprint
from resource_models import Costs, ResourceModelError
from search.budget import Budget
from search.errors import JournalError, RunError, SearchError
from search.executors import Executor, ExecutorClosedError, last_words
from search.executors.phase_file import PhaseFile, furthest_behind
from search.journal import FILE_NAME, Journal
from search.journal.answers import WarmedUp, read_answer
from search.journal.history import History, budget_record, observation_record, trial_record
from search.journal.reading import Tell, records
from search.journal.records import Record, record_of
from search.problem import PATIENCE
from search.pruning.genes import completed, genes_of
from search.runs.algorithm_handle import Adviser
from search.runs.clock import RunClock
from search.runs.events import RunEvent, RunState
from search.runs.outcome import outcome
from search.runs.tasks import Tasks
from search.runs.time_plan import TimePlan
from search.trial import Observation, Trial

Command = Literal["pause", "resume", "stop"]
Done = tuple[Trial, "Future[Any]"]
Message = Command | Budget | Done | Future[Any]

CLOSING = "training the best networks to their end"
"""What a run with a time limit does in the last part of it."""
FAILED_AT_FIRST = 3
"""Failures without one success after which a run gives up."""


class Coordinator:
    """One session: from start until finished, stopped or failed."""

    def __init__(
        self,
        *,
        adviser: Adviser,
        history: History,
        journal: Journal,
        executor: Executor,
        tasks: Tasks,
        clock: RunClock,
        emit: Callable[[RunEvent], None],
        recall: Callable[[Tell], History] | None = None,
    ) -> None:
        """Make a session; `start` begins it.

        Args:
            adviser: knows what is in `history`, unless there is `recall`.
            history: of the run so far; with `recall` it is what is shown until that is done.
            journal: open; the session closes it.
            executor: that trains; the session ends it.
            tasks: of the run.
            clock: of the run.
            emit: is called with each event.
            recall: tells the adviser what has happened, event by event, and gives the history that this makes. It is
                called in the session's thread, since it takes long where much has happened, while the workers start.
        """
        self._settings = adviser.problem.settings
        self._problem = adviser.problem
        self._adviser = adviser
        self._history = history
        self._journal = journal
        self._executor = executor
        self._tasks = tasks
        self._clock = clock
        self._emit = emit
        self._inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._recall = recall
        self._plan = self._new_plan()
        self._reissue: list[Trial] = []
        self._running: dict[int, Trial] = {}
        self._may_promote = False  # whether the algorithm is worth asking once the networks are enough
        self._warm = False  # whether a worker is ready
        self._time_is_up = False  # whether nothing that could be trained next ends within the limits
        self._paused = False
        self._stopping = False
        self._gate = threading.Lock()
        self._shut = False  # whether the journal takes no more budgets
        self._refused_in_a_row = 0
        self.state = RunState.READY
        self.error: str | None = None
        self.phase = ""  # what is done, in words, where that is not simply searching
        self.released = False  # whether the journal is anyone's again
        self._failed_at_end: str | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="unas-coordinator", daemon=True)

    @property
    def running(self) -> int:
        """Trials being trained now."""
        return len(self._running)

    def start(self) -> None:
        """Begin; returns at once."""
        self._set_state(RunState.STARTING)
        try:
            self._thread.start()
        except RuntimeError as error:  # no more threads
            self.error = f"The search cannot begin ({error}); close other programs, then try again."
            self._end(RunState.FAILED)

    def send(self, command: Command) -> None:
        """Ask for a pause, its end, or a stop; returns at once."""
        self._inbox.put(command)
        if command == "stop":
            self._stopping = True
            self._executor.kill()
            self._adviser.close()

    def change_budget(self, budget: Budget) -> bool:
        """Go on with another budget from the next proposal on; returns at once. False if the session is over."""
        with self._gate:
            if not self._shut:
                self._inbox.put(budget)
            return not self._shut

    def join(self, timeout: float | None) -> None:
        """Wait for the session's end.

        On an event, since a `Thread.join` that Ctrl-C interrupts takes the thread for ended in Python 3.11. Watchers,
        who are called from the session's own thread, do not wait.
        """
        if threading.current_thread() is not self._thread:
            self._ended.wait(timeout)

    def _run(self) -> None:
        end, self.error = RunState.FAILED, None
        try:
            self._warm_up()
            self._take_up()
            end = self._conduct()
        except _StoppedError:
            end = RunState.STOPPED
        except (SearchError, DataError, ResourceModelError) as error:
            self.error = str(error)
        except ExecutorClosedError as error:  # the workers end before the command that ended them is read
            end, self.error = (RunState.STOPPED, None) if self._stopping else (RunState.FAILED, self._explain(error))
        except Exception as error:  # noqa: BLE001 - a thread that dies unseen would leave a run that looks alive
            self.error = self._explain(error)
        finally:
            self._end(end)

    def _take_up(self) -> None:
        """Begin where the run stands.

        Raises:
            _StoppedError: it was to be stopped meanwhile.
        """
        if self._recall is not None:
            self._history = self._recall(self._note_recalled)
            self._clock.continue_from(self._history)
            self.phase = ""
        self._tasks.discard_checkpoints(self._history.networks.superseded())
        self._reissue = [trial for trial, _ in self._history.pending.values()]
        self._may_promote = self._history.may_promote
        self._plan = self._new_plan()

    def _new_plan(self) -> TimePlan:
        return TimePlan(self._problem, self._history, self._clock, lambda: self._executor.workers)

    def _note_recalled(self, done: int, total: int) -> None:
        self.phase = f"replaying {done:,} of {total:,} events"
        if self._stopping:
            raise _StoppedError

    def _until_stopped(self, events: Iterable[Record]) -> Iterator[Record]:
        for event in events:
            if self._stopping:
                raise _StoppedError
            yield event

    def _conduct(self) -> RunState:
        """The main loop; returns the state that the session ends in."""
        while True:
            may_propose = self._warm and not self._paused and self._wants_more() and self._has_room()
            message = self._next_message(wait=not may_propose)
            if message == "stop":
                return RunState.STOPPED
            if message is not None:
                self._take(message)
            elif may_propose:
                self._propose()
            if not self._wants_more() and not self._running:
                return RunState.FINISHED
            self._update_state()

    def _next_message(self, *, wait: bool) -> Message | None:
        try:
            return self._inbox.get(timeout=1.0) if wait else self._inbox.get_nowait()
        except queue.Empty:
            return None

    def _take(self, message: Message) -> None:
        if isinstance(message, tuple):
            del self._running[message[0].id]
            self._observe(*message)
        elif isinstance(message, Future):
            self._greet(message.result())  # raises what kept the worker from starting
        elif isinstance(message, Budget):
            self._change_budget(message)
        else:
            self._paused = message == "pause"

    def _update_state(self) -> None:
        if not self._warm:
            self.phase = furthest_behind(map(self._tasks.loading, range(self._executor.workers)))
            return
        if self._paused:
            state = RunState.PAUSING if self._running else RunState.PAUSED
        else:
            state = RunState.RUNNING if self._wants_more() else RunState.FINISHING
        if state == RunState.PAUSED:
            self._clock.hold()
        else:
            self._clock.run()
        self.phase = CLOSING if self._plan.closing else ""
        self._set_state(state)

    def _greet(self, answer: Any) -> None:
        """A worker is ready, and knows the data set's size."""
        sizes = read_answer(WarmedUp, answer, what="the loading of the data set")
        self._refuse_another_task(sizes.data)
        self._warm = True
        known = (self._history.train_size, self._history.validation_size, self._history.data)
        if known != (sizes.train_size or known[0], sizes.validation_size, sizes.data or known[2]):
            self._record({"record": "session", "event": "ready", **msgspec.to_builtins(sizes), **self._clocks()})
            self._adviser.know_sizes(self._history)

    def _refuse_another_task(self, now: Fingerprint | None) -> None:
        """Networks are built for examples of one shape and a number of classes; no other data will do for them."""
        known = self._history.data
        if known is not None and now is not None and known.task != now.task:
            raise RunError(
                f"{self._settings.dataset} is no longer what this run was trained on: {known.difference(now)}. Its "
                "networks are not for such data: bring back the files, or begin a new run."
            )

    def _wants_more(self) -> bool:
        if self._time_is_up or self._clock.limit_reached(self._settings):
            return False
        return self._wants_networks() or self._may_promote

    def _wants_networks(self) -> bool:
        """Whether a new network may begin; promotions do not count against the number of trials."""
        trials = self._settings.trials
        begun = sum(trial.promotes is None for trial in self._running.values())
        return trials is None or self._history.done + begun < trials

    def _has_room(self) -> bool:
        return len(self._running) < self._executor.workers

    def _warm_up(self) -> None:
        self._clock.run()
        for number in range(self._executor.workers):
            PhaseFile(self._tasks.loading(number)).remove()  # of a session that was killed
            future = self._executor.submit(self._tasks.warm_up(number))
            future.add_done_callback(self._inbox.put)

    def _propose(self) -> None:
        trial = self._next_reissued()
        if trial is not None:
            self._hand_out(trial)
            return
        trial = self._plan.last_training() or self._asked()
        if trial is None:
            return
        self._check_promotion(trial)
        trial = self._with_genes(trial)
        costs = self._problem.expected_costs(trial)
        if self._problem.budget.bounds == "hard" and not self._problem.budget.allows(costs):
            self._refuse(trial, costs)
        else:
            self._refused_in_a_row = 0
            self._record(trial_record("trial", trial, costs, self._problem.space))
            self._adviser.started(trial, costs)
            self._hand_out(trial)

    def _asked(self) -> Trial | None:
        """What the algorithm proposes, as far as the time allows; None where nothing can come of it now."""
        try:
            trial = self._adviser.ask(self._history.next_id)
        except SearchError:
            if self._stopping:
                return None  # its process is gone already, and the command that ended it is the next message
            raise
        if trial.promotes is None and not self._wants_networks():
            self._may_promote = False  # until there is news; the proposal is dropped, and its number is still free
            return None
        fitted = self._plan.fitted(trial)
        if fitted is None and trial.inherited and trial.promotes is None:
            self._adviser.pass_over(trial)  # a smaller one may be trained in time, or what the algorithm proposes
            return None
        self._time_is_up = fitted is None  # until there is news
        return fitted

    def _next_reissued(self) -> Trial | None:
        """The next trial of an earlier session that is still to be trained."""
        allowed = (i for i, t in enumerate(self._reissue) if t.promotes is not None or self._wants_networks())
        index = next(allowed, None)
        return None if index is None else self._reissue.pop(index)

    def _check_promotion(self, trial: Trial) -> None:
        objection = self._history.networks.objection(trial)
        if objection:
            raise SearchError(
                f"The algorithm {self._settings.algorithm} proposed trial {trial.id} as the promotion of trial "
                f"{trial.promotes}, which cannot be: {objection}."
            )

    def _with_genes(self, trial: Trial) -> Trial:
        if trial.promotes is not None:
            promoted = self._history.trial(trial.promotes)
            return trial if promoted is None else replace(trial, genes=promoted.genes, inherited=promoted.inherited)
        parent = None if trial.parent is None else self._history.trial(trial.parent)
        return completed(trial, genes_of(self._settings.recipe), parent, self._settings.seed)

    def _refuse(self, trial: Trial, costs: Costs) -> None:
        observation = self._record(trial_record("infeasible", trial, costs, self._problem.space))
        self._tell(observation)
        self._emit(RunEvent("infeasible", observation))
        self._refused_in_a_row += 1
        if self._refused_in_a_row >= PATIENCE:
            raise SearchError(
                f"{PATIENCE:,} proposals in a row were over the budget ({self._problem.budget}); networks within it "
                "exist, but this search does not find them: raise the tightest bound."
            )

    def _hand_out(self, trial: Trial) -> None:
        """Have a trial trained.

        A promotion goes on from the checkpoint of the trial that it promotes. Without one it trains from the beginning
        with the same first weights, order of examples and schedule: as good, but it costs all of its epochs again.
        """
        self._running[trial.id] = trial
        self._emit(RunEvent("trial", trial))
        network = self._history.networks.root(trial.id)
        resume = trial.promotes is not None and self._tasks.checkpoint(trial.promotes).exists()
        future = self._executor.submit(self._tasks.train(trial, network=network, resume=resume))
        future.add_done_callback(lambda done: self._inbox.put((trial, done)))

    def _observe(self, trial: Trial, future: Future[Any]) -> None:
        costs = self._history.pending[trial.id][1]
        observation = outcome(trial, costs, future, self._problem, losses_before=self._losses_before(trial))
        self._tell(self._record(observation_record(observation, **self._clocks()), durable=True))
        if observation.status == "trained" and trial.promotes is not None:
            self._tasks.discard_checkpoints([trial.promotes])  # only now that the longer training is on the disk
        self._emit(RunEvent("observation", observation))
        failed = self._history.done
        if failed >= FAILED_AT_FIRST and self._history.trained == 0:
            raise SearchError(f"The first {failed} trainings all failed; the last one: {observation.message}")

    def _losses_before(self, trial: Trial) -> tuple[float, ...]:
        """Losses of the epochs that a promotion may not have to train."""
        promoted = None if trial.promotes is None else self._history.networks.over(trial.promotes)
        return () if promoted is None else promoted.losses

    def _clocks(self) -> dict[str, float]:
        return {"elapsed_s": self._clock.elapsed_s(), "cpu_seconds": self._clock.cpu_seconds()}

    def _record(self, record: dict[str, Any], *, durable: bool = False) -> Observation | None:
        """Write a record down, if it is one that can be read again, and take it in."""
        typed = record_of(record)
        self._journal.append(record, durable=durable)
        return self._history.apply(typed)

    def _tell(self, observation: Observation | None) -> None:
        if observation is not None:
            self._adviser.tell(observation)
            self._may_promote = self._history.may_promote
            self._time_is_up = False

    def _change_budget(self, budget: Budget) -> None:
        """Write the new budget down, and have the algorithm see the whole run under it.

        Candidates in flight are finished, also where they are over it.
        """
        self._record(budget_record(budget), durable=True)
        self._settings = replace(self._settings, budget=budget)
        self._problem = replace(self._problem, settings=self._settings)
        self._adviser.change_problem(self._problem, self._until_stopped(records(self._tasks.folder / FILE_NAME)))
        self._refused_in_a_row = 0
        self._may_promote = self._history.may_promote
        self._plan = self._new_plan()
        self._emit(RunEvent("budget", budget))

    def _write_last_budgets(self) -> bool:
        """Those that came after the last proposal, if there were any."""
        found = False
        with self._gate:
            self._shut = True
        with suppress(queue.Empty):
            while True:
                message = self._inbox.get_nowait()
                if isinstance(message, Budget):
                    self._record(budget_record(message), durable=True)
                    found = True
        return found

    def _end(self, end: RunState) -> None:
        try:
            self._close(end)
        finally:
            self._ended.set()

    def _close(self, end: RunState) -> None:
        """End the workers, write the clocks down, release the journal, and only then say so.

        Each of these is done whatever becomes of the others: a journal that stayed locked could not be gone on with.
        """
        with ExitStack() as steps:  # the last one first
            steps.callback(self._set_state_for_good, end)
            steps.callback(self._attempt, self._journal.close)
            steps.callback(self._attempt, self._write_last_words, end)
            steps.callback(self._clock.hold)
            steps.callback(self._running.clear)
            steps.callback(self._attempt, self._adviser.close)
            steps.callback(self._attempt, self._executor.kill)
            steps.callback(self._attempt, self._clock.stop_counting)
            if end == RunState.STOPPED:
                self._set_state(RunState.STOPPING)

    def _attempt(self, step: Callable[..., object], *args: Any) -> None:
        """Take a step of the end; if it fails, the session has failed, for that reason where there is none before."""
        try:
            step(*args)
        except JournalError as error:
            self._failed_at_end = self._failed_at_end or str(error)
        except Exception as error:  # noqa: BLE001 - the steps that follow have to be taken
            self._failed_at_end = self._failed_at_end or self._explain(error)

    def _write_last_words(self, end: RunState) -> None:
        """Budgets that came too late, how the session ended, and its clocks."""
        exhausted = end == RunState.FINISHED and not (self._wants_networks() or self._may_promote)
        exhausted = not self._write_last_budgets() and exhausted
        session = {"record": "session", "event": end.value, "exhausted": exhausted}
        self._record({**session, **self._clocks()})

    def _set_state_for_good(self, end: RunState) -> None:
        self.released = True
        if self._failed_at_end:
            end, self.error = RunState.FAILED, self.error or self._failed_at_end
        self._set_state(end)

    def _set_state(self, state: RunState) -> None:
        if state != self.state:
            self.state = state
            self._emit(RunEvent("state", state))

    def _explain(self, error: Exception) -> str:
        if isinstance(error, BrokenExecutor):
            short = "the system may be short of memory: use fewer workers"
            return f"A worker process ended while it was starting; {short}{last_words(error)}."
        log = self._tasks.folder / "error.log"
        _write_log(log, error)
        return f"The search ended with {type(error).__name__}: {error} (details in {log.name} of the run's folder)."


class _StoppedError(Exception):
    """A session was stopped while its algorithm was told what had happened."""


def _write_log(path: Path, error: Exception) -> None:
    text = "".join(traceback.format_exception(error))
    try:
        path.write_text(text, encoding="utf-8")
    except OSError:
        error.add_note("(the log could not be written)")
