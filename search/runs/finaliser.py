"""The last word on a search, in the background: one `finalise` at a time; see `search.runs.finalise`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search.errors import RunError
from search.journal.history import History
from search.limits import check_seeds
from search.recipes.named import NamedRecipe
from search.runs.events import RunEvent
from search.runs.finalise import Final, Finalising, StopSwitch, Tell, finalise
from search.runs.tasks import Tasks
from search.trial import Observation


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be trained again.

    Attributes:
        front: the networks.
        history: of the run; what is found is added to it.
        tasks: of the run.
        workers: that train.
    """

    front: Sequence[Observation]
    history: History
    tasks: Tasks
    workers: int


class Finaliser:
    """Conducts the `finalise` of a run.

    Attributes:
        going: the one that goes on or that was the last one; None before the first.
    """

    def __init__(self, prepare: Callable[[], Work], *, lock: threading.RLock, emit: Callable[[RunEvent], None]) -> None:
        """Begin nothing yet.

        Args:
            prepare: says what there is to do, or raises why it cannot be done now.
            lock: of the run, so that nothing else begins meanwhile.
            emit: is told of each training.
        """
        self._prepare, self._lock, self._emit = prepare, lock, emit
        self.going: Finalising | None = None

    def begin(self, *, seeds: int, recipe: NamedRecipe, tell: Tell | None) -> Finalising:
        """Begin one, unless one goes on; see `Run.begin_finalise`."""
        check_seeds(seeds)
        with self._lock:
            if self.going is not None and self.going.running:
                return self.going
            work = self._prepare()

            def conduct(say: Tell, switch: StopSwitch) -> tuple[Final, ...]:
                def told(done: int, total: int) -> None:
                    say(done, total)
                    if tell is not None:
                        tell(done, total)

                return finalise(
                    work.front,
                    work.history,
                    work.tasks,
                    seeds=seeds,
                    workers=work.workers,
                    recipe=recipe,
                    tell=told,
                    switch=switch,
                )

            self.going = Finalising(
                conduct, seeds=seeds, recipe=recipe.name, on_change=lambda f: self._emit(RunEvent("final", f))
            )
            return self.going

    def conduct(self, *, seeds: int, recipe: NamedRecipe, tell: Tell | None) -> tuple[Final, ...]:
        """Begin one and wait for its end; see `Run.finalise`."""
        going = self.begin(seeds=seeds, recipe=recipe, tell=tell)
        try:
            return going.result()
        except KeyboardInterrupt:
            going.stop()
            raise

    def refuse_while_running(self) -> None:
        """Let nothing else begin while one goes on.

        Raises:
            RunError: one goes on.
        """
        if self.going is not None and self.going.running:
            raise RunError("This run is being finalised; wait for the end of that, or stop it first.")
