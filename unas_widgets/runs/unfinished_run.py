"""The search that was under way when its kernel ended: what an empty Workbench offers to go on with."""

from __future__ import annotations

from pathlib import Path

from data import DataError
from resource_models import ResourceModelError
from search import Run
from search.errors import SearchError
from search.journal import FILE_NAME, Journal


def unfinished_run(base: Path) -> Run | None:
    """The newest run in `base/runs`, if it was begun, is not over, and can be gone on with here; otherwise None.

    A run that another program is writing to is its business, and one that cannot be read is nobody's.
    """
    try:
        journals = {path: path.stat().st_mtime for path in (base / "runs").glob(f"*/{FILE_NAME}")}
        if not journals:
            return None
        newest = max(journals, key=lambda path: journals[path])
        run = Run.open(newest.parent)
        if run.untouched or run.state == "finished":
            return None
        Journal.reopen(newest).close()  # refuses where somebody else writes
    except (SearchError, ResourceModelError, DataError, OSError):
        return None
    return run


def offer_words(run: Run) -> str:
    """The sentence that offers to go on with `run`."""
    progress = run.progress()
    done, goal = progress.trained + progress.failed, progress.target_trials
    trials = f"{done:,} trials" if goal is None else f"{done:,} of {goal:,} trials"
    return f"The last search here, {run.folder.name}, has {trials}. Resume goes on with it; Start begins a new one."
