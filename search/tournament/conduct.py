"""Runs a tournament: every entrant with every seed, as far as its results are not there yet."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import as_completed
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from search.errors import SettingsError
from search.executors import LOGS, Task, make_executor
from search.limits import check_seeds, check_workers
from search.tournament.entrant import Entrant
from search.tournament.in_table import PLAY, TableRules, play
from search.tournament.result import Result
from search.tournament.results_file import ResultsFile

Pair = tuple[Entrant, int]
Tell = Callable[[int, int, Result | None], None]


class Rules(Protocol):
    """What is the same for all entrants: `TableRules` or `LiveRules`."""

    @property
    def live(self) -> bool:
        """Whether networks are really trained."""
        ...

    def header(self) -> dict[str, Any]:
        """Everything that decides the results but the entrants and seeds, as plain JSON values."""
        ...

    def check(self, entrants: tuple[Entrant, ...]) -> None:
        """Find out whether the tournament can be held.

        Raises:
            SearchError: what was asked for cannot work; each kind says what.
        """
        ...

    def play(self, entrant: Entrant, seed: int, folder: Path) -> Result:
        """Search once; blocks.

        Args:
            entrant: who searches.
            seed: of the search.
            folder: of the tournament, for what a search keeps.
        """
        ...


def conduct(
    rules: Rules,
    entrants: Sequence[Entrant],
    *,
    seeds: int,
    folder: Path | str | None = None,
    workers: int = 1,
    tell: Tell | None = None,
) -> tuple[Result, ...]:
    """Run a tournament, or go on with the one in the folder.

    Args:
        rules: what is the same for all.
        entrants: who takes part; later calls may add some.
        seeds: each entrant searches with the seeds 0 to `seeds` − 1; later calls may have more.
        folder: where results are kept; None keeps none, which only a tournament in a table can do.
        workers: processes that search side by side, in a table only.
        tell: called with the searches that are done, those there are, and the newest result.

    Returns:
        One result for each entrant and seed, in their order.

    Raises:
        SettingsError: no seed, an unknown algorithm or option, or a folder with other settings.
        RunError, TrainingError: a search failed; those that ended before it are kept.
    """
    check_seeds(seeds)
    check_workers(workers)
    if folder is None and rules.live:
        raise SettingsError("A live tournament needs a folder for its runs.")
    rules.check(tuple(entrants))
    place = None if folder is None else Path(folder)
    pairs = [(entrant, seed) for seed in range(seeds) for entrant in entrants]
    file = None if place is None else ResultsFile(place, rules.header())
    try:
        results = _results(rules, pairs, file, place or Path(), workers, tell)
    finally:
        if file is not None:
            file.close()
    return tuple(results[entrant.name, seed] for entrant in entrants for seed in range(seeds))


def _results(
    rules: Rules, pairs: Sequence[Pair], file: ResultsFile | None, folder: Path, workers: int, tell: Tell | None
) -> dict[tuple[str, int], Result]:
    results = {}
    missing = []
    for entrant, seed in pairs:
        known = None if file is None else file.find(entrant, seed)
        if known is None:
            missing.append((entrant, seed))
        else:
            results[entrant.name, seed] = known
    if tell is not None:
        tell(len(results), len(pairs), None)
    with closing(_played(rules, missing, folder, workers)) as played:  # its workers end here, whatever happens
        for result in played:
            if file is not None:
                file.add(result)
            results[result.entrant.name, result.seed] = result
            if tell is not None:
                tell(len(results), len(pairs), result)
    return results


def _played(rules: Rules, missing: Sequence[Pair], folder: Path, workers: int) -> Generator[Result, None, None]:
    if isinstance(rules, TableRules) and missing:
        yield from _in_table(rules, missing, workers, folder / LOGS / "table.log")
        return
    for entrant, seed in missing:
        yield rules.play(entrant, seed, folder)


def _in_table(rules: TableRules, missing: Sequence[Pair], workers: int, log: Path) -> Generator[Result, None, None]:
    if workers == 1 or len(missing) == 1:
        table = rules.load()
        for entrant, seed in missing:
            yield play(rules, table, entrant, seed)
        return
    executor = make_executor(workers=min(workers, len(missing)), log=log)
    try:
        futures = [executor.submit(Task(PLAY, (rules.task(entrant, seed),))) for entrant, seed in missing]
        for future in as_completed(futures):
            yield Result.from_json(future.result())
    finally:
        executor.kill()
