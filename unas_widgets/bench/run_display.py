"""Draws the run that is shown into all panels, each on its own: one that fails does not keep the others from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from search import Observation, RunError
from search.runs.replay import Replay
from search.trial import epochs_text
from unas_widgets.bench.choices import Choices
from unas_widgets.bench.stage import Shown, Stage
from unas_widgets.budgets.budget_panel import BudgetPanel
from unas_widgets.front.front_panel import ParetoPlot
from unas_widgets.front.front_view import Standing, standing_of
from unas_widgets.front.parallel_panel import ParallelPlot
from unas_widgets.live.unexpected_errors import Report
from unas_widgets.progress.log_panel import LogPanel
from unas_widgets.progress.progress_panel import ProgressPlot
from unas_widgets.quantities.axis import ERROR, axis
from unas_widgets.quantities.columns import Columns
from unas_widgets.trial.table_panel import TrialTable
from unas_widgets.trial.trial_panel import TrialPanel
from unas_widgets.trial.trial_words import announcement, best_words, refusal
from unas_widgets.widgets.html import joined
from unas_widgets.widgets.markup import Markup

NO_SEARCH = (
    "No search yet",
    "Set the budgets on the left, then press Start. Or press Replay, below, to see a recorded one.",
)
NOT_TRAINED = ("No trained network yet", "Points appear here as networks are trained.")
BEFORE_THE_FIRST = ("Before the first network", "Press Play, or move the slider.")
Attempt = Callable[[str, Callable[[], object]], bool]
"""Does what concerns a part of the view; an error is reported under the part's name. Whether it went well."""


@dataclass(frozen=True, slots=True)
class RunPanels:
    """The panels that a run is drawn in; `news` is what screen readers say."""

    plot: ParetoPlot
    table: TrialTable
    progress: ProgressPlot
    parallel: ParallelPlot
    budget: BudgetPanel
    trial: TrialPanel
    log: LogPanel
    news: Markup


