"""The search that was under way when its kernel ended: what an empty Workbench offers to go on with."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import NamedTuple

from data import DataError
from resource_models import ResourceModelError
from search import Run
from search.errors import SearchError
from search.journal import FILE_NAME, Journal
from unas_widgets.runs.run_list import runs_below


class Offer(NamedTuple):
    """What an empty Workbench says of earlier searches.

    Attributes:
        run: the one that can be gone on with; None for none.
        words: the sentence that offers it; empty where there is none.
        unreadable: names of newer runs that cannot be read.
    """

    run: Run | None = None
    words: str = ""
    unreadable: tuple[str, ...] = ()


def offer_below(base: Path) -> Offer:
    """The newest run in `base/runs` that can be read, if it was begun, is not over, and nobody else writes to it."""
    below = runs_below(base)
    unreadable = list(below.unreadable)
    for folder in sorted(below.folders, key=_changed, reverse=True):
        try:
            run = Run.open(folder)
            words = offer_words(run)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one run, the Workbench is there without it
            logging.getLogger(__name__).info("The run in %s cannot be read: %s", folder, error)
            unreadable.append(folder.name)
            continue
        offered = Offer(run, words) if _may_go_on(run) else Offer()
        return offered._replace(unreadable=tuple(unreadable))
    return Offer(unreadable=tuple(unreadable))


def unfinished_run(base: Path) -> Run | None:
    """The run that `offer_below` finds."""
    return offer_below(base).run


def offer_words(run: Run) -> str:
    """The sentence that offers to go on with `run`."""
    progress = run.progress()
    done, goal = progress.trained + progress.failed, progress.target_trials
    trials = f"{done:,} trials" if goal is None else f"{done:,} of {goal:,} trials"
    return f"The last search here, {run.folder.name}, has {trials}. Resume goes on with it; Start begins a new one."


def _may_go_on(run: Run) -> bool:
    if run.untouched or run.state == "finished":
        return False
    try:
        Journal.reopen(run.folder / FILE_NAME).close()  # refuses where somebody else writes
    except (SearchError, ResourceModelError, DataError, OSError):
        return False
    return True


def _changed(folder: Path) -> float:
    try:
        return (folder / FILE_NAME).stat().st_mtime
    except OSError:
        return 0.0
