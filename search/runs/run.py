"""What a user holds: `Run`, one search in one folder: started, paused, continued, looked at, exported."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self

from search.budget import Budget
from search.deploy.project.contents import Tell as TellStep
from search.deploy.project.contents import silent
from search.deploy.project.front import verify_front
from search.deploy.project.make import ALL, Exported, export_project
from search.deploy.project.verified import VerifiedTrial
from search.errors import JournalError, RunError
from search.executors import LOGS, Executor, Task, check_name, make_executor
from search.journal import file as journal
from search.journal.board_copy import keep_board
from search.journal.history import History, budget_record, refuse_other_run
from search.journal.inherited import Inherited, inherited_networks
from search.journal.opening import open_folder
from search.journal.reading import Tell, go_through, last_budget
from search.journal.versions import versions
from search.journal.warm_start import inheritance
from search.limits import check_settings, check_workers, fewer_workers, usable_workers
from search.own_code import import_words, is_own
from search.problem import Problem, left_out_words
from search.quantities import quantity
from search.recipes.catalogue import RECIPES, named_recipe
from search.recipes.forecast import Forecast, forecast
from search.recipes.named import AS_SEARCHED, SEARCHED
from search.runs.algorithm_handle import Adviser, make_algorithm
from search.runs.clock import RunClock, expected_networks, plan_words, remaining_s
from search.runs.coordinator import Coordinator
from search.runs.events import Progress, RunEvent, RunState
from search.runs.export_result import ExportResult, pass_on
from search.runs.finalise import DEFAULT_SEEDS, Final, Finalising, missing_trainings
from search.runs.finalise import Tell as TellFinals
from search.runs.finaliser import Finaliser, Work
from search.runs.recorded import RecordedRun
from search.runs.tasks import WEIGHTS, Tasks
from search.settings import FROM_BOARD, RunSettings, refuse_unreadable

EXPORT_IDLE_S = 60.0

Watcher = Callable[[RunEvent], None]


class WritableRun(RecordedRun):
    """A run's folder that can be written to: begun, opened, and exported from."""

    def __init__(self, settings: RunSettings, folder: Path, history: History, problem: Problem) -> None:
        super().__init__(settings, folder, history, problem)
        self._lock = threading.RLock()
        self._exporter: Executor | None = None
        self._notes: list[str] = []

    @classmethod
    def create(cls, settings: RunSettings, folder: Path | str, *, trust: bool = True) -> Self:
        """A new run in `folder`, which is made if it is missing; a run there that never began is replaced.

        Args:
            settings: of the run.
            folder: of the run.
            trust: whether code of the user's own that the settings name may be imported.

        Raises:
            SettingsError, BudgetError, BoardError: what was asked for cannot work.
            JournalError: the folder holds a run already, or cannot be written.
        """
        check_name(settings.executor)
        refuse_unreadable(settings)
        asked = settings.with_board_budget()
        problem = Problem.of(asked, load=trust)
        settings = problem.settings
        cls._check(problem)
        inherited = cls._inherited(problem)
        path = Path(folder).resolve()
        try:
            (path / WEIGHTS).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JournalError(
                f"The run folder {path} cannot be made ({error.strerror}); choose another folder."
            ) from None
        header = {"settings": settings.to_json(), "versions": versions(), **inherited.to_json()}
        keep = partial(keep_board, settings, path)
        journal.Journal.create(path / journal.FILE_NAME, header, prepare=keep).close()
        run = cls(settings, path, History(problem.space), problem)
        run._trusted = trust
        run._note_left_out(asked.budget)
        return run

    @classmethod
    def open(cls, folder: Path | str, *, trust: bool = False, tell: Tell | None = None) -> Self:
        """The run that is in `folder`, as its journal has it; `start` continues it.

        Args:
            folder: of the run.
            trust: import the code of the user's own that the journal names (`package.module:Class`), if any; without it
                that is imported when the search is started, and until then the networks of a space that is not one of
                this package are not built.
            tell: called, while a long journal is read, with the events that were read and those there are.

        Raises:
            JournalError: no run there, or its journal is damaged or of a newer version.
            SpaceError: what is to be trusted cannot be imported.
        """
        opened = open_folder(folder, trust=trust, tell=tell)
        run = cls(opened.problem.settings, opened.folder, opened.history, opened.problem)
        run._trusted = trust
        return run

    @classmethod
    def _check(cls, problem: Problem) -> None:
        """Find out whether a new run can work; called before anything is written."""

    @classmethod
    def _inherited(cls, problem: Problem) -> Inherited:  # noqa: ARG003 - searches alone are begun from others
        """What a new run begins with; called before anything is written."""
        return Inherited()

    def export(self, trial_id: int, to: Path | str, *, recipe: str = AS_SEARCHED) -> Future[ExportResult]:
        """Write a trained network as an int8 `.tflite` file in a worker process; returns at once.

        Args:
            trial_id: the network's number; the weights are those of its longest training in the search.
            to: the file; its folder is made.
            recipe: name of a recipe that `finalise` trained it again by and kept weights of; then they are those of the
                seed of lowest int8 validation error.

        Raises:
            RunError: there is no such trained trial, it was not trained so, or code of a stranger's would have to be
                imported.
            SettingsError: there is no such recipe.
        """
        self._refuse_strangers()
        path = Path(to).resolve()
        task = self._export_task(trial_id, path, recipe)
        with self._lock:
            log = self.folder / LOGS / "export.log"
            self._exporter = self._exporter or make_executor(
                self.settings.executor, workers=1, idle_s=EXPORT_IDLE_S, log=log
            )
            done = self._exporter.submit(task)
        result: Future[ExportResult] = Future()
        done.add_done_callback(lambda future: pass_on(future, result, path))
        return result

    def export_project(
        self,
        trial_id: int,
        to: Path | str,
        *,
        form: str = ALL,
        recipe: str = AS_SEARCHED,
        name: str | None = None,
        tell: TellStep = silent,
    ) -> Exported:
        """Write a trained network as a folder to use at once; see `search.deploy.project.make.export_project`.

        It waits, for some ten seconds: call it in a thread where something else has to go on. The answer's `archive` is
        a zip of the folder, `contents.verified` what was compared and what could not be.
        """
        return export_project(self, trial_id, to, form=form, recipe=recipe, name=name, tell=tell)

    def verify_front(self, *, tell: TellStep = silent) -> tuple[VerifiedTrial, ...]:
        """Verify every network of the front, byte for byte; see `search.deploy.project.front.verify_front`.

        Also written into the run's folder, where `verified` finds it. It waits; `tell` is told of every step.
        """
        return verify_front(self, tell=tell)

    def _note_left_out(self, asked: Budget) -> None:
        """Have it said which bounds by default of that budget are left out."""
        words = left_out_words(asked, self.settings)
        self._notes += [words] if words else []

    def weights_of(self, trial_id: int) -> tuple[str, ...]:
        """Names of the recipes by which a trained network has weights to export: the run's own first."""
        number, tasks = self.observation(trial_id).trial_id, self._tasks()
        best = {named: self._history.best_final(named.name, number) for named in RECIPES if named.keeps}
        kept = [n.name for n, r in best.items() if r is not None and tasks.final_weights(n, r.id, r.seed).is_file()]
        return (AS_SEARCHED, *kept)

    def _export_task(self, trial_id: int, to: Path, recipe: str) -> Task:
        named, tasks = named_recipe(recipe), self._tasks()
        if named is SEARCHED:
            return tasks.export(self._history.networks.latest(trial_id) or self.observation(trial_id), to)
        found = self.observation(trial_id)
        best = self._history.best_final(named.name, found.trial_id)
        if best is None:
            raise RunError(
                f"Trial {trial_id} was not trained by the recipe {named.name!r}; finalise with that recipe first."
            )
        return tasks.export(found, to, final=best)

    def _refuse_strangers(self) -> None:
        """Have workers import nothing that nobody asked for."""
        needed = [name for what, name in self.settings.own_code.items() if what != "algorithm" and is_own(name)]
        if needed and not self._trusted:
            raise RunError(
                f"This needs {' and '.join(needed)}, code of its own that the run names, which is imported only when "
                "the search is started or resumed; to do it now, open it with Run.open(folder, trust=True) or --trust."
            )

    def _tasks(self) -> Tasks:
        return Tasks(self.settings, self._problem.space, self.folder, self._history.data)