class RunDisplay:
    """The run on the stage, as it was when it was last drawn."""

    def __init__(
        self,
        stage: Stage,
        panels: RunPanels,
        choices: Choices,
        *,
        attempt: Attempt,
        report: Report,
        wants_parallel: Callable[[], bool],
    ) -> None:
        """Show what is on the stage, from its next change on.

        Args:
            stage: where runs come from.
            panels: what they are drawn in.
            choices: budget, axes and selected trial.
            attempt: draws one part.
            report: given what goes wrong with an event, in the thread of the run.
            wants_parallel: whether the parallel coordinates are looked at.
        """
        self._stage, self._panels, self._choices = stage, panels, choices
        self._attempt, self._report, self._wants_parallel = attempt, report, wants_parallel
        self._columns = Columns(())
        self._drawn = -1
        self._announced = 0
        self._shown: Observation | None = None
        self._unlisten: Callable[[], None] | None = None
        panels.plot.empty(*NO_SEARCH)
        stage.on_change(self._take)

    def draw(self) -> None:
        """Draw what is new since the last time; what failed then is tried again. The caller holds the stage's lock."""
        run = self._stage.run
        if run is not None and run.version != self._drawn:
            self._attempt("run", lambda: self._draw(run))

    def best(self) -> str:
        """The network of lowest error within the budget, in words; empty where there is none."""
        return best_words(self._columns, self._choices.budget)

    def show_selected(self) -> None:
        """Show the selected trial in full, or how to select one.

        Raises:
            RunError: the run has no such trial.
        """
        run, trial, panel = self._stage.run, self._choices.selected, self._panels.trial
        self._shown = None
        if run is None or trial is None:
            panel.clear()
            return
        known = self._shown = _known(run, trial)
        if known is None and isinstance(run, Replay):
            panel.explain(trial, "At this moment of the run it was not trained yet.")
        elif known is not None and known.status == "infeasible":
            panel.explain(trial, refusal(known, run.settings.budget))
        elif run.not_shown:
            panel.explain(trial, run.not_shown)
        else:
            self._show_network(run, run.observation(trial))

    def stand(self) -> None:
        """Say anew where the selected trial stands: the budget or the front has moved."""
        trial = self._choices.selected
        if trial is not None:
            self._panels.trial.stand(_standing_words(self._standings(), trial))

    def note_budget(self) -> None:
        """Say what the search keeps where the sliders say something else, unless it is over."""
        run = self._stage.run
        over = run is None or run.state == "finished" or isinstance(run, Replay)
        self._panels.budget.note(None if run is None or over else run.settings.budget)

    def close(self) -> None:
        """Hear no more of the run."""
        unlisten, self._unlisten = self._unlisten, None
        if unlisten is not None:
            unlisten()

    def _take(self, run: Shown | None) -> None:
        """Another run, or none, is on the stage: forget the one before."""
        panels = self._panels
        self.close()
        self._columns, self._drawn = Columns(()), -1
        self._announced = 0 if run is None else len(run.observations())
        self._choices.selected = None
        panels.plot.empty(*_empty_words(run))
        panels.plot.reset()
        panels.parallel.release()
        self._attempt("log", lambda: panels.log.read(run))
        if run is None:
            for part in (panels.table, panels.progress, panels.budget.prices):
                part.show(())
        else:
            self._unlisten = panels.log.listen(run, report=self._report)
        self.note_budget()

    def _draw(self, run: Shown) -> None:
        version, panels = run.version, self._panels
        trained, size, finals = run.networks(), run.validation_size, run.finals(None)
        columns = self._columns = Columns(trained, before=self._columns)
        parts: dict[str, Callable[[], object]] = {
            "front": lambda: panels.plot.show(
                columns, run.infeasible(), validation_size=size, finals=finals, report_of=run.report_of
            ),
            "progress": lambda: panels.progress.show(run.observations()),
            "parallel": lambda: panels.parallel.show(trained) if self._wants_parallel() else None,
            "prices": lambda: panels.budget.prices.show(columns, validation_size=size),
            "table": lambda: panels.table.show(columns, validation_size=size, report_of=run.report_of, finals=finals),
            "news": lambda: self._announce(run),
            "trial": lambda: self._renew_selected(run),
            "standing": self.stand,
            "budget": self.note_budget,
        }
        went_well = [self._attempt(part, draw) for part, draw in parts.items()]
        self._drawn = version if all(went_well) else -1

    def _announce(self, run: Shown) -> None:
        """Tell screen readers of the newest trial on the front, be it new or trained further."""
        observations = run.observations()
        fresh, self._announced = observations[self._announced :], len(observations)
        standings = self._standings() if fresh else {}
        for over in reversed(fresh):
            observation = run.observation(over.trial_id)
            if standings.get(observation.trial_id) is Standing.FRONT:
                self._panels.news.html = joined(announcement(observation, Standing.FRONT))
                return

    def _renew_selected(self, run: Shown) -> None:
        """Bring the selected trial up to date: it may have been trained further, or not be there at this moment."""
        trial = self._choices.selected
        if trial is None:
            return
        if _known(run, trial) != self._shown:
            self.show_selected()
        else:
            self._panels.trial.renew()

    def _show_network(self, run: Shown, observation: Observation) -> None:
        trial, standings = observation.trial_id, self._standings()
        self._panels.trial.say("")
        self._panels.trial.show(
            trial,
            run.graph(trial),
            run.report(trial),
            error=ERROR.quantity(observation, run.validation_size),
            standing=_standing_words(standings, trial),
            remark=f"{epochs_text(observation.epochs)} epochs in {observation.seconds:.3g} s",
            run=run,
        )
        self._panels.news.html = joined(announcement(observation, standings.get(trial, Standing.DOMINATED)))

    def _standings(self) -> dict[int, Standing]:
        choices = self._choices
        return standing_of(self._columns, choices.budget, x=axis(choices.x), y=axis(choices.y))


def _known(run: Shown, trial: int) -> Observation | None:
    """What the run knows of a trial at this moment; None where that is nothing."""
    refused = next((o for o in run.infeasible() if o.trial_id == trial), None)
    if refused is not None:
        return refused
    try:
        return run.observation(trial)
    except RunError:
        return None


def _standing_words(standings: dict[int, Standing], trial: int) -> str:
    standing = standings.get(trial, Standing.DOMINATED)
    return "on the front" if standing is Standing.FRONT else str(standing)


def _empty_words(run: Shown | None) -> tuple[str, str]:
    if run is None:
        return NO_SEARCH
    return BEFORE_THE_FIRST if isinstance(run, Replay) else NOT_TRAINED
