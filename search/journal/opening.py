"""A run's folder, read: nothing is trained, started or written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from data.fingerprint import Fingerprint
from search.journal import file as journal
from search.journal.board_copy import board_of
from search.journal.history import History, first_settings
from search.journal.inherited import inherited_networks
from search.journal.reading import Tell, first_data, go_through, no_garbage
from search.journal.records import Record
from search.problem import Problem
from search.settings import RunSettings


@dataclass(frozen=True, slots=True)
class Opened:
    """What the folder of a run holds.

    Attributes:
        folder: of the run.
        header: of its journal, as plain values.
        begun: the settings that it began with.
        problem: what is searched in, with the budget that holds now.
        history: what has happened.
    """

    folder: Path
    header: dict[str, Any]
    begun: RunSettings
    problem: Problem
    history: History


def open_folder(
    folder: Path | str,
    *,
    trust: bool = False,
    keep: Callable[[Record], object] | None = None,
    tell: Tell | None = None,
) -> Opened:
    """Read the run in `folder`.

    Args:
        folder: of the run.
        trust: whether a space of the user's own may be imported.
        keep: what is given every record, in their order.
        tell: what wants to know how many events were read, and how many there are.

    Raises:
        JournalError: no run there, or its journal is damaged or of a newer version.
        SearchError, DataError, BoardError: what it searches in is not to be had here.
    """
    path = Path(folder).resolve()
    file = path / journal.FILE_NAME
    header = journal.read_header(file)
    begun = first_settings(header, file)
    problem = unchecked_problem(begun, path, trust=trust, known=first_data(file))
    inherited_networks(header, problem.space, file)  # refused now, and not in the middle of a search
    history = History(problem.space)

    def take(record: Record) -> None:
        history.apply(record)
        if keep is not None:
            keep(record)

    with no_garbage():
        go_through(file, take, tell=tell)
    problem = with_budget_of(history, problem).within_reach()
    return Opened(path, header, begun, problem, history)


def unchecked_problem(
    settings: RunSettings, folder: Path, *, trust: bool = False, known: Fingerprint | None = None
) -> Problem:
    """The problem of a run, whose budget may be one that it has no longer, so that it need not be met.

    Where its data are `known`, its networks are for those, also when the files are others by now, or gone.
    """
    task = None if known is None else known.task
    asking_nothing = replace(settings, budget=replace(settings.budget, bounds="soft"))
    return replace(Problem.of(asking_nothing, board_of(settings, folder), load=trust, task=task), settings=settings)


def with_budget_of(history: History, problem: Problem) -> Problem:
    """The problem with the last budget that a history knows, if one was set in it."""
    if history.budget is None:
        return problem
    return replace(problem, settings=replace(problem.settings, budget=history.budget))
