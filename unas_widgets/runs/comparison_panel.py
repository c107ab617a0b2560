"""Other runs beside this one: their fronts in the same picture, and what each reached for what it cost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets
import pandas as pd
import traitlets

from data import recorded_run, recorded_runs
from search.budget import Budget
from search.runs.recorded import RecordedRun
from unas_widgets.comparison import Course, Source, comparison_frame, comparison_html, differences, folder_of
from unas_widgets.front.comparison_view import OTHER_LOOKS
from unas_widgets.front.front_panel import ParetoPlot
from unas_widgets.runs.run_list import left_out_words, runs_below
from unas_widgets.widgets.guarded import Guarded
from unas_widgets.widgets.html import NOTHING, Html, joined, tag
from unas_widgets.widgets.in_turn import Button, Choice
from unas_widgets.widgets.markup import Markup

OWN_MARK, OWN_COLOUR = "◆", "var(--unas-accent, #0072B2)"
_HINT = "Choose a run, then press Add: its front is drawn in the same picture, within the same budget."
_OPEN_HINT = "Open shows it in place of this one; Resume then goes on with it."
_METHOD = (
    "All are judged by the budget that is set now; hypervolume is the share of the box up to the bound and to an error "
    "of 100 % that the front dominates. CPU-seconds are those of the machine that a run was on."
)
_NONE = "No other run was found in"


class ComparisonPanel(Guarded):
    """Runs to choose from, those that are compared, and their table.

    Traits:
        budget: what counts as feasible, for all runs alike.
        names: the other runs that are compared, in the order in which they were added.
        locked: whether none can be opened, since this one is under way.
        message: why a run could not be added; empty otherwise.
    """

    budget = traitlets.Instance(Budget, args=())
    names: Any = traitlets.Tuple(())
    locked = traitlets.Bool(False)

    def __init__(
        self,
        plot: ParetoPlot | None = None,
        *,
        base: Path | str = ".",
        run: RecordedRun | None = None,
        on_open: Callable[[Path], object] | None = None,
    ) -> None:
        """Compare with `run`, in the picture of `plot`, a plot of its own where None is given.

        Args:
            plot: where fronts are drawn.
            base: runs to choose from are in `base/runs`.
            run: the run that the others are compared with; its folder has to stay where it is.
            on_open: what is done with the folder of a run that is to be shown in place of this one.
        """
        self._on_open = on_open
        self._own_plot = plot is None
        self.plot = ParetoPlot(run) if plot is None else plot
        self._base, self._run = Path(base).resolve(), run
        self._courses: dict[str, Course] = {}
        self._unreadable: tuple[str, ...] = ()
        self._choice = Choice(options=(), description="run", tooltip="Runs in the folder runs")
        self._choice.add_class("unas-picker")
        self._choice.layout.width = "min(420px, 100%)"
        self._add = Button(description="Add", tooltip="Draw the front of this run too, and compare")
        self._add.on_click(lambda _button: self._guarded(self._add_chosen)())
        self._open = Button(description="Open", tooltip="Show this run in place of the one that is shown")
        self._open.on_click(lambda _button: self._guarded(self._open_chosen)())
        self._renew = Button(description="Compare again", tooltip="Look for new runs, and at what is new")
        self._renew.on_click(lambda _button: self._guarded(self._read_again)())
        title = Markup(html=tag("h3", "Compare runs"))
        title.add_class("unas-title")
        opening = () if on_open is None else (self._open,)
        self._head = ipywidgets.Box((title, self._choice, self._add, *opening, self._renew))
        self._head.add_class("unas-front-head")
        self._removers, self._table = ipywidgets.Box(()), Markup()
        self._removers.add_class("unas-removers")
        self._said = Markup(attributes={"role": "status"})
        parts = (self._head, self._removers, self._table, self._said)
        super().__init__((*((self.plot,) if self._own_plot else ()), *parts))
        traitlets.link((self.plot, "budget"), (self, "budget"))
        self.renew()

    def show(self, run: RecordedRun | None) -> None:
        """Compare with this run from now on, and no longer with it as one of the others."""
        self._run = run
        for name, other in self.plot.overlaid.items():
            if run is not None and other.folder == run.folder:
                self.plot.remove(name)
                self.names = tuple(known for known in self.names if known != name)
        if self._own_plot and run is not None:
            self.plot.show(run.networks(), run.infeasible(), validation_size=run.validation_size)
        self.renew()

    def add(self, source: RecordedRun | Path | str, name: str | None = None) -> str:
        """Compare with a further run; returns its name here.

        Args:
            source: a run, the folder of one, or the name of a recorded one.
            name: by default the name of its folder.

        Raises:
            JournalError, WidgetError: there is no such run, or no room for it; `message` says why.
        """
        called = self._try(lambda: self.plot.overlay(source, name))
        self.names = tuple(dict.fromkeys((*self.names, called)))
        self.renew()
        return called

    def remove(self, name: str) -> None:
        """Compare with that run no longer; without effect where it is not compared."""
        self.plot.remove(name)
        self.names = tuple(known for known in self.names if known != name)
        self.renew()

    def frame(self, *, cpu_seconds: float | None = None) -> pd.DataFrame:
        """The comparison as `unas_widgets.comparison.comparison_frame` has it, this run first.

        Raises:
            WidgetError: there is nothing to compare.
        """
        courses: dict[str, Source] = {**self._courses}
        return comparison_frame(courses or self._sources(), budget=self.budget, cpu_seconds=cpu_seconds)

    def renew(self) -> None:
        """Look for runs, read again those that are compared, and compare them."""
        self._offer()
        self._courses = self._read_courses() if self.names else {}
        self._removers.children = tuple(self._remover(name) for name in self.names)
        self._draw()

    def _read_courses(self) -> dict[str, Course]:
        """The runs that are compared; one that cannot be read any more is left out, and named below the table."""
        found: dict[str, Course] = {}
        for name, source in self._sources().items():
            try:
                found[name] = Course(source)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one run, the others are compared
                logging.getLogger(__name__).info("The run %s cannot be read: %s", name, error)
                self._unreadable = (*self._unreadable, name)
        return found

    def _read_again(self) -> None:
        self.plot.read_again()  # what cannot be read stays drawn as it was, and is named by the next line
        self.renew()

    def _draw(self) -> None:
        if not self._courses:
            hints = [_HINT] if self._on_open is None else [_HINT, _OPEN_HINT]
            self._table.html, words = NOTHING, hints if self._choice.options else [f"{_NONE} {self._base / 'runs'}."]
        else:
            self._table.html = tag("div", comparison_html(self.frame(), marks=self._marks()), class_="unas-scroll")
            words = [*differences(self._courses), _METHOD]
        words = [word for word in (*words, left_out_words(self._unreadable)) if word]
        self._said.html = tag("div", " ".join(words), class_="unas-quiet")

    def static_html(self) -> Html:
        """The picture, the table and what is said of it, as HTML without scripts."""
        picture = self.plot.static_html() if self._own_plot else None
        return joined(picture, self._table.html, self._said.html)

    def _sources(self) -> dict[str, RecordedRun | Path]:
        own: dict[str, RecordedRun | Path] = {} if self._run is None else {self._own_name(): self._run}
        return {**own, **{name: self.plot.overlaid[name].folder for name in self.names}}

    def _own_name(self) -> str:
        return "this run" if self._run is None else f"this run ({self._run.folder.name})"

    def _marks(self) -> dict[str, Html]:
        looks = {other.name: OTHER_LOOKS[other.place] for other in self.plot.view().others}
        marks = {self._own_name(): _mark(OWN_MARK, OWN_COLOUR)}
        return marks | {name: _mark(look.mark, look.colour) for name, look in looks.items()}

    def _offer(self) -> None:
        """Have the list hold the runs that are there and not yet compared, the newest first."""
        taken = {other.folder for other in self.plot.overlaid.values()}
        if self._run is not None:
            taken.add(self._run.folder)
        below = runs_below(self._base)
        self._unreadable = below.unreadable
        found = [(run.label, str(run.folder)) for run in below.runs if run.folder not in taken]
        found += [(f"recorded: {name}", name) for name in recorded_runs() if recorded_run(name) not in taken]
        before = self._choice.value
        self._choice.offer(found, before if before in dict(found).values() else (found[0][1] if found else None))
        for control in (self._choice, self._add, self._open):
            control.disabled = not found or (control is self._open and self.locked)
            control.layout.display = None if found else "none"

    def _add_chosen(self) -> None:
        if self._choice.value is not None:
            name = folder_of(self._choice.value).name
            self.add(self._choice.value, name if name not in self.names else f"{name} ({len(self.names) + 1})")

    def _open_chosen(self) -> None:
        if self._choice.value is not None and self._on_open is not None:
            self._on_open(folder_of(self._choice.value))

    @traitlets.observe("locked")
    def _on_locked(self, _change: Any) -> None:
        self._open.disabled = self.locked or not self._choice.options

    def _remover(self, name: str) -> Any:
        button = Button(description=f"Remove {name}", tooltip=f"Compare with {name} no longer")
        button.layout.width = "auto"
        button.on_click(lambda _button: self._guarded(lambda: self.remove(name))())
        return button

    @traitlets.observe("budget")
    def _on_budget(self, _change: Any) -> None:
        if self._courses:
            self._draw()

    @traitlets.observe("message")
    def _on_message(self, change: Any) -> None:
        if change["new"]:
            self._said.html = tag("div", change["new"], class_="unas-bad")


def _mark(mark: str, colour: str) -> Html:
    return joined(tag("i", mark, aria_hidden=True, style=f"color:{colour};font-style:normal"), " ")
