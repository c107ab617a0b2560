"""The file of a tournament: one line for each search that is over, written at once, so that a second call goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from search.budget import Budget
from search.errors import JournalError, SettingsError
from search.journal import file as journal
from search.tournament.entrant import Entrant
from search.tournament.result import Result

Json = dict[str, Any]

FILE_NAME = "tournament.jsonl"
_FORMAT = ("record", "schema")


class ResultsFile:
    """The results in one folder, and a place for more.

    Args:
        folder: of the tournament; made where it is missing.
        header: what decides the results; that of the file must be the same.

    Raises:
        SettingsError: the folder holds a tournament with other settings; the first that differs is named.
        JournalError: the folder cannot be written, or another process writes it.
    """

    def __init__(self, folder: Path, header: Json) -> None:
        self._results: dict[tuple[str, int], Result] = {}
        path = folder / FILE_NAME
        if path.exists():
            known, results = read(folder)
            _agree(known, header, folder)
            self._results = {(r.entrant.name, r.seed): r for r in results}
            self._journal = journal.Journal.reopen(path)
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JournalError(f"The folder {folder} cannot be made ({error.strerror}); choose another.") from None
        self._journal = journal.Journal.create(path, header)

    def find(self, entrant: Entrant, seed: int) -> Result | None:
        """The result of an entrant with a seed, if it is there.

        Raises:
            SettingsError: the name belongs to an entrant with another algorithm or other options.
        """
        found = self._results.get((entrant.name, seed))
        if found is not None and found.entrant.to_json() != entrant.to_json():
            raise SettingsError(
                f"In this folder {entrant.name} is {_words(found.entrant)}, not {_words(entrant)}; give the new one a "
                f"name of its own, as new={entrant.algorithm}, or choose another folder."
            )
        return found

    def add(self, result: Result) -> None:
        """Write a result down."""
        self._journal.append({"record": "result", **result.to_json()}, durable=True)
        self._results[result.entrant.name, result.seed] = result

    def close(self) -> None:
        """Release the file."""
        self._journal.close()


def read(folder: Path) -> tuple[Json, tuple[Result, ...]]:
    """The header of the tournament in a folder, and its results; a torn last line is passed over.

    Raises:
        JournalError: there is no tournament, or its file is damaged.
    """
    path = folder / FILE_NAME
    if not path.exists():
        raise JournalError(f"There is no tournament in {folder}: {FILE_NAME} is missing.")
    header, records = journal.read(path)
    try:
        results = [Result.from_json({k: v for k, v in r.items() if k != "record"}) for r in records]
    except (KeyError, TypeError) as error:
        raise JournalError(f"{path} holds a result that cannot be read ({error!r}); restore it from a copy.") from None
    return {name: value for name, value in header.items() if name not in _FORMAT}, tuple(results)


def _agree(known: Json, wanted: Json, folder: Path) -> None:
    for name in dict.fromkeys([*known, *wanted]):
        if known.get(name) != wanted.get(name):
            raise SettingsError(
                f"The tournament in {folder} was begun with {_setting(name, known)}, not {_setting(name, wanted)}; "
                "use the same settings to go on with it, or another folder for a new one."
            )


def _setting(name: str, header: Json) -> str:
    value = header.get(name)
    if name != "budget" or value is None:
        return f"{name} {'none' if value is None else value}"
    budget = Budget.from_json(value)
    target = "" if budget.error is None else f", error {budget.error:g}"
    return f"the budget {budget}{target} ({budget.bounds})"


def _words(entrant: Entrant) -> str:
    options = ", ".join(f"{key}={value}" for key, value in entrant.options.items())
    return f"{entrant.algorithm} ({options or 'no options'})"
