"""The part of a `Run` that is its last word: the front trained again with several seeds; see `search.runs.finalise`."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod

from search.errors import RunError
from search.journal.history import History
from search.limits import check_seeds, usable_workers
from search.runs.events import RunEvent, RunState
from search.runs.finalise import DEFAULT_SEEDS, Final, Finalising, StopSwitch, Tell, finalise, finals
from search.runs.tasks import Tasks
from search.settings import RunSettings
from search.trial import Observation


class Finalisable(ABC):
    """Methods of `Run`; whoever mixes them in has the attributes and methods that are named here.

    Attributes:
        finalising: the `finalise` that goes on or that was the last one here; None before the first.
    """

    settings: RunSettings
    finalising: Finalising | None
    _history: History
    _lock: threading.RLock

    @property
    @abstractmethod
    def state(self) -> RunState:
        """Where the run stands."""

    @abstractmethod
    def front(self) -> tuple[Observation, ...]:
        """What is trained again."""

    def finalise(self, *, seeds: int = DEFAULT_SEEDS, tell: Tell | None = None) -> tuple[Final, ...]:
        """Train the front again with several seeds and measure it on the test split (`search.runs.finalise`). Blocks.

        Args:
            seeds: trainings of each network.
            tell: called with the trainings that are done and those there are.

        Raises:
            RunError: the run is active.
            SettingsError, JournalError, TrainingError: as `search.runs.finalise.finalise` says.
        """
        going = self.begin_finalise(seeds=seeds, tell=tell)
        try:
            return going.result()
        except KeyboardInterrupt:
            going.stop()
            raise

    def begin_finalise(self, *, seeds: int = DEFAULT_SEEDS, tell: Tell | None = None) -> Finalising:
        """The same, but returns at once; where one goes on already, that one is returned.

        Watchers of the run hear of each training (`RunEvent` of the kind "final").

        Raises:
            RunError: the run is active.
            SettingsError: less than one seed.
        """
        check_seeds(seeds)
        with self._lock:
            if self.finalising is not None and self.finalising.running:
                return self.finalising
            if self.state.active:
                raise RunError("This run is active; stop it before you finalise it.")
            self._refuse_strangers()

            def work(say: Tell, switch: StopSwitch) -> tuple[Final, ...]:
                def told(done: int, total: int) -> None:
                    say(done, total)
                    if tell is not None:
                        tell(done, total)

                workers = usable_workers(self.settings)
                return finalise(
                    front, self._history, self._tasks(), seeds=seeds, workers=workers, tell=told, switch=switch
                )

            front = self.front()
            self.finalising = Finalising(work, seeds=seeds, on_change=lambda f: self._emit(RunEvent("final", f)))
            return self.finalising

    def finals(self) -> tuple[Final, ...]:
        """What `finalise` found so far, this time and earlier, the lowest int8 validation error first."""
        return finals(self._history)

    def _refuse_while_finalising(self) -> None:
        if self.finalising is not None and self.finalising.running:
            raise RunError("This run is being finalised; wait for the end of that, or stop it first.")

    @abstractmethod
    def _refuse_strangers(self) -> None: ...

    @abstractmethod
    def _tasks(self) -> Tasks: ...

    @abstractmethod
    def _emit(self, event: RunEvent) -> None: ...
