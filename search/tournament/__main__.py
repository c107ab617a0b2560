"""The command line of tournaments: `python -m search.tournament --help`.

With `--json` the last line of stdout is the whole answer; everything else goes to stderr. Exit status: 0 done, 1 a
search failed, 2 bad input, 130 interrupted (what was finished is kept).
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from search.budget import Budget
from search.cli import console
from search.cli.bounds import NO_AMOUNTS, Amounts, board_fills, none_or_board, with_bounds
from search.cli.console import Format
from search.cli.exits import heed_termination, leave
from search.cli.failures import run_app
from search.cli.options import (
    AccountingName,
    Board,
    Bounds,
    DataDir,
    ErrorTarget,
    JsonFlag,
    Runtime,
    Space,
    TrainSize,
    ValidationSize,
    new_app,
    text,
)
from search.errors import RunError, SettingsError, TrainingError
from search.settings import DEFAULT_EPOCHS, RunSettings
from search.tournament import (
    Comparison,
    LiveRules,
    Result,
    TableRules,
    compare,
    conduct,
    curves,
    entrants,
    results_file,
)
from search.tournament.conduct import Rules
from search.tournament.statistics import least_p_value

SIGNIFICANT = 0.05

app = new_app("Compare search algorithms: several seeds each, the same compute.")

Algorithms = Annotated[
    list[str],
    typer.Option(
        "--algorithm",
        metavar="[NAME=]ALGORITHM",
        help="An entrant: an algorithm or package.module:Class; with NAME= one may take part several times.",
    ),
]
Options = Annotated[
    list[str] | None,
    typer.Option("--option", metavar="NAME.KEY=VALUE", help="Option of an entrant.", show_default="none"),
]
Seeds = Annotated[int, typer.Option(min=1, help="Searches of each entrant.")]
To = Annotated[Path, typer.Option(metavar="DIR", help="Folder of the results; a tournament in it is continued.")]
Against = Annotated[str | None, text("--against", "Entrant that the others are tested against.", "the best")]
CsvFlag = Annotated[bool, typer.Option("--csv", help="Print what was reached over compute, in long form.")]


@app.command()
@with_bounds(lambda _resource: "the table's, or none")
def table(
    name: Annotated[str, typer.Argument(metavar="TABLE", help="A table of trained networks, or its .npz file.")],
    algorithm: Algorithms,
    to: To,
    option: Options = None,
    equivalents: Annotated[float, typer.Option(help="Compute of a search, in full trainings.")] = 50.0,
    seeds: Seeds = 10,
    amounts: Amounts = NO_AMOUNTS,
    error: ErrorTarget = None,
    bounds: Bounds = "hard",
    accounting: AccountingName = "tflm",
    against: Against = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that search side by side.")] = 1,
    as_json: JsonFlag = False,
) -> None:
    """Compare in a table of trained networks: seconds instead of hours. Without bounds, those of the table hold."""
    budget = Budget.parse(**amounts, error=error, bounds=bounds)
    known = console.accounting(accounting)
    rules = TableRules(table=name, budget=budget, equivalents=equivalents, accounting=known).with_own_bounds()
    _run_tournament(rules, algorithm, option, seeds=seeds, to=to, workers=workers, against=against, as_json=as_json)


@app.command()
@with_bounds(none_or_board)
def live(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="See `python -m search datasets`.")],
    algorithm: Algorithms,
    to: To,
    option: Options = None,
    cpu_seconds: Annotated[
        str | None, text("--cpu-seconds", "Compute of a search, all processes, e.g. 600, or 10min.")
    ] = None,
    equivalents: Annotated[float | None, text("--equivalents", "Compute of a search, in full trainings.")] = None,
    trials: Annotated[int | None, text("--trials", "Networks of a search.")] = None,
    seeds: Seeds = 3,
    board: Board = None,
    runtime: Runtime = None,
    space: Space = "cnn",
    amounts: Amounts = NO_AMOUNTS,
    error: ErrorTarget = None,
    bounds: Bounds = "hard",
    accounting: AccountingName = "tflm",
    epochs: Annotated[int, typer.Option(help="Epochs of one full training.")] = DEFAULT_EPOCHS,
    train_size: TrainSize = None,
    validation_size: ValidationSize = None,
    data_dir: DataDir = None,
    against: Against = None,
    workers: Annotated[
        int | None, text("--workers", "Processes that train, for one search after the other.", "as many as possible")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Compare in real searches, one after the other; at least one limit of compute must be given."""
    if cpu_seconds is None and equivalents is None and trials is None:
        raise SettingsError("Limit the compute with --cpu-seconds, --equivalents or --trials.")
    settings = RunSettings(
        dataset=dataset,
        board=board,
        runtime=runtime,
        accounting=console.accounting(accounting),
        space=space,
        budget=Budget.parse(**amounts, error=error, bounds=bounds),
        board_fills=board_fills(amounts),
        data_dir=data_dir,
        epochs=epochs,
        train_size=train_size,
        validation_size=validation_size,
        workers=workers,
        # Epochs end a run from outside, so what counts trials must not end it before.
        trials=trials if trials is not None or cpu_seconds is not None else sys.maxsize,
        cpu_seconds=console.duration(cpu_seconds, "--cpu-seconds", unit="s"),
    )
    rules = LiveRules(settings=settings, equivalents=equivalents, imports_cpu_s=time.process_time())
    _run_tournament(rules, algorithm, option, seeds=seeds, to=to, workers=1, against=against, as_json=as_json)