class Run(WritableRun):
    """One search. Nothing here blocks but `wait`; everything that is done twice is done once.

    Make one with `Run.create` or `Run.open`.
    """

    def __init__(self, settings: RunSettings, folder: Path, history: History, problem: Problem) -> None:
        super().__init__(settings, folder, history, problem)
        self._clock: RunClock | None = None
        self._coordinator: Coordinator | None = None
        self._finaliser = Finaliser(self._front_to_finalise, lock=self._lock, emit=self._emit)

    @classmethod
    def _check(cls, problem: Problem) -> None:
        """Find out whether a search can work.

        Raises:
            SettingsError: there is no such algorithm, it does not take these options, or the machine cannot carry it.
        """
        check_settings(problem.settings, problem.space.input_shape)
        make_algorithm(problem)

    @classmethod
    def _inherited(cls, problem: Problem) -> Inherited:
        """The networks of the run that the settings name.

        Raises:
            SettingsError: there is no such run, it is of another space, it has no trained network, or none fits.
        """
        return inheritance(problem)

    # ----------------------------------------------------------------------------------------------- control

    @property
    def state(self) -> RunState:
        """Where the run stands."""
        if self._coordinator is None:
            return RunState.FINISHED if self._complete() else RunState.READY
        return self._coordinator.state

    def extend(self, settings: RunSettings) -> None:
        """Continue with other stop criteria, workers or data folder; all else must be as it was.

        Raises:
            SettingsError: another setting differs; it is named.
            RunError: the run is active.
        """
        with self._lock:
            if self.state.active:
                raise RunError("This run is active; stop it before you change its limits.")
            check_name(settings.executor)
            if settings.workers not in (None, self.settings.workers):  # one that it has may be of a larger machine
                check_workers(settings.workers, executor=settings.executor)
            bounded = tuple(name for name in FROM_BOARD if self.settings.budget.limit(quantity(name)) is not None)
            same = self.board if settings.board == self.settings.board else None
            filled = replace(settings, board_fills=bounded).with_board_budget(same)
            self.settings = self.settings.extended_by(replace(filled, board_fills=self.settings.board_fills))
            self._problem = replace(self._problem, settings=self.settings)
            self._coordinator = None

    def change_budget(self, budget: Budget) -> None:
        """Go on with another budget; returns at once, whatever the run is doing. Nothing that was found is lost.

        New proposals are within the new budget, and so are fronts. Candidates in flight are finished and kept. The
        algorithm goes on as if it had had this budget from the beginning; see `search.runs.algorithm_handle`. A bound
        that is `None` is none: the board fills nothing in. A bound by default that no network can meet is left out.

        Raises:
            BudgetError: no network can meet it; the run goes on with the one that it has.
            RunError: the run is being finalised.
            JournalError: another process writes this run, or its folder cannot be written.
        """
        while not self._take_budget(budget):
            ending = self._coordinator
            if ending is not None:
                ending.join(None)  # its last words come first; without the lock, since its watchers may want that
        self._tell_notes()

    def start(self, *, own_cpu_offset: float | None = None, allow_changed_data: bool = False) -> None:
        """Begin or continue; returns at once. Without effect while the run is active or when its limits are reached.

        Args:
            own_cpu_offset: processor seconds of this process that are not the run's; None: all so far.
            allow_changed_data: go on though the data are others than before, which the journal then notes; without it
                the run fails in one sentence.

        Raises:
            RunError: the run is being finalised.
            JournalError: another process writes this run, or its folder cannot be written.
        """
        if not (self.state.active or self._complete()):
            self._notes += self._news()
            self._tell_notes()
        with self._lock:
            if self.state.active or self._complete():
                return
            self._finaliser.refuse_while_running()
            self.error, self._trusted = None, True
            offset = time.process_time() if own_cpu_offset is None else own_cpu_offset
            self._coordinator = self._new_coordinator(offset, allow_changed_data)
            self._coordinator.start()
        self._tell_notes()

    def pause(self) -> None:
        """Hand out no more candidates; those being trained are finished first."""
        self._send("pause")

    def resume(self) -> None:
        """Go on after a pause, and also after a stop."""
        if self.state.active:
            self._send("resume")
        else:
            self.start()

    def stop(self) -> None:
        """End the workers now; candidates in flight are trained again when the run is continued."""
        self._send("stop")

    def wait(self, timeout: float | None = None) -> RunState:
        """Block until the run is no longer active, or `timeout` seconds; returns the state.

        Raises:
            RunError: the run failed; says why.
        """
        if self._coordinator is not None:
            self._coordinator.join(timeout)
        if self.state == RunState.FAILED:
            raise RunError(self.error or "The run failed.")
        return self.state

    def progress(self) -> Progress:
        """How far the run is, now."""
        history, clock, recorded = self._history, self._clock, super().progress()
        elapsed = history.elapsed_s if clock is None else clock.elapsed_s()
        cpu = history.cpu_seconds if clock is None or not self.state.active else clock.cpu_seconds()
        found = replace(
            recorded,
            running=0 if self._coordinator is None else self._coordinator.running,
            phase="" if self._coordinator is None else self._coordinator.phase,
            elapsed_s=elapsed,
            remaining_s=remaining_s(self.settings, done=history.done, elapsed_s=elapsed, cpu_seconds=cpu),
            cpu_seconds=cpu,
        )
        return replace(found, expected=expected_networks(self.settings, found) if self.state.active else None)

    # ----------------------------------------------------------------------------------------------- finalising

    @property
    def finalising(self) -> Finalising | None:
        """The `finalise` that goes on or that was the last one here; None before the first."""
        return self._finaliser.going

    def finalise(
        self, *, seeds: int = DEFAULT_SEEDS, recipe: str = AS_SEARCHED, tell: TellFinals | None = None
    ) -> tuple[Final, ...]:
        """Train the front again with several seeds and measure it on the test split (`search.runs.finalise`). Blocks.

        Args:
            seeds: trainings of each network.
            recipe: name of one of `search.recipes.catalogue.RECIPES`.
            tell: called with the trainings that are done and those there are.

        Raises:
            RunError: the run is active.
            SettingsError, JournalError, TrainingError: as `search.runs.finalise.finalise` says.
        """
        return self._finaliser.conduct(seeds=seeds, recipe=named_recipe(recipe), tell=tell)

    def begin_finalise(
        self, *, seeds: int = DEFAULT_SEEDS, recipe: str = AS_SEARCHED, tell: TellFinals | None = None
    ) -> Finalising:
        """The same, but returns at once; where one goes on already, that one is returned.

        Watchers of the run hear of each training (`RunEvent` of the kind "final").

        Raises:
            RunError: the run is active.
            SettingsError: less than one seed, or too many, or there is no such recipe.
        """
        return self._finaliser.begin(seeds=seeds, recipe=named_recipe(recipe), tell=tell)

    def finalise_forecast(self, *, seeds: int = DEFAULT_SEEDS, recipe: str = AS_SEARCHED) -> Forecast:
        """How long `finalise` would take from here: an estimate, which says how it was got.

        Raises:
            SettingsError: there is no such recipe.
        """
        named = named_recipe(recipe)
        missing = missing_trainings(self.front(), self._history, seeds=seeds, recipe=named)
        workers = max(1, min(usable_workers(self.settings), len(missing)))
        tasks = self._tasks()
        plan = tasks.plan(named)
        left = tasks.lacks_teacher(plan.recipe)
        return forecast([o for o, _ in missing], plan, self.settings.recipe, workers=workers, teacher=left)

    def _front_to_finalise(self) -> Work:
        if self.state.active:
            raise RunError("This run is active; stop it before you finalise it.")
        self._refuse_strangers()
        return Work(self.front(), self._history, self._tasks(), usable_workers(self.settings))

    # ----------------------------------------------------------------------------------------------- inside

    def _news(self) -> list[str]:
        """What people should know of before the search begins or goes on."""
        begins = self.begun_from if self.untouched else ""
        first = f"The search begins with {begins}." if begins else ""
        plan = plan_words(self.settings, usable_workers(self.settings))
        return [*import_words(self.settings.own_code), *filter(None, (first, fewer_workers(self.settings), plan))]

    def _new_coordinator(self, own_cpu_offset: float, allow_changed_data: bool) -> Coordinator:
        path = self.folder / journal.FILE_NAME
        with ExitStack() as until_made:
            writer = until_made.enter_context(journal.Journal.reopen(path))
            header = journal.read_header(path)
            refuse_other_run(header, self.settings, path)
            with suppress(OSError):  # a journal is enough to go on from; trainings tell what keeps them from writing
                (self.folder / WEIGHTS).mkdir(exist_ok=True)
            problem = self._loaded(last_budget(path) or self.settings.budget)
            adviser = Adviser(problem, inherited_networks(header, problem.space, path))
            until_made.callback(adviser.close)
            workers, log = usable_workers(self.settings), self.folder / LOGS / "training.log"
            executor = make_executor(self.settings.executor, workers=workers, log=log)
            until_made.callback(executor.kill)
            self._clock = RunClock(
                self._history, lambda: executor.cpu_seconds() + adviser.cpu_seconds(), own_cpu_offset=own_cpu_offset
            )
            tasks = replace(self._tasks(), space=problem.space)
            coordinator = Coordinator(
                adviser=adviser,
                history=self._history,
                journal=writer,
                executor=executor,
                tasks=replace(tasks, data=None) if allow_changed_data else tasks,
                clock=self._clock,
                emit=self._emit,
                recall=partial(self._recall, adviser),
            )
            until_made.pop_all()  # the coordinator ends them
        return coordinator

    def _loaded(self, budget: Budget) -> Problem:
        """The problem under a budget, with its space; what is shown keeps its own until all of it was read by that one.

        Raises:
            SpaceError: the space cannot be imported.
            BudgetError: no network of it can meet the budget.
        """
        is_news = budget != self.settings.budget
        problem = self._problem.under(budget).loaded()
        if is_news and budget.defaults:
            problem = problem.within_reach()
        self._problem = self._problem.under(problem.budget)
        self.settings = self._problem.settings
        self._note_left_out(budget)
        return problem

    def _recall(self, adviser: Adviser, tell: Tell) -> History:
        """Tell an adviser all that has happened; called from the coordinator's thread."""
        history = History(adviser.problem.space)
        go_through(self.folder / journal.FILE_NAME, lambda record: adviser.learn(record, history), tell=tell)
        with self._lock:
            self._history, self._problem = history, replace(self._problem, space=adviser.problem.space)
        return history

    def _take_budget(self, budget: Budget) -> bool:
        """Go on with another budget; False while a session is in its last moments, so that it has to be tried again."""
        with self._lock:
            settings = replace(self.settings, budget=Budget.from_json(budget.to_json()))
            if settings.budget == self.settings.budget:
                return True
            self._finaliser.refuse_while_running()
            problem = replace(self._problem, settings=settings).within_reach()
            asked, budget, settings = budget, problem.budget, problem.settings
            coordinator, before = self._coordinator, (self.settings, self._problem)
            resting = coordinator is None or coordinator.released
            self.settings, self._problem = settings, problem
            taken = False
            try:
                taken = (
                    self._write_budget(budget) if coordinator is None or resting else coordinator.change_budget(budget)
                )
            finally:
                if not taken:
                    self.settings, self._problem = before
        if taken and resting:
            self._emit(RunEvent("budget", budget))
        if taken:
            self._note_left_out(asked)
        return taken

    def _write_budget(self, budget: Budget) -> bool:
        """Write a new budget down while no session is under way."""
        with journal.Journal.reopen(self.folder / journal.FILE_NAME) as writer:
            writer.append(budget_record(budget), durable=True)
        self._history.apply(budget_record(budget))
        self._coordinator = None
        return True

    def _tell_notes(self) -> None:
        """Tell watchers what was noted; without the lock, since they may want it."""
        notes, self._notes = self._notes, []
        for sentence in notes:
            self._emit(RunEvent("note", sentence))

    def _complete(self) -> bool:
        s, history = self.settings, self._history
        out_of_trials = s.trials is not None and history.done >= s.trials and not history.may_promote
        out_of_time = s.minutes is not None and history.elapsed_s >= 60 * s.minutes
        return out_of_trials or out_of_time or (s.cpu_seconds is not None and history.cpu_seconds >= s.cpu_seconds)

    def _send(self, command: Any) -> None:
        coordinator = self._coordinator
        if coordinator is not None and coordinator.state.active:
            coordinator.send(command)

    def _emit(self, event: RunEvent) -> None:
        if self._coordinator is not None:
            self.error = self._coordinator.error
        super()._emit(event)
