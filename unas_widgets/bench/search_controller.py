"""Start, pause, resume, stop, another budget: what is done with a search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from search import Budget, Run, RunError, RunSettings
from search.runs.replay import Replay
from unas_widgets.bench.choices import Choices
from unas_widgets.bench.stage import ONLY_SHOWN, Shown, Stage
from unas_widgets.errors import WidgetError
from unas_widgets.progress.run_words import stop
from unas_widgets.progress.status_view import Circumstances
from unas_widgets.runs.run_folder import new_run_folder
from unas_widgets.runs.run_list import left_out_words
from unas_widgets.runs.unfinished_run import Offer


class SearchController:
    """Conducts the search on the stage, and puts new ones there."""

    def __init__(
        self,
        stage: Stage,
        choices: Choices,
        *,
        base: Path,
        settings: Callable[[], RunSettings],
        open_run: Callable[[Shown], None],
        offer: Offer,
    ) -> None:
        """Begin nothing yet.

        Args:
            stage: where the search is shown.
            choices: numbers of trials, minutes and workers with which a search goes on.
            base: new runs go to `base/runs`.
            settings: of a new search.
            open_run: shows a run with its settings.
            offer: an earlier run that may be gone on with while none is shown.
        """
        self._stage, self._choices, self._base = stage, choices, base
        self._settings, self._open_run, self._offer = settings, open_run, offer

    def start(self, *, before: Callable[[Run], None]) -> Run:
        """Begin a new search, or return the one that is under way; `before` is given a new run before it begins.

        Raises:
            WidgetError: a replay is shown, or the front is being trained again.
            SearchError, ResourceModelError, DataError: what is set cannot work.
        """
        run = self._stage.run
        if isinstance(run, Run) and run.state.active:
            return run
        refuse_in_between(run)
        settings = self._settings()
        fresh = Run.create(settings, self._new_folder(settings))
        before(fresh)
        self._stage.show(fresh)
        self._begin(fresh)
        return fresh

    def pause(self) -> None:
        """Train no further networks for now."""
        if isinstance(self._stage.run, Run):
            self._stage.run.pause()

    def resume(self) -> None:
        """Go on after a pause, after a stop, beyond the end, or with the search that is offered.

        Raises:
            WidgetError: a replay is shown, or the front is being trained again.
            RunError, JournalError: there is nothing to go on with.
        """
        refuse_in_between(self._stage.run)
        if self._stage.run is None and self._offer.run is not None:
            self._open_run(Run.open(self._offer.run.folder))  # it may have been gone on with elsewhere
        run = self._stage.run
        if not isinstance(run, Run):
            raise RunError("There is no search to go on with; press Start.")
        if run.state.active:
            run.resume()
        else:
            self._go_on(run)

    def stop(self) -> None:
        """End the workers, those of `finalise` too."""
        if isinstance(self._stage.run, Run):
            stop(self._stage.run)

    def change_budget(self, budget: Budget) -> Run:
        """Have the search keep `budget` from now on; returns the search.

        Raises:
            SearchError, WidgetError: there is no search, or no network can meet it.
        """
        run = self._stage.run
        if isinstance(run, Replay):
            raise WidgetError(ONLY_SHOWN)
        if run is None:
            raise WidgetError("There is no search whose budget could be changed; press Start.")
        run.change_budget(budget)
        return run

    def circumstances(self) -> Circumstances:
        """What the status line says while no run is shown."""
        left_out = left_out_words(self._offer.unreadable)
        return Circumstances(
            workers=self._choices.workers,
            offer=self._offer.words,
            remark=f"{left_out} " if left_out else "",
        )

    def _go_on(self, run: Run) -> None:
        self._stage.earlier = len(run.networks())
        choices, settings = self._choices, run.settings
        trials = None if settings.trials is None else choices.trials
        minutes = choices.minutes or (settings.minutes if trials is None else None)
        run.extend(replace(settings, workers=choices.workers, trials=trials, minutes=minutes))
        if run.state == "finished":
            used = "All trials of this search are done" if minutes is None else "The trials or the minutes are used up"
            raise RunError(f"{used}; raise the number to go on.")
        self._begin(run)

    def _begin(self, run: Run) -> None:
        self._stage.end_following()
        run.start()
        self._stage.follow()

    def _new_folder(self, settings: RunSettings) -> Path:
        return new_run_folder(
            self._base,
            dataset=settings.dataset,
            algorithm=settings.algorithm,
            seed=settings.seed,
            now=datetime.now(),
        )


def refuse_in_between(run: Shown | None) -> None:
    """Nothing begins while a replay is shown or the front is trained again.

    Raises:
        WidgetError: one of them is so.
    """
    if isinstance(run, Replay):
        raise WidgetError("A replay is shown; end it first.")
    if run is not None and run.finalising is not None and run.finalising.running:
        raise WidgetError("The search is being finalised; wait for the end of that, or press Stop.")