@app.command()
def show(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a tournament.")],
    against: Against = None,
    as_json: JsonFlag = False,
    as_csv: CsvFlag = False,
) -> None:
    """Print what the tournament in DIR has found so far."""
    form = Format.of(as_json, as_csv)
    header, results = results_file.read(folder)
    if form is Format.CSV:
        curves(results).to_csv(sys.stdout, index=False)
        return
    _print(header, results, compare(results, against=against), as_json=as_json)


def _run_tournament(
    rules: Rules,
    algorithms: list[str],
    options: list[str] | None,
    *,
    seeds: int,
    to: Path,
    workers: int,
    against: str | None,
    as_json: bool,
) -> None:
    taking_part = entrants(algorithms, options or [])
    if against is not None and against not in {e.name for e in taking_part}:
        names = ", ".join(e.name for e in taking_part)
        raise SettingsError(f"--against: no entrant is called {against!r}; there is {names}.")
    heed_termination()
    results = conduct(rules, taking_part, seeds=seeds, folder=to, workers=workers, tell=_tell)
    _print(rules.header(), results, compare(results, against=against), as_json=as_json)


def _tell(done: int, total: int, newest: Result | None) -> None:
    said = "" if newest is None else f": {newest.entrant.name}, seed {newest.seed}, {newest.final('accuracy'):.1%}"
    print(f"{done} of {total} searches done{said}", file=sys.stderr, flush=True)


def _print(
    header: dict[str, Any], results: tuple[Result, ...], compared: tuple[Comparison, ...], *, as_json: bool
) -> None:
    if as_json:
        rows = [asdict(comparison) for comparison in compared]
        searches = [{k: v for k, v in r.to_json().items() if k != "points"} for r in results]
        print(json.dumps({"settings": header, "comparisons": rows, "searches": searches}))
        return
    console.print_rows([_row(c) for c in compared], Format.TABLE, empty="No search is over yet.")
    if (least := least_p_value(compared)) > SIGNIFICANT:
        print(f"So few seeds allow no p-value below {least:.2g}, whatever the difference: take more.")


def _row(comparison: Comparison) -> dict[str, str]:
    c = comparison
    p = "–" if c.p_value is None else "< 0.001" if c.p_value < 0.001 else f"{c.p_value:.3f}"
    return {
        "measure": c.measure,
        "entrant": c.entrant,
        "seeds": str(c.seeds),
        "median": f"{c.median:.4f}",
        "quartiles": f"{c.lower:.4f} to {c.upper:.4f}",
        "against": "–" if c.p_value is None else c.against,
        "wins": "–" if c.p_value is None else f"{c.wins}:{c.losses}",
        "p": p,
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the command in `arguments` (by default the process's own); returns the exit status.

    Bad input ends with one sentence on stderr.
    """
    return run_app(app, arguments, name="python -m search.tournament", failures=(TrainingError, RunError))


if __name__ == "__main__":
    leave(main)
